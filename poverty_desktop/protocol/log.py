"""The log of a stream as it travels: entries in the order of the province, and conflicts inside them (sync.md 3.13, 3.26)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from poverty_desktop.protocol.answers import Message
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.operations import Operation

Outcome = Literal["applied", "merged", "conflict", "held", "quarantined", "duplicate"]
_ALWAYS = ("rev", "lane", "seq")
WITHDRAWN = "withdrawn"
"""`why` of an entry that says: this operation, which was kept aside, never gets an effect. `by` decided it and said why."""


class ChainedMessage(Message):
    """A message the stream chain runs over: keys of a newer province are kept, so that the hash stays the same (sync.md 3.21)."""

    model_config = ConfigDict(populate_by_name=True, extra="allow", frozen=True)


class ConflictEntry(ChainedMessage):
    """An opened conflict, as every laptop of the commune learns of it. `saw` is what the writer of `other` had on screen;
    `current_saw` what the writer of `current` had, as a list of one value: absent where that is not known, and in entries that
    were made before it was kept."""

    cid: str
    of: tuple[str, str]  # entity, record id
    field: str = Field(alias="f")
    current: Any = Field(None, alias="cur")
    current_rev: int = Field(0, alias="cur_rev")
    current_by: str | None = Field(None, alias="cur_u")
    current_at: str | None = Field(None, alias="cur_at")
    other: Any = None
    other_op: str
    other_by: str | None = Field(None, alias="other_u")
    other_at: str | None = None
    saw: Any = None
    current_saw: list[Any] | None = Field(None, alias="cur_saw")

    def wire(self) -> dict[str, Any]:
        """An absent `cur_saw` stays absent: the chain runs over what the entry said when it was made."""
        wire = super().wire()
        return wire if self.current_saw is not None else {key: value for key, value in wire.items() if key != "cur_saw"}

    def record(self) -> dict[str, Any]:
        """The fields of `domain.records.Conflict`."""
        newer = set(self.model_extra or ())
        values = self.model_dump(exclude={"cid", "of", *newer})
        return {"id": self.cid, "of_entity": self.of[0], "of_id": self.of[1], **values, "state": "open"}


class LogEntry(ChainedMessage):
    """One accepted operation in the stream's order. `effect` holds the values that the record has from this rev on.

    `kind` c, u, r, z, d of the operation; for d with an effect of None nothing but the deletion happened. An entry whose
    `outcome` is conflict, held or quarantined may have an empty effect. `deleted` says whether the record is deleted after
    this entry (absent: unchanged). The stream chain runs over `canonical()`, which leaves `received` and `digest` out.
    """

    rev: int
    op: str
    lane: int
    seq: int
    kind: str = Field(alias="k")
    entity: str = Field(alias="e")
    record_id: str = Field(alias="id")
    effect: dict[str, Any] = Field(default_factory=dict, alias="eff")
    conflicts: list[ConflictEntry] = Field(default_factory=list, alias="conf")
    closed: list[str] = Field(default_factory=list, alias="close")
    deleted: bool | None = Field(None, alias="del")
    group: str = Field(alias="g")
    user: str = Field("", alias="u")
    at: str = ""
    outcome: Outcome = Field(alias="st")
    why: str | None = None  # reason of a quarantine, or of the officer who settled a conflict
    replay: int = Field(0, alias="kn")  # 1 and up: a held operation applied later, or withdrawn
    by: str | None = None  # who withdrew it: a user's id, or the name of the province's operator
    said: str | None = None  # and why
    decided: str | None = Field(None, alias="on")  # and when
    received: str | None = Field(None, alias="rx")
    digest: str | None = Field(None, alias="d")

    def wire(self) -> dict[str, Any]:
        """Without what is empty; `rev`, `lane` and `seq` always, `del` where it is known."""
        wire = dict(self.model_extra or {})
        for name, key in _KEYS:
            wire[key] = getattr(self, name)
        wire["conf"] = [conflict.wire() for conflict in self.conflicts]
        return {key: value for key, value in wire.items() if value or value is False or key in _ALWAYS}

    def canonical(self) -> bytes:
        return canonical({key: value for key, value in self.wire().items() if key not in ("rx", "d")})


_KEYS = tuple((name, field.alias or name) for name, field in LogEntry.model_fields.items() if name != "conflicts")


def plain_entry(operation: Operation, *, lane: int, seq: int, rev: int) -> LogEntry:
    """The entry of an operation that applied exactly as it was sent: what a laptop rebuilds from its own op and a run."""
    deleted = {"d": True, "z": False, "c": False}.get(operation.kind)
    return LogEntry(
        rev=rev, op=operation.op, lane=lane, seq=seq, kind=operation.kind, entity=operation.entity,
        record_id=operation.record_id, effect={} if operation.kind == "d" else dict(operation.fields),
        closed=list(operation.closes), deleted=deleted, group=operation.group, user=operation.user, at=operation.at,
        outcome="applied", why=operation.reason or None,
    )  # fmt: skip


class LogBatch(Message):
    """Entries after a cursor, dense and in order. `own`: runs [from seq, to seq, first rev] of the asking lane's operations that
    applied as sent; their entries are `plain_entry(own operation, …)` with lane number `lane`. `prev`/`tail`: stream chain before
    the first and after the last rev. `to` = `after` and no entries: nothing new; `to` < `head`: ask again.
    """

    sid: str
    epoch: int
    after: int
    to: int
    head: int
    prev: str
    tail: str
    digest: str | None = Field(None, alias="d")  # of the state at `to`, where that is the head
    lane: int | None = None
    own: list[tuple[int, int, int]] = Field(default_factory=list)
    entries: list[LogEntry] = Field(default_factory=list)

    def wire(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude={"entries"}) | {"entries": [entry.wire() for entry in self.entries]}
