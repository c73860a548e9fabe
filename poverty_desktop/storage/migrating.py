"""Brings the file to the schema of this program, with a verified copy before each step (sync.md 3.21)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.schema import SCHEMA

SCRIPTS = Path(__file__).parent / "migrations"


def schema_of(database: Database) -> int:
    """The schema number in the file; 0 when it is empty."""
    return int(database.value("PRAGMA user_version"))


def migrate(database: Database, keep_copy: Callable[[], object], target: int = SCHEMA) -> bool:
    """Whether anything had to be done. `keep_copy` makes and verifies a copy; it is called before each step on a file that
    holds something. Raises `KnownProblem("workspace.newer_schema")`.

    The number is compared first, so that an up-to-date file never waits for the import of Alembic.
    """
    there = schema_of(database)
    if there > SCHEMA:
        raise KnownProblem("workspace.newer_schema", folder=str(database.path.parent))
    for number in range(there + 1, target + 1):
        if there:  # a new file has nothing to lose
            keep_copy()
        _step(database, f"{number:04}", number)
    return there < target


def _step(database: Database, revision: str, number: int) -> None:
    """One migration in one transaction; the schema number is part of it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.lock, database.engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
