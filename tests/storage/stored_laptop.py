"""A laptop of the model whose disk is a real encrypted workspace: saves go through the recorder, rounds through the real store.

A disk is a file; a backup, a restore and a clone are copies of it, made by the program's own copying.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.identity import UuidClock, op_id
from poverty_desktop.protocol.laptop import Cursor, Enrolled, TakenIn
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import open_operations
from poverty_desktop.protocol.salvaging import tells_all
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.services import ports
from poverty_desktop.storage.access_log import AccessLog
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.projecting import complete
from poverty_desktop.storage.recorder import Recorder
from poverty_desktop.storage.rows import Rows
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.verifying import verify
from poverty_desktop.storage.workspace import Workspace
from tests.model.laptop import Change, Form, Known, LaneHere, Own, Packet, Received
from tests.model.province import POISON, SID
from tests.model.world import World
from tests.storage.conftest import TestClock

PACKET_BYTES = 700  # so that a few Saves fill one
_DEFAULTS = Household(id="", commune_code="").model_dump()


class SpareDisks:
    """Files for laptops of one scenario, made from one enrolled workspace; all closed at the end."""

    def __init__(self, folder: Path, made: Workspace, kind: type[StoredLaptop] | None = None) -> None:
        """`made` is enrolled already; its file is copied."""
        self._kind = kind or StoredLaptop
        self._folder, self._numbers, self._open = folder, count(), []
        self._first = folder / "first.db"
        made.database.copy_to(self._first)
        self._key = made._key

    def laptop(self, name: str, device: str, inc: str) -> StoredLaptop:
        disk = StoredDisk(self, self.copied(self._first))
        with disk.database.transaction() as connection:
            connection.execute("UPDATE sync_lane SET inc = ?", (inc,))
            connection.execute("UPDATE sync_device SET id = ?", (device,))
        return self._kind(name, disk)

    def copied(self, path: Path) -> Path:
        return Path(shutil.copyfile(path, self.unused()))

    def unused(self) -> Path:
        return self._folder / f"{next(self._numbers)}.db"

    def opened(self, path: Path) -> Database:
        database = Database(path, self._key)
        database.connection.execute("PRAGMA synchronous = OFF")  # the flush to the disk is another test's matter
        self._open.append(database)
        return database

    def clear(self) -> None:
        """What one scenario used is given up."""
        for database in self._open:
            database.close()
            database.path.unlink()
        self._open.clear()


@dataclass(frozen=True)
class StoredForm(Form):
    """A form that knows the lane its position counts in."""

    inc: str = ""


class StoredDisk:
    """All that a backup of the laptop holds. What the onlooker notes of it travels with its copies."""

    def __init__(self, spare: SpareDisks, path: Path) -> None:
        self._spare, self._path = spare, path
        self._database: Database | None = None
        self._read: dict[str, tuple[int, Any]] = {}
        self.forms: list[Form] = []
        self.knows: frozenset[str] = frozenset()
        self.had: frozenset[str] = frozenset()

    @property
    def database(self) -> Database:
        if self._database is None:
            self._database = self._spare.opened(self._path)
        return self._database

    def copy(self) -> StoredDisk:
        copied = StoredDisk(self._spare, self._spare.unused())
        self.database.copy_to(copied._path)
        copied.forms, copied.knows, copied.had = list(self.forms), self.knows, self.had
        return copied

    def faults(self) -> list[str]:
        """What a check of the whole file finds: lanes, store and sums, lists and search."""
        return verify(self.database, AccessLog(self.database, TestClock())).faults

    @property
    def store(self) -> SqliteSyncStore:
        return SqliteSyncStore(self.database)

    @property
    def device(self) -> str:
        return str(self.database.value("SELECT id FROM sync_device"))

    @property
    def cursor(self) -> Cursor:
        return self.store.standing().cursor

    def _once(self, name: str, read: Callable[[], Any]) -> Any:
        """Read again only after something was written."""
        changes = self.database.connection.total_changes
        if self._read.get(name, (-1, None))[0] != changes:
            self._read[name] = changes, read()
        return self._read[name][1]

    @property
    def own(self) -> dict[tuple[str, int], Own]:
        return self._once("own", self._own)

    def _own(self) -> dict[tuple[str, int], Own]:
        given_up = "CASE WHEN c.given_up_at IS NULL THEN o.outcome END"
        rows = self.database.rows(
            f"SELECT inc, seq, body, chain, state, rev, {given_up} FROM sync_op o LEFT JOIN sync_custody c ON c.op_id = o.op_id"
        )
        return {
            (inc, seq): Own(Operation.from_wire(json.loads(body)), chain, state, rev, outcome or "")
            for inc, seq, body, chain, state, rev, outcome in rows
        }

    @property
    def received(self) -> list[Received]:
        return self._once("received", self._received)

    def _received(self) -> list[Received]:
        rows = self.database.rows("SELECT epoch, entry, until FROM sync_inlog ORDER BY epoch, rev")
        return [Received(epoch, LogEntry.model_validate(json.loads(entry)), until) for epoch, entry, until in rows]

    @property
    def base(self) -> dict[str, Known]:
        return self._once("base", self._base)

    def _base(self) -> dict[str, Known]:
        rows = self.database.rows("SELECT rec_id, entity, base, deleted FROM sync_rec WHERE entity = 'household'")
        return {key: _known(complete(entity, key, json.loads(body)), bool(deleted)) for key, entity, body, deleted in rows}

    @property
    def open_conflicts(self) -> dict[str, bool]:
        rows = self.database.rows("SELECT rec_id, base FROM sync_rec WHERE entity = 'conflict'")
        return {cid: json.loads(body)["state"] == "open" for cid, body in rows}


class StoredLaptop:
    """What `World` asks of a laptop, and `SyncStore`, over a `StoredDisk`."""

    def __init__(self, name: str, disk: StoredDisk) -> None:
        self.name, self.disk = name, disk
        self.backups: list[StoredDisk] = []
        self._signer = Signer(bytes(32))
        self._clock = TestClock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.disk.store, name)

    # --- the screen ------------------------------------------------------------------------------------------------

    @property
    def _recorder(self) -> Recorder:
        return Recorder(self.disk.database, self._clock, UuidClock(bytes, lambda: 0))

    def working(self, record_id: str) -> Known | None:
        row = Rows(self.disk.database.connection).read("household", record_id)
        return _known(row.body, row.deleted) if row else None

    def records(self) -> list[str]:
        return [row[0] for row in self.disk.database.rows("SELECT id FROM household ORDER BY id")]

    def open(self, *record_ids: str) -> Form:
        base = self._recorder.base()
        bodies = {key: dict(known.body) for key in record_ids if (known := self.working(key))}
        first = next(iter(bodies), "")
        return StoredForm(first, base.epoch, base.rev, base.own_seq, bodies, self.disk.knows, base.inc)

    def write(self, form: StoredForm, group: str, changes: Sequence[Change], closes: Sequence[str] = ()) -> None:
        if changes[0][1] == POISON:
            self._write_unknown(form, group, changes[0])
        else:
            base = ports.Base(form.epoch, form.rev, form.own_seq, form.inc)
            made = [self._change(form, group, number, change, closes) for number, change in enumerate(changes)]
            self._recorder.save(ports.Save(group, self.name, base, made))
        self.disk.knows |= {op_id(group, number) for number in range(len(changes))}

    def _change(self, form: Form, group: str, number: int, change: Change, closes: Sequence[str]) -> ports.Change:
        kind, entity, record_id, fields = change
        seen = {key: value for key in fields if (value := form.shows(record_id, key)) is not None}
        more = {"commune_code": "21001"} if kind == "c" else {}
        return ports.Change(kind, entity, record_id or op_id(group, number), number, fields | more, seen, tuple(closes))  # type: ignore[arg-type]

    def _write_unknown(self, form: Form, group: str, change: Change) -> None:
        """An operation on a kind of record that this program does not know: as if a newer program had made it."""
        kind, entity, _, fields = change
        op, lane = op_id(group, 0), self.lane
        operation = Operation(
            op, kind, entity, op, form.epoch, form.rev, 0, fields, None, group, 0, self.name, "2026-11-24T00:00:00Z", 0, 1
        )  # type: ignore[arg-type]
        body = operation.canonical()
        with self.disk.database.transaction() as connection:
            connection.execute(
                "INSERT INTO sync_op (sid, inc, seq, op_id, grp, entity, rec_id, kind, body, chain, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (SID, lane.inc, lane.last + 1, op, group, entity, op, kind, body.decode(), step(lane.chain, body), operation.at),
            )
            connection.execute(
                "UPDATE sync_lane SET last_seq = ?, chain = ? WHERE closed = 0", (lane.last + 1, step(lane.chain, body))
            )

    # --- the lane --------------------------------------------------------------------------------------------------

    @property
    def inc(self) -> str:
        return self.disk.store.incarnation()

    @property
    def lane(self) -> LaneHere:
        row = self.disk.database.row("SELECT inc, last_seq, chain, acked_seq, stable_seq FROM sync_lane WHERE closed = 0")
        assert row is not None
        return LaneHere(row[0], row[1], bytes(row[2]), row[3], row[4])

    def next_packet(self, sign: object, most_bytes: int, taken: Sequence[str] = ()) -> Packet | None:
        sealed = self.disk.store.next_packet(self._signer.sign, PACKET_BYTES, taken)
        if sealed is None:
            return None
        header, operations = open_operations(sealed.data, lambda *_: True)
        return Packet(sealed.id, sealed.data, sealed.count, sealed.lane_from, sealed.lane_to, header, tuple(operations))

    def take_in(self, epoch: int, entries: Sequence[LogEntry]) -> TakenIn:
        taken = self.disk.store.take_in(epoch, entries)
        self.disk.knows |= {entry.op for entry in entries}
        self.disk.had |= {entry.op for entry in entries if tells_all(entry)}
        return taken


class WatchedWorld(World):
    """Machines remember (`storage.witness`) and have names: what was put back or cloned begins anew before its next round."""

    def do_restore_laptop(self, who: int, which: int, _: int) -> None:
        super().do_restore_laptop(who, which, _)
        laptop = self._laptop(who)
        if laptop.backups:
            laptop.start_anew(self._id())

    def do_clone(self, who: int, _: int, __: int) -> None:
        before = len(self.laptops)
        super().do_clone(who, _, __)
        for clone in self.laptops[before:]:
            clone.start_anew(self._id())


def _known(body: Any, deleted: bool) -> Known:
    """Without what stands there when nothing was typed."""
    return Known("household", {key: body[key] for key, plain in _DEFAULTS.items() if body[key] != plain}, deleted)


def enrolled(made: Workspace) -> Workspace:
    """The workspace as one that belongs to the stream of the model."""
    store = SqliteSyncStore(made.database)
    store.adopt(Enrolled("", "device", store.incarnation(), SID, "21001", True, b"", bytes(32)), 1)
    return made
