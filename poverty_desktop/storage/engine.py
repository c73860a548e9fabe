"""The encrypted file, open: one connection, one writer, one way to begin and end a transaction.

`Database` is owned by the storage lane. Reads and bulk writes use the driver (stack.md section 4); `engine` gives SQLAlchemy
the same single connection for migrations and checks.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.reserve import Reserve

Row = tuple[Any, ...]
Values = Sequence[Any] | Mapping[str, Any]
_FULL = 13  # SQLITE_FULL
_NO_SPACE = (_FULL, 10, 778)  # and SQLITE_IOERR, SQLITE_IOERR_WRITE: a write that a quota or a size limit cut short
_NO_SPACE_SAID = ("database or disk is full", "disk I/O error")  # SQLite's words: an error while copying bears no code
_BUSY = (5, 6)
_NOT_OURS = (11, 26)  # SQLITE_CORRUPT, SQLITE_NOTADB
_NOTHING: Mapping[None, None] = {}


def pragmas(key: bytes) -> Iterator[str]:
    """What every connection is told first, in this order. The exclusive lock keeps a second program out even where the lock
    file was bypassed, and saves the shared-memory file; FULL keeps a confirmed save through a power cut (sync.md 3.4 rule 6)."""
    yield "PRAGMA cipher_log_level = NONE"
    yield f"PRAGMA key = \"x'{key.hex()}'\""
    yield "PRAGMA temp_store = MEMORY"  # sorting must not leave plain text in a temporary file
    yield "PRAGMA busy_timeout = 2000"
    yield "PRAGMA locking_mode = EXCLUSIVE"
    yield "PRAGMA journal_mode = WAL"
    yield "PRAGMA synchronous = FULL"
    yield "PRAGMA foreign_keys = ON"
    yield "PRAGMA recursive_triggers = ON"  # without it REPLACE would delete past the tripwires
    yield "PRAGMA trusted_schema = OFF"
    yield "PRAGMA cell_size_check = ON"
    yield "PRAGMA secure_delete = FAST"


class Database:
    """The open file. Methods may be called from any thread, one at a time; a transaction holds the lock to its end."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Opens or creates. Raises `KnownProblem`: workspace.damaged, .already_open, .no_space."""
        self.path = path
        self._key = key
        self.lock = threading.RLock()
        self.reserve = Reserve(path.parent)
        with problems_of_opening(path.parent):
            self.connection = connect(path, key)
        self.engine = self._make_engine()

    def _make_engine(self) -> Engine:
        """SQLAlchemy over the one connection. It is handed out as it is; BEGIN is ours, as the driver's own is late."""
        engine = create_engine("sqlite://", creator=lambda: self.connection, poolclass=StaticPool, module=driver)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    @contextmanager
    def transaction(self) -> Iterator[driver.Connection]:
        """One transaction, one flush at its end. A full disk raises `KnownProblem("save.disk_full")` with nothing changed; the
        next one finds the room that was kept for it."""
        with self.lock:
            self.reserve.before_a_save()
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException as error:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                if is_no_space(error):
                    self._make_room()
                    raise KnownProblem("save.disk_full", folder=str(self.path.parent)) from error
                self._say_damage(error)
                raise

    def _make_room(self) -> None:
        """The reserve, and what a transaction that was given up left in the log."""
        self.reserve.give_up()
        with suppress(driver.DatabaseError):
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    @contextmanager
    def applying(self, *, can_wait: bool = False) -> Iterator[driver.Connection]:
        """A transaction that may write synced rows as the province ordered them: the only place that opens the tripwires
        (sync.md 3.4 rule 2). What can wait raises `KnownProblem("sync.disk_full")` where the rest of the room is for Saves."""
        if can_wait:
            self.reserve.before_what_can_wait()
        with self.transaction() as connection:
            connection.execute("INSERT INTO sync_ctx (id) VALUES (1)")
            yield connection
            connection.execute("DELETE FROM sync_ctx")

    @contextmanager
    def remembering(self, size: int) -> Iterator[None]:
        """Keep so many bytes of pages in memory meanwhile: indexes that are written at random are else written out again and
        again."""
        with self.lock:
            (before,) = self.connection.execute("PRAGMA cache_size").fetchone()
            self.connection.execute(f"PRAGMA cache_size = -{size >> 10}")
            try:
                yield
            finally:
                self.connection.execute(f"PRAGMA cache_size = {before}")
                self.connection.execute("PRAGMA shrink_memory")

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        with self.lock:
            try:
                return list(self.connection.execute(sql, values))
            except driver.DatabaseError as error:
                self._say_damage(error)
                raise

    def row(self, sql: str, values: Values = ()) -> Row | None:
        with self.lock:
            try:
                found: Row | None = self.connection.execute(sql, values).fetchone()
            except driver.DatabaseError as error:
                self._say_damage(error)
                raise
            return found

    def _say_damage(self, error: BaseException) -> None:
        """A page that no longer holds is the disk's doing, no bug. Raises `KnownProblem("workspace.damaged")`."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_OURS:
            raise KnownProblem("workspace.damaged", folder=str(self.path.parent)) from error

    def value(self, sql: str, values: Values = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, values)
        return found[0] if found else None

    def copy_to(self, path: Path) -> None:
        """A consistent encrypted copy under the same key (SQLite's backup API)."""
        target = connect(path, self._key)
        try:
            with self.lock:
                self.connection.backup(target)
        finally:
            target.close()

    def close(self) -> None:
        with self.lock:
            self.engine.dispose()
            self.connection.close()


def connect(path: Path, key: bytes) -> driver.Connection:
    """A connection with the key set and proved right by reading the file."""
    bind_quickly()
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        for pragma in pragmas(key):
            connection.execute(pragma)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def bind_quickly() -> None:
    """Spare the driver a search for each None, bool and bytes that is bound: it asks the value for an adapter, in vain, and that
    costs 1.4 µs, twenty times what binding a text costs. With an adapter that gives the same value it does not ask."""
    for kind, same in ((type(None), _NOTHING.get), (bool, int), (bytes, memoryview)):
        driver.register_adapter(kind, same)


@contextmanager
def problems_of_opening(folder: Path) -> Iterator[None]:
    """Say in a sentence why the file does not open. The key was proved right before, so unreadable means damaged."""
    try:
        yield
    except (driver.Error, OSError, DBAPIError) as error:
        code = getattr(_cause(error), "sqlite_errorcode", 0)
        if is_no_space(error):
            raise KnownProblem("workspace.no_space", folder=str(folder)) from error
        if code & 0xFF in _BUSY:
            raise KnownProblem("workspace.already_open", folder=str(folder)) from error
        if code & 0xFF in _NOT_OURS:
            raise KnownProblem("workspace.damaged", folder=str(folder)) from error
        raise


def _cause(error: BaseException) -> BaseException:
    """The driver's own error, where SQLAlchemy wrapped it (migrations)."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def is_no_space(error: BaseException) -> bool:
    """Whether the disk (or the quota) is full."""
    error = _cause(error)
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if not isinstance(error, driver.Error):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    return code in _NO_SPACE if code is not None else str(error) in _NO_SPACE_SAID
