"""What synchronising needs of the laptop: its store of what was made, sent and received (sync.md 3). The road: `link.py`.

Shapes: ids are UUID text; chains are 32 bytes; instants are ISO text in UTC. Every call of `SyncStore` runs on the lane that
owns the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages
from poverty_desktop.protocol.backoff import Retry
from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.recovery import OwnLane
from poverty_desktop.protocol.snap_pages import SnapPage

T = TypeVar("T")
Sign = Callable[[bytes], bytes]
Parts = Sequence[Iterable[SnapPage]]
"""Of a snapshot: each may be gone through more than once."""
RoundOutcome = Literal["done", "stopped", "portal", "cut", "refused", "unfinished"]


class Clock(Protocol):
    """Evidence and waiting only; no order follows from it."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class StorageCall(Protocol):
    """Runs `work` on the lane that owns the file and waits for its result. Never called from the GUI thread."""

    def __call__(self, work: Callable[[], T], /) -> T: ...


def while_open(call: StorageCall, is_open: Callable[[], bool]) -> StorageCall:
    """`call`, refusing once the file was locked: a round that is still on its way ends as if it were cut, with nothing lost."""

    def guarded(work: Callable[[], T]) -> T:
        def checked() -> T:
            if not is_open():
                raise KnownProblem("sync.locked")
            return work()

        return call(checked)

    return guarded


# --- who this laptop is to the province --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Enrolled:
    """This laptop as the province knows it (sync.md 3.19). Keys are raw Ed25519 bytes."""

    server: str
    device: str
    incarnation: str
    stream: str
    commune_code: str
    practice: bool
    province_key: bytes
    private_key: bytes = field(repr=False)


@dataclass(frozen=True)
class Cursor:
    """How far this laptop has read the stream: (epoch, rev, chain at rev)."""

    epoch: int
    rev: int
    chain: bytes


@dataclass(frozen=True)
class Standing:
    """Where this laptop stands, in one read. `lane_last`/`lane_chain` close the lane of everything ever saved here."""

    cursor: Cursor
    lane_last: int
    lane_chain: bytes
    acknowledged: int  # lane position the province has signed for
    waiting: int  # operations it has not
    waiting_bytes: int  # their canonical bytes; about a tenth of it goes over the line
    oldest_waiting: str | None
    between: int = 0  # operations that are accepted and have not come back in the log
    stable: tuple[int, int] = (0, 0)  # what backups hold: stream revision, position in the open lane


@dataclass(frozen=True)
class Places:
    """Operations by where they are: the four states an officer sees (sync.md 3.12)."""

    on_laptop: int = 0
    handed_on: int = 0
    in_province: int = 0
    safe: int = 0


PlaceName = Literal["on_laptop", "handed_on", "in_province", "safe"]
"""The places of `Places`, worst first."""


@dataclass(frozen=True)
class Outgoing:
    """A sealed packet as it is stored; retries send these identical bytes. `count` operations of the lane up to `lane_to`."""

    id: str
    data: bytes
    count: int
    lane_from: int
    lane_to: int


@dataclass(frozen=True)
class TakenIn:
    """What one transaction of received entries did."""

    entries: int = 0
    foreign: int = 0  # of them made elsewhere
    conflicts: int = 0  # conflicts that were opened
    unprojected: int = 0  # records kept in the store that could not be shown


@dataclass(frozen=True)
class Receipt:
    """What the province signed for in one round. `proof` holds the signed acks as they came, to be verified later."""

    number: str
    at: str
    counts: Mapping[str, int]
    proof: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoundReport:
    """What one round did, true also when it was cut; a line in the log of rounds.

    `counts` operations per outcome of the province, `received` entries made elsewhere, `up`/`down` bytes of HTTP, `millis` its
    length; `rotations`, `salvaged` and `repaired` as in `tally.Tally`; `problem` the code of the problem that ended it (with
    its facts), or None.
    """

    id: int
    started: str
    ended: str | None
    outcome: RoundOutcome
    sent: int = 0
    received: int = 0
    up: int = 0
    down: int = 0
    round_trips: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    conflicts: int = 0
    unprojected: int = 0
    millis: int = 0
    rotations: int = 0
    salvaged: int = 0
    repaired: int = 0
    problem: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    receipt: Receipt | None = None


# --- the store -----------------------------------------------------------------------------------------------------------


