"""Backups of the province: copied, read through, marked; only what every one of them holds is safe (sync.md 3.20)."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.server.backup_marks import BackupMark
from poverty_desktop.server.database import database_url, open_engine
from poverty_desktop.server.province import Province
from poverty_desktop.server.restoring import keep_marks, read_backup


def make(province: Province, place: Path) -> list[BackupMark]:
    """A copy of the province's file while it runs, read through and marked. PostgreSQL is copied with its own tools.

    Raises `KnownProblem` server.backup_exists, server.backup_postgresql, and what `mark` raises; the copy lies there then."""
    if province.engine.dialect.name != "sqlite":
        raise KnownProblem("server.backup_postgresql")
    if place.exists():
        raise KnownProblem("server.backup_exists", path=str(place))
    _copy(province.engine, place)
    return mark(province, str(place))


def _copy(engine: Engine, place: Path) -> None:
    """Under its name stands the whole of it or nothing: what a killed or powerless machine left of it is made anew."""
    making = place.with_name(place.name + ".part")
    making.unlink(missing_ok=True)
    os.close(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # what it holds is about people
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("VACUUM INTO ?", (str(making),))
    with making.open("rb+") as file:
        os.fsync(file.fileno())  # SQLite does not: it takes the copy for one that can be made again
    making.replace(place)


def mark(province: Province, restored: str) -> list[BackupMark]:
    """Reads a backup through that was put back elsewhere: a file, or a database by its address.

    Raises `KnownProblem` server.backup_missing, server.backup_unreadable, server.backup_damaged, server.backup_empty."""
    if "://" not in restored and not Path(restored).is_file():
        raise KnownProblem("server.backup_missing", path=restored)
    engine = _opened(restored)
    try:
        found = read_backup(province, engine)
    except DBAPIError as error:
        raise KnownProblem("server.backup_unreadable", path=restored) from error
    finally:
        engine.dispose()
    keep_marks(province, found)
    return found


def _opened(restored: str) -> Engine:
    return open_engine(database_url(Path(), restored) if "://" in restored else URL.create("sqlite", database=restored))


def in_rotation(province: Province) -> list[dict[str, Any]]:
    marks = sorted(province.guard.read().marks.values(), key=lambda one: (one.at, one.mark))
    return [shown(list(same)) for _, same in groupby(marks, key=lambda one: one.mark)]


def shown(marks: list[BackupMark]) -> dict[str, Any]:
    return {"mark": marks[0].mark, "at": marks[0].at, "streams": len(marks), "revisions": sum(one.rev for one in marks)}
