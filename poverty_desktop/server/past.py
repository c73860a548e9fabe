"""What the applier reads of a stream's past, asked in bulk and kept for the length of one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from poverty_desktop.protocol.canonical import parse
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.epochs import Origin, shared
from poverty_desktop.protocol.lanes import Lane
from poverty_desktop.protocol.merging import RecordState
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.staged import Author, HeldRow, Item
from poverty_desktop.server import tables as t

_PAGE = 5000  # ids in one question
_BODIES = 2000  # operations in one question

Places = list[tuple[int, int]]


class SqlPast:
    """`protocol.staged.Past` over one stream. `epoch` is the stream's own."""

    def __init__(self, connection: Connection, sid: str, epoch: int) -> None:
        self._connection, self._sid, self._epoch = connection, sid, epoch
        self._records: dict[str, RecordState | None] = {}
        self._authors: dict[int, Author] = {}
        self._operations: dict[int, Operation] = {}
        self._places: dict[str, Places] = {}
        self._origins: Mapping[int, Origin] | None = None

    def load_records(self, ids: Iterable[str]) -> None:
        missing = [record_id for record_id in dict.fromkeys(ids) if record_id not in self._records]
        c = t.record.c
        for page in pages(missing):
            self._records |= dict.fromkeys(page)
            query = select(c.rec_id, c.entity, c.body, c.meta, c.del_rev).where(c.sid == self._sid, c.rec_id.in_(page))
            for row in self._connection.execute(query):
                self._records[row.rec_id] = RecordState(row.entity, row.body, row.meta, row.del_rev)

    def record(self, record_id: str) -> RecordState | None:
        if record_id not in self._records:
            self.load_records([record_id])
        return self._records[record_id]

    def known_operations(self, ids: Iterable[str]) -> dict[str, int]:
        """op id -> rev, of those that the stream already holds."""
        c = t.change_log.c
        known: dict[str, int] = {}
        for page in pages(list(ids)):
            query = select(c.op_id, c.rev).where(c.sid == self._sid, c.op_id.in_(page), c.kind_no == 0)
            known |= {row.op_id: row.rev for row in self._connection.execute(query)}
        return known

    def operations(self, ids: Iterable[str]) -> dict[str, Operation]:
        c = t.change_log.c
        found: dict[str, Operation] = {}
        for page in pages(list(ids)):
            query = select(c.op_id, c.body).where(c.sid == self._sid, c.op_id.in_(page), c.kind_no == 0)
            found |= {row.op_id: Operation.from_wire(row.body) for row in self._connection.execute(query)}
        return found

    def author(self, rev: int) -> Author:
        if rev not in self._authors:
            self._load_authors(rev)
        return self._authors[rev]

    def operation(self, rev: int) -> Operation:
        if rev not in self._operations:
            c = t.change_log.c
            wanted = [rev, *self._in_hand({rev, *self._operations})][:_BODIES]
            query = select(c.rev, c.body).where(c.sid == self._sid, c.rev.in_(wanted))
            self._operations |= {row.rev: Operation.from_wire(row.body) for row in self._connection.execute(query)}
        return self._operations[rev]

    def _in_hand(self, known: Collection[int]) -> list[int]:
        """The revisions of the fields of all records in hand, newest first: what the packet will ask next."""
        fields = {rev for state in self._records.values() if state for rev in state.meta.values()}
        return sorted(fields.difference(known), reverse=True)

    def _load_authors(self, rev: int) -> None:
        """This author and those of the other fields in hand, in one question."""
        c = t.change_log.c
        wanted = [rev, *self._in_hand({rev, *self._authors})][:_PAGE]
        query = select(c.rev, c.op_id, c.grp, c.user_id, c.at).where(c.sid == self._sid, c.rev.in_(wanted))
        found = {row.rev: Author(row.op_id, row.grp, row.user_id, row.at) for row in self._connection.execute(query)}
        self._authors |= found
        self.load_places(author.op for author in found.values())

    def places(self, op: str) -> Places:
        self.load_places([op])
        return self._places[op]

    def load_places(self, ops: Iterable[str]) -> None:
        """These places will be asked for: one statement instead of many."""
        c = t.lane_op.c
        for page in pages([op for op in dict.fromkeys(ops) if op not in self._places]):
            self._places |= {op: [] for op in page}
            query = select(c.op_id, c.lane, c.seq).where(c.sid == self._sid, c.op_id.in_(page))
            for row in self._connection.execute(query):
                self._places[row.op_id].append((row.lane, row.seq))

    def open_conflicts(self, cids: Iterable[str]) -> set[str]:
        c = t.conflict.c
        query = select(c.cid).where(c.sid == self._sid, c.cid.in_(list(cids)), c.open.is_(True))
        return set(self._connection.execute(query).scalars())

    def waiting(self) -> list[HeldRow]:
        return self.custody(waiting=True)

    def kept(self, ops: Iterable[str]) -> list[HeldRow]:
        return self.custody(ops=list(ops))

    def custody(
        self, *, waiting: bool = False, groups: Sequence[str] | None = None, ops: Sequence[str] | None = None
    ) -> list[HeldRow]:
        """Open operations in custody, in the order they came."""
        c = t.quarantine.c
        query = select(c.raw, c.lane, c.seq, c.reason, c.waits_for).where(c.sid == self._sid, c.open.is_(True))
        if waiting:
            query = query.where(c.waits_for.is_not(None))
        if groups is not None:
            query = query.where(c.grp.in_(groups))
        if ops is not None:
            query = query.where(c.grp.in_(select(c.grp).where(c.sid == self._sid, c.op_id.in_(ops))))
        return [_held(row) for row in self._connection.execute(query.order_by(c.rev))]

    def in_custody(self, dev: str) -> int:
        """How many open operations in custody stand in lanes of this device."""
        q, lane = t.quarantine.c, t.lane.c
        mine = select(lane.lane).where(lane.sid == self._sid, lane.dev == dev)
        query = select(func.count()).where(q.sid == self._sid, q.open.is_(True), q.lane.in_(mine))
        return int(self._connection.execute(query).scalar() or 0)

    def is_braked(self, dev: str) -> bool:
        """Whether deletes of this device wait for a person (3.9)."""
        q, lane = t.quarantine.c, t.lane.c
        mine = select(lane.lane).where(lane.sid == self._sid, lane.dev == dev)
        here = (q.sid == self._sid) & q.open.is_(True) & (q.reason == "brake") & q.lane.in_(mine)
        return self._connection.execute(select(q.op_id).where(here).limit(1)).first() is not None

    def without_effect(self, lanes: Sequence[int], rev: int) -> list[str]:
        """Operations of these lanes that were in custody at `rev`: still open, or applied later."""
        q, own, log = t.quarantine.c, t.lane_op.c, t.change_log.c
        mine = select(own.op_id).where(own.sid == self._sid, own.lane.in_(lanes))
        later = select(log.op_id).where(log.sid == self._sid, log.rev > rev, log.kind_no > 0)
        here = (q.sid == self._sid) & q.op_id.in_(mine) & (q.rev <= rev)
        return list(self._connection.execute(select(q.op_id).where(here, q.open.is_(True) | q.op_id.in_(later))).scalars())

    def withdrawn(self, lanes: Sequence[int], rev: int) -> list[tuple[str, str, str, str]]:
        """Operations of these lanes that were withdrawn up to `rev`: (operation, by, why, when)."""
        own, log = t.lane_op.c, t.change_log.c
        mine = select(own.op_id).where(own.sid == self._sid, own.lane.in_(lanes))
        here = (log.sid == self._sid) & (log.kind_no > 0) & (log.rev <= rev) & (log.outcome == "quarantined")
        found = self._connection.execute(select(log.op_id, log.entry).where(here, log.op_id.in_(mine)).order_by(log.rev))
        return [(op, entry.get("by", ""), entry.get("said", ""), entry.get("on", "")) for op, entry in found]

    def reached(self, lane: Lane, rev: int) -> int:
        """How far the lane was at `rev`: no operation up to there came later."""
        c = t.lane_op.c
        query = select(func.min(c.seq)).where(c.sid == self._sid, c.lane == lane.number, c.rev > rev)
        first = self._connection.execute(query).scalar()
        return lane.last if first is None else int(first) - 1

    def weight_at(self, rev: int) -> int:
        """Letters of the log up to `rev`; 0 for a rev that it does not have."""
        c = t.change_log.c
        return int(self._connection.execute(select(c.weight).where(c.sid == self._sid, c.rev == rev)).scalar() or 0)

    def shared(self, epoch: int) -> int | None:
        if epoch == self._epoch:
            return None
        if self._origins is None:
            self._origins = origins_of(self._connection, self._sid)
        return shared(self._origins, epoch, self._epoch)

    def chain_of_rev(self, rev: int) -> bytes | None:
        if rev == 0:
            return EMPTY
        c = t.change_log.c
        found = self._connection.execute(select(c.chain).where(c.sid == self._sid, c.rev == rev)).scalar()
        return None if found is None else bytes(found)


def origins_of(connection: Connection, sid: str) -> dict[int, Origin]:
    """Where each epoch of a stream came from; the first came from nowhere."""
    c = t.stream_epoch.c
    query = select(c.epoch, c.parent, c.start_rev).where(c.sid == sid, c.parent.is_not(None))
    return {row.epoch: Origin(row.parent, row.start_rev) for row in connection.execute(query)}


def _held(row: Any) -> HeldRow:
    operation = Operation.from_wire(parse(bytes(row.raw)))
    return HeldRow(Item(operation, row.lane, row.seq), row.reason, row.waits_for, new=False)


def pages(ids: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), _PAGE):
        yield list(ids[start : start + _PAGE])
