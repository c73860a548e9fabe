"""A packet of operations becomes part of the stream: one transaction, the stream's row locked first (sync.md 3.6)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from poverty_desktop.protocol.carriage import by_group
from poverty_desktop.protocol.merging import Rules
from poverty_desktop.protocol.messages import Ack, LaneMark, Result
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.server import tables as t
from poverty_desktop.server.lanes import chains_of, check_continues, find_or_make_lane
from poverty_desktop.server.lookups import Lookups
from poverty_desktop.server.refusals import Refused
from poverty_desktop.server.staging import Item, LogRow, Staging
from poverty_desktop.server.writing import write

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrived:
    """A packet whose signature was verified, and by whom it may be applied. `grant`: "rw" or "r"."""

    id: str
    header: PacketHeader
    operations: Sequence[Operation]
    grant: str
    received: str


def apply_packet(connection: Connection, arrived: Arrived, rules: Rules) -> Ack:
    """Apply and answer; the ack bears no nonce yet. The same packet again gives the same ack.

    Raises `Refused` gap, fork or packet_refused: nothing was stored then.
    """
    header = arrived.header
    stream = lock_stream(connection, header.sid)
    known = _known_answer(connection, arrived)
    if known is not None:
        return known
    chains = chains_of(header, arrived.operations)
    lane = find_or_make_lane(connection, header.sid, header.dev, header.inc)
    check_continues(connection, lane, header, chains)
    items = [Item(operation, lane.lane, header.lane_from + place) for place, operation in enumerate(arrived.operations)]
    fresh = [item for item in items if item.seq > lane.last_seq]
    ack = _Application(connection, arrived, stream, lane, rules).run(fresh, chains)
    values = {"sid": header.sid, "packet": arrived.id, "dev": header.dev, "answer": ack.wire()}
    connection.execute(insert(t.packet), values)
    log.info("packet %s: stream %s, %d operations, head %d", arrived.id[:12], header.sid, len(fresh), ack.lane.last)
    return ack


def lock_stream(connection: Connection, sid: str) -> Any:
    """The stream's row, locked: whoever holds it gives the next revisions, so commit order is revision order (1.3)."""
    row = connection.execute(select(t.stream).where(t.stream.c.sid == sid).with_for_update()).one_or_none()
    if row is None:
        raise Refused("forbidden")
    return row


def _known_answer(connection: Connection, arrived: Arrived) -> Ack | None:
    c = t.packet.c
    query = select(c.answer).where(c.sid == arrived.header.sid, c.packet == arrived.id)
    found = connection.execute(query).scalar()
    return None if found is None else Ack.model_validate(found)


class _Application:
    def __init__(self, connection: Connection, arrived: Arrived, stream: Any, lane: Any, rules: Rules) -> None:
        self.connection = connection
        self.arrived = arrived
        self.stream = stream
        self.lane = lane
        self.lookups = Lookups(connection, stream.sid)
        self.staging = Staging(self.lookups, rules, commune_code=stream.commune_code, head=stream.head, chain=bytes(stream.chain))
        self.revs: dict[str, int] = {}  # op id -> rev, of all that the stream holds or now gets
        self.duplicates: list[Item] = []

    def run(self, items: Sequence[Item], chains: Sequence[bytes]) -> Ack:
        self.lookups.load_records(item.operation.record_id for item in items)
        self.revs = self.lookups.known_operations([item.operation.op for item in items])
        by_op = {id(item.operation): item for item in items}
        refused = "" if self.arrived.grant == "rw" else "not_allowed"
        for group in by_group(item.operation for item in items):
            self._take([by_op[id(operation)] for operation in group], refused)
        write(self.connection, self.stream.sid, self.staging.staged, self.lookups, self.arrived.received)
        self._advance(items, chains)
        return self._ack()

    def _take(self, items: Sequence[Item], refused: str) -> None:
        fresh = []
        for item in items:
            if item.operation.op in self.revs:
                self.duplicates.append(item)
            else:
                self.revs[item.operation.op] = 0
                fresh.append(item)
        if not fresh:
            return
        first = len(self.staging.staged.log)
        self.staging.take(fresh, refused=refused)
        for row in self.staging.staged.log[first:]:
            if not row.entry.replay:
                self.revs[row.item.operation.op] = row.entry.rev

    def _advance(self, items: Sequence[Item], chains: Sequence[bytes]) -> None:
        """The lane always advances, whatever became of its operations."""
        sid, offset = self.stream.sid, self.arrived.header.lane_from
        rows = [
            {"sid": sid, "lane": item.lane, "seq": item.seq, "op_id": item.operation.op, "rev": self.revs[item.operation.op],
             "chain": chains[item.seq - offset]}
            for item in items
        ]  # fmt: skip
        if not rows:
            return
        connection, staging = self.connection, self.staging
        connection.execute(insert(t.lane_op), rows)
        last = {"last_seq": items[-1].seq, "chain": chains[-1]}
        connection.execute(update(t.lane).where(t.lane.c.sid == sid, t.lane.c.lane == self.lane.lane).values(**last))
        connection.execute(update(t.stream).where(t.stream.c.sid == sid).values(head=staging.head, chain=staging.chain))

    def _ack(self) -> Ack:
        header = self.arrived.header
        c = t.lane.c
        here = (c.sid == header.sid) & (c.lane == self.lane.lane)
        lane = self.connection.execute(select(t.lane).where(here)).one()
        own = [row for row in self.staging.staged.log if not row.entry.replay]
        results = [_result(row, self.staging) for row in own if not row.plain]
        results += [
            Result(seq=i.seq, op=i.operation.op, rev=self.revs[i.operation.op], outcome="duplicate") for i in self.duplicates
        ]
        return Ack(
            packet=self.arrived.id,
            sid=header.sid,
            epoch=self.stream.epoch,
            lane=LaneMark(last=lane.last_seq, chain=bytes(lane.chain).hex(), number=lane.lane),
            runs=[(*run, "applied") for run in runs((row.item.seq, row.entry.rev) for row in own if row.plain)],
            results=sorted(results, key=lambda result: result.seq),
            received=self.arrived.received,
        )


def runs(places: Any) -> list[tuple[int, int, int]]:
    """[from seq, to seq, first rev] of (seq, rev) pairs in order: a run goes on while both grow by one."""
    found: list[list[int]] = []
    for seq, rev in places:
        if found and seq == found[-1][1] + 1 and rev == found[-1][2] + seq - found[-1][0]:
            found[-1][1] = seq
        else:
            found.append([seq, seq, rev])
    return [(first, last, rev) for first, last, rev in found]


def _result(row: LogRow, staging: Staging) -> Result:
    entry, op = row.entry, row.item.operation.op
    custody = staging.staged.custody.get(op)
    return Result(
        seq=entry.seq,
        op=op,
        rev=entry.rev,
        outcome=entry.outcome,
        conflicts=[conflict.cid for conflict in entry.conflicts],
        reason=custody.reason if custody else None,
        waits_for=custody.waits_for if custody else None,
    )
