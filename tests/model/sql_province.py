"""The province of the model on real tables: every scenario of the model holds for SQLite and PostgreSQL too (sync.md 4.3 T2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from backports import zstd
from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.pool import StaticPool

from poverty_desktop.protocol import stream as core
from poverty_desktop.protocol.canonical import parse
from poverty_desktop.protocol.log import ConflictEntry, LogBatch, LogEntry
from poverty_desktop.protocol.merging import RecordState
from poverty_desktop.protocol.messages import Ack, Manifest, SnapRow, StreamPosition, StreamState
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.protocol.positions import cursor_state
from poverty_desktop.protocol.salvaging import take_salvage
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.protocol.snap_pages import read
from poverty_desktop.protocol.staged import Decision, HeldRow, Item, LogRow
from poverty_desktop.protocol.still import is_expected, mark_here
from poverty_desktop.protocol.stream_store import Arrived
from poverty_desktop.server import admin, database, restoring, snapshots
from poverty_desktop.server import tables as t
from poverty_desktop.server.backup_marks import mark_of
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.greeting import stream_state
from poverty_desktop.server.guard import Guard
from poverty_desktop.server.logs import read_log
from poverty_desktop.server.province import Province
from poverty_desktop.server.settings import Settings
from poverty_desktop.server.sql_stream import SqlStream, arrived_of
from tests.model.province import CHECKS, NOW, RULES, SID
from tests.server.copying import Copy, copied, put_back

T = TypeVar("T")
BYTES_A_PAGE = 1200


def memory_engine() -> Engine:
    """SQLite in memory with the program's own settings; one connection, as one thread needs."""
    from sqlcipher3 import dbapi2

    engine = create_engine("sqlite://", module=dbapi2, poolclass=StaticPool, hide_parameters=True)
    event.listen(engine, "connect", database._prepare_sqlite)
    event.listen(engine, "begin", database._begin_sqlite)
    return engine


class Seen:
    """What the onlooker reads of the tables, as the model's `Tables` has it."""

    def __init__(self, connection: Connection, log: list[LogRow]) -> None:
        self.log = log
        c = t.change_log.c
        rows = connection.execute(select(t.change_log).where(c.rev > len(log)).order_by(c.rev))
        log += [_log_row(row) for row in rows]
        self.records = {row.rec_id: _state(row) for row in connection.execute(select(t.record))}
        conflicts = connection.execute(select(t.conflict)).all()
        self.conflicts = {row.cid: (ConflictEntry.model_validate(row.body), row.open) for row in conflicts}
        self.custody = {row.op_id: _held(row) for row in connection.execute(select(t.quarantine))}
        parked = connection.execute(select(t.parked)).all()
        self.parked = {row.packet: (row.lane, arrived_of(row)) for row in parked}


def _state(row: Any) -> RecordState:
    return RecordState(row.entity, row.body, row.meta, row.del_rev)


def _log_row(row: Any) -> LogRow:
    item = Item(Operation.from_wire(row.body), row.lane, row.seq)
    return LogRow(item, LogEntry.model_validate(row.entry), row.plain, bytes(row.chain))


def _held(row: Any) -> HeldRow:
    item = Item(Operation.from_wire(parse(bytes(row.raw))), row.lane, row.seq)
    return HeldRow(item, row.reason, row.waits_for, row.open, new=False)


