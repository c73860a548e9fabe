"""The exchange as a whole, in memory: the real core of both sides, every disaster in any order (sync.md 4.1, 4.2)."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.model.mutants import MUTANTS
from tests.model.search import broken_by, scenario
from tests.model.world import VERBS, Verb, World

HERE = Path(__file__).parent
REPLAYS: dict[str, list[Verb]] = {
    name: [tuple(verb) for verb in verbs] for name, verbs in json.loads((HERE / "replays.json").read_text("utf-8")).items()
}
FOUND: dict[str, list[Verb]] = {
    name: [tuple(verb) for verb in verbs] for name, verbs in json.loads((HERE / "found.json").read_text("utf-8")).items()
}
SECONDS = float(os.environ.get("MODEL_SECONDS", "60"))


@pytest.mark.parametrize("name", MUTANTS)
def test_the_model_notices_each_planted_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario once found by search, shrunk and kept. It holds without the fault, and breaks with it."""
    assert broken_by(REPLAYS[name]) is None
    MUTANTS[name](monkeypatch)
    assert broken_by(REPLAYS[name]) is not None


@pytest.mark.parametrize("name", FOUND)
def test_what_the_search_once_found_is_mended(name: str) -> None:
    assert broken_by(FOUND[name]) is None


def test_every_replay_belongs_to_a_planted_fault() -> None:
    assert set(REPLAYS) == set(MUTANTS)


def test_new_scenarios_hold() -> None:
    """Searches afresh, with other seeds each time; what it finds is printed so that it can be kept (`packaging/dev.py soak`)."""
    seed = int.from_bytes(os.urandom(4), "big")
    tried, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        verbs = scenario(seed + tried, 60)
        assert broken_by(verbs) is None, (seed + tried, verbs)
        tried += 1
    assert tried > 0


_number = st.integers(0, 11)
_verb = st.sampled_from([name for name, weight in VERBS.items() for _ in range(weight)])


class Commune(RuleBasedStateMachine):
    """The same verbs, chosen and shrunk by hypothesis."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @rule(name=_verb, one=_number, two=_number, three=_number)
    def verb(self, name: str, one: int, two: int, three: int) -> None:
        self.world.do((name, one, two, three))

    def teardown(self) -> None:
        self.world.check_end()


Commune.TestCase.settings = settings(
    max_examples=120, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCommune = Commune.TestCase
