"""The province's computer: a real uvicorn in its own process, backups in rotation, and an operator who may be interrupted."""

from __future__ import annotations

import random
import shutil
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path

from sqlalchemy import Connection, create_engine, select, text

from poverty_desktop.protocol.canonical import parse
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.server import admin, backups, restoring
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import database_url, open_engine, reading
from poverty_desktop.server.hosting import serve
from poverty_desktop.server.province import Province, open_province
from poverty_desktop.server.settings import Settings
from poverty_desktop.server.sql_stream import SqlStream
from tests.drill.onlooker import Held
from tests.soak.processes import Child
from tests.sync.laptops import COMMUNE

IN_ROTATION = 3


def _serve(settings: Settings, port: int) -> None:
    serve(settings, host="127.0.0.1", port=port)


def _back_up(settings: Settings, place: str) -> None:
    """As `server admin backup`; a database is copied with its own tools, and its copy read through."""
    province = open_province(settings)
    if settings.database_url:
        backups.mark(province, place)
    else:
        backups.make(province, Path(place))


def _adopt(settings: Settings) -> None:
    province = open_province(settings)
    if province.restored():
        restoring.adopt(province)


class ProvinceMachine:
    """`database_url`: PostgreSQL instead of a file."""

    def __init__(self, folder: Path, at: BaseContext, chance: random.Random, database_url: str | None) -> None:
        self._settings = Settings(folder, database_url, practice=True)
        self._at, self._chance, self._errors = at, chance, folder.with_name("province.log")
        self.port = _free_port()
        self.kept: list[tuple[str, str]] = []  # (mark, place) of the backups in rotation, oldest first
        self.interrupted: Counter[str] = Counter()
        self._made = 0
        with self._opened() as province:
            admin.add_commune(province, COMMUNE, "Xã Ba Xa")
        self.start()

    def code(self, officer: str) -> str:
        with self._opened() as province:
            return admin.make_code(province, COMMUNE, officer).code

    @contextmanager
    def _opened(self) -> Iterator[Province]:
        province = open_province(self._settings)
        try:
            yield province
        finally:
            province.close()

    @property
    def faults(self) -> list[str]:
        """Its own words that are a bug's."""
        said = self._errors.read_text("utf-8", errors="replace").splitlines() if self._errors.exists() else []
        return [line for line in said if "Traceback" in line or "Error" in line]

    # --- the server ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._server = Child(self._at, self._errors, _serve, self._settings, self.port)

    def answers(self, seconds: float = 30.0) -> None:
        """Until connections are accepted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                self._server.wait(0.02)
        raise AssertionError(f"the province does not start: {self.faults[-3:]}")

    def kill(self) -> int:
        return int(self._server.kill())

    # --- the operator ----------------------------------------------------------------------------------------------------

    def back_up(self) -> int:
        """A new backup, perhaps interrupted; the oldest leaves the rotation. How many processes were killed."""
        before, killed = self._marks(), 0
        self._made += 1
        if self._settings.database_url:
            killed = self.kill()
            place = _copied_database(self._settings.database_url, f"backup{self._made}")
            self.start()
        else:
            place = str(self._settings.data_dir / f"backup{self._made}.sqlite")
        killed += self._operate("backup", _back_up, place)
        self.kept += [(mark, place) for mark in self._marks() - before]
        while len(self.kept) > IN_ROTATION:
            with self._opened() as province:
                restoring.drop_backup(province, self.kept[0][0])
            self._destroy(self.kept.pop(0)[1])
        return killed

    def put_back(self) -> None:
        """The database dies and a backup of the rotation takes its place; what is outside of it stays. The server is off."""
        place = self._chance.choice(self.kept)[1]
        if self._settings.database_url:
            _copied_database(self._settings.database_url, None, place)
            return
        file = self._settings.data_dir / "province.sqlite"
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
        shutil.copyfile(place, file)

    def adopt(self) -> int:
        """Until it is done; how often the operator was interrupted."""
        killed = 0
        while self._behind():
            killed += self._operate("adopt-restore", _adopt)
        return killed

    def _behind(self) -> bool:
        with self._opened() as province:
            return province.restored()

    def _operate(self, what: str, target: object, *arguments: object) -> int:
        child = Child(self._at, self._errors, target, self._settings, *arguments)  # type: ignore[arg-type]
        if self._chance.random() < 0.5 and not child.wait(self._chance.uniform(0.0, 0.4)):
            self.interrupted[what] += child.kill()
            return 1
        child.wait()
        assert not child.ended_badly, (what, self.faults[-3:])
        return 0

    def _marks(self) -> set[str]:
        with self._opened() as province:
            return {mark for mark, _ in province.guard.read().marks}

    def _destroy(self, place: str) -> None:
        if self._settings.database_url:
            _run_beside(self._settings.database_url, f"DROP DATABASE {_name(place)}")
        else:
            Path(place).unlink()

    # --- what it has -----------------------------------------------------------------------------------------------------

    def operations(self) -> set[str]:
        """Everything that it has taken, also what it put aside for later."""
        with self.looking() as connection:
            found = set(connection.execute(select(t.change_log.c.op_id)).scalars())
            for lines in connection.execute(select(t.parked.c.lines)).scalars():
                found |= {Operation.from_wire(parse(line)).op for line in bytes(lines).splitlines() if line}
        return found

    def held(self) -> Held:
        with self.looking() as connection:
            return Held.read(connection)

    def digest(self) -> str:
        with self.looking() as connection:
            return SqlStream.read(connection, connection.execute(select(t.stream.c.sid)).scalar_one()).sums().digest

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        engine = open_engine(database_url(self._settings.data_dir, self._settings.database_url))
        try:
            with reading(engine) as connection:
                yield connection
        finally:
            engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- PostgreSQL -----------------------------------------------------------------------------------------------------------


def _name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


def _run_beside(url: str, *commands: str) -> None:
    """On the database of the cluster that nobody uses."""
    engine = create_engine(database_url(Path(), url.replace(f"/{_name(url)}", "/postgres")), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for command in commands:
            connection.execute(text(command))
    engine.dispose()


def _copied_database(url: str, to: str | None, source: str | None = None) -> str:
    """A copy of the province's database under another name; with `source`, that one in place of the province's."""
    name, of = to or _name(url), _name(source or url)
    alone = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('{name}', '{of}')"
    _run_beside(url, alone, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {of}")
    return url.replace(f"/{_name(url)}", f"/{name}")
