"""Lanes: where a device's history stands, whether what comes continues it, and where it branched (sync.md 3.6, 3.19).

A lane is the history of one incarnation. When two histories bear one incarnation (a restored backup, a cloned disk, a power
cut that took back what was sent), the first that came owns the lane; what another packet says after the last common position
stands in a *branch*, a lane of its own whose numbers go on from there. So a packet is never dropped, whoever brings it.
A laptop that learns of it goes on in a new incarnation, whose lane names the old one as its parent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.identity import derived_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader, PacketRefused

NEAR_PROBES = 32


@dataclass(frozen=True)
class Lane:
    """A lane as the province holds it. `chain` closes `last`. `parent`/`parent_seq`: the lane it continues, and after which
    position; `branch`: its own numbers go on from there, else they begin at 1."""

    number: int
    dev: str
    inc: str
    last: int
    chain: bytes
    parent: int | None = None
    parent_seq: int = 0
    branch: bool = False


class Lanes(Protocol):
    """The lanes of one stream, as one transaction sees them."""

    def find(self, dev: str, inc: str) -> Lane | None: ...

    def get(self, number: int) -> Lane: ...

    def branches(self, number: int) -> list[Lane]:
        """The branches of this lane, in the order they were made."""
        ...

    def chain_at(self, number: int, seq: int) -> bytes | None:
        """The chain after the lane's own position `seq`; None where the lane itself has no such position."""
        ...

    def add(self, lane: Lane) -> Lane:
        """A new lane; `number` is given by the store."""
        ...


def chain_at(lanes: Lanes, lane: Lane, seq: int) -> bytes | None:
    """The chain of a lane after `seq`, in a branch also before it began; None for a position it has not reached."""
    if seq == 0:
        return EMPTY
    if seq == lane.last:
        return lane.chain
    if lane.branch and seq <= lane.parent_seq and lane.parent is not None:
        return chain_at(lanes, lanes.get(lane.parent), seq)
    return lanes.chain_at(lane.number, seq) if seq < lane.last else None


def chains_of(header: PacketHeader, operations: Sequence[Operation]) -> list[bytes]:
    """The lane chain after each operation of the packet. Raises `PacketRefused` when header and operations disagree."""
    if re.fullmatch("[0-9a-f]{64}", header.prev) is None:
        raise PacketRefused("header")
    chain = bytes.fromhex(header.prev)
    chains = []
    for operation in operations:
        chain = step(chain, operation.canonical())
        chains.append(chain)
    fits = header.n == len(operations) and header.lane_to == header.lane_from + len(operations) - 1
    if not operations or not fits or header.lane_from < 1 or chain.hex() != header.tail:
        raise PacketRefused("header")
    return chains


@dataclass(frozen=True)
class Place:
    """Where the operations of a packet belong: in `lane` after `lane.last`. `forked`: not where the sender thought."""

    lane: Lane
    forked: bool = False


@dataclass(frozen=True)
class Nowhere:
    """What the packet continues has not arrived: it is kept until it has. `gap`: only later positions are missing."""

    gap: bool


def place(lanes: Lanes, lane: Lane, header: PacketHeader, chains: Sequence[bytes]) -> Place | Nowhere:
    """Where a packet of the incarnation of `lane` belongs; a branch is made when its operations differ from what is there."""
    before = header.lane_from - 1
    for candidate in _family(lanes, lane):
        known = chain_at(lanes, candidate, before)
        if known is None or known.hex() != header.prev:
            continue
        common = _common(lanes, candidate, header, chains)
        if common == min(candidate.last, header.lane_to):
            return Place(candidate, candidate.number != lane.number)
        return Place(_branch(lanes, candidate, common, chains[common - before]), True)
    return Nowhere(gap=before > lane.last)


def _family(lanes: Lanes, lane: Lane) -> list[Lane]:
    """The lane, then its branches and theirs."""
    found = [lane]
    for member in found:
        found += lanes.branches(member.number)
    return found


def _common(lanes: Lanes, lane: Lane, header: PacketHeader, chains: Sequence[bytes]) -> int:
    """The last position up to which lane and packet are one history; it is before the packet's first at the least."""
    low, high = header.lane_from - 1, min(lane.last, header.lane_to)
    while low < high:  # equal chains are equal histories, so the question has one edge
        middle = (low + high + 1) // 2
        same = chain_at(lanes, lane, middle) == chains[middle - header.lane_from]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def _branch(lanes: Lanes, lane: Lane, common: int, first: bytes) -> Lane:
    """The branch of `lane` after `common` whose first chain is `first`: the one that is there, or a new one."""
    for branch in lanes.branches(lane.number):
        if branch.parent_seq == common and chain_at(lanes, branch, common + 1) == first:
            return branch
    chain = chain_at(lanes, lane, common)
    assert chain is not None
    inc = derived_id("branch", lane.inc, str(common), first.hex())
    return lanes.add(Lane(0, lane.dev, inc, common, chain, lane.number, common, True))


def stands_before(lanes: Lanes, lane: Lane, before: int, found: Sequence[tuple[int, int]]) -> bool:
    """Whether one of the places (lane number, seq) of an operation lies in this lane's history before its own position
    `before`, where the history of a lane goes on in its parent."""
    current: Lane | None = lane
    while current is not None:
        if any(number == current.number and seq < before for number, seq in found):
            return True
        before = min(before, current.parent_seq + 1) if current.branch else current.parent_seq + min(before, 1)
        current = None if current.parent is None else lanes.get(current.parent)
    return False


def probe_positions(last: int) -> list[int]:
    """The last 32 positions and then at powers of two, newest first: enough to find about where two histories parted."""
    near = set(range(max(1, last - NEAR_PROBES + 1), last + 1))
    return sorted(near | {last - 2**power for power in range(5, 50) if last - 2**power >= 1}, reverse=True)
