"""A real province on a loopback port, on SQLite and on PostgreSQL, and laptops that speak to it over HTTP."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from poverty_desktop.server import admin
from poverty_desktop.server.app import app_of
from poverty_desktop.server.database import database_url, migrate, open_engine
from poverty_desktop.server.province import Province, open_province
from poverty_desktop.server.settings import Settings
from tests.server.laptop import Laptop

COMMUNE, OTHER_COMMUNE = "21001", "21002"


class Cluster:
    """A PostgreSQL of the tests' own: data folder, socket and port; run as `postgres` where the tests run as root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.count = 0
        self.template = "template0"
        self._as = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self._as:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "test", "--no-sync", "-E", "UTF8")
        options = f"-p {self.port} -k {folder} -c listen_addresses='' -c fsync=off -c log_min_messages=fatal"
        self._run("pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-o", options, "-w", "start")

    def new_database(self, template: str = "") -> str:
        self.count += 1
        name = f"province{self.count}"
        self._run("createdb", "-h", str(self.folder), "-p", str(self.port), "-U", "test", "-T", template or self.template, name)
        return self.url(name)

    def copy_of(self, url: str) -> str:
        """The database at `url` as it is now, beside it. Nobody may be connected."""
        return self.new_database(url.partition("?")[0].rpartition("/")[2])

    def url(self, name: str) -> str:
        return f"postgresql://test@/{name}?host={self.folder}&port={self.port}"

    def migrate_template(self) -> None:
        """New databases are copies of a migrated one: five times quicker than migrating each."""
        self._run("createdb", "-h", str(self.folder), "-p", str(self.port), "-U", "test", "migrated")
        engine = open_engine(database_url(self.folder, self.url("migrated")))
        migrate(engine)
        engine.dispose()
        self.template = "migrated"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, _binary(program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)


def _binary(program: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]))
    return str(installed[-1]) if installed else program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="qlx-pg-"))
    running = Cluster(folder)
    running.migrate_template()
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Running:
    """A province that answers at `url`."""

    province: Province
    url: str

    def enrolled(self, commune: str = COMMUNE, officer: str = "Hồ Thị Lan") -> Laptop:
        """A laptop of a commune, enrolled and logged in."""
        sid = admin.add_commune(self.province, commune, "Xã Ba Tơ").sid
        laptop = Laptop(self.url, sid, commune)
        laptop.enrol(admin.make_code(self.province, commune, officer).code)
        laptop.login()
        return laptop


def serve(province: Province) -> Iterator[Running]:
    """The province behind a real uvicorn in a thread."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = uvicorn.Server(uvicorn.Config(app_of(province), log_config=None, access_log=False, timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield Running(province, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join(20)
    listener.close()
    assert not thread.is_alive()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("cluster").new_database() if request.param == "postgresql" else None
    return Settings(tmp_path / "province", url, practice=True)


@pytest.fixture
def running(settings: Settings) -> Iterator[Running]:
    yield from serve(open_province(settings))


@pytest.fixture
def lan(running: Running) -> Iterator[Laptop]:
    laptop = running.enrolled()
    yield laptop
    laptop.http.close()


@pytest.fixture
def minh(running: Running) -> Iterator[Laptop]:
    laptop = running.enrolled(officer="Phạm Văn Minh")
    yield laptop
    laptop.http.close()
