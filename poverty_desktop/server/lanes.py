"""Lanes at the province: where a device's history stands, and whether what comes continues it (sync.md 3.6, 3.19)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.messages import LaneState
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.server import tables as t
from poverty_desktop.server.refusals import Refused

_NEAR_PROBES = 32


def find_lane(connection: Connection, sid: str, dev: str, inc: str) -> Any:
    c = t.lane.c
    return connection.execute(select(t.lane).where(c.sid == sid, c.dev == dev, c.inc == inc)).one_or_none()


def find_or_make_lane(connection: Connection, sid: str, dev: str, inc: str) -> Any:
    """The lane's row; the caller holds the stream's lock, so the next number is ours."""
    found = find_lane(connection, sid, dev, inc)
    if found is None:
        newest = connection.execute(select(func.max(t.lane.c.lane)).where(t.lane.c.sid == sid)).scalar() or 0
        row = {"sid": sid, "lane": newest + 1, "dev": dev, "inc": inc, "last_seq": 0, "chain": EMPTY, "state": "open"}
        connection.execute(insert(t.lane), row)
        found = find_lane(connection, sid, dev, inc)
    return found


def chain_at(connection: Connection, lane: Any, seq: int) -> bytes | None:
    """The lane's chain after `seq`, None for a position it has not reached."""
    if seq == 0:
        return EMPTY
    if seq == lane.last_seq:
        return bytes(lane.chain)
    c = t.lane_op.c
    query = select(c.chain).where(c.sid == lane.sid, c.lane == lane.lane, c.seq == seq)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def chains_of(header: PacketHeader, operations: Sequence[Operation]) -> list[bytes]:
    """The lane chain after each operation of the packet. Raises `Refused` when header and operations disagree."""
    chain = _chain(header.prev)
    chains = []
    for operation in operations:
        chain = step(chain, operation.canonical())
        chains.append(chain)
    fits = header.n == len(operations) and header.lane_to == header.lane_from + len(operations) - 1
    if not operations or not fits or header.lane_from < 1 or chain.hex() != header.tail:
        raise Refused("packet_refused", reason="header")
    return chains


def _chain(text: str) -> bytes:
    if re.fullmatch("[0-9a-f]{64}", text) is None:
        raise Refused("packet_refused", reason="header")
    return bytes.fromhex(text)


def check_continues(connection: Connection, lane: Any, header: PacketHeader, chains: Sequence[bytes]) -> None:
    """Raises `Refused` "gap" or "fork" when the packet does not continue or repeat what the province has."""
    if header.lane_from > lane.last_seq + 1:
        raise Refused("gap", have=lane.last_seq)
    before = chain_at(connection, lane, header.lane_from - 1)
    common = min(lane.last_seq, header.lane_to)
    same = common < header.lane_from or chains[common - header.lane_from] == chain_at(connection, lane, common)
    if before is None or before.hex() != header.prev or not same:
        raise Refused("fork", have=lane.last_seq, probes=probes(connection, lane))


def probes(connection: Connection, lane: Any) -> list[tuple[int, str]]:
    """[seq, chain] of the last 32 positions and then at powers of two, for finding the last common one."""
    last = lane.last_seq
    wanted = set(range(max(1, last - _NEAR_PROBES + 1), last + 1))
    wanted |= {last - 2**power for power in range(5, 50) if last - 2**power >= 1}
    c = t.lane_op.c
    query = select(c.seq, c.chain).where(c.sid == lane.sid, c.lane == lane.lane, c.seq.in_(wanted)).order_by(c.seq.desc())
    return [(row.seq, bytes(row.chain).hex()) for row in connection.execute(query)]


def lane_state(connection: Connection, sid: str, dev: str, inc: str, position: tuple[int, str]) -> LaneState:
    """What hello says of the device's lane: ok, behind (it forgot its tail), fork, new."""
    lane = find_lane(connection, sid, dev, inc)
    if lane is None:
        return LaneState(state="new", last=0, chain=EMPTY.hex())
    last, chain = position
    ours = bytes(lane.chain).hex()
    here = chain_at(connection, lane, last) if last <= lane.last_seq else None
    forked = here is not None and here.hex() != chain
    state = "fork" if forked else "behind" if last < lane.last_seq else "ok"
    found = probes(connection, lane) if state != "ok" or last != lane.last_seq else []
    return LaneState.model_validate({"state": state, "last": lane.last_seq, "chain": ours, "probes": found, "no": lane.lane})
