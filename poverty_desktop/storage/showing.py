"""What the officer sees, made anew from the store and the own waiting operations (sync.md 3.3).

A record that cannot be shown (a kind of a newer schema, a value of a wrong type) stays in the store with `proj_error`, and the
work goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlcipher3.dbapi2 as driver
from pydantic import ValidationError

from poverty_desktop.storage.confirmed import CONFLICT
from poverty_desktop.storage.projecting import project
from poverty_desktop.storage.rows import Rows
from poverty_desktop.storage.tables import BY_ENTITY

Touching = tuple[str, str, str, str]
"""(entity, record id, kind, body) of an operation."""


class Showing:
    """Rows of what was touched, inside `Database.applying`. `finish` must be its last call."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._rows = Rows(connection)
        self._touched: dict[str, str] = {}  # record id -> entity, in the order first touched
        self.unprojected = 0

    def touch(self, entity: str, record_id: str) -> None:
        self._touched.setdefault(record_id, entity)

    def touch_all(self, records: Mapping[str, str]) -> None:
        for record_id, entity in records.items():
            self.touch(entity, record_id)

    def touch_operations(self, operations: Iterable[Touching]) -> None:
        """Own operations came on top of the store or left it: their records look otherwise, and what they settle."""
        for entity, record_id, kind, body in operations:
            self.touch(entity, record_id)
            if kind == "r":
                self.touch_all(dict.fromkeys(json.loads(body).get("cl", ()), CONFLICT))

    def touch_rows_before(self, entity: str, ids: Sequence[str], *, fresh: bool) -> None:
        """Rows are about to be written past this class: the lists of whatever they belonged to will look otherwise."""
        if not fresh:
            self._rows.touch_stored(entity, ids)

    def touch_rows(self, entity: str, rows: Iterable[Sequence[Any]]) -> None:
        """They were written; each begins as the columns of its table."""
        self._rows.touch_written(entity, rows)

    def finish(self) -> None:
        """Make the rows of everything touched anew, then lists and search."""
        for record_id, entity in self._touched.items():
            self._show(entity, record_id)
        self._rows.settle()

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
