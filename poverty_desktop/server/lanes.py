"""The lanes of a stream in the database: few rows, read once in a transaction (sync.md 3.6, 3.19)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from poverty_desktop.protocol.lanes import Lane, probe_positions
from poverty_desktop.protocol.stream_store import LaneRow
from poverty_desktop.server import tables as t

_AHEAD = 200  # positions that are read with one that is asked for


class SqlLanes:
    """`protocol.lanes.Lanes` over one stream."""

    def __init__(self, connection: Connection, sid: str) -> None:
        self._connection, self._sid = connection, sid
        self._known: dict[int, Lane] | None = None
        self._chains: dict[tuple[int, int], bytes | None] = {}

    @property
    def all(self) -> dict[int, Lane]:
        if self._known is None:
            query = select(t.lane).where(t.lane.c.sid == self._sid).order_by(t.lane.c.lane)
            self._known = {row.lane: _lane(row) for row in self._connection.execute(query)}
        return self._known

    def find(self, dev: str, inc: str) -> Lane | None:
        return next((lane for lane in self.all.values() if (lane.dev, lane.inc) == (dev, inc)), None)

    def branches(self, number: int) -> list[Lane]:
        return [lane for lane in self.all.values() if lane.branch and lane.parent == number]

    def chain_at(self, number: int, seq: int) -> bytes | None:
        if (number, seq) not in self._chains:
            self._load_chains(number, seq)
        return self._chains[number, seq]

    def _load_chains(self, number: int, seq: int) -> None:
        """With the first comes what a search for a fork asks next, with each what a run of positions does."""
        c = t.lane_op.c
        wanted = set(range(seq, seq + _AHEAD))
        if not any(lane == number for lane, _ in self._chains):
            wanted |= set(probe_positions(self.all[number].last))
        self._chains |= {(number, position): None for position in wanted}
        query = select(c.seq, c.chain).where(c.sid == self._sid, c.lane == number, c.seq.in_(wanted))
        self._chains |= {(number, row.seq): bytes(row.chain) for row in self._connection.execute(query)}

    def add(self, lane: Lane) -> Lane:
        """The caller holds the stream's lock, so the next number is ours."""
        lane = replace(lane, number=max(self.all, default=0) + 1)
        values = {"lane": lane.number, "dev": lane.dev, "inc": lane.inc, "last_seq": lane.last, "chain": lane.chain}
        values |= {"state": "open", "parent": lane.parent, "parent_seq": lane.parent_seq, "branch": lane.branch}
        self._connection.execute(insert(t.lane), {"sid": self._sid, **values})
        self.all[lane.number] = lane
        return lane

    def grow(self, number: int, rows: list[LaneRow]) -> None:
        """These operations stand in the lane; what is behind its end carries it on."""
        values = [{"sid": self._sid, "lane": number, "seq": r.seq, "op_id": r.op, "rev": r.rev, "chain": r.chain} for r in rows]
        self._connection.execute(insert(t.lane_op), values)
        for row in rows:
            self._chains[number, row.seq] = row.chain
        newest, lane = max(rows, key=lambda row: row.seq), self.all[number]
        if newest.seq > lane.last:
            self.all[number] = replace(lane, last=newest.seq, chain=newest.chain)
            here = (t.lane.c.sid == self._sid) & (t.lane.c.lane == number)
            self._connection.execute(update(t.lane).where(here).values(last_seq=newest.seq, chain=newest.chain))


def _lane(row: Any) -> Lane:
    return Lane(row.lane, row.dev, row.inc, row.last_seq, bytes(row.chain), row.parent, row.parent_seq or 0, row.branch)
