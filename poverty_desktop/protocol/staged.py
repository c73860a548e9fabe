"""What the applier of packets reads and what it decided, as values (sync.md 3.6). See `staging.py`, which decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from poverty_desktop.protocol.log import ConflictEntry, LogEntry, plain_entry
from poverty_desktop.protocol.merging import Applied, RecordState
from poverty_desktop.protocol.operations import Operation


@dataclass(frozen=True)
class Author:
    """Who wrote a revision."""

    op: str
    group: str
    user: str
    at: str


class Past(Protocol):
    """What the applier reads of a stream's past. Everything the packet itself does is laid over it by `Staging`."""

    def record(self, record_id: str) -> RecordState | None: ...

    def author(self, rev: int) -> Author: ...

    def operation(self, rev: int) -> Operation:
        """The operation that wrote a revision, as it was signed. Asked only where two values clash."""
        ...

    def places(self, op: str) -> list[tuple[int, int]]:
        """[(lane, seq)] of an operation, by its id: forked lanes share numbers (sync.md 3.6)."""
        ...

    def kept(self, ops: Iterable[str]) -> list[HeldRow]:
        """What is in custody of these operations, with the whole of their Saves, in the order they came."""
        ...

    def open_conflicts(self, cids: Iterable[str]) -> set[str]: ...

    def waiting(self) -> list[HeldRow]:
        """Open operations that wait for a record, in the order they came."""
        ...

    def shared(self, epoch: int) -> int | None:
        """The last revision that the history of `epoch` has in common with the present one (`epochs.shared`)."""
        ...


@dataclass(frozen=True)
class Checks:
    """What may stand in a record (the province knows its forms and scopes): codes of a quarantine, "" where nothing is wrong."""

    operation: Callable[[Operation], str]
    record: Callable[[str, str, Mapping[str, Any]], str]  # (entity, id, body afterwards)
    crashed: Callable[[Operation, Exception], None]  # an operation crashed the applier: for the log of the machine


@dataclass(frozen=True)
class Item:
    """An operation at its place in a lane. `sent_as`: the id it was sent under, where that had been used before (`reused.py`)."""

    operation: Operation
    lane: int
    seq: int
    sent_as: str = ""

    @property
    def sent_id(self) -> str:
        return self.sent_as or self.operation.op


@dataclass(frozen=True)
class Step:
    """One operation applied, not yet accepted."""

    item: Item
    applied: Applied
    entry: LogEntry

    @property
    def plain(self) -> bool:
        if self.item.sent_as:
            return False
        rebuilt = plain_entry(self.item.operation, lane=self.item.lane, seq=self.item.seq, rev=self.entry.rev)
        return rebuilt == self.entry


@dataclass(frozen=True)
class Fault:
    """Why a Save cannot be applied: the operation, and the code ("held" when only a record is missing)."""

    item: Item
    reason: str


@dataclass(frozen=True)
class Decision:
    """That something in custody never gets an effect. `by`: a user's id, or the name of the province's operator, "" for
    nobody in particular."""

    by: str
    said: str
    at: str


@dataclass(frozen=True)
class LogRow:
    item: Item
    entry: LogEntry
    plain: bool
    chain: bytes


@dataclass
class HeldRow:
    """An operation in custody. `new`: not yet in the table."""

    item: Item
    reason: str
    waits_for: str | None
    open: bool = True
    new: bool = True


@dataclass
class Staged:
    """What is to be written."""

    records: dict[str, RecordState] = field(default_factory=dict)
    record_revs: dict[str, int] = field(default_factory=dict)
    log: list[LogRow] = field(default_factory=list)
    conflicts: dict[str, ConflictEntry] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    custody: dict[str, HeldRow] = field(default_factory=dict)
