"""The road to the province, as a round sees it: what it asks and what it gets back (sync.md 3.12-3.25)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from poverty_desktop.protocol import messages
from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.laptop import Cursor, Enrolled, Outgoing
from poverty_desktop.protocol.snap_pages import SnapPage


@dataclass
class Traffic:
    """What went over the line, in bytes of HTTP (start lines and headers too, TLS and TCP not), and how many questions."""

    up: int = 0
    down: int = 0
    round_trips: int = 0


@dataclass(frozen=True)
class Pushed:
    """The answer to a packet: the ack, its signed bytes as text (to be kept), and the log after the cursor that was sent."""

    ack: messages.Ack
    proof: str
    log: messages.LogBatch | None


class ProvinceLink(Protocol):
    """Messages to and from the province. Returns only what it signed over `nonce`; all else is a `KnownProblem("sync.…")`:

    no_link, wrong_address, cut, not_our_server (unsigned, HTML, another key, another nonce), revoked, code_refused, busy
    (facts: seconds), gap (facts: have), history_differs, upgrade, too_large, server_failed, refused (facts: refusal).
    """

    @property
    def traffic(self) -> Traffic: ...

    def time(self, server: str, province_key: bytes | None, nonce: str) -> messages.TimeAnswer:
        """The province's signed clock. Without a pinned key the one named in the answer is used (before enrolment only)."""
        ...

    def enrol(self, server: str, province_key: bytes, request: messages.EnrolRequest) -> messages.EnrolResponse: ...

    def has_session(self, enrolled: Enrolled) -> bool:
        """Whether a token is still good by the monotonic clock."""
        ...

    def authenticate(self, enrolled: Enrolled, nonce: str) -> None:
        """Challenge and token; the calls below use it, and renew it once when the province says that it is over."""
        ...

    def hello(self, request: messages.HelloRequest) -> messages.HelloResponse: ...

    @property
    def greeted(self) -> messages.HelloResponse | None:
        """The newest answer to a hello of the session that lives; None in one that was not greeted yet."""
        ...

    def still(self, mark: str, nonce: str) -> messages.StillAnswer:
        """Whether the province makes this mark of what it holds (`still.mark_of`)."""
        ...

    def push(self, packet: Outgoing, cursor: Cursor, nonce: str, *, if_expected: bool = False) -> Pushed:
        """`if_expected`: to be taken only where hello would find nothing to mend; else `KnownProblem("sync.greet")`."""
        ...

    def log(self, stream: str, cursor: Cursor, most_bytes: int, nonce: str) -> messages.LogBatch: ...

    def manifest(self, stream: str, nonce: str) -> messages.Manifest:
        """The newest snapshot of the stream, seen by this device."""
        ...

    def snapshot_parts(self, stream: str, manifest: messages.Manifest) -> Iterator[Iterable[SnapPage]]:
        """Its parts, each when it is here; what is here already is not fetched again. A part is read when it is gone through, on
        whatever thread, as often as one likes; then what no reader understands is `KnownProblem("sync.answer_damaged")`."""
        ...

    def salvage(self, stream: str, epoch: int, entries: Sequence[messages.LogEntry], nonce: str) -> int:
        """Give received entries of a dead history back; how many were new to the province."""
        ...

    def sums(self, stream: str, rev: int, nonce: str) -> Sums | None:
        """The sums of the buckets at `rev`; None when the stream has gone on."""
        ...

    def rows(self, stream: str, buckets: Sequence[int], nonce: str) -> messages.RowsAnswer: ...

    def close(self) -> None: ...
