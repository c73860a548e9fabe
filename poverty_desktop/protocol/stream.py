"""The province's side of one stream: packets become its log, in one transaction each (sync.md 3.6, 3.19, 3.20).

Pure: `StreamStore` is the stream as that transaction sees it. Whoever implements it locks the stream before it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poverty_desktop.protocol.application import Application
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.identity import derived_id
from poverty_desktop.protocol.lanes import Lane, Nowhere, Place, chains_of, place
from poverty_desktop.protocol.merging import Rules
from poverty_desktop.protocol.messages import Ack
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.protocol.positions import probes
from poverty_desktop.protocol.staged import Checks, Decision, HeldRow, Item
from poverty_desktop.protocol.stream_store import Arrived, StreamStore

FEWEST_DELETES = 50
MOST_DELETED_PERCENT = 5


@dataclass(frozen=True)
class Gap:
    """The packet continues what has not come: `have` is the last position that has. It is parked."""

    have: int


@dataclass(frozen=True)
class Fork:
    """The lane has another history than the packet; its operations are kept in a branch, or parked. The sender must rotate."""

    have: int
    probes: list[tuple[int, str]]


def take_packet(store: StreamStore, arrived: Arrived, rules: Rules, checks: Checks) -> Ack | Gap | Fork:
    """Apply and answer; the ack bears no nonce yet. The same packet again gives the same ack.

    Nothing that was signed is lost by any answer: what does not continue its lane stands in a branch or is parked (3.17).
    Raises `PacketRefused` for a packet that contradicts itself: nothing was stored then.
    """
    known = store.answer(arrived.id)
    if known is not None:
        return known
    chains = chains_of(arrived.header, arrived.operations)
    lane = lane_of(store, arrived.header)
    where = place(store, lane, arrived.header, chains)
    if isinstance(where, Nowhere):
        store.park(arrived, lane)
        lane = store.get(lane.number)
        return Gap(lane.last) if where.gap else Fork(lane.last, probes(store, lane))
    ack = _applied(store, arrived, where.lane, chains, rules, checks)
    _take_parked(store, lane, rules, checks)
    if where.forked:
        lane = store.get(lane.number)
        return Fork(lane.last, probes(store, lane))
    store.keep_answer(arrived.id, ack)
    return ack


def lane_of(store: StreamStore, header: PacketHeader) -> Lane:
    """The lane of the packet's incarnation, made when it is new; its first packet names what it continues."""
    found = store.find(header.dev, header.inc)
    if found is not None:
        return found
    parent = store.find(header.dev, header.parent) if header.parent else None
    seq = min(header.parent_seq, parent.last) if parent else 0
    return store.add(Lane(0, header.dev, header.inc, 0, EMPTY, parent.number if parent else None, seq))


def _applied(store: StreamStore, arrived: Arrived, lane: Lane, chains: Sequence[bytes], rules: Rules, checks: Checks) -> Ack:
    items = [Item(operation, lane.number, arrived.header.lane_from + n) for n, operation in enumerate(arrived.operations)]
    fresh = [item for item in items if item.seq > lane.last]
    work = Application(store, lane, rules, checks)
    work.run(fresh, _refusal(store, arrived, fresh))
    after = {item.seq: chains[item.seq - arrived.header.lane_from] for item in fresh}
    work.write(after, arrived.received)
    return work.ack(arrived)


def _refusal(store: StreamStore, arrived: Arrived, items: Sequence[Item]) -> str:
    """Why nothing of the packet may be applied: no right to write, or so many deletes that a person must look first (3.9)."""
    if arrived.grant != "rw":
        return "locked" if arrived.grant == "q" else "not_allowed"
    deletes = sum(item.operation.kind == "d" for item in items)
    return "brake" if deletes > most_deletes(store.head().living) else ""


def most_deletes(living: int) -> int:
    """How many of `living` records may go at once without a person's yes: 50 or 5 %, whichever is more (sync.md 3.9)."""
    return max(FEWEST_DELETES, living * MOST_DELETED_PERCENT // 100)


def _take_parked(store: StreamStore, lane: Lane, rules: Rules, checks: Checks) -> None:
    """Parked packets whose predecessor has come, until none fits any more."""
    waiting = True
    while waiting:
        waiting = False
        for arrived in store.parked(lane.number):
            chains = chains_of(arrived.header, arrived.operations)
            where = place(store, store.get(lane.number), arrived.header, chains)
            if isinstance(where, Place):
                _applied(store, arrived, where.lane, chains, rules, checks)
                store.unpark(arrived.id)
                waiting = True


def take_abandoned(store: StreamStore, arrived: Arrived, rules: Rules, checks: Checks) -> None:
    """A parked packet whose predecessor never comes: its operations stand in a lane of their own (3.19)."""
    header, chains = arrived.header, chains_of(arrived.header, arrived.operations)
    whole = lane_of(store, header)
    inc = derived_id("abandoned", header.inc, header.prev, chains[0].hex())
    before = bytes.fromhex(header.prev)
    lane = store.find(header.dev, inc) or store.add(Lane(0, header.dev, inc, header.lane_from - 1, before, whole.number, 0, True))
    _applied(store, arrived, lane, chains, rules, checks)
    store.unpark(arrived.id)
    _take_parked(store, whole, rules, checks)


def withdraw(store: StreamStore, rows: Sequence[HeldRow], decision: Decision, received: str, rules: Rules, checks: Checks) -> int:
    """Operations in custody are left without effect for good, by the word of the province's operator. How many."""
    work = Application(store, store.get(rows[0].item.lane), rules, checks)
    work.staging.withdraw(rows, decision)
    work.write({}, received)
    return len(rows)


def release(store: StreamStore, rows: Sequence[HeldRow], received: str, rules: Rules, checks: Checks) -> int:
    """Operations in custody are tried again, by a person's word or after an upgrade (3.17). How many were applied."""
    work = Application(store, store.get(rows[0].item.lane), rules, checks)
    store.load_records(row.item.operation.record_id for row in rows)
    work.staging.release(rows)
    work.write({}, received)
    return len(work.staging.staged.log)
