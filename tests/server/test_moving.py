"""A province moves from its file to PostgreSQL and its laptops go on there as if nothing had been."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, update

from poverty_desktop.__main__ import main
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.server import backups, buckets, moving
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import database_url, in_write, open_engine, reading
from poverty_desktop.server.province import open_province
from poverty_desktop.server.settings import Settings
from poverty_desktop.system.single_instance import InstanceLock
from tests.server.conftest import Cluster, serve
from tests.server.copying import copied
from tests.server.test_house import ROOT
from tests.server.test_whole_states import busy, manifest_of

__all__ = ["busy"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "province", practice=True)


@pytest.fixture
def empty(cluster: Cluster) -> str:
    """The address of a database with nothing in it."""
    template, cluster.template = cluster.template, "template0"
    address = cluster.new_database()
    cluster.template = template
    return address


@pytest.fixture
def stopped(running, busy):
    """Everything a province may hold: also custody, a parked packet, half an upload, a snapshot, a backup's mark."""
    busy.save(("c", "spaceship", None, {"name": "mới"}))
    busy.push()
    for _ in range(2):
        busy.household(note="chưa đến")
    busy.post(busy.packet(first=len(busy.operations)).data)
    data = b"n" * 3_000_000
    sha, complete = hashlib.sha256(data).hexdigest(), {"Upload-Offset": "0", "Upload-Complete": "?0"}
    busy.http.put(f"{busy.url}/v1/chunks/{sha}", data=data, headers=busy.headers(**complete), timeout=20)
    manifest_of(busy)
    backups.make(running.province, running.province.settings.data_dir / "copy.sqlite")
    return running.province


def contents(address: str | None, folder: Path):
    engine = open_engine(database_url(folder, address))
    with reading(engine) as connection:
        found = {name: sorted(rows, key=repr) for name, rows in copied(connection).items()}
    engine.dispose()
    return found


def tables_at(address: str, tmp_path: Path) -> list[str]:
    engine = open_engine(database_url(tmp_path, address))
    names = inspect(engine).get_table_names()
    engine.dispose()
    return names


def test_all_tables_arrive_and_the_laptops_go_on_there(stopped, busy, empty):
    folder = stopped.settings.data_dir
    before, heard = contents(None, folder), []
    assert all(before[table.name] for table in t.metadata.sorted_tables if table.name != "challenge")
    found = moving.move(stopped, empty, lambda *said: heard.append(said))
    assert contents(empty, folder) == before == contents(None, folder)
    assert [(one.commune, one.rev, one.records) for one in found] == [("21001", len(before["change_log"]), 20)]
    told = {table: done for table, done, total in heard if done == total}
    assert told == {name: len(rows) for name, rows in before.items() if rows}
    for there in serve(open_province(Settings(folder, empty, practice=True))):
        busy.url = there.url
        busy.login()
        busy.household(note="sau khi chuyển")
        busy.push()
        busy.pull()
        assert busy.state().digest == digest(there.province, busy.sid)
    with pytest.raises(KnownProblem, match=r"server\.move_not_empty"):
        moving.move(stopped, empty)
    stopped.guard.forget_look()
    assert stopped.restored()  # the file that was left behind is not served by mistake


def digest(province, sid: str) -> str:
    with reading(province.engine) as connection:
        return buckets.read(connection, sid).digest


KILLED = """
import os, sys
from pathlib import Path
from poverty_desktop.server import moving
from poverty_desktop.server.province import open_province
from poverty_desktop.server.settings import Settings
def heard(table, done, total):
    if table == sys.argv[3]:
        os._exit(9)
moving.move(open_province(Settings(Path(sys.argv[1]))), sys.argv[2], heard)
"""


@pytest.mark.parametrize("table", ["account", "lane_op", "stream_epoch"])
def test_killed_in_the_middle_the_target_is_as_empty_as_before(stopped, empty, tmp_path, table):
    arguments = [sys.executable, "-c", KILLED, str(stopped.settings.data_dir), empty, table]
    assert subprocess.run(arguments, cwd=ROOT, check=False, timeout=60).returncode == 9
    assert tables_at(empty, tmp_path) == []
    assert moving.move(stopped, empty)


@pytest.fixture
def spoiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """One value is another after the copying."""
    real = moving._copied

    def copied_badly(source, target, table, heard):
        done = real(source, target, table, heard)
        if table.name == "record":
            target.execute(update(t.record).values(body={"note": "khác"}))
        return done

    monkeypatch.setattr(moving, "_copied", copied_badly)


@pytest.mark.usefixtures("spoiled")
def test_what_arrives_otherwise_than_it_was_is_not_kept(stopped, empty, tmp_path):
    with pytest.raises(KnownProblem, match=r"server\.move_differs"):
        moving.move(stopped, empty)
    assert tables_at(empty, tmp_path) == []


def test_a_log_that_was_damaged_before_is_noticed(stopped, empty, tmp_path):
    """Equal is not enough: what is moved must hold together."""
    spoiled = update(t.change_log).where(t.change_log.c.rev == 3).values(chain=b"0" * 32)
    in_write(stopped.engine, lambda connection: connection.execute(spoiled))
    with pytest.raises(KnownProblem, match=r"server\.backup_damaged"):
        moving.move(stopped, empty)
    assert tables_at(empty, tmp_path) == []


def test_the_verb_moves_a_stopped_province_and_no_running_one(settings, empty, capsys):
    place = ["--data", str(settings.data_dir)]
    assert main(["server", "admin", "add-commune", "--code", "21001", "--name", "Xã Ba Tơ", *place]) == 0
    lock = InstanceLock.take(settings.data_dir, "province.lock", "server.running")
    assert main(["server", "admin", "move", "--to", empty, *place]) != 0
    lock.release()
    assert "đang chạy" in capsys.readouterr().err
    assert main(["server", "admin", "move", "--to", empty, *place, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)[0]["commune"] == "21001"
    assert "stream: 1/1" in said.err
    assert main(["server", "admin", "devices", *place, "--database-url", empty]) == 0
    for wrong in ("sqlite:///there.sqlite", "postgresql://nobody@/none?host=/nowhere"):
        assert main(["server", "admin", "move", "--to", wrong, *place]) != 0