class SqlProvince:
    """What the model asks of a province, each call one transaction of the real store."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        guard = Guard(folder / "guard")
        guard.path.unlink(missing_ok=True)
        self._province = Province(Settings(folder), engine, Signer(b"1" * 32), guard)
        self.backups: list[tuple[str, Copy]] = []
        self._log: list[LogRow] = []
        self._seen: Seen | None = None
        self._write(self._begin)

    def _begin(self, connection: Connection) -> None:
        put_back(connection, {table.name: [] for table in t.metadata.sorted_tables})
        admin.insert_stream(connection, SID, "00000", "model", NOW)

    def _write(self, work: Callable[[Connection], T]) -> T:
        self._seen = None
        return in_write(self._province.engine, work)

    def _on_stream(self, work: Callable[[SqlStream], T]) -> T:
        return self._write(lambda connection: work(SqlStream.lock(connection, SID)))

    def _read(self, work: Callable[[Connection, SqlStream], T]) -> T:
        with reading(self._province.engine) as connection:
            return work(connection, SqlStream.read(connection, SID))

    # --- what laptops ask ------------------------------------------------------------------------------------------

    def take(self, arrived: Arrived) -> Ack | core.Gap | core.Fork:
        return self._on_stream(lambda stream: core.take_packet(stream, arrived, RULES, CHECKS))

    def salvage(self, epoch: int, entries: Sequence[LogEntry]) -> int:
        return self._on_stream(lambda stream: take_salvage(stream, epoch, entries, NOW, RULES, CHECKS))

    def withdraw(self, ops: Sequence[str]) -> None:
        decision = Decision("người phụ trách", "thôi", NOW)
        self._on_stream(lambda stream: core.withdraw(stream, stream.kept(ops), decision, NOW, RULES, CHECKS))

    def take_abandoned(self, arrived: Arrived) -> None:
        self._on_stream(lambda stream: core.take_abandoned(stream, arrived, RULES, CHECKS))

    def greeted(self, device: str, incarnation: str, position: StreamPosition) -> StreamState:
        state = self._read(lambda connection, stream: stream_state(connection, stream, device, incarnation, position, "rw"))
        return state.model_copy(update={"snapshot": None})

    def cursor_state(self, cursor: tuple[int, int, str]) -> str:
        return self._read(lambda _, stream: cursor_state(stream, cursor))

    def is_expected(self, packet: str, header: PacketHeader, cursor: tuple[int, int, str]) -> bool:
        return self._read(lambda _, stream: is_expected(stream, packet, header, cursor))

    def mark(self, device: str, incarnation: str) -> str:
        return self._read(lambda _, stream: mark_here(stream, device, incarnation, stream.stable_rev()))

    def batch(self, epoch: int, after: int, most: int, own_lane: int | None) -> LogBatch:
        return self._read(
            lambda connection, stream: read_log(
                connection, stream, epoch=epoch, after=after, most=BYTES_A_PAGE, own_lane=own_lane
            )
        )

    def manifest(self, device: str) -> Manifest:
        return snapshots.manifest(self._province, SID, device)

    def rows(self, manifest: Manifest) -> list[SnapRow]:
        parts = self._read(lambda connection, _: [snapshots.part(connection, SID, sha) for sha, _ in manifest.parts])
        return [row for data in parts if data is not None for page in read(zstd.decompress(data)) for row in page.rows()]

    # --- disasters -------------------------------------------------------------------------------------------------

    def backup(self) -> None:
        def work(connection: Connection, stream: SqlStream) -> Copy:
            marks.append(mark_of(connection, stream.row, name, NOW))
            return copied(connection, streams_only=True)

        name, marks = self._province.new_id(), []  # type: ignore[var-annotated]
        copy = self._read(work)
        restoring.keep_marks(self._province, marks)
        for old, _ in self.backups[:-1]:
            restoring.drop_backup(self._province, old)
        self.backups = [*self.backups[-1:], (name, copy)]
        self._seen = None

    def restore(self, place: int) -> None:
        self._write(lambda connection: put_back(connection, self.backups[place][1]))
        self._log = []
        restoring.adopt(self._province, anyway=True)

    # --- what the onlooker sees ------------------------------------------------------------------------------------

    @property
    def tables(self) -> Seen:
        if self._seen is None:
            self._seen = self._read(lambda connection, _: Seen(connection, self._log))
        return self._seen

    @property
    def digest(self) -> str:
        return self._read(lambda _, stream: stream.sums().digest)
