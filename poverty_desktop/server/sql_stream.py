"""One stream of the province inside one transaction: the store that the pure core works on (sync.md 3.6, 3.29)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from poverty_desktop.protocol.canonical import parse
from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.lanes import Lane, chain_at
from poverty_desktop.protocol.messages import Ack, Stable
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.protocol.stream_store import Arrived, Change, Head
from poverty_desktop.server import buckets
from poverty_desktop.server import tables as t
from poverty_desktop.server.backup_marks import BackupMark, marks_of
from poverty_desktop.server.lanes import SqlLanes
from poverty_desktop.server.past import SqlPast
from poverty_desktop.server.refusals import Refused
from poverty_desktop.server.writing import write_staged


class SqlStream(SqlPast):
    """`StreamStore` over the tables. `row` is the stream's own row as the transaction found it."""

    def __init__(self, connection: Connection, row: Any) -> None:
        super().__init__(connection, row.sid, row.epoch)
        self.row = row
        self.commune_code: str = row.commune_code
        self._lanes = SqlLanes(connection, row.sid)
        self._head = Head(row.sid, row.epoch, row.head, bytes(row.chain), row.living)
        self._weight: int = row.weight
        self._sums: Sums | None = None
        self._marks: list[BackupMark] | None = None

    @classmethod
    def read(cls, connection: Connection, sid: str) -> SqlStream:
        """The stream as this transaction sees it; nothing may be written."""
        return cls(connection, _row(connection, sid, locked=False))

    @classmethod
    def lock(cls, connection: Connection, sid: str) -> SqlStream:
        """The same, locked: whoever holds it gives the next revisions, so commit order is revision order (1.3)."""
        return cls(connection, _row(connection, sid, locked=True))

    # --- reads -----------------------------------------------------------------------------------------------------

    @property
    def connection(self) -> Connection:
        return self._connection

    def head(self) -> Head:
        return self._head

    def sums(self) -> Sums:
        if self._sums is None:
            self._sums = buckets.read(self._connection, self._sid)
        return Sums.from_wire(self._sums.wire())

    def answer(self, packet: str) -> Ack | None:
        c = t.packet.c
        found = self._connection.execute(select(c.answer).where(c.sid == self._sid, c.packet == packet)).scalar()
        return None if found is None else Ack.model_validate(found)

    def stable(self, lane: int) -> Stable | None:
        """What every backup in rotation holds: whichever of them is put back, nothing is missing."""
        rev, ours = self.stable_rev(), self.get(lane)
        if rev is None:
            return None
        return Stable(rev=rev, lane_seq=min(ours.last, *(self._in_backup(ours, mark) for mark in self.marks)))

    def stable_rev(self) -> int | None:
        return min(self._head.rev, *(self._common(mark) for mark in self.marks)) if self.marks else None

    @property
    def marks(self) -> list[BackupMark]:
        if self._marks is None:
            self._marks = marks_of(self._connection, self._sid)
        return self._marks

    def _common(self, mark: BackupMark) -> int:
        """Up to where the history of the backup is the present one."""
        bound = self.shared(mark.epoch)
        return mark.rev if bound is None else min(mark.rev, bound)

    def _in_backup(self, lane: Lane, mark: BackupMark) -> int:
        """Up to where the backup has the lane; nothing where it has another under this name."""
        last, chain = mark.lanes.get(f"{lane.dev} {lane.inc}", (0, ""))
        ours = chain_at(self, lane, last)
        return last if ours is not None and ours.hex() == chain else 0

    # --- lanes -----------------------------------------------------------------------------------------------------

    @property
    def lanes(self) -> dict[int, Lane]:
        return self._lanes.all

    def find(self, dev: str, inc: str) -> Lane | None:
        return self._lanes.find(dev, inc)

    def get(self, number: int) -> Lane:
        return self._lanes.all[number]

    def branches(self, number: int) -> list[Lane]:
        return self._lanes.branches(number)

    def chain_at(self, number: int, seq: int) -> bytes | None:
        return self._lanes.chain_at(number, seq)

    def add(self, lane: Lane) -> Lane:
        return self._lanes.add(lane)

    # --- writes ----------------------------------------------------------------------------------------------------

    def keep_answer(self, packet: str, ack: Ack) -> None:
        values = {"sid": self._sid, "packet": packet, "dev": self.get(ack.lane.number).dev, "answer": ack.wire()}
        self._connection.execute(insert(t.packet), values)

    def write(self, change: Change, received: str) -> None:
        staged = change.staged
        known = {record_id for record_id in staged.records if self.record(record_id) is not None}
        self._weight = write_staged(self._connection, self._sid, staged, known, received, self._weight)
        self._sums = buckets.write(self._connection, self._sid, before=self.sums(), after=change.sums)
        self._head = Head(self._sid, self._head.epoch, change.head, change.chain, change.living)
        values = {"head": change.head, "chain": change.chain, "living": change.living, "weight": self._weight}
        self._connection.execute(update(t.stream).where(t.stream.c.sid == self._sid).values(**values))
        if change.rows:
            self._lanes.grow(change.lane.number, change.rows)
        self._records |= staged.records
        for row in change.rows:
            self._places.pop(row.op, None)

    def abandoned(self, before: str) -> list[Arrived]:
        """Parked packets that came before this instant."""
        c = t.parked.c
        query = select(t.parked).where(c.sid == self._sid, c.rx < before).order_by(c.rx, c.seq_from, c.packet)
        return [arrived_of(row) for row in self._connection.execute(query)]

    def park(self, arrived: Arrived, lane: Lane) -> None:
        c = t.parked.c
        if self._connection.execute(select(c.lane).where(c.sid == self._sid, c.packet == arrived.id)).first():
            return
        lines = b"\n".join(operation.canonical() for operation in arrived.operations)
        header = arrived.header
        values = {"packet": arrived.id, "lane": lane.number, "dev": header.dev, "seq_from": header.lane_from, "lines": lines}
        values |= {"header": header.wire(), "grant_": arrived.grant, "rx": arrived.received}
        self._connection.execute(insert(t.parked), {"sid": self._sid, **values})

    def parked(self, lane: int) -> list[Arrived]:
        c = t.parked.c
        query = select(t.parked).where(c.sid == self._sid, c.lane == lane).order_by(c.rx, c.seq_from, c.packet)
        return [arrived_of(row) for row in self._connection.execute(query)]

    def unpark(self, packet: str) -> None:
        c = t.parked.c
        self._connection.execute(delete(t.parked).where(c.sid == self._sid, c.packet == packet))


def arrived_of(row: Any) -> Arrived:
    operations = [Operation.from_wire(parse(line)) for line in bytes(row.lines).split(b"\n")]
    return Arrived(row.packet, PacketHeader.from_wire(row.header), operations, row.grant_, row.rx)


def _row(connection: Connection, sid: str, *, locked: bool) -> Any:
    query = select(t.stream).where(t.stream.c.sid == sid)
    row = connection.execute(query.with_for_update() if locked else query).one_or_none()
    if row is None:
        raise Refused("forbidden")
    return row
