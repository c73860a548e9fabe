"""What a laptop does when its history and the province's differ (sync.md 3.12, 3.19, 3.20). Pure; stores carry it out.

A laptop may have several lanes: the open one, and closed ones of earlier incarnations whose operations are not safe yet. For
each of them the province says how far it has it. From that follow three things, and nothing else: what is acknowledged, what
must be sent again, and whether the laptop must go on in a new incarnation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.messages import LaneState

ChainAt = Callable[[str, int], bytes | None]  # (incarnation, position) -> chain; None where the lane has no such position


@dataclass(frozen=True)
class OwnLane:
    """A lane of this laptop: `last` and `chain` close it."""

    inc: str
    last: int
    chain: bytes


@dataclass(frozen=True)
class Plan:
    """`common`: by incarnation, the last position that both have; all up to it is acknowledged, all after it is not.
    `rotate`: what is after it moves to a new incarnation, same ids, same bases, new numbers."""

    common: dict[str, int] = field(default_factory=dict)
    rotate: bool = False


def plan(lanes: Sequence[OwnLane], states: Sequence[LaneState], chain_at: ChainAt) -> Plan:
    """What follows from the province's view of the lanes, oldest first, the open one last.

    Raises ValueError when the province answered for other lanes than were asked for."""
    if len(lanes) != len(states) or not lanes:
        raise ValueError("not the lanes that were asked for")
    common = {lane.inc: common_position(lane, state, chain_at) for lane, state in zip(lanes, states, strict=True)}
    *closed, current = lanes
    lost = any(common[lane.inc] < lane.last for lane in closed)
    parted = states[-1].state != "new" and states[-1].last > common[current.inc]
    return Plan(common, lost or parted)


def common_position(lane: OwnLane, state: LaneState, chain_at: ChainAt) -> int:
    """The last position at which both histories are known to be one. Where the probes leave a choice, the lower: what is sent
    twice is told by its id."""
    if state.state == "new":
        return 0
    if state.state == "behind":
        return lane.last
    for position, chain in [(state.last, state.chain), *sorted(state.probes, reverse=True)]:
        ours = EMPTY if position == 0 else chain_at(lane.inc, position) if position <= lane.last else None
        if ours is not None and ours.hex() == chain:
            return position
    return 0


@dataclass(frozen=True)
class Moved:
    """An operation on its way into a new incarnation: where it stood."""

    inc: str
    seq: int


def moving(lanes: Sequence[OwnLane], common: dict[str, int]) -> list[Moved]:
    """What moves into the new incarnation, in the order it was made: lane by lane, what the province does not have."""
    return [Moved(lane.inc, seq) for lane in lanes for seq in range(common[lane.inc] + 1, lane.last + 1)]


def own_position(position: int, common: int) -> int:
    """Where a form that was opened at `position` of the lane that is left stands in the new one. At or below zero: before it
    began, so that everything in it, and as much of the lane before, counts as not seen."""
    return position - common


def prunable(seq: int, stable_seq: int) -> bool:
    """Whether the backup holds the operation: told by its position in its lane, never by its revision (3.12)."""
    return seq <= stable_seq
