"""`bench search`: each keystroke of typical searches over a commune of 100,000 people, against the bare full-text query.

Bare: the same MATCH on the same open file, `SELECT rowid ... LIMIT 200`, joined to nothing, not counted, not sorted. Where the
word was mistyped, bare is the MATCH as typed and then the MATCH with the word that was meant.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from poverty_desktop.app.office import Office
from poverty_desktop.bench.figures import Bench, percentile
from poverty_desktop.bench.offices import pulled_office
from poverty_desktop.storage.search import query_of

PEOPLE = 100_000
PEOPLE_A_HOUSEHOLD = 4.0  # of the invented commune; what was made is counted and printed
ROUNDS = 5
_BARE = "SELECT rowid FROM household_search WHERE household_search MATCH ? LIMIT 200"
_WITH_LINES = """
SELECT l.* FROM household_search f JOIN household_line l ON l.key = f.rowid WHERE household_search MATCH ? LIMIT 200"""
LIMIT = "bare FTS query, LIMIT 200"
LINES = "the same with its 200 stored lines read"
_SLIPS = {"phuogn": "phuong", "khnah": "khanh"}
QUERIES = {
    "broad": ("nguyễn", "tổ dân phố"),
    "narrow": ("rơ châm hyưh", "đỗ xuân phúc"),
    "digits": ("062095", "01-0012", "0912 3"),
    "slip": tuple(_SLIPS),
}


Taken = tuple[float, float, float]
"""Milliseconds of one keystroke: ours, bare, bare with the stored lines."""


def search(people: int = PEOPLE, rounds: int = ROUNDS) -> Bench:
    """Median and 95th percentile in milliseconds by kind of search, over every prefix of every text."""
    bench = Bench("search")
    with tempfile.TemporaryDirectory() as place:
        started = time.perf_counter()
        office = pulled_office(Path(place) / "workspace", max(8, round(people / PEOPLE_A_HOUSEHOLD)))
        built = time.perf_counter() - started
        try:
            bench.add("people searched", office.registering.people(), "people")
            bench.add("the commune taken in", built, "s")
            everything = _measured_kinds(bench, office, rounds)
        finally:
            office.workspace.close()
    _add(bench, "all keystrokes", everything)
    bench.notes.append("bare: the same MATCH joined to nothing, for a mistyped word as typed and then as meant")
    return bench


def _measured_kinds(bench: Bench, office: Office, rounds: int) -> list[Taken]:
    everything = []
    for kind, texts in QUERIES.items():
        keyed = [text[:end] for text in texts for end in range(len(text) if kind == "slip" else 1, len(text) + 1)]
        taken = [_pair(office, text) for _ in range(rounds) for text in keyed]
        _add(bench, kind, taken)
        everything += taken
    return everything


def _add(bench: Bench, name: str, taken: list[Taken]) -> None:
    ours, bare, lines = zip(*taken, strict=True)
    bench.add(f"{name}, median", statistics.median(ours), "ms", (LIMIT, statistics.median(bare)))
    bench.add(f"{name}, median", statistics.median(ours), "ms", (LINES, statistics.median(lines)))
    bench.add(f"{name}, 95 %", percentile(ours, 0.95), "ms", (LIMIT, percentile(bare, 0.95)))


def _pair(office: Office, text: str) -> Taken:
    """One keystroke each way, one after the other."""
    ours = _timed(lambda: office.registering.find(text))
    return ours, _timed(lambda: _run(office, text, _BARE)), _timed(lambda: _run(office, text, _WITH_LINES))


def _run(office: Office, text: str, sql: str) -> None:
    for typed in filter(None, (text, _SLIPS.get(text))):
        query = query_of(typed)
        if query:
            office.workspace.database.rows(sql, (query.match,))


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
