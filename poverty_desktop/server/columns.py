"""What all tables of the province are made of: the metadata, and the types that SQLite and PostgreSQL share."""

from __future__ import annotations

from sqlalchemy import JSON as _JSON
from sqlalchemy import MetaData, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={"ix": "ix_%(column_0_N_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)
UUID = Uuid(as_uuid=False)
JSON = _JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INSTANT = String(32)  # UTC with Z: evidence and display, never order
