"""A whole state taken in at once leaves the file as the log of the same entries does, one by one (sync.md 3.3, 3.14)."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.messages import Manifest, SnapRow
from poverty_desktop.protocol.snap_pages import FORMAT, read, written
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from tests.storage.conftest import CHEAP, PASSWORD, TestClock

NAMES = ("Nguyễn Thị  Hoa", "Đặng Văn Ơn", "Ứng", "", "Lò A Páo", "Hồ Thị Mơ")
OTHER = ("sync_inlog", "sync_bucket", "access_log", "sqlite_sequence")  # of the log only; sums are compared as sums

File = Callable[..., Workspace]


class Commune:
    """Entries as a province would have ordered them, some of them such as no program of today writes."""

    def __init__(self, seed: int) -> None:
        self.chance, self.rev, self.ids = random.Random(seed), 0, dict[str, list[str]]()
        self.entries: list[LogEntry] = []

    def id(self) -> str:
        return f"01900000-0000-7000-8{self.chance.randrange(1 << 12):03x}-{self.chance.randrange(1 << 48):012x}"

    def order(self, kind: str, entity: str, record_id: str, fields: dict[str, Any], **more: Any) -> str:
        self.rev += 1
        op, user = record_id if kind == "c" else self.id(), self.chance.choice(("lan", "minh"))
        wire = {"rev": self.rev, "op": op, "lane": 9, "seq": self.rev, "k": kind, "e": entity, "id": record_id, "eff": fields,
                "g": self.id(), "u": user, "at": "2026-01-05T08:00:00Z", "st": "applied"}  # fmt: skip
        self.entries.append(LogEntry.model_validate(wire | more))
        if kind == "c":
            self.ids.setdefault(entity, []).append(record_id)
        return record_id

    def make(self, entity: str, **fields: Any) -> str:
        given = {name: value for name, value in fields.items() if value is not None}
        return self.order("c", entity, self.id(), given, **{"del": False})

    def one(self, entity: str) -> str:
        return self.chance.choice(self.ids[entity])

    def household(self) -> None:
        pick = self.chance.choice
        home = self.make(
            "household", commune_code="21001", village_id=pick((self.one("village"), None)), phone=pick(("09 1", None)),
            has_merit_member=pick((True, False, None)), presence=pick(("present", "moved_out", None)), note=pick(("a\nb", None)),
        )  # fmt: skip
        for place in range(self.chance.randrange(3)):
            self.make(
                "household_member", household_id=home, position=place, full_name=pick(NAMES), relation_to_head=pick((1, 2, None)),
                personal_id_number=pick(("051123456789", None)),
            )  # fmt: skip
        answers = {f"house/q{number}": str(number) for number in range(4) if self.chance.random() < 0.9}
        answers |= {f"roster/{self.id()}/x": "1"} if self.chance.random() < 0.5 else {}
        self.make("survey", round_id=self.one("round"), household_id=home, form_id="b", form_version="1", form_hash="0",
                  standard_id="s", area_class="rural", answers=pick((answers, {}, None)), causes=pick((["a", "b"], [], None)),
                  rule=pick(({"standard": {"cut": 1}}, None)), b1_score=pick((3, None)))  # fmt: skip
        self.make("class_record", household_id=home, household_class="poor", effective_on=f"202{self.chance.randrange(6)}-01-01")

    def strange(self) -> None:
        """A kind of tomorrow, a field of tomorrow, values of another type, too long, and one that must be there missing."""
        self.make("spaceship", name="mới")
        self.make("household", commune_code="21001", warp="9")
        self.make("household", commune_code="21001", phone=7)
        self.make("household", commune_code="210010", note="x")
        self.make("household_member", full_name="Không hộ")
        self.make("survey", round_id="r", household_id=self.one("household"), answers=[1], causes=[1])

    def change(self) -> None:
        entity = self.chance.choice(("household", "household_member", "survey", "village"))
        record_id, what = self.one(entity), self.chance.random()
        if what < 0.2:
            self.order("d", entity, record_id, {}, **{"del": True, "why": self.chance.choice(("nhập nhầm", None))})
        elif what < 0.3:
            self.order("z", entity, record_id, {}, **{"del": False})
        else:
            name = self.chance.choice(NAMES)
            values = {"household": {"village_id": self.one("village")}, "household_member": {"full_name": name},
                      "survey": {"answers.house/q1": self.chance.choice(("7", None))}, "village": {"name": name}}  # fmt: skip
            self.order("u", entity, record_id, values[entity])

    def conflict(self) -> None:
        home = self.one("household")
        cid = self.id()
        opened = {"cid": cid, "of": ("household", home), "f": "phone", "cur": "1", "cur_rev": 1, "other": "2"}
        opened["other_op"] = self.id()
        self.order("u", "household", home, {}, conf=[opened], st="conflict")
        if self.chance.random() < 0.5:
            self.order("r", "household", home, {"phone": "2"}, close=[cid], why="theo sổ")

    def a_year(self) -> None:
        self.ids["round"] = [self.id()]
        for number in range(3):
            self.make("village", commune_code="21001", name=f"Thôn Đá {number}", position=number)
        for _ in range(12):
            self.household()
        self.strange()
        for _ in range(25):
            self.change()
            if self.chance.random() < 0.2:
                self.conflict()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    """Copies of one new workspace."""
    create(tmp_path / "kho", PASSWORD, NewWorkspace("Nguyễn Thị Lan", "21001"), clock=TestClock(), costs=CHEAP).close()
    opened: list[Workspace] = []

    def copy(before: Callable[[Workspace], None] = lambda _: None) -> Workspace:
        """`before` is done to the file that is copied, now and later."""
        first = open_workspace(tmp_path / "kho", PASSWORD, clock=TestClock())
        before(first)
        first.close()
        folder = shutil.copytree(tmp_path / "kho", tmp_path / f"kho{len(opened)}")
        opened.append(open_workspace(folder, PASSWORD, clock=TestClock()))
        return opened[-1]

    yield copy
    for workspace in opened:
        workspace.close()


def taken(workspace: Workspace, entries: list[LogEntry], at_once: int = 1) -> None:
    """One by one is how each record is made on its own."""
    store = SqliteSyncStore(workspace.database)
    for start in range(0, len(entries), at_once):
        store.take_in(0, entries[start : start + at_once])


def snapshot_of(workspace: Workspace, rev: int) -> tuple[Manifest, list[SnapRow]]:
    columns = "entity, rec_id, rev, deleted, last_op, changed_by, changed_at, deleted_reason, base, meta"
    names = ("entity", "record_id", "rev", "deleted", "last_op", "user", "at", "why")
    found = workspace.database.rows(f"SELECT {columns} FROM sync_rec ORDER BY rev")
    rows = [
        SnapRow(**dict(zip(names, row[:8], strict=True)), body=json.loads(row[8]), meta=json.loads(row[9])) for row in found
    ]
    sid, epoch, chain = workspace.database.rows("SELECT sid, epoch, chain FROM sync_stream")[0]
    digest = SqliteSyncStore(workspace.database).sums().digest
    manifest = Manifest(sid=sid, epoch=epoch, rev=rev, chain=chain.hex(), digest=digest, rows=len(rows), parts=[], format=FORMAT)
    return manifest, rows


def parts_of(rows: list[SnapRow], size: int = 60) -> list[Any]:
    return [list(read(written(rows[start : start + size]))) for start in range(0, len(rows), size)]


def everything(workspace: Workspace) -> dict[str, list[Any]]:
    database = workspace.database
    tables = [row[0] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: database.rows(f"SELECT * FROM {name}") for name in tables if "search" not in name and name not in OTHER}
    found["household_line"] = [row[1:] for row in found["household_line"]]  # its key is the place it came in
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def work_of_my_own(workspace: Workspace) -> None:
    """An edit, a deletion and a new household that the province does not know."""
    records = workspace.records
    members, homes = records.select(HouseholdMember), records.select(Household)
    group = records.new_group()
    made = Change("c", "household", op_id(group, 1), 1, {"commune_code": "21001", "note": "của tôi"})
    changes = [made, Change("u", "household", homes[0].id, 2, {"phone": "5"}, {"phone": homes[0].phone})] if homes else [made]
    if members:
        changes.append(Change("d", "household_member", members[0].id, 3, {}))
    records.save(Save(group, workspace.officer.id, records.base(), changes))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("known", [0, 40])
@pytest.mark.parametrize("own", [False, True])
def test_a_snapshot_leaves_what_the_log_leaves(seed: int, known: int, own: bool, file: File) -> None:
    """Into an empty file, and over the first forty entries; without and with work that waits on top."""
    commune = Commune(seed)
    commune.a_year()

    def before(workspace: Workspace) -> None:
        if known:
            taken(workspace, commune.entries[:known])
        if own:
            work_of_my_own(workspace)

    by_log, by_snapshot = file(before), file()
    taken(by_log, commune.entries[known:])
    manifest, rows = snapshot_of(by_log, commune.rev)
    SqliteSyncStore(by_snapshot.database).take_snapshot(manifest, parts_of(rows), {})
    assert SqliteSyncStore(by_snapshot.database).sums() == SqliteSyncStore(by_log.database).sums()
    expected, found = everything(by_log), everything(by_snapshot)
    for name in expected:
        assert found[name] == expected[name], name
    assert by_snapshot.verify().faults == []


@pytest.mark.parametrize("own", [False, True])
def test_many_entries_at_once_leave_what_they_leave_one_by_one(own: bool, file: File) -> None:
    commune = Commune(4)
    commune.a_year()

    def before(workspace: Workspace) -> None:
        taken(workspace, commune.entries[:30])
        if own:
            work_of_my_own(workspace)

    one_by_one, at_once = file(before), file()
    taken(one_by_one, commune.entries[30:])
    taken(at_once, commune.entries[30:], at_once=50)
    expected, found = everything(one_by_one), everything(at_once)
    for name in expected:
        assert found[name] == expected[name], name
    assert SqliteSyncStore(at_once.database).sums() == SqliteSyncStore(one_by_one.database).sums()
    assert at_once.verify().faults == []


def test_what_is_no_longer_there_goes(file: File) -> None:
    """As after a restore: the file holds records that the snapshot does not."""
    commune = Commune(9)
    commune.a_year()
    shorter, longer = file(), file()
    taken(shorter, commune.entries[:60])
    taken(longer, commune.entries)
    manifest, rows = snapshot_of(shorter, 60)
    SqliteSyncStore(longer.database).take_snapshot(manifest.model_copy(update={"epoch": 1}), parts_of(rows), {})
    expected, found = everything(shorter), everything(longer)
    for name in ("sync_rec", "household", "household_member", "survey", "conflict", "household_line"):
        held = [row for row in found[name] if name != "household_line" or row in expected[name]]
        assert held == expected[name], name
