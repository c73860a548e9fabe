"""The laptop's tables of the synchronised records: the fields of `domain.records` plus what storage knows about each.

A registry of their own keeps them apart from the province's tables of the same records. Nothing is written through these
classes: the recorder and the applier write with the driver, and tripwire triggers refuse everybody else (sync.md 3.4).
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Text, TypeDecorator
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from poverty_desktop.domain import records
from poverty_desktop.protocol.canonical import canonical

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
TABLES = registry()
TABLES.metadata.naming_convention = NAMING


class CanonicalText(TypeDecorator[Any]):
    """A JSON value as its canonical text, so that equal values are equal text (sync.md 3.3)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


class LocalTable(SQLModel, registry=TABLES):
    """Base of the laptop's tables."""


class SyncedColumns(LocalTable):
    """What storage keeps of every synchronised record beside its fields."""

    last_op: str = Field(max_length=36)  # the operation that wrote the row last; the tripwires watch it
    rev: int = 0  # stream revision the record was last confirmed at; 0 = never
    changed_by: str | None = None
    changed_at: str | None = None
    deleted: bool = False  # a state, undoable; nothing is removed (sync.md 3.9)
    deleted_reason: str | None = None


class VillageRow(SyncedColumns, records.Village, table=True):
    __tablename__ = "village"


class HouseholdRow(SyncedColumns, records.Household, table=True):
    __tablename__ = "household"


class HouseholdMemberRow(SyncedColumns, records.HouseholdMember, table=True):
    __tablename__ = "household_member"
    personal_id_number: str | None = Field(default=None, index=True)


class ReviewRoundRow(SyncedColumns, records.ReviewRound, table=True):
    __tablename__ = "review_round"


class SurveyRow(SyncedColumns, records.Survey, table=True):
    __tablename__ = "survey"
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)
    deprivations: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)
    deprivation_reasons: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)
    rule: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)
    causes: list[str] = Field(default_factory=list, sa_type=CanonicalText)
    needs: list[str] = Field(default_factory=list, sa_type=CanonicalText)
    accepted_doubts: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)
    field_notes: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText, sa_column_kwargs={"server_default": "{}"})


class ClassRecordRow(SyncedColumns, records.ClassRecord, table=True):
    __tablename__ = "class_record"


class SupportBatchRow(SyncedColumns, records.SupportBatch, table=True):
    __tablename__ = "support_batch"


class SupportLineRow(SyncedColumns, records.SupportLine, table=True):
    __tablename__ = "support_line"
    funding: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)


class HouseholdShareRow(SyncedColumns, records.HouseholdShare, table=True):
    __tablename__ = "household_share"
    funding: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)


class ConflictRow(SyncedColumns, records.Conflict, table=True):
    __tablename__ = "conflict"
    current: Any = Field(default=None, nullable=True, sa_type=CanonicalText)
    other: Any = Field(default=None, nullable=True, sa_type=CanonicalText)
    saw: Any = Field(default=None, nullable=True, sa_type=CanonicalText)
    current_saw: list[Any] | None = Field(default=None, nullable=True, sa_type=CanonicalText)
    chosen: Any = Field(default=None, nullable=True, sa_type=CanonicalText)


class OfficerAccountRow(SyncedColumns, records.OfficerAccount, table=True):
    __tablename__ = "account"


class FormReleaseRow(SyncedColumns, records.FormRelease, table=True):
    __tablename__ = "form_release"
    differences: list[dict[str, Any]] = Field(default_factory=list, sa_type=CanonicalText)
    points: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)
    files: dict[str, dict[str, str]] = Field(
        default_factory=dict, sa_type=CanonicalText, sa_column_kwargs={"server_default": "{}"}
    )


class DoubleEntryRow(SyncedColumns, records.DoubleEntry, table=True):
    __tablename__ = "double_entry"
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)
    settlement: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalText)


ROWS: tuple[type[SyncedColumns], ...] = (
    VillageRow, HouseholdRow, HouseholdMemberRow, ReviewRoundRow, SurveyRow, ClassRecordRow,
    SupportBatchRow, SupportLineRow, HouseholdShareRow, ConflictRow, OfficerAccountRow, FormReleaseRow, DoubleEntryRow,
)  # fmt: skip
STORED: tuple[str, ...] = tuple(SyncedColumns.model_fields)


class TableOf:
    """How one entity's rows are read and written with the driver: column names, and which of them hold JSON text."""

    def __init__(self, row: type[SyncedColumns]) -> None:
        self.record: type[records.Record] = records.BY_ENTITY[row.entity]  # type: ignore[attr-defined]
        self.entity = self.record.entity
        self.fields = tuple(self.record.model_fields)
        columns = TABLES.metadata.tables[self.entity].columns
        self.json = frozenset(name for name in self.fields if isinstance(columns[name].type, CanonicalText))
        self.flags = frozenset(name for name in self.fields if columns[name].type.python_type is bool)
        self.columns = (*self.fields, *STORED)
        names = ", ".join(self.columns)
        self.select = f"SELECT {names} FROM {self.entity}"
        self.insert = f"INSERT INTO {self.entity} ({names}) VALUES ({', '.join('?' * len(self.columns))})"
        self.update = f"UPDATE {self.entity} SET {', '.join(f'{name} = ?' for name in self.columns)} WHERE id = ?"

    def body(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """The record's fields from a row of `select`, as JSON values."""
        found = dict(zip(self.fields, row, strict=False))
        for name in self.json:
            found[name] = None if found[name] is None else json.loads(found[name])
        for name in self.flags:
            found[name] = None if found[name] is None else bool(found[name])
        return found

    def bound(self, body: dict[str, Any]) -> list[Any]:
        """The record's fields as values for the driver."""
        return [self._bound(name, body[name]) for name in self.fields]

    def _bound(self, name: str, value: Any) -> Any:
        return canonical(value).decode() if name in self.json and value is not None else value


BY_ENTITY: dict[str, TableOf] = {row.entity: TableOf(row) for row in ROWS}  # type: ignore[attr-defined]
