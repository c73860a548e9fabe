"""The province dies at any moment of what it does: nothing half is there, and whoever asks again is answered the same
(sync.md 4.3 T4). On SQLite the process ends, on PostgreSQL the line to the database.

A moment is a statement that writes (many rows by one statement are one), or a line of code that touches the guard or a backup;
the suite takes every second one, `KILLS=all` in the environment all of them, every read and every row."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from poverty_desktop.server import restoring
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import database_url, open_engine, reading
from poverty_desktop.server.province import Province
from poverty_desktop.server.settings import Settings
from tests.server.conftest import Cluster
from tests.server.copying import copied
from tests.server.province_week import Act, Week, lived, opened

SQLITE_ONLY = ("adopted", "a backup is made")
ACTS = (
    "a packet", "an uploaded packet", "a piece of a packet", "a packet too early", "a packet of another history", "hello",
    "salvage", "a snapshot", "a backup is verified", "a backup leaves", "released", "withdrawn", "another commune", "a device",
)  # fmt: skip
NEW_EACH_TIME = ("a backup is verified", "a backup is made", "another commune", "a device", "adopted")
"""Make ids or epochs: what they leave is told by number."""
BY_LINES = ("_append", "keep", "note", "shorten", "_copy", "make", "keep_marks", "_tell_guard", "drop_backup")
READS = ("SELECT", "PRAGMA", "--")
EVERY = os.environ.get("KILLS") == "all"


# --- what must hold -----------------------------------------------------------------------------------------------------------


def state_of(province: Province, *, counted: bool) -> dict[str, Any]:
    with reading(province.engine) as connection:
        tables = copied(connection)
    if counted:
        return {name: len(rows) for name, rows in tables.items() if name not in ("backup_mark", "stream_epoch")}
    return {name: sorted(repr(sorted(row.items())) for row in rows) for name, rows in tables.items() if name != "challenge"}


def check_whole(province: Province, *, restored: bool = False) -> None:
    """The chains end where the heads say, and what stands beside the database claims no more than the database holds."""
    facts = province.guard.read()
    with reading(province.engine) as connection:
        streams = connection.execute(select(t.stream)).all()
        for row in streams:
            restoring.read_through(connection, row)
        behind = province.guard.behind(connection)
        marks = {(row.mark, row.sid) for row in connection.execute(select(t.backup_mark))}
    assert (behind != set()) == restored == province.restored()
    assert marks >= facts.marks.keys()
    if not restored:
        assert facts.heads.keys() <= {row.sid for row in streams}


# --- the process dies -------------------------------------------------------------------------------------------------------


class Files:
    """The folder of the province after its week, copied for each death."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.old = folder / "week", folder / "old.sqlite"
        self.week = lived(Settings(self.folder, practice=True), self._copy)
        self.week.acts["a backup is made"] = lambda province: _backup(province)
        self.week.acts["adopted"] = lambda province: [one.rev for one in restoring.adopt(province)]

    def _copy(self) -> str:
        engine = open_engine(database_url(self.folder, None))
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("VACUUM INTO ?", (str(self.old),))
        engine.dispose()
        return str(self.old)

    def laid_out(self, folder: Path, name: str) -> Settings:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        if name == "adopted":
            shutil.copyfile(self.old, folder / "province.sqlite")
        return Settings(folder, practice=True)


def _backup(province: Province) -> int:
    from poverty_desktop.server import backups

    return len(backups.make(province, province.settings.data_dir / "copy.sqlite"))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("week"))


@pytest.mark.parametrize("name", [*ACTS, *SQLITE_ONLY])
def test_a_death_at_any_moment_leaves_nothing_half_and_the_same_again_is_answered_the_same(
    files: Files, name: str, tmp_path: Path
) -> None:
    act, counted = files.week.acts[name], name in NEW_EACH_TIME
    untouched = opened(files.laid_out(tmp_path / "untouched", name))
    before = state_of(untouched, counted=counted)
    answer, after = act(untouched), state_of(untouched, counted=counted)
    untouched.close()
    moment = 1
    while _in_a_child(files.laid_out(tmp_path / "killed", name), act, moment) != 0:
        province = opened(Settings(tmp_path / "killed", practice=True))
        killed = state_of(province, counted=counted)
        assert name == "an uploaded packet" or killed in (before, after), moment
        check_whole(province, restored=name == "adopted" and killed == before and province.restored())
        (tmp_path / "killed" / "copy.sqlite").unlink(missing_ok=True)
        assert _again(name, act, province) == answer, moment
        assert state_of(province, counted=counted) == after, moment
        check_whole(province)
        assert province.guard.read().communes.keys() == province.guard.read().heads.keys()
        province.close()
        moment += 1 if EVERY else 2
    assert moment > 4


