"""What the province ordered, taken into the store and shown (sync.md 3.3, 3.13): the entries of the log in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from poverty_desktop.protocol.log import WITHDRAWN, ConflictEntry, LogEntry
from poverty_desktop.protocol.messages import SnapRow
from poverty_desktop.protocol.patches import patched, value_of, written
from poverty_desktop.storage.confirmed import CONFLICT, Confirmed, ConfirmedRecords
from poverty_desktop.storage.custody_marks import keep_reason, withdraw
from poverty_desktop.storage.loading import Creating
from poverty_desktop.storage.showing import Showing
from poverty_desktop.storage.sync_tables import OpState

IN_CUSTODY = ("held", "quarantined")  # the officer's value stays visible until the province releases it (sync.md 3.17)


_MANY = 8  # entries in one transaction; fewer are quicker one by one


class Applier:
    """Entries into the store of one stream, inside `Database.applying`. `finish` must be its last call."""

    def __init__(self, connection: Any, sid: str, epoch: int) -> None:
        self._connection, self._sid, self._epoch = connection, sid, epoch
        self._store = ConfirmedRecords(connection, sid)
        self._showing = Showing(connection)
        self.foreign = 0
        self.conflicts = 0

    @property
    def unprojected(self) -> int:
        return self._showing.unprojected

    def take_all(self, entries: Sequence[LogEntry]) -> None:
        """All of them, in order; records that they make go into the tables together, where there are many."""
        if len(entries) < _MANY:
            for entry in entries:
                self.take(entry)
            return
        creating = Creating(self._connection, self._sid, self._showing, self._store)
        new = set(creating.is_new({entry.record_id for entry in entries if _only_makes(entry)}) - self._made_here(entries))
        made: list[SnapRow] = []
        for entry in entries:
            if _only_makes(entry) and entry.record_id in new:
                new.remove(entry.record_id)
                made.append(_made(entry))
                continue
            self._make(creating, made)
            made = []
            self.take(entry)
        self._make(creating, made)

    def _make(self, creating: Creating, made: Sequence[SnapRow]) -> None:
        creating.make(made)
        self.foreign += len(made)

    def _made_here(self, entries: Sequence[LogEntry]) -> set[str]:
        """Records that these entries name and an operation of this laptop made, whatever became of it."""
        asked = json.dumps([entry.op for entry in entries])
        found = self._connection.execute("SELECT rec_id FROM sync_op WHERE op_id IN (SELECT value FROM json_each(?))", (asked,))
        return {row[0] for row in found}

    def take(self, entry: LogEntry) -> None:
        """One entry: the record's base, conflicts opened and closed, and the state of the operation where it is ours."""
        if entry.effect or entry.deleted is not None:
            self._patch(entry)
        for conflict in entry.conflicts:
            self._open(conflict, entry)
        for conflict_id in entry.closed:
            self._close(conflict_id, entry)
        self._showing.touch(entry.entity, entry.record_id)
        if not self._confirm_own(entry):
            self.foreign += 1

    def finish(self) -> None:
        """Sums, rows, lists and search of everything touched."""
        self._store.settle()
        self._showing.finish()

    # --- the store ---------------------------------------------------------------------------------------------------

    def _patch(self, entry: LogEntry) -> None:
        before = self._store.read(entry.record_id) or Confirmed(entry.entity)
        meta = written(before.meta, entry.effect, entry.rev) if before.meta else {"*": entry.rev}
        after = replace(before, body=patched(before.body, entry.effect), meta=meta)
        if entry.deleted is not None:
            after = replace(after, deleted=entry.deleted, reason=entry.why if entry.deleted else None)
        self._put(entry, entry.record_id, after)

    def _put(self, entry: LogEntry, record_id: str, record: Confirmed) -> None:
        by = replace(record, rev=entry.rev, last_op=entry.op, user=entry.user, at=entry.at)
        self._store.put(record_id, by)

    def _open(self, conflict: ConflictEntry, entry: LogEntry) -> None:
        fields = {name: value for name, value in conflict.record().items() if name != "id"}
        self._put(entry, conflict.cid, Confirmed(CONFLICT, body=patched({}, fields), meta={"*": entry.rev}))
        self._showing.touch(CONFLICT, conflict.cid)
        self.conflicts += 1

    def _close(self, conflict_id: str, entry: LogEntry) -> None:
        before = self._store.read(conflict_id)
        if before is None:
            return
        settled = {"state": "resolved", "chosen": self._chosen(before.body["field"], entry), "reason": entry.why}
        meta = written(before.meta, settled, entry.rev)
        self._put(entry, conflict_id, replace(before, body=patched(before.body, settled), meta=meta))
        self._showing.touch(CONFLICT, conflict_id)

    def _chosen(self, field: str, entry: LogEntry) -> Any:
        """The value that stands after the settling."""
        if not field or "+" in field:
            return dict(entry.effect) or None
        record = self._store.read(entry.record_id)
        return entry.effect.get(field, value_of(record.body if record else {}, field))

    # --- own operations ------------------------------------------------------------------------------------------------

    def _confirm_own(self, entry: LogEntry) -> bool:
        """Whether the operation was made here; then it is accepted, and confirmed unless its effect is still held back."""
        state = OpState.ACCEPTED if entry.outcome in IN_CUSTODY else OpState.CONFIRMED
        changed = self._connection.execute(
            "UPDATE sync_op SET state = max(state, ?), epoch = ?, rev = ?, outcome = ? WHERE op_id = ?",
            (int(state), self._epoch, entry.rev, entry.outcome, entry.op),
        )
        if changed.rowcount and entry.why == WITHDRAWN and entry.outcome in IN_CUSTODY:
            withdraw(self._connection, entry.op, entry.by or "", entry.said or "", entry.decided or "")
        elif changed.rowcount and (entry.outcome in IN_CUSTODY or entry.replay):
            keep_reason(self._connection, entry.op, entry.why if entry.outcome in IN_CUSTODY else None)
        return bool(changed.rowcount)


def _only_makes(entry: LogEntry) -> bool:
    """Whether all that the entry does is to make its record."""
    plain = entry.kind == "c" and entry.outcome == "applied" and bool(entry.effect) and not entry.replay
    return plain and not (entry.deleted or entry.conflicts or entry.closed) and entry.entity != CONFLICT


def _made(entry: LogEntry) -> SnapRow:
    return SnapRow(
        entity=entry.entity, record_id=entry.record_id, rev=entry.rev, body=patched({}, entry.effect), meta={"*": entry.rev},
        last_op=entry.op, user=entry.user, at=entry.at,
    )  # fmt: skip
