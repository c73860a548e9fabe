"""Half-filled forms on disk: one row a field, so that leaving a field writes little (sync.md 3.4 rule 4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from poverty_desktop.services.ports import Base, Clock, Draft
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.instants import fine_instant

_COLUMNS = "id, kind, subject_id, title, owner, epoch, rev, own_seq, inc, opened, notes"
_SELECT = f"""
SELECT {_COLUMNS}, max(updated_at, coalesce((SELECT max(at) FROM draft_value v WHERE v.draft_id = d.id), '')) AS touched
  FROM draft d"""
_KEEP = """
INSERT INTO draft_value (draft_id, key, value, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (draft_id, key) DO UPDATE SET value = excluded.value, at = excluded.at"""


class DraftTable:
    """Implements `services.ports.Drafts` on the encrypted file."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def open(self, draft: Draft) -> None:
        """Put a draft on disk; one of the same id is replaced in the same transaction."""
        at = fine_instant(self._clock.now())
        base = draft.base
        values = (draft.id, draft.kind, draft.subject_id, _household(draft), draft.title, draft.owner, base.epoch, base.rev)
        with self._database.transaction() as connection:
            drop_draft(connection, draft.id)
            connection.execute(
                "INSERT INTO draft (id, kind, subject_id, household_id, title, owner, epoch, rev, own_seq, inc, opened, notes,"
                " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, base.own_seq, base.inc, _json(draft.opened), _json(draft.notes), at),
            )
            connection.executemany(_KEEP, _rows(draft.id, draft.values, at))

    def get(self, draft_id: str) -> Draft | None:
        found = self._drafts("WHERE id = ?", (draft_id,))
        return found[0] if found else None

    def of(self, subject_id: str) -> Draft | None:
        """The newest draft of this record."""
        found = self._drafts("WHERE subject_id = ?", (subject_id,))
        return found[0] if found else None

    def all(self) -> list[Draft]:
        return self._drafts("", ())

    def keep(self, draft_id: str, values: Mapping[str, Any], notes: Mapping[str, Any] | None = None) -> datetime:
        """As the port says; `notes` are added to those there are, and a `title` among them renames the draft.

        Raises `LookupError` when the draft is gone.
        """
        now = self._clock.now()
        at = fine_instant(now)
        with self._database.transaction() as connection:
            row = connection.execute("SELECT notes FROM draft WHERE id = ?", (draft_id,)).fetchone()
            if row is None:
                raise LookupError(f"draft {draft_id} is gone")
            connection.executemany(_KEEP, _rows(draft_id, values, at))
            _keep_notes(connection, draft_id, json.loads(row[0]), notes or {}, at)
        return now

    def drop(self, draft_id: str) -> None:
        with self._database.transaction() as connection:
            drop_draft(connection, draft_id)

    def _drafts(self, where: str, values: tuple[str, ...]) -> list[Draft]:
        rows = self._database.rows(f"{_SELECT} {where} ORDER BY touched DESC, id DESC", values)
        return [self._draft(row) for row in rows]

    def _draft(self, row: tuple[Any, ...]) -> Draft:
        kept = self._database.rows("SELECT key, value FROM draft_value WHERE draft_id = ?", (row[0],))
        values = {key: json.loads(value) for key, value in kept}
        identity, kind, subject, title, owner, epoch, rev, own_seq, inc = row[:9]
        opened, notes, base = json.loads(row[9]), json.loads(row[10]), Base(epoch, rev, own_seq, inc)
        return Draft(identity, kind, subject, title, owner, base, opened, values, notes, row[11])


def drop_draft(connection: Any, draft_id: str) -> None:
    """Forget a draft, inside the caller's transaction."""
    connection.execute("DELETE FROM draft_value WHERE draft_id = ?", (draft_id,))
    connection.execute("DELETE FROM draft WHERE id = ?", (draft_id,))


def _keep_notes(connection: Any, draft_id: str, old: dict[str, Any], new: Mapping[str, Any], at: str) -> None:
    """Write the notes only when they changed: a field save stays one row."""
    merged = {**old, **new}
    if merged == old:
        return
    connection.execute("UPDATE draft SET notes = ?, updated_at = ? WHERE id = ?", (_json(merged), at, draft_id))
    if "title" in new:
        connection.execute("UPDATE draft SET title = ? WHERE id = ?", (new["title"] or "", draft_id))
    if "household_id" in new:
        connection.execute("UPDATE draft SET household_id = ? WHERE id = ?", (new["household_id"], draft_id))


def _household(draft: Draft) -> str | None:
    """The household a draft is about, for the lists."""
    found: str | None = draft.notes.get("household_id")
    return draft.subject_id if draft.kind == "household" else found


def _rows(draft_id: str, values: Mapping[str, Any], at: str) -> list[tuple[str, str, str, str]]:
    return [(draft_id, key, _json(value), at) for key, value in values.items()]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
