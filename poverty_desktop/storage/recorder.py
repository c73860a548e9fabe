"""The one door for changes to synchronised records: a Save becomes operations and rows in one transaction (sync.md 3.4).

The patch of an operation is a diff of canonical JSON against the stored row. The base is what was on screen when the form
was opened, never what is stored at the moment of saving (sync.md 3.5).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from poverty_desktop.domain.merge_rules import PATCHED_BY_KEY, field_class, unpatchable
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import BY_ENTITY as RECORDS
from poverty_desktop.domain.records import Record
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.identity import UuidClock, op_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.patches import value_of
from poverty_desktop.services.ports import Base, Change, Clock, Save, Saved
from poverty_desktop.storage.custody_marks import write_over
from poverty_desktop.storage.drafts import drop_draft
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.instants import instant
from poverty_desktop.storage.projecting import settle_conflicts, with_operation
from poverty_desktop.storage.rows import Rows, Working
from poverty_desktop.storage.saved_before import as_it_now_is, shows_what_was_sent_before
from poverty_desktop.storage.schema import SCHEMA
from poverty_desktop.storage.tables import BY_ENTITY

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Lane:
    """The open lane of this file and the stream it belongs to. `chain` closes the operation at `last_seq`."""

    sid: str
    inc: str
    last_seq: int
    chain: bytes
    epoch: int
    rev: int
    skew: int


def open_lane(database: Database) -> Lane:
    row = database.row(
        "SELECT l.sid, l.inc, l.last_seq, l.chain, s.epoch, s.rev, (SELECT value FROM setting WHERE key = 'sync.skew')"
        "  FROM sync_lane l JOIN sync_stream s ON s.sid = l.sid WHERE l.closed = 0"
    )
    if row is None:
        raise LookupError("no open lane")
    sid, inc, last_seq, chain, epoch, rev, skew = row
    return Lane(sid, inc, last_seq, chain, epoch, rev, int(json.loads(skew or "0")))


class Recorder:
    """Implements `services.ports.Records` on the encrypted file."""

    def __init__(self, database: Database, clock: Clock, ids: UuidClock) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    def base(self) -> Base:
        lane = open_lane(self._database)
        return Base(lane.epoch, lane.rev, lane.last_seq, lane.inc)

    def new_group(self) -> str:
        return self._ids.uuid7()

    def get(self, kind: type[R], record_id: str) -> R | None:
        """The living record, or None."""
        found = self.select(kind, id=record_id)
        return found[0] if found else None

    def last(self, kind: type[R], record_id: str) -> R | None:
        table = BY_ENTITY[kind.entity]
        row = self._database.row(f"{table.select} WHERE id = ?", (record_id,))
        return None if row is None else cast(R, kind.model_construct(**table.body(row)))

    def select(self, kind: type[R], **equal: object) -> list[R]:
        table = BY_ENTITY[kind.entity]
        unknown = equal.keys() - set(table.fields)
        if unknown:
            raise ValueError(f"{kind.entity} has no {sorted(unknown)}")
        where = "".join(f" AND {name} IS ?" for name in equal)
        order = "position, id" if "position" in table.fields else "id"
        rows = self._database.rows(f"{table.select} WHERE deleted = 0{where} ORDER BY {order}", list(equal.values()))
        return [cast(R, kind.model_construct(**table.body(row))) for row in rows]

    def save(self, save: Save) -> Saved:
        with self._database.transaction() as connection:
            return self.write(connection, save)

    def write(self, connection: Any, save: Save) -> Saved:
        """The Save inside a transaction that the caller began."""
        now = self._clock.now()
        unit = _UnitOfWork(Rows(connection), save, open_lane(self._database), instant(now))
        for change in save.changes:
            unit.record(change)
        unit.finish()
        return Saved(unit.operations, now)


class _UnitOfWork:
    """One Save inside its transaction."""

    def __init__(self, rows: Rows, save: Save, lane: Lane, at: str) -> None:
        self._rows = rows
        self._save = save
        self._begun = lane
        self._lane = lane
        self._own_seq = _own_seq(rows.connection, save.base, lane)
        self._at = at
        self._clashes: list[dict[str, Any]] = []
        self.operations = 0

    def record(self, change: Change) -> None:
        """Write one change with its operation; one that changes nothing leaves nothing."""
        before = self._rows.read(change.entity, change.record_id)
        change = as_it_now_is(self._save.group, change, before)
        _check_target(self._save.group, change, before)
        fields = _wire_fields(change, before)
        if before is not None:
            self._compare(change, fields, before)
            fields = {key: value for key, value in fields.items() if not _same(value, value_of(before.body, key))}
        if _is_empty(change, fields, before):
            return
        operation = self._operation(change, fields, before)
        after = with_operation(before, operation)
        if after is None or self._clashes:
            return
        self._append(operation)
        write_over(self._rows.connection, operation)
        self._rows.write(change.entity, after, before)
        settle_conflicts(self._rows, operation)

    def _compare(self, change: Change, fields: Mapping[str, Any], before: Working) -> None:
        """Somebody (sync, another window) changed a field meanwhile: the officer is asked here and now (sync.md 3.4)."""
        for key, value in fields.items():
            now = value_of(before.body, key)
            saw = _seen(change, key, now)
            if not _same(saw, now) and not _same(value, now):
                clash = {"entity": change.entity, "id": change.record_id, "field": key, "seen": saw, "now": now, "new": value}
                self._clashes.append(clash | {"changed_by": before.changed_by, "changed_at": before.changed_at})

    def _operation(self, change: Change, fields: dict[str, Any], before: Working | None) -> Operation:
        base = self._save.base
        unseen = self._begun.last_seq > self._own_seq
        return Operation(
            op=op_id(self._save.group, change.number),
            kind=change.kind,
            entity=change.entity,
            record_id=change.record_id,
            base_epoch=base.epoch,
            base_rev=0 if shows_what_was_sent_before(self._rows.connection, change.record_id, self._lane.epoch) else base.rev,
            not_seen=self._lane.last_seq - self._own_seq if unseen else 0,
            fields=fields,
            seen=_old_values(change, fields, before),
            group=self._save.group,
            number=change.number,
            user=self._save.user,
            at=self._at,
            skew=self._begun.skew,
            schema=SCHEMA,
            closes=change.closes,
            reason=change.reason,
        )

    def _append(self, operation: Operation) -> None:
        body, lane = operation.canonical(), self._lane
        chain = step(lane.chain, body)
        self._lane = replace(lane, last_seq=lane.last_seq + 1, chain=chain)
        self._rows.connection.execute(
            "INSERT INTO sync_op (sid, inc, seq, op_id, grp, entity, rec_id, kind, body, chain, at, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (lane.sid, lane.inc, lane.last_seq + 1, operation.op, operation.group, operation.entity, operation.record_id,
             operation.kind, body.decode(), chain, operation.at),
        )  # fmt: skip
        self.operations += 1

    def finish(self) -> None:
        if self._clashes:
            raise KnownProblem("save.changed_underneath", count=len(self._clashes), fields=self._clashes)
        lane = self._lane
        if self.operations:
            self._rows.connection.execute(
                "UPDATE sync_lane SET last_seq = ?, chain = ? WHERE sid = ? AND inc = ?",
                (lane.last_seq, lane.chain, lane.sid, lane.inc),
            )
        self._rows.settle()
        if self._save.drops_draft:
            drop_draft(self._rows.connection, self._save.drops_draft)


def _own_seq(connection: Any, base: Base, lane: Lane) -> int:
    """The last own operation that the form had seen, by its number in the open lane: `recovery.own_position`, once for each lane
    that was left since. Zero or less: before this lane began."""
    if base.inc in ("", lane.inc):
        return base.own_seq
    (left,) = connection.execute(
        "SELECT coalesce(sum(parent_seq), 0) FROM sync_lane WHERE place > (SELECT place FROM sync_lane WHERE inc = ?)",
        (base.inc,),
    ).fetchone()
    return base.own_seq - int(left)


def _check_target(group: str, change: Change, before: Working | None) -> None:
    if change.kind == "c":
        if change.record_id != op_id(group, change.number):
            raise ValueError(f"a created {change.entity} bears the id of its operation")
        if before is not None:
            raise ValueError(f"the id {change.record_id} exists")
    elif before is None:
        raise LookupError(f"{change.entity} {change.record_id} is not here")
    elif change.kind in ("u", "r") and unpatchable(change.entity, change.fields):
        raise ValueError(f"{change.entity}: {unpatchable(change.entity, change.fields)} are never changed")
    elif before.deleted and change.kind == "u":
        raise KnownProblem("save.record_deleted", changed_by=before.changed_by or "", changed_at=before.changed_at or "")


def _wire_fields(change: Change, before: Working | None) -> dict[str, Any]:
    """The fields by their keys of the wire: a patched dict field falls apart into its keys; unknown names are a bug."""
    known = RECORDS[change.entity].model_fields.keys() - {"id"}
    fields: dict[str, Any] = {}
    for name, value in change.fields.items():
        if name.partition(".")[0] not in known:
            raise ValueError(f"{change.entity} has no field {name}")
        if (change.entity, name) in PATCHED_BY_KEY:
            old = value_of(before.body, name) if before else {}
            fields |= {f"{name}.{key}": (value or {}).get(key) for key in {*(value or {}), *(old or {})}}
        else:
            fields[name] = value
    return {key: value for key, value in fields.items() if value is not None} if change.kind == "c" else fields


def _is_empty(change: Change, fields: Mapping[str, Any], before: Working | None) -> bool:
    if change.kind == "d":
        return before is not None and before.deleted
    return change.kind == "u" and not fields


def _seen(change: Change, key: str, now: Any) -> Any:
    """What the officer saw in this field; what stands there now when the form did not say."""
    if key in change.seen:
        return change.seen[key]
    name, dot, inner = key.partition(".")
    if dot and name in change.seen:
        return (change.seen[name] or {}).get(inner)
    return now


def _old_values(change: Change, fields: Mapping[str, Any], before: Working | None) -> dict[str, Any] | None:
    """`o`: what the officer saw, for the fields where a person must judge a clash (sync.md 3.5)."""
    if before is None:
        return None
    judged = [key for key in fields if field_class(change.entity, key) == "person"]
    return {key: _seen(change, key, value_of(before.body, key)) for key in judged} or None


def _same(one: Any, other: Any) -> bool:
    return one == other if one is None or other is None else canonical(one) == canonical(other)
