"""The scenarios of the model with real encrypted files for laptops (sync.md 4.3, T2): what the memory does, the tables do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from poverty_desktop.storage.workspace import NewWorkspace, create
from tests.model.search import broken_by, scenario
from tests.model.test_model import FOUND, REPLAYS
from tests.model.world import Verb, World
from tests.storage.conftest import CHEAP, PASSWORD, TestClock
from tests.storage.stored_laptop import SpareDisks, WatchedWorld, enrolled

RANDOM = int(os.environ.get("MODEL_ON_DISK", "20"))
Broken = Callable[..., str | None]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    folder = tmp_path_factory.mktemp("disks")
    made = create(folder / "kho", PASSWORD, NewWorkspace("Nguyễn Thị Lan", "21001"), clock=TestClock(), costs=CHEAP)
    spare = SpareDisks(folder, enrolled(made))

    def run(verbs: list[Verb], kind: type[World] = World) -> str | None:
        world = kind(new_laptop=spare.laptop)
        found = broken_by(verbs, lambda: world)
        faults = [fault for laptop in world.laptops for fault in laptop.disk.faults()]
        spare.clear()
        return found or (str(faults) if faults else None)

    yield run
    spare.clear()
    made.close()


@pytest.mark.parametrize("name", [*REPLAYS, *FOUND])
@pytest.mark.parametrize("kind", [World, WatchedWorld])
def test_each_kept_scenario_holds(name: str, kind: type[World], broken: Broken) -> None:
    assert broken((REPLAYS | FOUND)[name], kind) is None


@pytest.mark.parametrize("kind", [World, WatchedWorld])
def test_new_scenarios_hold(kind: type[World], broken: Broken) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    for number in range(RANDOM):
        verbs = scenario(seed + number)
        assert broken(verbs, kind) is None, (seed + number, verbs)
