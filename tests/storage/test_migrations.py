from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.storage import sync_tables  # noqa: F401  the local tables belong to the compared metadata
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.migrating import SCRIPTS, migrate, schema_of
from poverty_desktop.storage.schema import SCHEMA
from poverty_desktop.storage.tables import BY_ENTITY, TABLES
from poverty_desktop.storage.workspace import Workspace

KEY = bytes(32)


@pytest.fixture
def empty(tmp_path: Path):
    database = Database(tmp_path / "workspace.db", KEY)
    yield database
    database.close()


def test_the_migrated_schema_is_the_one_the_program_describes(workspace: Workspace) -> None:
    with workspace.database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), TABLES.metadata)
    foreign = ("household_search", "household_words", "alembic_version")
    assert [one for one in differences if not any(name in str(one) for name in foreign)] == []


def test_every_field_of_a_record_has_its_column_since_the_first_revision(empty: Database) -> None:
    migrate(empty, lambda: None)
    for entity, table in BY_ENTITY.items():
        columns = {row[1] for row in empty.rows(f"PRAGMA table_info({entity})")}
        assert columns == set(table.columns), entity


def test_migrating_twice_does_nothing_the_second_time(empty: Database) -> None:
    assert migrate(empty, lambda: None)
    assert not migrate(empty, lambda: None)
    assert schema_of(empty) == SCHEMA


def test_a_newer_schema_is_refused(empty: Database) -> None:
    empty.connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    with pytest.raises(KnownProblem, match=r"workspace\.newer_schema"):
        migrate(empty, lambda: None)


def test_a_revision_that_fails_leaves_the_file_as_it_was(empty: Database) -> None:
    empty.connection.execute("CREATE TABLE household (x)")
    with pytest.raises(Exception, match="already exists"):
        migrate(empty, lambda: None)
    assert schema_of(empty) == 0
    assert [row[0] for row in empty.rows("SELECT name FROM sqlite_master")] == ["household"]


def test_a_copy_is_made_before_every_step_on_a_file_with_data(workspace: Workspace, household: str, monkeypatch) -> None:
    made: list[Path] = []
    monkeypatch.setattr("poverty_desktop.storage.migrating.SCHEMA", SCHEMA + 1)
    monkeypatch.setattr("poverty_desktop.storage.migrating._step", lambda database, revision, number: None)
    migrate(workspace.database, lambda: made.append(workspace.backup()), SCHEMA + 1)
    assert len(made) == 1
    assert workspace.records.get(Household, household) is not None


def test_no_copy_is_made_of_a_new_file_that_holds_nothing(empty: Database) -> None:
    copies: list[int] = []
    migrate(empty, lambda: copies.append(schema_of(empty)))
    assert copies == []


def test_scripts_are_frozen_and_never_import_living_tables() -> None:
    scripts = sorted((SCRIPTS / "versions").glob("[0-9]*.py"))
    assert [int(script.name[:4]) for script in scripts] == list(range(1, SCHEMA + 1))
    for script in scripts:
        assert "poverty_desktop" not in script.read_text(encoding="utf-8")


def test_records_written_under_the_first_schema_read_back_with_every_kind_of_value(workspace: Workspace, register) -> None:
    """The data test of revision one: text, whole numbers, yes/no, nothing, dict, list."""
    form = {"form_id": "b", "form_version": "1", "form_hash": "x", "standard_id": "s", "area_class": "rural"}
    home = register("household", commune_code="21001", has_merit_member=False, no_labour_capacity=True, note="Đá Chát")
    survey = register("survey", round_id=home, household_id=home, **form, answers={"a": "1"}, causes=["2", "1"], b1_score=140)
    kept_home = workspace.records.get(BY_ENTITY["household"].record, home)
    kept = workspace.records.get(BY_ENTITY["survey"].record, survey)
    assert (kept_home.has_merit_member, kept_home.no_labour_capacity, kept_home.phone) == (False, True, None)
    assert (kept.answers, kept.causes, kept.b1_score, kept.b2_score, kept.rule) == ({"a": "1"}, ["2", "1"], 140, None, {})
