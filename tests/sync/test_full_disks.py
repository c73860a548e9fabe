"""A round on a laptop or a province whose disk is full: a known sentence, nothing half, and it goes on when there is room
(sync.md 4.3 T6)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.storage import reserve
from poverty_desktop.system.resources import load_texts
from tests.storage.power import Disk, recorded
from tests.sync.laptops import Laptop, RunningProvince


@pytest.fixture
def small(province: RunningProvince, untouched: Callable[..., Path], tmp_path: Path) -> Iterator[tuple[Laptop, Disk]]:
    """An enrolled laptop on a disk whose room the test bounds."""
    folder = tmp_path / "small" / "laptop"
    folder.parent.mkdir()
    shutil.copytree(untouched("small", True, "21139"), folder)
    with recorded(folder) as disk:
        laptop = Laptop.at(folder)
        laptop.enrol(province)
        laptop.synced()
        yield laptop, disk
        laptop.link.close()
        laptop.workspace.database.connection.close()


@pytest.fixture
def filled(province: RunningProvince, new_laptop: Callable[..., Laptop]) -> Laptop:
    """Another laptop that sent 60 households."""
    other = new_laptop("other")
    other.enrol(province)
    for number in range(60):
        other.add_household(f"Hồ Thị {number}", members=3, note="x" * 2000)
    other.synced()
    return other


def test_a_round_sends_but_takes_nothing_in_where_the_rest_is_for_typing(
    small: tuple[Laptop, Disk], filled: Laptop
) -> None:
    laptop, _ = small
    laptop.synced()
    filled.add_household()
    filled.synced()
    laptop.add_household()
    laptop.workspace.database.reserve.free = lambda _: reserve.SCARCE - 1
    before = laptop.store_rows()
    report = laptop.round()
    assert (report.outcome, report.problem, report.sent) == ("refused", "sync.disk_full", 2)
    assert (laptop.store.standing().waiting, laptop.store_rows()) == (0, before)
    laptop.add_household()  # typing goes on
    laptop.workspace.database.reserve.free = lambda _: reserve.SCARCE
    assert laptop.synced().problem is None
    filled.synced()
    assert laptop.store_rows() == filled.store_rows()


@pytest.mark.parametrize("room", [0, 20_000, 60_000, 150_000, 400_000])
def test_a_page_or_a_snapshot_that_fills_the_disk_is_given_up_whole(
    small: tuple[Laptop, Disk], filled: Laptop, room: int
) -> None:
    """Nobody says that room is scarce (a quota): the write itself fails, wherever it is."""
    laptop, disk = small
    disk.room = room
    assert _problem_of(laptop) == "save.disk_full"
    households = laptop.workspace.records.select(Household)
    rev = laptop.store.standing().cursor.rev
    assert len(households) == len(laptop.store_rows()) == 0 or rev > 0
    disk.room = None
    assert laptop.synced().outcome == "done"
    assert laptop.store_rows() == filled.store_rows()
    assert laptop.workspace.verify().ok


def _problem_of(laptop: Laptop) -> str | None:
    """What a round ends with; where not even its beginning can be written down, it is told at once."""
    try:
        return laptop.round().problem
    except KnownProblem as problem:
        return problem.code


def test_a_province_that_has_no_room_says_so_and_takes_the_same_packet_later(
    new_laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    with recorded(tmp_path / "full") as disk:
        province = RunningProvince(tmp_path / "full")
        laptop = new_laptop()
        laptop.enrol(province)
        laptop.synced()
        for number in range(40):
            laptop.add_household(f"Hồ Thị {number}", note="x" * 3000)
        for room in (0, 50_000, 150_000):
            disk.room = room
            report = laptop.round()
            assert (report.outcome, report.problem) == ("refused", "sync.province_full"), room
            assert laptop.store.standing().waiting == 80
            assert laptop.store.retry().asked
            laptop.store.keep_retry(type(laptop.store.retry())(0, 0.0))
        disk.room = None
        assert laptop.synced().sent == 80
        assert "{" not in load_texts("vi")("problem.sync.province_full", minutes=15)
        laptop.close()
        province.close()
