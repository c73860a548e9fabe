"""The province's database: one engine, write transactions that lock first, migrations (sync.md 3.6)."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

from poverty_desktop.domain.problems import KnownProblem

T = TypeVar("T")
_RETRY_STATES = {"40001", "40P01"}  # serialization failure, deadlock: the whole transaction may run again
_ATTEMPTS = 4
_NO_SPACE = (13, 778)  # SQLITE_FULL, SQLITE_IOERR_WRITE
_NOTHING: Mapping[None, None] = {}


def database_url(data_dir: Path, given: str | None) -> URL:
    """The URL to open: a file in the data folder, or the given PostgreSQL (driver psycopg)."""
    if given is None:
        return URL.create("sqlite", database=str(data_dir / "province.sqlite"))
    url = make_url(given)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    return url


def open_engine(url: URL) -> Engine:
    """An engine for this URL. SQLite: WAL, `synchronous=FULL`, and transactions that we begin ourselves."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=10, max_overflow=20, hide_parameters=True, pool_pre_ping=True)
    from sqlcipher3 import dbapi2

    for kind, same in ((type(None), _NOTHING.get), (bool, int), (bytes, memoryview)):
        dbapi2.register_adapter(kind, same)  # else the driver asks each such value for one, at twenty times the price of a text
    engine = create_engine(url, module=dbapi2, pool_size=10, max_overflow=20, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin on its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction: all of it sees one moment."""
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; on SQLite it takes the write lock at once, so that it never fails half-way."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


def in_write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in one write transaction, again when the database asks for it (SQLSTATE 40001, 40P01)."""
    for attempt in range(_ATTEMPTS):
        try:
            with writing(engine) as connection:
                return work(connection)
        except DBAPIError as error:
            if attempt == _ATTEMPTS - 1 or getattr(error.orig, "sqlstate", None) not in _RETRY_STATES:
                raise
    raise AssertionError("unreachable")


def is_no_space(error: BaseException) -> bool:
    """Whether the disk (or the quota) of the database is full."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError):
        return cause.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(cause, "sqlite_errorcode", 0) in _NO_SPACE or getattr(cause, "sqlstate", None) == "53100"


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision."""
    with writing(engine) as connection:
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """The same within a transaction that the caller began. Raises `KnownProblem("server.newer_schema")`: a newer program has been
    here."""
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise KnownProblem("server.newer_schema") from error
