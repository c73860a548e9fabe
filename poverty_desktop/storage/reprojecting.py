"""After a migration: what an older program had received and could not show yet is shown (sync.md 3.21).

An older program keeps records of kinds it does not know, and fields it does not know, in the store. The new one has columns for
them; their rows are made anew from the store.
"""

from __future__ import annotations

from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.projecting import project
from poverty_desktop.storage.rows import Rows
from poverty_desktop.storage.schema import SCHEMA
from poverty_desktop.storage.settings import SettingTable
from poverty_desktop.storage.tables import BY_ENTITY

LATER_FIELDS = {"survey": ("field_notes", "started_from"), "form_release": ("files",)}
"""Fields that came with a later schema than their record."""

_STORED = "SELECT rec_id, entity FROM sync_rec WHERE entity = ? AND (proj_error LIKE 'unknown entity%'{fields}) ORDER BY rec_id"


SHOWN = "shown_schema"
"""Setting: the schema whose rows were made. Not the migration itself: the power may go between the two."""


def show_what_was_stored(database: Database) -> int:
    """How many rows were made anew; once for each schema."""
    settings = SettingTable(database)
    if settings.get(SHOWN) == SCHEMA:
        return 0
    number = _make_anew(database)
    settings.put(SHOWN, SCHEMA)
    return number


def _make_anew(database: Database) -> int:
    found = [row for entity in BY_ENTITY for row in database.rows(_STORED.format(fields=_having(entity)), (entity,))]
    if found:
        with database.applying() as connection:
            rows = Rows(connection)
            for record_id, entity in found:
                project(rows, entity, record_id)
                connection.execute("UPDATE sync_rec SET proj_error = NULL WHERE rec_id = ?", (record_id,))
            rows.settle()
    return len(found)


def _having(entity: str) -> str:
    return "".join(f" OR json_type(base, '$.{name}') IS NOT NULL" for name in LATER_FIELDS.get(entity, ()))
