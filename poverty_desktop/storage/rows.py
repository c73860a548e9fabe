"""Working rows: what the officer sees of each record, read and written with the driver.

One class for the recorder and the applier, so that the lists and the search index are kept current by the same code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from poverty_desktop.storage.household_index import HouseholdIndex
from poverty_desktop.storage.tables import BY_ENTITY, STORED, TableOf

_BELONGS = {"household": "id", "household_member": "household_id", "class_record": "household_id"}
"""Records that make a line of the household list, and the field that says whose."""


@dataclass(frozen=True)
class Working:
    """A record with what storage keeps of it. `body` holds all fields of the record, as JSON values."""

    body: Mapping[str, Any]
    last_op: str
    rev: int = 0
    changed_by: str | None = None
    changed_at: str | None = None
    deleted: bool = False
    deleted_reason: str | None = None

    def with_body(self, body: Mapping[str, Any]) -> Working:
        return replace(self, body=body)

    def stored(self) -> list[Any]:
        return [getattr(self, name) for name in STORED]


@dataclass
class Rows:
    """Reads and writes inside a transaction that its caller began; `settle` must be its last call."""

    connection: Any
    _households: set[str] = field(default_factory=set)
    _villages: set[str] = field(default_factory=set)

    def read(self, entity: str, record_id: str) -> Working | None:
        """The row, deleted or not."""
        table = BY_ENTITY[entity]
        row = self.connection.execute(f"{table.select} WHERE id = ?", (record_id,)).fetchone()
        return None if row is None else _working(table, row)

    def write(self, entity: str, working: Working, before: Working | None) -> None:
        """Insert or replace the row. `before` is what `read` gave. The tripwires want `last_op` to name an operation of
        `sync_op` that is new to the row, unless the applier opened them."""
        table = BY_ENTITY[entity]
        values = [*table.bound(dict(working.body)), *working.stored()]
        if before is None:
            self.connection.execute(table.insert, values)
        else:
            self.connection.execute(table.update, [*values, working.body["id"]])
        for body in (working.body, before.body if before else {}):
            self._touch(entity, body)

    def remove(self, entity: str, before: Working) -> None:
        """Take away the row of a record that was never confirmed and whose creation was withdrawn (applier only)."""
        self.connection.execute(f"DELETE FROM {entity} WHERE id = ?", (before.body["id"],))
        self._touch(entity, before.body)

    def touch_stored(self, entity: str, ids: Sequence[str]) -> None:
        """Lists and search of whatever these rows belong to now, for rows that somebody else writes."""
        if entity in _BELONGS:
            named = f"SELECT {_BELONGS[entity]} FROM {entity} WHERE id IN (SELECT value FROM json_each(?))"
            self._households.update(row[0] for row in self.connection.execute(named, (json.dumps(ids),)))

    def touch_written(self, entity: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same for rows as they were written; each begins as the columns of its table."""
        if entity == "village":
            self._villages.update(row[0] for row in rows)
        elif entity in _BELONGS:
            at = BY_ENTITY[entity].fields.index(_BELONGS[entity])
            self._households.update(row[at] for row in rows)

    def _touch(self, entity: str, body: Mapping[str, Any]) -> None:
        if entity == "village" and body:
            self._villages.add(body["id"])
        elif entity in _BELONGS and body:
            self._households.add(body[_BELONGS[entity]])

    def settle(self) -> None:
        """Bring lists and search up to date with everything written."""
        index = HouseholdIndex(self.connection)
        for village_id in self._villages:
            self._households |= index.households_of(village_id)
        index.refresh(self._households)
        self._households.clear()
        self._villages.clear()


def _working(table: TableOf, row: tuple[Any, ...]) -> Working:
    last_op, rev, changed_by, changed_at, deleted, reason = row[len(table.fields) :]
    return Working(table.body(row), last_op, rev, changed_by, changed_at, bool(deleted), reason)
