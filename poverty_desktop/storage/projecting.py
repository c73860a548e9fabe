"""The working record = what the province confirmed + own operations that are not in it yet (sync.md 3.3).

`project` is what the applier of received entries calls after it changed `sync_rec`; the recorder uses the same `patch`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from poverty_desktop.domain.records import BY_ENTITY as RECORDS
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.patches import patched
from poverty_desktop.storage.rows import Rows, Working

ON_TOP = """
FROM sync_op o JOIN sync_lane l ON l.sid = o.sid AND l.inc = o.inc LEFT JOIN sync_custody c ON c.op_id = o.op_id
 WHERE o.state < 4 AND c.given_up_at IS NULL"""
"""Own operations that are shown on top of the store: not in the log yet, and not given up."""
_WAITING = f"SELECT o.body, c.over {ON_TOP} AND o.rec_id = ? ORDER BY l.place, o.seq"
_SETTLING = f"SELECT o.body {ON_TOP} AND o.kind = 'r' AND instr(o.body, ?) ORDER BY l.place, o.seq"


def complete(entity: str, record_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of the record, checked: defaults where the body says nothing, fields of a newer schema left in the store.

    Raises pydantic's `ValidationError` when a value has the wrong type.
    """
    kind = RECORDS[entity]
    known = {name: value for name, value in body.items() if name in kind.model_fields}
    return kind.model_validate({**known, "id": record_id}).model_dump()


def with_operation(working: Working | None, operation: Operation) -> Working | None:
    """The record after one own operation. An update of what is not here stays without effect until its creation arrives."""
    if operation.kind == "c":
        created = complete(operation.entity, operation.record_id, patched({}, operation.fields))
        return Working(created, operation.op, 0, operation.user, operation.at)
    if working is None:
        return None
    body = complete(operation.entity, operation.record_id, patched(working.body, operation.fields))
    deleted = {"d": True, "z": False}.get(operation.kind, working.deleted)
    reason = (operation.reason or None) if operation.kind == "d" else (working.deleted_reason if deleted else None)
    return Working(body, operation.op, working.rev, operation.user, operation.at, deleted, reason)


def project(rows: Rows, entity: str, record_id: str) -> Working | None:
    """Make the row of one record from the store and the own waiting operations, inside `Database.applying`.

    A record that neither the store nor an operation knows any more loses its row. The caller notes a raised
    `ValidationError` in `sync_rec.proj_error` and goes on.
    """
    working = confirmed(rows.connection, entity, record_id)
    for operation in waiting_operations(rows.connection, record_id):
        working = with_operation(working, operation)
    if working is not None and entity == "conflict":
        working = _settled(rows.connection, working)
    before = rows.read(entity, record_id)
    if working is not None:
        rows.write(entity, working, before)
    elif before is not None:
        rows.remove(entity, before)
    return working


def confirmed(connection: Any, entity: str, record_id: str) -> Working | None:
    """The record exactly as the province confirmed it."""
    row = connection.execute(
        "SELECT base, last_op, rev, changed_by, changed_at, deleted, deleted_reason FROM sync_rec WHERE rec_id = ?", (record_id,)
    ).fetchone()
    if row is None or row[0] is None:
        return None
    base, last_op, rev, changed_by, changed_at, deleted, reason = row
    return Working(
        complete(entity, record_id, json.loads(base)), last_op or "", rev, changed_by, changed_at, bool(deleted), reason
    )


def waiting_operations(connection: Any, record_id: str) -> list[Operation]:
    """Own operations on this record that did not come back in the log yet, in the order they were made."""
    found = connection.execute(_WAITING, (record_id,))
    return [_left_of(Operation.from_wire(json.loads(body)), over) for body, over in found]


def _left_of(operation: Operation, over: str | None) -> Operation:
    """Of an operation in custody, what nothing was written over since: what corrects it may come back in the log before it."""
    keys = json.loads(over) if over else ()
    return replace(operation, fields={key: value for key, value in operation.fields.items() if key not in keys})


def settle_conflicts(rows: Rows, operation: Operation) -> None:
    """Show the conflicts that an own "r" closes as settled, before the province has confirmed it."""
    for conflict_id in operation.closes:
        before = rows.read("conflict", conflict_id)
        if before is not None:
            rows.write("conflict", settled(before, operation), before)


def settled(conflict: Working, operation: Operation) -> Working:
    of = conflict.body["field"]
    chosen = operation.fields.get(of) if "+" not in of and of else dict(operation.fields)
    body = {**conflict.body, "state": "resolved", "chosen": chosen, "reason": operation.reason or None}
    return Working(body, operation.op, conflict.rev, operation.user, operation.at)


def _settled(connection: Any, conflict: Working) -> Working:
    found = connection.execute(_SETTLING, (str(conflict.body["id"]),))
    for operation in _closing(found, conflict.body["id"]):
        conflict = settled(conflict, operation)
    return conflict


def _closing(found: Iterable[tuple[str]], conflict_id: str) -> Iterable[Operation]:
    operations = (Operation.from_wire(json.loads(row[0])) for row in found)
    return (operation for operation in operations if conflict_id in operation.closes)
