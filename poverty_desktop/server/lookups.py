"""What the applier needs to know of a stream's past, read once and kept for the length of one packet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from poverty_desktop.protocol.merging import RecordState
from poverty_desktop.server import tables as t

_PAGE = 500


@dataclass(frozen=True)
class Author:
    """Who wrote a revision."""

    op: str
    group: str
    user: str
    at: str


class Lookups:
    """Reads of one stream. Everything the packet itself does is laid over it by `Staging`."""

    def __init__(self, connection: Connection, sid: str) -> None:
        self._connection = connection
        self._sid = sid
        self._records: dict[str, RecordState | None] = {}
        self._authors: dict[int, Author] = {}
        self._places: dict[tuple[int, str], int | None] = {}

    def load_records(self, ids: Iterable[str]) -> None:
        missing = [record_id for record_id in dict.fromkeys(ids) if record_id not in self._records]
        for page in pages(missing):
            self._records |= dict.fromkeys(page)
            query = select(t.record).where(t.record.c.sid == self._sid, t.record.c.rec_id.in_(page))
            for row in self._connection.execute(query):
                self._records[row.rec_id] = RecordState(row.entity, row.body, row.meta, row.del_rev)

    def record(self, record_id: str) -> RecordState | None:
        self.load_records([record_id])
        return self._records[record_id]

    def known_operations(self, ids: Iterable[str]) -> dict[str, int]:
        """op id -> rev, of those that the stream already holds."""
        known: dict[str, int] = {}
        for page in pages(list(ids)):
            query = select(t.change_log.c.op_id, t.change_log.c.rev).where(
                t.change_log.c.sid == self._sid, t.change_log.c.op_id.in_(page), t.change_log.c.kind_no == 0
            )
            known |= {row.op_id: row.rev for row in self._connection.execute(query)}
        return known

    def author(self, rev: int) -> Author:
        if rev not in self._authors:
            c = t.change_log.c
            query = select(c.op_id, c.grp, c.user_id, c.at).where(c.sid == self._sid, c.rev == rev)
            row = self._connection.execute(query).one()
            self._authors[rev] = Author(row.op_id, row.grp, row.user_id, row.at)
        return self._authors[rev]

    def place(self, lane: int, op: str) -> int | None:
        """The number of an operation in a lane, by its id: forked lanes share numbers (sync.md 3.6)."""
        if (lane, op) not in self._places:
            c = t.lane_op.c
            query = select(c.seq).where(c.sid == self._sid, c.op_id == op, c.lane == lane).limit(1)
            self._places[lane, op] = self._connection.execute(query).scalar()
        return self._places[lane, op]

    def open_conflicts(self, cids: Iterable[str]) -> set[str]:
        c = t.conflict.c
        query = select(c.cid).where(c.sid == self._sid, c.cid.in_(list(cids)), c.open.is_(True))
        return set(self._connection.execute(query).scalars())

    def held(self) -> list[Any]:
        """Open operations that wait for a record, in the order they came."""
        c = t.quarantine.c
        query = select(t.quarantine).where(c.sid == self._sid, c.open.is_(True), c.waits_for.is_not(None))
        return list(self._connection.execute(query.order_by(c.lane, c.seq)))

    def start_revs(self) -> dict[int, int]:
        c = t.stream_epoch.c
        query = select(c.epoch, c.start_rev).where(c.sid == self._sid)
        return {row.epoch: row.start_rev for row in self._connection.execute(query)}


def pages(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _PAGE):
        yield list(ids[start : start + _PAGE])
