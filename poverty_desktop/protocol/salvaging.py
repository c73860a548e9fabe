"""What laptops give back to a province that was restored from a backup (sync.md 3.20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poverty_desktop.protocol.application import Application
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.identity import derived_id
from poverty_desktop.protocol.lanes import Lane
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.merging import Rules
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.staged import Checks, Item
from poverty_desktop.protocol.stream_store import StreamStore

_BEHIND = 1 << 40


def take_salvage(
    store: StreamStore, epoch: int, entries: Sequence[LogEntry], received: str, rules: Rules, checks: Checks
) -> int:
    """Entries of a history that a restore took back, as a laptop had received them: applied by operation id. How many were new.

    They stand in one lane for each dead epoch, at the revisions that they had there: so an entry has seen exactly those
    before it, and never numbers of a living lane (3.20). Where a revision of that epoch was two things, because a tail had been
    lost unnoticed, the second stands in a lane of its own. What was in custody has no effect in the log and comes from its owner.
    """
    kept, history, rest = 0, 0, [entry for entry in entries if tells_all(entry)]
    while rest:
        lane = _lane_of(store, epoch, history)
        items, elsewhere = _fresh(store, lane, rest, epoch)
        work = Application(store, lane, rules, checks)
        work.run(items, "")
        work.write({item.seq: EMPTY for item in items}, received)
        kept, history, rest = kept + len(work.staging.staged.log), history + 1, elsewhere
    return kept


def _lane_of(store: StreamStore, epoch: int, history: int) -> Lane:
    dead = derived_id("salvage", store.head().sid, str(epoch), *([str(history)] if history else []))
    return store.find(dead, dead) or store.add(Lane(0, dead, dead, 0, EMPTY))


def _fresh(store: StreamStore, lane: Lane, entries: Sequence[LogEntry], epoch: int) -> tuple[list[Item], list[LogEntry]]:
    """What is new to the lane, and what finds its place taken by something else."""
    items: dict[int, Item] = {}
    elsewhere = []
    for entry in entries:
        seq = _place(entry)
        if any(number == lane.number for number, _ in store.places(entry.op)):
            continue
        if seq in items or store.chain_at(lane.number, seq) is not None:
            elsewhere.append(entry)
        else:
            items[seq] = Item(_operation_of(entry, epoch), lane.number, seq)
    return list(items.values()), elsewhere


def _place(entry: LogEntry) -> int:
    """Where the entry stands in the lane of its dead history: at its revision, so that later ones have seen it; but what was
    not judged there nobody is known to have seen, and stands behind all others."""
    return entry.rev if _judged(entry) else entry.rev + _BEHIND


def _judged(entry: LogEntry) -> bool:
    """Whether the province found that the writer had seen what was there. Not so for a conflict, nor for a delete of what was
    deleted already, which was never held against the edits before it."""
    return not entry.conflicts and not (entry.kind == "d" and entry.deleted is None)


def tells_all(entry: LogEntry) -> bool:
    """Whether the entry tells what its operation did. One in custody, or whose values were there already, does not: given back
    as it is, it would stand in the way of the operation itself, which its owner has."""
    if entry.outcome in ("held", "quarantined"):
        return False
    return entry.kind == "d" or bool(entry.effect or entry.conflicts or entry.closed or entry.deleted is not None)


def _operation_of(entry: LogEntry, epoch: int) -> Operation:
    """What the entry says was done: the values it set, and those that it kept beside them as conflicts. One that was
    not judged has seen nothing: it becomes a conflict again, never a silent winner."""
    fields: dict[str, Any] = dict(entry.effect)
    seen: dict[str, Any] = {}
    for conflict in entry.conflicts:
        grouped = "+" in conflict.field
        if conflict.field and not (grouped and not isinstance(conflict.other, dict)):
            fields |= conflict.other if grouped else {conflict.field: conflict.other}
            seen |= (conflict.saw or {}) if grouped else {conflict.field: conflict.saw}
        elif not conflict.field and isinstance(conflict.other, dict) and entry.kind != "d":
            fields |= conflict.other
    return Operation(
        op=entry.op, kind=entry.kind, entity=entry.entity, record_id=entry.record_id,  # type: ignore[arg-type]
        base_epoch=epoch, base_rev=entry.rev - 1 if _judged(entry) else 0,
        not_seen=0 if _judged(entry) else _place(entry), fields=fields, seen=seen or None, group=entry.group, number=0,
        user=entry.user, at=entry.at, skew=0, schema=0, closes=tuple(entry.closed), reason=entry.why or "",
        more={"salvaged": [epoch, entry.rev]},
    )  # fmt: skip
