"""Copies of a workspace: encrypted like the file, opened and checked before they count, the oldest given up last.

A copy is a folder that opens like a workspace: the database and the key file together.
"""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.atomic import flush_folder, write_atomically
from poverty_desktop.storage.engine import Database, connect, is_no_space, problems_of_opening
from poverty_desktop.storage.keyfile import FILE_NAME as KEY_FILE

DATABASE = "workspace.db"
FOLDER = "backups"
KEPT = 7


def keep_copy(database: Database, key: bytes, to: Path, at: datetime, kept: int = KEPT) -> Path:
    """A new verified copy under `to`, named by its instant; older ones beyond `kept` are removed only after it proved good.

    Raises `KnownProblem`: workspace.no_space, workspace.damaged (the copy did not pass; it is not kept).
    """
    name = at.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    making, made = to / f"{name}.part", to / name
    try:
        with problems_of_opening(to):
            for left in to.glob("*.part"):  # by a process that was killed; only the holder of the workspace copies
                shutil.rmtree(left)
            making.mkdir(parents=True)
            database.copy_to(making / DATABASE)
            write_atomically(making / KEY_FILE, (database.path.parent / KEY_FILE).read_bytes())  # flushed, as the copy is
            check_copy(making / DATABASE, key)
            making.rename(made)
    except BaseException as error:
        shutil.rmtree(making, ignore_errors=True)
        if is_no_space(error):
            raise KnownProblem("workspace.no_space", folder=str(to)) from error
        if isinstance(error, OSError):
            raise KnownProblem("workspace.no_access", folder=str(to)) from error
        raise
    flush_folder(to)
    _rotate(to, kept)
    return made


def check_copy(path: Path, key: bytes) -> None:
    """Open a copy and read all of it. Raises `KnownProblem("workspace.damaged")`."""
    with problems_of_opening(path.parent):
        connection = connect(path, key)
        try:
            faults = faults_of_pages(connection)
        finally:
            connection.close()
    if faults:
        raise KnownProblem("workspace.damaged", folder=str(path.parent))


def faults_of_pages(connection: Any) -> list[str]:
    """What the file itself says is wrong: every page's authentication code first, then SQLite's own structure.

    The codes are read from the file alone, so what stands in the log is written there before: after a power cut the log may
    hold the only whole copy of a page."""
    with contextlib.suppress(driver.DatabaseError):  # a full disk: then the pages are as they are
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    found = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    if found:
        return found  # SQLite cannot read past a page that does not decrypt
    try:
        found += [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"foreign key: {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")]
    except driver.DatabaseError as error:
        found.append(str(error))
    return found


def copies(to: Path) -> list[Path]:
    """The finished copies, newest first."""
    if not to.is_dir():
        return []
    return sorted((path for path in to.iterdir() if path.is_dir() and path.suffix != ".part"), reverse=True)


def _rotate(to: Path, kept: int) -> None:
    for old in copies(to)[kept:]:
        shutil.rmtree(old)
