"""The power goes, and what a laptop or the province had said to the other is true all the same (sync.md 4.3 T5, 3.4 rule 6)."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from poverty_desktop.domain.records import Household
from poverty_desktop.server import restoring
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import reading
from poverty_desktop.server.settings import Settings
from poverty_desktop.storage.witness import file_of
from tests.server.province_week import enrolled, opened
from tests.storage.power import laid_out, recorded
from tests.sync.laptops import Laptop, RunningProvince

CUTS = int(os.environ.get("POWER_CUTS", "25"))


@pytest.mark.parametrize("remembered", [True, False], ids=["by the witness", "by the province"])
def test_a_laptop_without_the_flush_that_forgets_what_it_sent_is_told_and_goes_on(
    province: RunningProvince, new_laptop: Callable[..., Laptop], untouched: Callable[..., Path], tmp_path: Path, remembered: bool
) -> None:
    """With NORMAL a power cut takes back Saves that the province has. The machine's witness tells it at the next start; without
    it the numbers are given again to other work, and the chain of the lane tells it at the next hello. Either way a new
    incarnation begins, what was forgotten comes back through the log, and what was done since arrives."""
    folder = tmp_path / "cut" / "laptop"
    folder.parent.mkdir()
    shutil.copytree(untouched("cut", True, "21139"), folder)
    with recorded(folder) as disk:
        laptop = Laptop.at(folder)
        laptop.enrol(province)
        laptop.synced()
        laptop.workspace.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
        laptop.workspace.database.value("PRAGMA synchronous = NORMAL")
        sent = [laptop.add_household(phone=f"{number}")[0] for number in range(3)]
        assert laptop.synced().sent == 6
        files = disk.after_a_cut(len(disk.events), 1, share=0.0)
        laptop.link.close()
        laptop.workspace.database.connection.close()
    after = tmp_path / "after" / "laptop"
    after.parent.mkdir()
    laid_out(files, folder, after)
    if remembered:
        shutil.copyfile(file_of(folder), file_of(after))
    again = Laptop.at(after)
    assert again.workspace.records.select(Household) == []  # they are forgotten
    assert again.workspace.begun_anew == ("older" if remembered else "")
    before = again.store.incarnation()
    new = again.add_household(phone="mới")[0]
    assert again.synced().outcome == "done"
    again.synced()
    assert (again.store.incarnation() == before) == remembered  # else it began anew only now
    other = new_laptop("other")
    other.enrol(province)
    other.synced()
    for one in (again, other):
        assert {home.id for home in one.workspace.records.select(Household)} == {*sent, new}
    assert again.store_rows() == other.store_rows()
    assert again.store.standing().waiting == 0
    again.close()


def test_what_the_province_signed_outlives_the_cut_and_its_guard_claims_no_more(tmp_path: Path) -> None:
    folder, guards = tmp_path / "province", []
    with recorded(folder) as disk:
        province = opened(Settings(folder, practice=True), new=True)
        lan = enrolled(province, "Hồ Thị Lan")
        for number in range(8):
            lan.household(note=f"{number}" * 900)
            assert lan.push().lane.last == number + 1
            disk.said()
            guards.append(province.guard.path.read_bytes())
        province.close()
    first = next(number for number, event in enumerate(disk.events) if event.what == "said")
    chance = random.Random(2026)
    for _ in range(CUTS):
        moment, seed = chance.randrange(first + 1, len(disk.events)), chance.randrange(1 << 30)
        said = sum(event.what == "said" for event in disk.events[:moment])
        laid_out(disk.after_a_cut(moment, seed), folder, tmp_path / "after")
        (tmp_path / "after" / province.guard.path.name).write_bytes(guards[said - 1])
        again = opened(Settings(tmp_path / "after", practice=True))
        with reading(again.engine) as connection:
            row = connection.execute(select(t.stream)).one()
            restoring.read_through(connection, row)
            assert said <= row.head <= said + 1, (moment, seed)
        assert not again.restored()
        again.close()
