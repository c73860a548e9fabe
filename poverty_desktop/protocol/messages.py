"""What laptop and province say to each other (sync.md 3.12, 3.13, 3.25, 3.26). Short keys on the wire, names in the code.

Chains, hashes and keys are hex text; signatures are base64; instants are UTC with ``Z``. Every signed answer carries the
nonce of the request. Unknown keys are ignored, so that a newer program may add; none is ever renamed.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from poverty_desktop.protocol.answers import Message, NotOurServer, Signed, opened, signed, signed_object, verified
from poverty_desktop.protocol.log import ConflictEntry, LogBatch, LogEntry, Outcome, plain_entry
from poverty_desktop.protocol.session_messages import (
    PROTOCOL,
    ChallengeRequest,
    ChallengeResponse,
    EnrolRequest,
    EnrolResponse,
    StreamGrant,
    TimeAnswer,
    TokenRequest,
    TokenResponse,
    enrolment_text,
    session_text,
)
from poverty_desktop.protocol.state_messages import (
    Manifest,
    ManifestAnswer,
    RowsAnswer,
    SalvagePosted,
    SnapRow,
    SumsAnswer,
)

__all__ = ["PROTOCOL", "Ack", "ChallengeRequest", "ChallengeResponse", "ConflictEntry", "EnrolRequest", "EnrolResponse",
           "HelloRequest", "HelloResponse", "LaneMark", "LaneState", "LogAnswer", "LogBatch", "LogEntry", "Manifest",
           "ManifestAnswer", "Message", "NotOurServer", "Order", "Outcome", "PacketPosted", "Policy", "Problem",
           "PushAnswer", "Result", "RowsAnswer", "SalvagePosted", "Signed", "SnapRow", "SnapshotMark", "Stable",
           "StillAnswer", "StreamGrant", "StreamPosition", "StreamState", "SumsAnswer", "TimeAnswer",
           "TokenRequest", "TokenResponse", "enrolment_text", "opened", "plain_entry", "session_text", "signed",
           "signed_object", "verified"]  # fmt: skip

# --- hello ---------------------------------------------------------------------------------------------------------------


class StreamPosition(Message):
    """Where the laptop stands in one stream.

    `cursor`: [epoch, rev, chain]; `lane`: [last seq, chain]; `pending`: [count, oldest day]. `closed`: [incarnation, last seq,
    chain] of the earlier lanes of this laptop whose operations are not safe yet, oldest first.
    """

    sid: str
    cursor: tuple[int, int, str] = Field(alias="cur")
    lane: tuple[int, str]
    closed: list[tuple[str, int, str]] = Field(default_factory=list)
    pending: tuple[int, str | None] = (0, None)
    quarantined_seen: int = Field(0, alias="quar_seen")


class HelloRequest(Message):
    proto: list[int] = Field(default_factory=lambda: [PROTOCOL, PROTOCOL])
    app: str = ""
    schema_version: int = Field(1, alias="sv")
    device: str = Field(alias="dev")
    incarnation: str = Field(alias="inc")
    nonce: str
    wall: str = ""
    up_s: int = 0
    disk_mb: int = 0
    streams: list[StreamPosition]


class LaneState(Message):
    """What the province holds of the device's lane: a cumulative acknowledgement. `probes`: [seq, chain] for finding a fork."""

    state: Literal["ok", "behind", "fork", "new"]
    last: int
    chain: str
    stable_seq: int | None = None
    probes: list[tuple[int, str]] = Field(default_factory=list)
    number: int | None = Field(None, alias="no")


class SnapshotMark(Message):
    """A snapshot that lies ready."""

    rev: int
    bytes: int
    id: str
    rows: int = 0


