"""One packet's effect, worked out in memory and written at its end in a few statements (sync.md 3.6).

Each Save is tried as a whole: its operations are applied together, or, when one of them cannot be, all are put aside:
the one at fault quarantined, the others held until its record arrives. A handler that crashes is such a fault (3.17), so
nothing a device sends can stop its lane. The module decides; `writing.py` writes what it decided.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from poverty_desktop.protocol.canonical import parse
from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.identity import derived_id
from poverty_desktop.protocol.log import ConflictEntry, LogEntry, plain_entry
from poverty_desktop.protocol.merging import Applied, Clash, RecordState, Rules, apply, clamped_base
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.server.checking import operation_fault, record_fault
from poverty_desktop.server.lookups import Author, Lookups

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    """An operation at its place in a lane."""

    operation: Operation
    lane: int
    seq: int


@dataclass(frozen=True)
class Step:
    """One operation applied, not yet accepted."""

    item: Item
    applied: Applied
    entry: LogEntry

    @property
    def plain(self) -> bool:
        rebuilt = plain_entry(self.item.operation, lane=self.item.lane, seq=self.item.seq, rev=self.entry.rev)
        return rebuilt == self.entry


@dataclass(frozen=True)
class Fault:
    """Why a Save cannot be applied: the operation, and the code ("held" when only a record is missing)."""

    item: Item
    reason: str


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


class Staging:
    """The stream as it is with this packet applied so far."""

    def __init__(self, lookups: Lookups, rules: Rules, *, commune_code: str, head: int, chain: bytes) -> None:
        self._lookups = lookups
        self._rules = rules
        self._commune_code = commune_code
        self._start_revs = lookups.start_revs()
        self._authors: dict[int, Author] = {}
        self._places: dict[tuple[int, str], int] = {}
        self._waiting = {row.op_id: _held_row(row) for row in lookups.held()}
        self.head = head
        self.chain = chain
        self.staged = Staged()

    def take(self, items: Sequence[Item], *, refused: str = "") -> None:
        """Apply one Save, or put it aside (`refused` says at once why)."""
        for item in items:
            self._places[item.lane, item.operation.op] = item.seq
        outcome = Fault(items[0], refused) if refused else self._try(items, replay=0)
        if isinstance(outcome, Fault):
            self._put_aside(items, outcome)
        else:
            self._accept(outcome)
            self._replay_for(outcome)

    def _try(self, items: Sequence[Item], *, replay: int) -> list[Step] | Fault:
        fresh: dict[str, RecordState] = {}
        steps: list[Step] = []
        for item in items:
            try:
                outcome = self._step(item, fresh, self.head + len(steps) + 1, replay)
            except Exception as error:  # noqa: BLE001 - custody: whatever an operation does to us, its lane goes on (3.17)
                log.error("operation %s crashed the applier: %s", item.operation.op, type(error).__name__)
                return Fault(item, "crash")
            if isinstance(outcome, Fault):
                return outcome
            steps.append(outcome)
            if outcome.applied.state is not None:
                fresh[item.operation.record_id] = outcome.applied.state
        return steps

    def _step(self, item: Item, fresh: dict[str, RecordState], rev: int, replay: int) -> Step | Fault:
        operation = item.operation
        fault = operation_fault(operation)
        if fault:
            return Fault(item, fault)
        state = fresh.get(operation.record_id) or self._record(operation.record_id)
        base = clamped_base(operation, self._start_revs)
        applied = apply(operation, state, rev=rev, base=base, in_lane=self._lane_test(item), rules=self._rules)
        if applied.outcome in ("held", "quarantined"):
            return Fault(item, applied.reason or "held")
        if applied.effect and applied.state is not None:
            fault = record_fault(operation.entity, operation.record_id, applied.state.body, self._commune_code)
        return Fault(item, fault) if fault else Step(item, applied, self._entry(item, applied, state, rev, replay))

    def _record(self, record_id: str) -> RecordState | None:
        return self.staged.records.get(record_id) or self._lookups.record(record_id)

    def _author(self, rev: int) -> Author:
        return self._authors.get(rev) or self._lookups.author(rev)

    def _lane_test(self, item: Item) -> Callable[[int], bool]:
        """Whether a revision was written in this lane before what the form had not seen, or in the same Save."""
        before = item.seq - item.operation.not_seen

        def in_lane(rev: int) -> bool:
            if rev > self.head:  # written by this very Save
                return True
            author = self._author(rev)
            if author.group == item.operation.group:
                return True
            place = self._places.get((item.lane, author.op)) or self._lookups.place(item.lane, author.op)
            return place is not None and place < before

        return in_lane

    def _entry(self, item: Item, applied: Applied, before: RecordState | None, rev: int, replay: int) -> LogEntry:
        plain = plain_entry(item.operation, lane=item.lane, seq=item.seq, rev=rev)
        was_deleted = before is not None and before.deleted_rev is not None
        is_deleted = applied.state is not None and applied.state.deleted_rev is not None
        changes = item.operation.kind == "c" or was_deleted != is_deleted
        return plain.model_copy(
            update={
                "effect": applied.effect,
                "conflicts": [self._conflict(item.operation, clash) for clash in applied.clashes],
                "closed": self._closing(item.operation),
                "deleted": is_deleted if changes else None,
                "outcome": applied.outcome,
                "replay": replay,
            }
        )

    def _closing(self, operation: Operation) -> list[str]:
        if not operation.closes:
            return []
        still_open = self._lookups.open_conflicts(operation.closes) | set(self.staged.conflicts)
        return [cid for cid in operation.closes if cid in still_open and cid not in self.staged.closed]

    def _conflict(self, operation: Operation, clash: Clash) -> ConflictEntry:
        known = clash.current_rev <= self.head
        author = self._author(clash.current_rev) if known else None
        return ConflictEntry(
            cid=derived_id(operation.op, clash.field),
            of=(operation.entity, operation.record_id),
            field=clash.field,
            current=clash.current,
            current_rev=clash.current_rev,
            current_by=author.user if author else None,
            current_at=author.at if author else None,
            other=clash.other,
            other_op=operation.op,
            other_by=operation.user,
            other_at=operation.at,
            saw=clash.saw,
        )

    def _accept(self, steps: Iterable[Step]) -> None:
        for done in steps:
            operation, entry = done.item.operation, done.entry
            self._append(done.item, entry, done.plain)
            if done.applied.state is not None:
                self.staged.records[operation.record_id] = done.applied.state
                self.staged.record_revs[operation.record_id] = entry.rev
            self.staged.conflicts |= {conflict.cid: conflict for conflict in entry.conflicts}
            self.staged.closed |= dict.fromkeys(entry.closed, entry.rev)

    def _append(self, item: Item, entry: LogEntry, plain: bool) -> None:
        operation = item.operation
        self.head += 1
        self.chain = step(self.chain, entry.canonical())
        self._authors[self.head] = Author(operation.op, operation.group, operation.user, operation.at)
        self.staged.log.append(LogRow(item, entry, plain, self.chain))

    def _put_aside(self, items: Iterable[Item], fault: Fault) -> None:
        """Custody: each operation keeps its number and gets a revision without effect."""
        for item in items:
            row = self._custody(item, fault)
            plain = plain_entry(item.operation, lane=item.lane, seq=item.seq, rev=self.head + 1)
            outcome = "held" if row.reason == "held" else "quarantined"
            nothing: dict[str, Any] = {"effect": {}, "closed": [], "deleted": None, "outcome": outcome, "why": row.reason}
            self._append(item, plain.model_copy(update=nothing), False)
            self.staged.custody[item.operation.op] = row
            if row.waits_for:
                self._waiting[item.operation.op] = row

    def _custody(self, item: Item, fault: Fault) -> HeldRow:
        at_fault = item == fault.item
        if at_fault and fault.reason != "held":
            return HeldRow(item, fault.reason, None)
        if fault.reason == "not_allowed":
            return HeldRow(item, fault.reason, None)
        return HeldRow(item, "held", fault.item.operation.record_id)

    def _replay_for(self, steps: Sequence[Step]) -> None:
        """Saves that waited for a record which has arrived are tried again, and those that wait for theirs after them."""
        arrived = {done.item.operation.record_id for done in steps if done.item.operation.kind == "c"}
        while arrived:
            ready = [row for row in self._waiting.values() if row.waits_for in arrived]
            arrived = set()
            for group in dict.fromkeys(row.item.operation.group for row in ready):
                arrived |= self._replay(group)

    def _replay(self, group: str) -> set[str]:
        rows = [row for row in self._waiting.values() if row.item.operation.group == group]
        rows.sort(key=lambda row: (row.item.lane, row.item.seq))
        outcome = self._try([row.item for row in rows], replay=1)
        created: set[str] = set()
        if isinstance(outcome, Fault):
            for row in rows:
                again = self._custody(row.item, outcome)
                row.reason, row.waits_for = again.reason, again.waits_for
        else:
            self._accept(outcome)
            created = {done.item.operation.record_id for done in outcome if done.item.operation.kind == "c"}
            for row in rows:
                row.open = False
        for row in rows:
            self.staged.custody[row.item.operation.op] = row
            if not row.open or row.waits_for is None:
                del self._waiting[row.item.operation.op]
        return created


def _held_row(row: Any) -> HeldRow:
    operation = Operation.from_wire(parse(bytes(row.raw)))
    return HeldRow(Item(operation, row.lane, row.seq), row.reason, row.waits_for, new=False)