class SyncStore(Protocol):
    """The laptop's tables of synchronisation (sync.md 3.28). Each method is one transaction, re-enterable after a kill."""

    def enrolled(self) -> Enrolled | None: ...

    def incarnation(self) -> str:
        """The incarnation of this file; its lane is made before there is a province."""
        ...

    def adopt(self, enrolled: Enrolled, epoch: int) -> None:
        """Keep who we are to the province; what was saved before belongs to the province's stream from now on."""
        ...

    def adopt_again(self, enrolled: Enrolled) -> None:
        """The same laptop is another device to the same province from now on, in the incarnation named there: what waits moves
        into it, and nothing that was sealed under the old key is left."""
        ...

    def move(self, server: str) -> None:
        """Only the address of the province changes."""
        ...

    def standing(self) -> Standing: ...

    def cursor(self) -> Cursor: ...

    def places(self) -> Places: ...

    def place_of(self, record_ids: Sequence[str]) -> PlaceName:
        """Where the saves of these records are: of a household with its members the worst place counts."""
        ...

    def own_operations(self, first: int, last: int) -> list[Operation]:
        """The operations of the own lane from `first` to `last`, as far as they are here."""
        ...

    def lane_chain(self, position: int) -> bytes | None:
        """The chain of the own lane at `position`; None when it was never there (or is pruned)."""
        ...

    def lanes(self) -> list[OwnLane]:
        """The lanes with operations that are not safe yet, oldest first; the open one last, also when it is empty."""
        ...

    def chain_at(self, incarnation: str, position: int) -> bytes | None: ...

    def settle(self, common: Mapping[str, int]) -> int:
        """By incarnation, up to where the province has the lane: that is acknowledged (cumulative ack), what is after it is
        waiting again, sealed packets that do not fit are dropped. How many more operations that settled."""
        ...

    def rotate(self, common: Mapping[str, int], incarnation: str) -> None:
        """Go on in a new incarnation: what the province does not have of any lane moves into it (`recovery.moving`), same ids,
        same bases, new numbers; open drafts are told (`recovery.own_position`). Its first packet names its parent."""
        ...

    def keep_stable(self, rev: int, positions: Mapping[str, int]) -> None:
        """What a verified backup of the province holds: operations up to these positions are safe, and what nobody will ask
        for again is pruned (sync.md 3.12)."""
        ...

    def salvage(self, most_bytes: int) -> Iterator[tuple[int, list[messages.LogEntry]]]:
        """(epoch, entries) of everything received that no backup of the province is known to hold, in order, in parts: what a
        restored province lacks (3.20). Entries given back are kept until a backup holds what became of them: it may be
        restored again."""
        ...

    def take_snapshot(self, manifest: messages.Manifest, parts: Parts, common: Mapping[str, int]) -> None:
        """Make the store what the manifest says, in one transaction, own waiting operations on top; the cursor stands there.
        `common`: up to where the province has the own lanes; what is after it, or not in the snapshot, waits again.
        Raises `HistoryDiffers` when the rows do not give its digest: nothing is changed then."""
        ...

    def caught_up(self, rev: int) -> None:
        """The cursor stands at `rev` and everything acknowledged is in the log before it: what the province has is shown as
        the province has it, but what it keeps in custody."""
        ...

    def sums(self) -> Sums: ...

    def living(self) -> set[str]:
        """The ids of the records that live in the store, but for those that were deleted here."""
        ...

    def made_after(self, positions: Mapping[str, int]) -> set[str]:
        """The ids of the records that own operations after these positions of their lanes made."""
        ...

    def replace(self, rev: int, buckets: Sequence[int], rows: Sequence[messages.SnapRow]) -> None:
        """Repair: the store's records of these buckets are those rows, if the cursor still stands at `rev`."""
        ...

    def next_packet(self, sign: Sign, most_bytes: int, taken: Sequence[str] = ()) -> Outgoing | None:
        """The packet after the acknowledged position: the stored one again, else one sealed now, else None. `taken`: the codecs
        that the province takes beside lines (`HelloResponse.taken`)."""
        ...

    def accepted(self, packet_id: str, ack: messages.Ack) -> dict[str, int]:
        """A signed ack of this packet arrived: counts per outcome of its operations."""
        ...

    def take_in(self, epoch: int, entries: Sequence[messages.LogEntry]) -> TakenIn:
        """Apply entries that follow the cursor, in one transaction: store, projection with own waiting operations on top,
        conflicts, search, cursor. Raises `HistoryDiffers` when they do not follow."""
        ...

    def begin_round(self, at: str) -> int: ...

    def end_round(self, line: RoundReport) -> None: ...

    def rounds(self, limit: int = 50) -> list[RoundReport]:
        """Newest first."""
        ...

    def retry(self) -> Retry: ...

    def keep_retry(self, retry: Retry) -> None: ...


class HistoryDiffers(Exception):
    """What arrived does not continue what is here: a gap or another chain (sync.md 3.13). Nothing of it was applied."""
