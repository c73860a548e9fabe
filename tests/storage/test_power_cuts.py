"""The power goes at any moment, and the disk keeps any part of what was not flushed (sync.md 4.3 T5). What the program called
saved is there and the file is whole; where the flush is left out, the record of the disk shows the loss that FULL prevents.

`POWER_CUTS=2000` in the environment tries that many cuts instead of a few."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Draft, Save
from poverty_desktop.storage.copies import DATABASE, check_copy
from poverty_desktop.storage.putting_back import put_back
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from tests.storage.conftest import CHEAP, PASSWORD, TestClock
from tests.storage.power import Disk, laid_out, recorded

CUTS = int(os.environ.get("POWER_CUTS", "40"))
SAVES = 12


@dataclass
class Day:
    """What was done, on the record: each `said` event is one household saved, and one field of a draft kept before it."""

    disk: Disk
    folder: Path


def worked(folder: Path, synchronous: str = "") -> Day:
    """`synchronous`: other than the program's own."""
    create(folder, PASSWORD, NewWorkspace("Lan", "21001"), clock=TestClock(), costs=CHEAP).close()
    with recorded(folder) as disk:
        workspace = open_workspace(folder, PASSWORD, clock=TestClock())
        pages = 400 if synchronous else 40  # so that some cuts fall into checkpoints; each of them is a flush
        workspace.database.connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        if synchronous:
            workspace.database.connection.execute(f"PRAGMA synchronous = {synchronous}")
        workspace.drafts.open(Draft("d", "household", "h", "", "lan", workspace.records.base()))
        for number in range(SAVES):
            workspace.drafts.keep("d", {"field": number})
            saved(workspace, number)
            disk.said()
        workspace.database.connection.close()
    return Day(disk, folder)


def saved(workspace: Workspace, number: int) -> None:
    """One Save of two records."""
    group = workspace.records.new_group()
    fields = ({"commune_code": "21001", "household_code": f"{number}"}, {"commune_code": "21001", "note": "x" * 3000})
    changes = [Change("c", "household", op_id(group, place), place, one) for place, one in enumerate(fields, 1)]
    workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), changes))


def found(day: Day, moment: int, seed: int, after: Path) -> tuple[int, int, int]:
    """Opened after the cut: how many Saves and which field are there, and how many had been said to be. The file is whole."""
    said = sum(event.what == "said" for event in day.disk.events[:moment])
    laid_out(day.disk.after_a_cut(moment, seed), day.folder, after)
    workspace = open_workspace(after, PASSWORD, clock=TestClock())
    try:
        assert workspace.verify().ok
        records = workspace.records.select(Household)
        codes = sorted(int(one.household_code) for one in records if one.household_code is not None)
        assert codes == list(range(len(codes)))  # a prefix
        assert len(records) == 2 * len(codes)  # of whole Saves
        draft = workspace.drafts.get("d")
        return len(codes), draft.values.get("field", -1) if draft else -1, said
    finally:
        workspace.close()


def cuts(day: Day) -> list[tuple[int, int]]:
    """(moment, seed) of the cuts to try: half of them just before a flush, where most is pending."""
    chance = random.Random(2026)
    flushes = [number for number, event in enumerate(day.disk.events) if event.what in ("sync", "said")]
    last = len(day.disk.events)
    moments = [chance.choice(flushes) if chance.random() < 0.5 else chance.randrange(1, last) for _ in range(CUTS)]
    return [(moment, chance.randrange(1 << 30)) for moment in moments]


def test_with_full_whatever_was_said_to_be_saved_outlives_the_cut(tmp_path: Path) -> None:
    day = worked(tmp_path / "kho")
    assert {Path(event.path).name for event in day.disk.events if event.what == "sync"} == {DATABASE, f"{DATABASE}-wal"}
    for moment, seed in cuts(day):
        saves, field, said = found(day, moment, seed, tmp_path / "after")
        assert said <= saves <= said + 1, (moment, seed)
        assert said - 1 <= field <= said, (moment, seed)


def test_without_the_flush_something_is_lost_and_the_file_is_whole_all_the_same(tmp_path: Path) -> None:
    """That the cuts can hurt: the same day with NORMAL loses Saves, always the newest ones. `tests/sync/test_power_and_link.py`
    shows how that is noticed once they were sent."""
    day = worked(tmp_path / "kho", "NORMAL")
    lost = []
    for moment, seed in cuts(day):
        saves, _, said = found(day, moment, seed, tmp_path / "after")
        lost.append(said - saves)
    assert max(lost) > 2


def test_every_connection_that_writes_flushes_before_it_answers(tmp_path: Path) -> None:
    """Opened, after a copy, after another officer came, after a restore, through SQLAlchemy: nothing is pending on any file."""
    folder = tmp_path / "kho"
    create(folder, PASSWORD, NewWorkspace("Lan", "21001"), clock=TestClock(), costs=CHEAP).close()
    with recorded(tmp_path) as disk:
        workspace = open_workspace(folder, PASSWORD, clock=TestClock())
        saved(workspace, 0)
        assert disk.unflushed() == set()
        copy = workspace.backup()
        assert disk.unflushed() == set()  # nothing of the copy either
        saved(workspace, 1)
        workspace.add_officer("Minh", "mật khẩu khác", CHEAP)
        saved(workspace, 2)
        assert disk.unflushed() == set()
        with workspace.database.engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO setting (key, value) VALUES ('x', '1')")
        assert disk.unflushed() == set()
        assert workspace.database.value("PRAGMA synchronous") == 2
        workspace.close()
        put_back(folder, copy, PASSWORD, clock=TestClock())
        workspace = open_workspace(folder, PASSWORD, clock=TestClock())
        saved(workspace, 3)
        assert disk.unflushed() == set()
        workspace.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_cut_in_the_middle_of_a_copy_leaves_no_copy_that_is_not_whole(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "kho"
    create(folder, PASSWORD, NewWorkspace("Lan", "21001"), clock=TestClock(), costs=CHEAP).close()
    with recorded(folder) as disk:
        workspace = open_workspace(folder, PASSWORD, clock=TestClock())
        copy = workspace.backup()
        key, events = workspace._key, len(disk.events)
        workspace.database.connection.close()
    made = next(iter({event.path for event in disk.events if "backups" in event.path and event.path.endswith(DATABASE)}))
    files = disk.after_a_cut(events, seed)
    (tmp_path / "copy.db").write_bytes(files[made])
    check_copy(tmp_path / "copy.db", key)
    assert (copy / DATABASE).read_bytes() == files[made]
