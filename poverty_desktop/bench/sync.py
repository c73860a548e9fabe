"""`bench sync`: the first push of a practice commune to a real province on loopback, then a round with nothing new, then one with
one survey edited. Bytes are what the laptop's connection carried, with all HTTP headers that the link counts."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from poverty_desktop.app.office import Office
from poverty_desktop.bench.figures import Bench
from poverty_desktop.bench.offices import new_office
from poverty_desktop.domain.records import Household
from poverty_desktop.practice.local_province import LocalProvince
from poverty_desktop.protocol.laptop import RoundReport
from poverty_desktop.services.syncing import Syncing
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.system.resources import load_texts

HOUSEHOLDS = 300
LIMIT = "zstd -19 of the same operations as canonical JSON lines"
_FIRST = {"house/floor_area": "48", "house/wall_durable": "yes", "house/roof_durable": "yes"}
_EDITED = {"house/floor_area": "52", "house/roof_durable": "no", "house/wall_durable": "no"}


def sync(households: int = HOUSEHOLDS) -> Bench:
    """Raises RuntimeError when a round does not end complete."""
    bench = Bench("sync")
    with tempfile.TemporaryDirectory() as place, LocalProvince(Path(place) / "province") as province:
        office = new_office(Path(place) / "workspace", households)
        syncing = office.synchronised(lambda: load_texts("vi"), lambda work: work())
        try:
            syncing.enrol(province.url, province.code_for(office.commune_code, "Bench", office.officer_name))
            _first_push(bench, office, syncing)
            _later_rounds(bench, office, syncing)
        finally:
            syncing.close()
            office.workspace.close()
    return bench


def _first_push(bench: Bench, office: Office, syncing: Syncing) -> None:
    last = office.workspace.records.base().own_seq
    squeezed = _squeezed(office, 1, last)
    started = time.perf_counter()
    report = _round(syncing)
    bench.add("first push: operations", report.sent, "operations")
    bench.add("first push: up", report.up, "bytes", (LIMIT, squeezed))
    _add_rest(bench, "first push", report, time.perf_counter() - started)


def _later_rounds(bench: Bench, office: Office, syncing: Syncing) -> None:
    survey_of = office.workspace.records.select(Household)[0].id
    _type(office, survey_of, _FIRST)
    _round(syncing)
    started = time.perf_counter()
    nothing = _round(syncing)
    bench.add("nothing changed: up", nothing.up, "bytes")
    _add_rest(bench, "nothing changed", nothing, time.perf_counter() - started)
    before = office.workspace.records.base().own_seq
    _type(office, survey_of, _EDITED)
    squeezed = _squeezed(office, before + 1, office.workspace.records.base().own_seq)
    started = time.perf_counter()
    edited = _round(syncing)
    bench.add("one survey edited, three answers: up", edited.up, "bytes", (LIMIT, squeezed))
    _add_rest(bench, "one survey edited", edited, time.perf_counter() - started)


def _add_rest(bench: Bench, name: str, report: RoundReport, seconds: float) -> None:
    bench.add(f"{name}: down", report.down, "bytes")
    bench.add(f"{name}: round trips", report.round_trips, "round trips")
    bench.add(f"{name}: wall", seconds, "s")


def _type(office: Office, household_id: str, answers: dict[str, str]) -> None:
    draft = office.reviewing.open(household_id).draft
    office.reviewing.keep(draft.id, answers)
    office.reviewing.save(draft.id)


def _round(syncing: Syncing) -> RoundReport:
    report = syncing.round()
    if report.outcome != "done":
        raise RuntimeError(f"the round ended {report.outcome}: {report.problem} {report.facts}")
    return report


def _squeezed(office: Office, first: int, last: int) -> int:
    from backports import zstd

    operations = SqliteSyncStore(office.workspace.database).own_operations(first, last)
    return len(zstd.compress(b"\n".join(operation.canonical() for operation in operations), level=19))