def _again(name: str, act: Act, province: Province) -> Any:
    """Asked again; a restored province that was adopted before it could say so has nothing left to adopt."""
    if name == "adopted" and not province.restored():
        with reading(province.engine) as connection:
            return [connection.execute(select(t.stream.c.head)).scalar()]
    return act(province)


def _in_a_child(settings: Settings, act: Act, at: int) -> int:
    """Do it in a process that dies at moment `at`; how it ended."""
    child = os.fork()
    if child == 0:
        _do(settings, act, at)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _do(settings: Settings, act: Act, at: int) -> None:
    """In the child: ends it, with 0 when everything was done."""
    try:
        province = opened(settings)
        count = _death_at(at)
        event.listen(province.engine, "connect", lambda connection, _: connection.set_trace_callback(count))
        province.engine.dispose()  # so that the connection of the start is watched too
        sys.settrace(lambda frame, *_: _by_line(count) if frame.f_code.co_name in BY_LINES else None)
        act(province)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must hear of it
        os._exit(1)
    os._exit(0)


def _death_at(at: int) -> Callable[[str], None]:
    passed, before = 0, ""

    def count(what: str) -> None:
        nonlocal passed, before
        beginning = what.lstrip()[:30].upper()
        if not EVERY and (beginning.startswith(READS) or beginning == before != "LINE"):
            return
        passed, before = passed + 1, beginning
        if passed == at:
            os._exit(9)

    return count


def _by_line(count: Callable[[str], None]) -> Callable[..., Any]:
    """Before each line of a file whose every line may touch the disk."""

    def traced(_: Any, what: str, __: Any) -> Callable[..., Any]:
        if what == "line":
            count(what)
        return traced

    return traced


# --- the line to the database dies ---------------------------------------------------------------------------------------


@pytest.fixture
def postgres(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[Province, Week]]:
    """On PostgreSQL the week, and a backup of it put back beside."""
    url = cluster.new_database()
    settings = Settings(tmp_path / "province", url, practice=True)
    week = lived(settings, lambda: cluster.copy_of(url))
    province = opened(settings)
    yield province, week
    province.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the driver's cursor on a line that is gone
def test_a_line_to_postgresql_that_dies_at_any_moment_leaves_nothing_half(postgres: tuple[Province, Week]) -> None:
    """What was asked is answered with a failure; asked again it is done, on the program that went on running."""
    province, week = postgres
    for name in ACTS:
        counted = name in NEW_EACH_TIME
        states = [state_of(province, counted=counted)]
        moment = 1
        while _with_the_line_cut(province, week.acts[name], moment):
            if (state := state_of(province, counted=counted)) not in states:
                states.append(state)
            opened(province.settings).close()  # a start adds what only the guard knows
            check_whole(province)
            moment += 1 if EVERY else 2
        assert moment > 2, name
        assert len(states) <= 2 + 2 * (name == "an uploaded packet"), name  # before, after; an upload has steps between
        check_whole(province)


def _with_the_line_cut(province: Province, act: Act, at: int) -> bool:
    """Whether it was: the server ends the session before its statement `at`."""
    passed = 0

    def count(connection: Any, *_: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == at:
            pid = connection.connection.driver_connection.info.backend_pid
            with psycopg.connect(province.engine.url.set(drivername="postgresql").render_as_string(False)) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    hooks = (("before_cursor_execute", count), ("commit", count))
    for what, hook in hooks:
        event.listen(province.engine, what, hook)
    try:
        act(province)
    except DBAPIError:
        pass
    finally:
        for what, hook in hooks:
            event.remove(province.engine, what, hook)
    return passed >= at
