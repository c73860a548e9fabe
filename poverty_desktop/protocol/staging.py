"""One packet's effect on a stream, worked out in memory and written by the store at its end (sync.md 3.6).

Each Save is tried as a whole: its operations are applied together, or, when one of them cannot be, all are put aside:
the one at fault quarantined, the others held until its record arrives. A handler that crashes is such a fault (3.17), so
nothing a device sends can stop its lane. The module decides; the province's store writes what it decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.identity import derived_id
from poverty_desktop.protocol.lanes import Lane, Lanes, stands_before
from poverty_desktop.protocol.log import WITHDRAWN, ConflictEntry, LogEntry, plain_entry
from poverty_desktop.protocol.merging import Applied, Clash, RecordState, Rules, apply, clamped_base, on_screen
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.staged import Author, Checks, Decision, Fault, HeldRow, Item, LogRow, Past, Staged, Step

_WHOLE_SAVE = ("not_allowed", "locked", "brake")  # faults of a Save, not of one of its operations


class Staging:
    """The stream as it is with this packet applied so far."""

    def __init__(self, past: Past, lanes: Lanes, rules: Rules, checks: Checks, *, head: int, chain: bytes) -> None:
        self._past = past
        self._lanes = lanes
        self._rules = rules
        self._checks = checks
        self._authors: dict[int, Author] = {}
        self._operations: dict[int, Operation] = {}
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._lane_of: dict[int, Lane] = {}
        self._waiting = {row.item.operation.op: row for row in past.waiting()}
        self.head = head
        self.chain = chain
        self.staged = Staged()

    def take(self, items: Sequence[Item], *, refused: str = "") -> None:
        """Apply one Save, or put it aside (`refused` says at once why)."""
        outcome = Fault(items[0], refused) if refused else self._try(items, replay=0)
        if isinstance(outcome, Fault):
            self._put_aside(items, outcome)
        else:
            self._accept(outcome)
            self._replay_for(outcome)

    def stand(self, item: Item) -> None:
        """The operation has this place in a lane, whatever becomes of it, also as a duplicate."""
        self._places.setdefault(item.operation.op, []).append((item.lane, item.seq))

    def _try(self, items: Sequence[Item], *, replay: int) -> list[Step] | Fault:
        fresh: dict[str, RecordState] = {}
        steps: list[Step] = []
        for item in items:
            try:
                outcome = self._step(item, fresh, self.head + len(steps) + 1, replay)
            except Exception as error:  # noqa: BLE001 - custody: whatever an operation does to us, its lane goes on (3.17)
                self._checks.crashed(item.operation, error)
                return Fault(item, "crash")
            if isinstance(outcome, Fault):
                return outcome
            steps.append(outcome)
            if outcome.applied.state is not None:
                fresh[item.operation.record_id] = outcome.applied.state
        return steps

    def _step(self, item: Item, fresh: dict[str, RecordState], rev: int, replay: int) -> Step | Fault:
        operation = item.operation
        fault = self._checks.operation(operation)
        if fault:
            return Fault(item, fault)
        state = fresh.get(operation.record_id) or self._record(operation.record_id)
        base = clamped_base(operation, self._past.shared(operation.base_epoch))
        applied = apply(operation, state, rev=rev, base=base, in_lane=self._lane_test(item), rules=self._rules)
        if applied.outcome in ("held", "quarantined"):
            return Fault(item, applied.reason or "held")
        if applied.effect and applied.state is not None:
            fault = self._checks.record(operation.entity, operation.record_id, applied.state.body)
        return Fault(item, fault) if fault else Step(item, applied, self._entry(item, applied, state, rev, replay))

    def _record(self, record_id: str) -> RecordState | None:
        return self.staged.records.get(record_id) or self._past.record(record_id)

    def _author(self, rev: int) -> Author:
        return self._authors.get(rev) or self._past.author(rev)

    def _lane_test(self, item: Item) -> Callable[[int], bool]:
        """Whether a revision was written in this lane before what the form had not seen, or in the same Save."""
        lane = self._lane(item.lane)
        before = item.seq - item.operation.not_seen

        def in_lane(rev: int) -> bool:
            if rev > self.head:  # written by this very Save
                return True
            author = self._author(rev)
            if author.group == item.operation.group:
                return True
            found = [*self._places.get(author.op, ()), *self._past.places(author.op)]
            return stands_before(self._lanes, lane, before, found)

        return in_lane

    def _lane(self, number: int) -> Lane:
        if number not in self._lane_of:
            self._lane_of[number] = self._lanes.get(number)
        return self._lane_of[number]

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
        still_open = self._past.open_conflicts(operation.closes) | set(self.staged.conflicts)
        return [cid for cid in operation.closes if cid in still_open and cid not in self.staged.closed]

    def _conflict(self, operation: Operation, clash: Clash) -> ConflictEntry:
        known = clash.current_rev <= self.head
        author = self._author(clash.current_rev) if known else None
        writer = (self._operations.get(clash.current_rev) or self._past.operation(clash.current_rev)) if known else None
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
            current_saw=on_screen(writer, clash) if writer else None,
        )

    def _accept(self, steps: Sequence[Step]) -> None:
        for done in steps:
            operation, entry = done.item.operation, done.entry
            self._append(done.item, entry, done.plain)
            if done.applied.state is not None:
                self.staged.records[operation.record_id] = done.applied.state
                self.staged.record_revs[operation.record_id] = entry.rev
            self.staged.conflicts |= {conflict.cid: conflict for conflict in entry.conflicts}
            self.staged.closed |= dict.fromkeys(entry.closed, entry.rev)
        for done in steps:
            self._given_up(done.item)

    def _given_up(self, item: Item) -> None:
        """Whoever sent what is in custody closes it, by giving it up or by sending it corrected (3.17); nobody else can."""
        operation = item.operation
        if not operation.closes:
            return
        staged = self.staged.custody
        groups = {row.item.operation.group for op, row in staged.items() if op in operation.closes}
        found = [row for row in staged.values() if row.item.operation.group in groups]
        found += [row for row in self._past.kept(operation.closes) if row.item.operation.op not in staged]
        device = self._lane(item.lane).dev
        mine = [row for row in found if row.open and self._lane(row.item.lane).dev == device]
        self.withdraw(mine, Decision(operation.user, operation.reason, operation.at))

    def withdraw(self, rows: Iterable[HeldRow], decision: Decision) -> None:
        """These never get an effect. Each laptop hears of it by an entry in the log."""
        for row in rows:
            row.open, row.reason, row.waits_for = False, WITHDRAWN, None
            plain = plain_entry(row.item.operation, lane=row.item.lane, seq=row.item.seq, rev=self.head + 1)
            nothing: dict[str, Any] = {"effect": {}, "closed": [], "deleted": None, "outcome": "quarantined", "why": WITHDRAWN}
            said = {"replay": 1, "by": decision.by or None, "said": decision.said or None, "decided": decision.at or None}
            self._append(row.item, plain.model_copy(update=nothing | said), False)
            self.staged.custody[row.item.operation.op] = row
            self._waiting.pop(row.item.operation.op, None)

    def _append(self, item: Item, entry: LogEntry, plain: bool) -> None:
        operation = item.operation
        self.head += 1
        self.chain = step(self.chain, entry.canonical())
        self._authors[self.head] = Author(operation.op, operation.group, operation.user, operation.at)
        self._operations[self.head] = operation
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
        if fault.reason in _WHOLE_SAVE or (at_fault and fault.reason != "held"):
            return HeldRow(item, fault.reason, None)
        return HeldRow(item, "held", fault.item.operation.record_id)

    def _replay_for(self, steps: Sequence[Step]) -> None:
        """Saves that waited for a record which has arrived are tried again, and those that wait for theirs after them."""
        self._replay_waiting({done.item.operation.record_id for done in steps if done.item.operation.kind == "c"})

    def _replay_waiting(self, arrived: set[str]) -> None:
        while arrived:
            ready = [row for row in self._waiting.values() if row.waits_for in arrived]
            arrived = set()
            for group in dict.fromkeys(row.item.operation.group for row in ready):
                arrived |= self._replay(group)

    def release(self, rows: Iterable[HeldRow]) -> None:
        """Try operations in custody again, Save by Save, and what waited for them."""
        self._waiting |= {row.item.operation.op: row for row in rows}
        for group in dict.fromkeys(row.item.operation.group for row in rows):
            arrived = self._replay(group)
            self._replay_waiting(arrived)

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
