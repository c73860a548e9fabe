"""What the province ordered, taken into the store and shown (sync.md 3.3, 3.13): the entries of the log in one transaction.

The store keeps each record as the province confirmed it, with every field, also of a newer schema. The rows are made anew from it
with own waiting operations on top; a record that cannot be shown stays in the store with `proj_error`, and the work goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlcipher3.dbapi2 as driver
from pydantic import ValidationError

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.log import ConflictEntry, LogEntry
from poverty_desktop.protocol.patches import patched, value_of, written
from poverty_desktop.storage.projecting import project
from poverty_desktop.storage.rows import Rows
from poverty_desktop.storage.sync_tables import OpState
from poverty_desktop.storage.tables import BY_ENTITY

_PUT = """
INSERT INTO sync_rec (sid, entity, rec_id, rev, base, meta, deleted, deleted_reason, last_op, changed_by, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (rec_id) DO UPDATE SET rev = excluded.rev, base = excluded.base, meta = excluded.meta, deleted = excluded.deleted,
 deleted_reason = excluded.deleted_reason, last_op = excluded.last_op, changed_by = excluded.changed_by,
 changed_at = excluded.changed_at"""
_STAYS_ON_TOP = ("held", "quarantined")  # the officer's value stays visible until the province releases it (sync.md 3.17)


class Applier:
    """Entries into the store of one stream, inside `Database.applying`. `finish` must be its last call."""

    def __init__(self, connection: Any, sid: str, epoch: int) -> None:
        self._connection, self._sid, self._epoch = connection, sid, epoch
        self._rows = Rows(connection)
        self._touched: dict[str, str] = {}  # record id -> entity, in the order first touched
        self.foreign = 0
        self.conflicts = 0
        self.unprojected = 0

    def take(self, entry: LogEntry) -> None:
        """One entry: the record's base, conflicts opened and closed, and the state of the operation where it is ours."""
        if entry.effect or entry.deleted is not None:
            self._patch(entry)
        for conflict in entry.conflicts:
            self._open(conflict, entry)
        for conflict_id in entry.closed:
            self._close(conflict_id, entry)
        self._touched.setdefault(entry.record_id, entry.entity)
        if not self._confirm_own(entry):
            self.foreign += 1

    def finish(self) -> None:
        """Make the rows of everything touched anew, then lists and search."""
        for record_id, entity in self._touched.items():
            self._show(entity, record_id)
        self._rows.settle()

    # --- the store ---------------------------------------------------------------------------------------------------

    def _patch(self, entry: LogEntry) -> None:
        body, meta, deleted, reason = self._base(entry.record_id)
        meta = written(meta, entry.effect, entry.rev) if meta else {"*": entry.rev}
        if entry.deleted is not None:
            deleted, reason = entry.deleted, entry.why if entry.deleted else None
        self._put(entry, entry.entity, entry.record_id, patched(body, entry.effect), meta, deleted, reason)

    def _base(self, record_id: str) -> tuple[dict[str, Any], dict[str, int], bool, str | None]:
        row = self._connection.execute(
            "SELECT base, meta, deleted, deleted_reason FROM sync_rec WHERE rec_id = ?", (record_id,)
        ).fetchone()
        if row is None:
            return {}, {}, False, None
        return json.loads(row[0] or "{}"), json.loads(row[1] or "{}"), bool(row[2]), row[3]

    def _put(
        self,
        entry: LogEntry,
        entity: str,
        record_id: str,
        body: Mapping[str, Any],
        meta: Mapping[str, int],
        deleted: bool = False,
        reason: str | None = None,
    ) -> None:
        texts = canonical(dict(body)).decode(), canonical(dict(meta)).decode()
        who = (entry.op, entry.user, entry.at)
        self._connection.execute(_PUT, (self._sid, entity, record_id, entry.rev, *texts, int(deleted), reason, *who))

    def _open(self, conflict: ConflictEntry, entry: LogEntry) -> None:
        fields = {name: value for name, value in conflict.record().items() if name != "id"}
        self._put(entry, "conflict", conflict.cid, patched({}, fields), {"*": entry.rev})
        self._touched.setdefault(conflict.cid, "conflict")
        self.conflicts += 1

    def _close(self, conflict_id: str, entry: LogEntry) -> None:
        body, meta, deleted, _ = self._base(conflict_id)
        if not body:
            return
        settled = {"state": "resolved", "chosen": self._chosen(body["field"], entry), "reason": entry.why}
        self._put(entry, "conflict", conflict_id, patched(body, settled), written(meta, settled, entry.rev), deleted)
        self._touched.setdefault(conflict_id, "conflict")

    def _chosen(self, field: str, entry: LogEntry) -> Any:
        """The value that stands after the settling."""
        if not field or "+" in field:
            return dict(entry.effect) or None
        return entry.effect.get(field, value_of(self._base(entry.record_id)[0], field))

    # --- own operations ------------------------------------------------------------------------------------------------

    def _confirm_own(self, entry: LogEntry) -> bool:
        """Whether the operation was made here; then it is accepted, and confirmed unless its effect is still held back."""
        state = OpState.ACCEPTED if entry.outcome in _STAYS_ON_TOP else OpState.CONFIRMED
        changed = self._connection.execute(
            "UPDATE sync_op SET state = max(state, ?), epoch = ?, rev = ?, outcome = ? WHERE op_id = ?",
            (int(state), self._epoch, entry.rev, entry.outcome, entry.op),
        )
        return bool(changed.rowcount)

    # --- the rows ------------------------------------------------------------------------------------------------------

    def _show(self, entity: str, record_id: str) -> None:
        problem = self._problem_of_showing(entity, record_id)
        self._connection.execute("UPDATE sync_rec SET proj_error = ? WHERE rec_id = ?", (problem, record_id))
        self.unprojected += problem is not None

    def _problem_of_showing(self, entity: str, record_id: str) -> str | None:
        if entity not in BY_ENTITY:
            return f"unknown entity {entity}"
        try:
            project(self._rows, entity, record_id)
        except ValidationError as error:
            return f"{error.error_count()} values of a wrong type: {[item['loc'] for item in error.errors()]}"
        except driver.IntegrityError as error:
            return str(error)
        return None
