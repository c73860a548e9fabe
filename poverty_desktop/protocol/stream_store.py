"""One stream of the province as one transaction sees it: the port that the pure core works on (sync.md 3.6, 3.29)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.lanes import Lane, Lanes
from poverty_desktop.protocol.messages import Ack, Stable
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.protocol.staged import Past, Staged


@dataclass(frozen=True)
class Head:
    """Where the stream stands. `living`: records that are not deleted."""

    sid: str
    epoch: int
    rev: int
    chain: bytes
    living: int


@dataclass(frozen=True)
class Arrived:
    """A packet whose signature was verified, and by whom it may be applied. `grant`: "rw", "r", or "q" of a
    locked laptop: all of it into custody."""

    id: str
    header: PacketHeader
    operations: Sequence[Operation]
    grant: str
    received: str


@dataclass(frozen=True)
class LaneRow:
    """An operation's place in a lane, and the revision that it has."""

    seq: int
    op: str
    rev: int
    chain: bytes


@dataclass
class Change:
    """What one packet does to the stream's tables. `head`, `chain`, `sums` afterwards; `lane` and the rows it grows by."""

    staged: Staged
    head: int
    chain: bytes
    sums: Sums
    lane: Lane
    rows: list[LaneRow] = field(default_factory=list)
    living: int = 0


class StreamStore(Past, Lanes, Protocol):
    """One stream of the province inside one transaction."""

    def head(self) -> Head: ...

    def sums(self) -> Sums: ...

    def load_records(self, ids: Iterable[str]) -> None:
        """These records will be asked for: one statement instead of many."""
        ...

    def known_operations(self, ids: Iterable[str]) -> dict[str, int]:
        """op id -> rev, of those that the stream already holds."""
        ...

    def operations(self, ids: Iterable[str]) -> dict[str, Operation]:
        """The operations with these ids as the stream holds them."""
        ...

    def chain_of_rev(self, rev: int) -> bytes | None:
        """The stream's chain after `rev`; None for a rev it does not have."""
        ...

    def answer(self, packet: str) -> Ack | None:
        """What was answered to this packet before, without nonce and signature."""
        ...

    def keep_answer(self, packet: str, ack: Ack) -> None: ...

    def stable(self, lane: int) -> Stable | None:
        """What the oldest verified backup holds of the stream and of this lane; None without one."""
        ...

    def write(self, change: Change, received: str) -> None: ...

    def park(self, arrived: Arrived, lane: Lane) -> None:
        """Keep a packet whose predecessor has not come. Kept once."""
        ...

    def parked(self, lane: int) -> list[Arrived]: ...

    def unpark(self, packet: str) -> None: ...