class StreamState(Message):
    sid: str
    head: int
    cursor: Literal["ok", "rewound", "too_old"]
    epoch: int
    lane: LaneState
    closed: list[LaneState] = Field(default_factory=list)  # of the closed lanes that were asked about, in that order
    digest: str | None = None  # of the state at the head
    stable_rev: int | None = None  # None: no verified backup is known, so nothing may be pruned
    grant: str = "rw"
    quarantined: int = Field(0, alias="quar")  # open quarantined operations of this device
    brake: str | None = None
    snapshot: SnapshotMark | None = Field(None, alias="snap")
    log_bytes: int = 0  # about how much the log after the cursor weighs (`rounds.snapshot_is_better`)


class Policy(Message):
    max_packet: int = 1 << 20
    inflight: int = 1
    next_after_s: int = 3600


class Order(Signed):
    """What the province orders a device, signed on its own; `nonce` is that of the device's hello, so that no old order counts.

    "lock": hand over what waits, then close the file until the province opens it. "wipe": hand over, then destroy the key;
    `unsent_too`: even when something could not be handed over.
    """

    kind: Literal["lock", "wipe"]
    device: str = Field(alias="dev")
    unsent_too: bool = Field(False, alias="all")


class HelloResponse(Signed):
    time: str
    proto: int = PROTOCOL
    schema_versions: list[int] = Field(alias="sv")
    practice: bool
    streams: list[StreamState]
    policy: Policy = Policy()
    commands: list[dict[str, Any]] = Field(default_factory=list)  # each a signed `Order`
    taken: list[str] = Field(default_factory=list)  # codecs of packets beside lines; none of an older province


class StillAnswer(Signed):
    """`POST /v1/hello` with a mark in X-Ask instead of positions (`protocol.still`); who asks is known by the token.

    `same`: nothing has changed, and nothing is to be told. Else the laptop greets.
    """

    same: bool
    time: str


# --- push and pull ---------------------------------------------------------------------------------------------------------


class LaneMark(Message):
    """How far the province has taken the lane: cumulative."""

    last: int
    chain: str
    number: int = Field(alias="no")


class Stable(Message):
    rev: int
    lane_seq: int


class Result(Message):
    """An operation that did not simply apply. `reason` is the quarantine code, `waits_for` what a held operation misses."""

    seq: int
    op: str
    rev: int | None
    outcome: Outcome = Field(alias="st")
    conflicts: list[str] = Field(default_factory=list, alias="conf")
    reason: str | None = Field(None, alias="why")
    waits_for: str | None = Field(None, alias="waits")


class Ack(Signed):
    """The receipt, and the only thing that may be called success. `runs`: [from seq, to seq, first rev, "applied"] (A3)."""

    kind: str = "ack"
    packet: str
    sid: str
    epoch: int
    lane: LaneMark
    runs: list[tuple[int, int, int, str]] = Field(default_factory=list)
    results: list[Result] = Field(default_factory=list, alias="res")
    stable: Stable | None = None
    received: str = Field(alias="rx")


class PushAnswer(Signed):
    """`POST /v1/packets`: the ack and, when a cursor was sent, the log after it. `ack` is signed on its own too: it is kept."""

    ack: dict[str, Any]
    log: LogBatch | None = None
    cursor: Literal["ok", "rewound", "none"] = "none"  # what the province makes of X-Cursor; log only when "ok"

    def wire(self) -> dict[str, Any]:
        log = self.log.wire() if self.log else None
        return {"nonce": self.nonce, "ack": self.ack, "log": log, "cursor": self.cursor}


class LogAnswer(Signed):
    """`GET /v1/streams/{sid}/log`."""

    log: LogBatch

    def wire(self) -> dict[str, Any]:
        return {"nonce": self.nonce, "log": self.log.wire()}


class PacketPosted(Message):
    """`POST /v1/packets` with JSON: a packet that was uploaded in chunks."""

    id: str
    chunks: list[str]


class Problem(Signed):
    """RFC 9457, `application/problem+json`, signed. `code` decides what the laptop does (sync.md 3.25)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    have: int | None = None  # gap: last seq the province has
    probes: list[tuple[int, str]] | None = None  # fork
    max: int | None = None  # too_large
    min: int | None = None  # upgrade
    reason: str | None = None  # refused packet: the short code of PacketRefused
