"""The scenarios of the model with real encrypted files for laptops (sync.md 4.3, T2): what the memory does, the tables do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poverty_desktop.storage.workspace import Workspace
from tests.model.search import broken_by, scenario
from tests.model.test_model import FOUND, REPLAYS
from tests.model.world import Verb, World
from tests.storage.stored_laptop import SpareDisks, enrolled

RANDOM = int(os.environ.get("MODEL_ON_DISK", "40"))


@pytest.fixture
def broken(workspace: Workspace, tmp_path: Path) -> Iterator[Callable[[list[Verb]], str | None]]:
    spare = SpareDisks(tmp_path, enrolled(workspace))

    def run(verbs: list[Verb]) -> str | None:
        world = World(new_laptop=spare.laptop)
        found = broken_by(verbs, lambda: world)
        faults = [fault for laptop in world.laptops for fault in laptop.disk.faults()]
        spare.clear()
        return found or (str(faults) if faults else None)

    yield run
    spare.clear()


@pytest.mark.parametrize("name", [*REPLAYS, *FOUND])
def test_each_kept_scenario_holds(name: str, broken: Callable[[list[Verb]], str | None]) -> None:
    assert broken((REPLAYS | FOUND)[name]) is None


def test_new_scenarios_hold(broken: Callable[[list[Verb]], str | None]) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    for number in range(RANDOM):
        verbs = scenario(seed + number)
        assert broken(verbs) is None, (seed + number, verbs)
