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
    before it, and never numbers of a living lane (3.20). What was in custody has no effect in the log and comes from its owner.
    """
    head = store.head()
    dead = derived_id("salvage", head.sid, str(epoch))
    lane = store.find(dead, dead) or store.add(Lane(0, dead, dead, 0, EMPTY))
    items = [Item(_operation_of(entry, epoch), lane.number, _place(entry)) for entry in entries if tells_all(entry)]
    fresh = [item for item in items if not any(number == lane.number for number, _ in store.places(item.operation.op))]
    work = Application(store, lane, rules, checks)
    work.run(fresh, "")
    work.write({item.seq: EMPTY for item in fresh}, received)
    return len(work.staging.staged.log)


def _place(entry: LogEntry) -> int:
    """Where the entry stands in the lane of its dead history: at its revision, so that later ones have seen it; but what was
    kept there as a conflict nobody is known to have seen, and stands behind all others."""
    return entry.rev + _BEHIND if entry.conflicts else entry.rev


def tells_all(entry: LogEntry) -> bool:
    """Whether the entry tells what its operation did. One in custody, or whose values were there already, does not: given back
    as it is, it would stand in the way of the operation itself, which its owner has."""
    if entry.outcome in ("held", "quarantined"):
        return False
    return entry.kind == "d" or bool(entry.effect or entry.conflicts or entry.closed or entry.deleted is not None)


def _operation_of(entry: LogEntry, epoch: int) -> Operation:
    """What the entry says was done: the values it set, and those that it kept beside them as conflicts. A writer in conflict
    had not seen what was there, so such an operation has seen nothing: it becomes a conflict again, never a silent winner."""
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
        base_epoch=epoch, base_rev=0 if entry.conflicts else entry.rev - 1,
        not_seen=_place(entry) if entry.conflicts else 0, fields=fields, seen=seen or None, group=entry.group, number=0,
        user=entry.user, at=entry.at, skew=0, schema=0, closes=tuple(entry.closed), reason=entry.why or "",
        more={"salvaged": [epoch, entry.rev]},
    )  # fmt: skip
