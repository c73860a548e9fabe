"""The disk is full (sync.md 4.3 T6): a known sentence, nothing half, and an officer can go on saving. The disk is a real one with
a layer that lets files grow so far and no further, for SQLite's writes; what it says is free is what that layer has left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.storage import reserve
from poverty_desktop.storage.copies import copies
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from tests.storage.conftest import CHEAP, PASSWORD, TestClock
from tests.storage.power import Disk, recorded
from tests.storage.test_power_cuts import saved

MIB = 1 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Workspace, Disk]]:
    """A workspace with a reserve; the test says how much room is left. What the reserve held is room again when it is gone."""
    folder = tmp_path / "kho"
    create(folder, PASSWORD, NewWorkspace("Lan", "21001"), clock=TestClock(), costs=CHEAP).close()
    with recorded(folder) as disk:
        workspace = open_workspace(folder, PASSWORD, clock=TestClock())
        kept = workspace.database.reserve
        kept.lay_by()
        assert kept.path.stat().st_blocks * 512 >= reserve.BYTES  # really laid by
        give_up = kept.give_up

        def given_up() -> None:
            was_there = kept.path.exists()
            give_up()
            if was_there and disk.room is not None:
                disk.room += reserve.BYTES

        kept.give_up = given_up  # type: ignore[method-assign]
        kept.free = lambda _: 1 << 40 if disk.room is None else disk.room
        yield workspace, disk
        workspace.database.connection.close()


def write_eight_megabytes(workspace: Workspace) -> None:
    with workspace.database.transaction() as connection:
        for number in range(200):
            connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (f"{number}", "x" * 40_000))


def saves_until_full(workspace: Workspace) -> int:
    written: list[int] = []

    def go_on() -> None:
        for number in range(2000):
            saved(workspace, number)
            written.append(number)

    with pytest.raises(KnownProblem, match=r"save\.disk_full"):
        go_on()
    return len(written)


def test_a_save_is_written_on_a_disk_that_others_filled(small: tuple[Workspace, Disk]) -> None:
    workspace, disk = small
    disk.room = 0
    for number in range(30):
        saved(workspace, number)
    assert len(workspace.records.select(Household)) == 60
    assert not workspace.database.reserve.path.exists()
    assert workspace.verify().ok


def test_after_work_that_filled_the_disk_was_given_up_a_save_is_written(small: tuple[Workspace, Disk]) -> None:
    """Where nothing tells that room is scarce (a quota): the work fails with its sentence, and leaves room for the next Save."""
    workspace, disk = small
    disk.room = 2 * MIB
    workspace.database.reserve.free = lambda _: 1 << 40
    with pytest.raises(KnownProblem, match=r"save\.disk_full"):
        write_eight_megabytes(workspace)
    assert workspace.settings.get("1") is None
    for number in range(30):
        saved(workspace, number)
    assert len(workspace.records.select(Household)) == 60


def test_without_any_room_a_save_is_refused_in_a_sentence_and_written_when_there_is_some(small: tuple[Workspace, Disk]) -> None:
    workspace, disk = small
    workspace.database.reserve.give_up()
    disk.room = 60_000
    written = saves_until_full(workspace)
    assert len(workspace.records.select(Household)) == 2 * written
    disk.room = None
    saved(workspace, written)
    assert len(workspace.records.select(Household)) == 2 * written + 2
    assert workspace.verify().ok


def test_what_can_wait_is_refused_while_there_is_room_for_typing_only(small: tuple[Workspace, Disk]) -> None:
    workspace, disk = small
    disk.room = reserve.SCARCE
    workspace.database.reserve.before_what_can_wait()
    disk.room -= 1
    with pytest.raises(KnownProblem, match=r"sync\.disk_full"):
        workspace.database.reserve.before_what_can_wait()
    assert workspace.database.reserve.path.exists()


@pytest.mark.parametrize("room", [0, 30_000, 200_000])
def test_a_copy_that_does_not_fit_is_told_and_leaves_the_earlier_ones(small: tuple[Workspace, Disk], room: int) -> None:
    workspace, disk = small
    first = workspace.backup()
    disk.room = room
    with pytest.raises(KnownProblem, match=r"workspace\.no_space"):
        workspace.backup()
    assert copies(workspace.folder / "backups") == [first]
    assert list((workspace.folder / "backups").iterdir()) == [first]
    saved(workspace, 0)


def test_a_reserve_is_laid_by_only_where_there_is_ample_room(tmp_path: Path) -> None:
    for free, laid in ((reserve.AMPLE - 1, False), (reserve.AMPLE, True)):
        kept = reserve.Reserve(tmp_path, _saying(free))
        kept.lay_by()
        assert kept.path.exists() == laid


def _saying(free: int) -> Callable[[Path], int]:
    return lambda _: free
