"""The province's schema, key file and command line."""

from __future__ import annotations

import argparse
import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from poverty_desktop.commands import server as command
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import database_url, in_write, migrate, open_engine, reading
from poverty_desktop.server.hosting import serve
from poverty_desktop.server.keys import KEY_FILE, province_signer
from poverty_desktop.server.province import open_province
from poverty_desktop.server.settings import Settings
from poverty_desktop.system.resources import load_texts

ROOT = Path(__file__).resolve().parents[2]


def test_every_key_begins_with_the_stream():
    """stack.md section 5: so the schema can be spread over machines by stream; no sequences, no keys across streams."""
    for table in t.metadata.sorted_tables:
        assert not [column for column in table.primary_key if column.autoincrement is True]
        if table.name in t.REFERENCE:
            continue
        keys = [key for key in table.constraints if getattr(key, "columns", None)] + list(table.indexes)
        firsts = {next(iter(key.columns)).name for key in keys}
        assert firsts == {"sid"}, table.name


def test_the_migrations_make_the_tables_of_the_program(settings):
    province = open_province(settings)
    migrate(province.engine)  # again: nothing to do
    with reading(province.engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []
    province.close()


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    first = province_signer(tmp_path)
    assert province_signer(tmp_path).public == first.public
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_a_damaged_key_is_not_replaced(tmp_path):
    (tmp_path / KEY_FILE).write_text("half a ke")
    with pytest.raises(KnownProblem, match=r"server\.key_damaged"):
        province_signer(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == "half a ke"


PROBLEMS = [
    *("no_place", "newer_schema"),
    *("running", "move_from_file", "move_to_postgresql", "move_not_empty", "move_differs"),
    *("guard_lost", "guard_known", "guard_of_another", "backup_unreadable", "backup_missing", "backup_empty"),
    *("key_damaged", "database", "folder", "port_in_use", "commune_code", "no_commune", "no_device", "not_restored"),
    *("backup_damaged", "backup_exists", "backup_postgresql", "no_backup", "not_in_custody", "name_custody"),
    "device_gone",
]
REASONS = ["schema", "invalid", "exists", "immutable", "scope", "not_allowed", "crash", "held", "brake", "withdrawn", "locked"]


def test_every_problem_of_the_province_has_its_sentence():
    facts = {"path": "p", "host": "h", "port": 1, "given": "g", "commune": "c", "device": "d", "mark": "m", "op": "o",
             "folder": "f", "table": "t"}  # fmt: skip
    for language in ("vi", "en"):
        texts = load_texts(language)
        for code in PROBLEMS:
            assert texts.problem(KnownProblem(f"server.{code}", **facts))
        for reason in REASONS:
            assert texts(f"server.reason.{reason}")


def run_admin(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser.add_subparsers())
    assert command.run(parser.parse_args(["server", "admin", *arguments])) == 0
    return capsys.readouterr().out


def test_the_administrator_works_from_the_command_line(tmp_path, capsys):
    place = ["--data", str(tmp_path)]
    first = json.loads(run_admin(capsys, "add-commune", "--code", "21001", "--name", "Xã Ba Tơ", *place, "--json"))
    again = json.loads(run_admin(capsys, "add-commune", "--code", "21001", "--name", "Xã Ba Tơ", *place, "--json"))
    assert (first["new"], again["new"], first["sid"]) == (True, False, again["sid"])
    code = json.loads(run_admin(capsys, "code", "--commune", "21001", "--officer", "Hồ Thị Lan", *place, "--json"))
    assert (len(code["code"]), code["hours"]) == (31, 72)
    assert "officer: Hồ Thị Lan" in run_admin(capsys, "code", "--commune", "21001", "--officer", "Hồ Thị Lan", *place)
    assert json.loads(run_admin(capsys, "devices", *place, "--json")) == []
    assert json.loads(run_admin(capsys, "quarantine", *place, "--json")) == []
    assert json.loads(run_admin(capsys, "release", "--reason", "schema", *place, "--json")) == {"applied": 0}
    copy = json.loads(run_admin(capsys, "backup", "--to", str(tmp_path / "copy.sqlite"), *place, "--json"))
    assert json.loads(run_admin(capsys, "backups", *place, "--json")) == [copy]
    run_admin(capsys, "backup-mark", "--restored", str(tmp_path / "copy.sqlite"), *place)
    run_admin(capsys, "backup-gone", "--mark", copy["mark"], *place)
    assert len(json.loads(run_admin(capsys, "backups", *place, "--json"))) == 1
    assert json.loads(run_admin(capsys, "adopt-restore", "--anyway", *place, "--json"))[0]["epoch"] == 2
    with pytest.raises(KnownProblem, match=r"server\.not_restored"):
        run_admin(capsys, "adopt-restore", *place)
    with pytest.raises(KnownProblem, match=r"server\.name_custody"):
        run_admin(capsys, "withdraw", "--why", "nhầm", *place)
    with pytest.raises(KnownProblem, match=r"server\.no_device"):
        run_admin(capsys, "revoke", "--device", "x", *place)
    with pytest.raises(KnownProblem, match=r"server\.database"):
        run_admin(capsys, "devices", *place, "--database-url", f"postgresql://nobody@/none?host={tmp_path}")


def test_a_port_in_use_is_said(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(KnownProblem, match=r"server\.port_in_use"):
        serve(Settings(tmp_path), host="127.0.0.1", port=taken.getsockname()[1])


START = """
import argparse, sys
from poverty_desktop.commands import server
parser = argparse.ArgumentParser()
server.add_arguments(parser.add_subparsers())
raise SystemExit(server.run(parser.parse_args(sys.argv[1:])))
"""


def test_a_started_province_names_its_port_and_stops_when_told(tmp_path):
    port_file = tmp_path / "port"
    arguments = ["server", "run", "--data", str(tmp_path / "p"), "--port", "0", "--port-file", str(port_file), "--practice"]
    command_line = [sys.executable, "-c", START, *arguments]
    with subprocess.Popen(command_line, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        started = any("startup complete" in line for line in process.stderr)
        assert started
        url = f"http://127.0.0.1:{int(port_file.read_text())}"
        assert requests.get(f"{url}/v1/time", params={"nonce": "n"}, timeout=20).json()["practice"] is True
        process.send_signal(signal.SIGTERM)
    assert process.returncode in (0, -signal.SIGTERM)
    assert len(Signer(bytes.fromhex((tmp_path / "p" / KEY_FILE).read_text())).public) == 32


def test_the_place_may_stand_in_the_environment_and_is_never_half_from_there(tmp_path, capsys, monkeypatch):
    with pytest.raises(KnownProblem, match=r"server\.no_place"):
        run_admin(capsys, "devices")
    monkeypatch.setenv("PROVINCE_DATA", str(tmp_path / "p"))
    monkeypatch.setenv("PROVINCE_GUARD", str(tmp_path / "guard"))
    assert "(không có gì)" in run_admin(capsys, "devices")
    assert (tmp_path / "guard").exists()
    monkeypatch.setenv("PROVINCE_DATABASE_URL", "postgresql://nobody@/none?host=/nowhere")
    run_admin(capsys, "devices", "--data", str(tmp_path / "other"))
    assert (tmp_path / "other" / "province.guard").exists()
    with pytest.raises(KnownProblem, match=r"server\.database"):
        run_admin(capsys, "devices")


def test_what_lies_in_the_folder_is_for_its_owner_only(tmp_path, capsys):
    place = ["--data", str(tmp_path / "p")]
    run_admin(capsys, "add-commune", "--code", "21001", "--name", "Xã Ba Tơ", *place)
    run_admin(capsys, "backup", "--to", str(tmp_path / "copy.sqlite"), *place)
    assert [(tmp_path / name).stat().st_mode & 0o077 for name in ("p", "copy.sqlite")] == [0, 0]


def test_a_database_of_a_newer_program_is_left_alone(tmp_path, capsys):
    place = ["--data", str(tmp_path)]
    run_admin(capsys, "devices", *place)
    engine = open_engine(database_url(tmp_path, None))
    in_write(engine, lambda connection: connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(KnownProblem, match=r"server\.newer_schema"):
        run_admin(capsys, "devices", *place)
