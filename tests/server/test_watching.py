"""What the operator of a province sees of it: figures without a name in them, and why it does not serve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import update

from poverty_desktop.server import admin, backups
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import database_url, in_write, open_engine
from poverty_desktop.server.province import open_province
from poverty_desktop.server.settings import Settings
from tests.server.conftest import Running, serve

_SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\.)*",?)+)\})? (\d+(?:\.\d+)?)')


def figures(running: Running, **headers: str) -> dict[str, float]:
    """The samples, by name and labels; every line is one, or says of which metric the next ones are."""
    answer = requests.get(f"{running.url}/metrics", headers=headers, timeout=20)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found: dict[str, float] = {}
    named: list[str] = []
    for line in answer.text.splitlines():
        if line.startswith("# TYPE "):
            named.append(line.split()[2])
        elif not line.startswith("# HELP "):
            sample = _SAMPLE.fullmatch(line)
            assert sample, line
            assert sample[1].startswith(named[-1])
            key = f"{sample[1]}{{{sample[2]}}}" if sample[2] else sample[1]
            assert key not in found
            found[key] = float(sample[3])
    assert len(set(named)) == len(named)
    return found


def test_what_happened_is_counted(running, lan, minh):
    household = lan.household(household_code="A")
    packet = lan.packet().data
    lan.push()
    minh.pull()
    lan.edit(household, {"household_code": "L"})
    minh.edit(household, {"household_code": "M"})
    lan.push()
    minh.push()
    lan.save(("x", "household", household, {}))
    assert lan.push().results[0].outcome == "quarantined"
    lan.household()
    lan.household()
    assert lan.post(lan.packet(first=5).data).status_code == 409
    lan.post(packet[:-1])
    requests.post(f"{lan.url}/v1/auth/token", data=b"?", timeout=20)
    found = figures(running)
    expected = {
        "province_streams": 1, "province_log_entries": 4, "province_conflicts_open": 1, "province_parked": 1,
        'province_quarantine_open{reason="schema"}': 1, 'province_devices{state="active"}': 2, "province_ready": 1,
        'province_operations_total{outcome="applied"}': 2, 'province_operations_total{outcome="conflict"}': 1,
        'province_packets_total{answer="ack"}': 4, 'province_packets_total{answer="gap"}': 1,
        'province_requests_total{route="POST /v1/packets",status="200"}': 4,
        'province_refusals_total{route="POST /v1/packets",code="packet_refused"}': 1,
        'province_refusals_total{route="POST /v1/auth/token",code="bad_request"}': 1,
        'province_request_seconds_count{route="POST /v1/packets"}': 6,
        'province_request_seconds_bucket{route="POST /v1/packets",le="+Inf"}': 6,
        "province_backups": 0, "province_backup_lag_operations": 4,
    }  # fmt: skip
    assert {name: found.get(name) for name in expected} == expected
    assert not any("backup_age" in name for name in found)


def test_the_figures_hold_no_name_and_no_id(running, lan):
    lan.household(note="riêng")
    lan.push()
    text = requests.get(f"{running.url}/metrics", timeout=20).text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|21001|[^\x00-\x7f]", text)


@pytest.fixture
def on_a_file(tmp_path: Path) -> Iterator[Running]:
    yield from serve(open_province(Settings(tmp_path / "file")))


def test_what_no_backup_holds_is_told(on_a_file, tmp_path):
    lan = on_a_file.enrolled()
    lan.household()
    lan.push()
    backups.make(on_a_file.province, tmp_path / "copy")
    lan.household()
    lan.push()
    lan.http.close()
    found = figures(on_a_file)
    assert (found["province_backups"], found["province_backup_lag_operations"]) == (1, 1)
    assert found["province_backup_age_seconds"] < 600


def test_a_laptop_that_brings_nothing_for_days_is_counted(running, lan):
    old = update(t.device).where(t.device.c.id == lan.dev).values(pending=3, oldest_pending="2020-01-01")
    in_write(running.province.engine, lambda connection: connection.execute(old))
    assert figures(running)["province_devices_overdue"] == 1
    admin.order(running.province, lan.dev, "lock")
    assert figures(running)['province_devices{state="locked"}'] == 1


def test_through_a_proxy_nobody_reads_the_figures(running):
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        answer = requests.get(f"{running.url}/metrics", headers={header: "203.0.113.9"}, timeout=20)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Running]:
    yield from serve(open_province(Settings(tmp_path / "guarded", metrics_token="s3cret")))


def test_with_a_token_set_only_who_bears_it_reads_them(guarded):
    for given in ("", "Bearer ", "Bearer wrong", "s3cret", "Bearer s3cret\u00e9"):
        answer = requests.get(f"{guarded.url}/metrics", headers={"Authorization": given.encode("utf-8")}, timeout=20)
        assert answer.status_code == 404
    assert figures(guarded, Authorization="Bearer s3cret", **{"X-Forwarded-For": "203.0.113.9"})["province_ready"] == 1


def ask_ready(running: Running) -> tuple[int, list[str]]:
    answer = requests.get(f"{running.url}/v1/health/ready", timeout=20)
    return answer.status_code, answer.json()["reasons"]


def test_readiness_says_why_laptops_wait(running, lan):
    assert ask_ready(running) == (200, [])
    lan.household()
    lan.push()
    guard = running.province.guard
    kept = guard.path.read_bytes()
    guard.path.unlink()
    guard.forget_look()
    assert ask_ready(running) == (503, ["guard_lost"])
    guard.path.write_bytes(kept + b'{"head":[1,99,"00"],"sid":"%s"}\n' % lan.sid.encode())
    guard.forget_look()
    assert ask_ready(running) == (503, ["restored"])
    assert requests.get(f"{running.url}/v1/health/live", timeout=20).status_code == 200
    assert figures(running)['province_not_ready{reason="restored"}'] == 1


def test_a_database_that_is_gone_is_said_and_the_rest_is_counted(running):
    running.province.engine.dispose()
    running.province.engine = open_engine(database_url(Path(), "postgresql://nobody@/none?host=/nowhere"))
    assert ask_ready(running) == (503, ["database"])
    found = figures(running)
    assert found["province_ready"] == 0
    assert "province_streams" not in found
