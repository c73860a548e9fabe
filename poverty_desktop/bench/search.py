"""`bench search`: each keystroke of typical searches over a commune of 100,000 people, against the bare full-text query.

Measured is what the list asks for with every key: `Registering.find`, its first page (one screen of lines, ranked, each with
reason and survey state). Three limits, all on the same open file; ours and the first take turns in going first:

- 200 row ids: the MATCH joined to nothing, `SELECT rowid ... LIMIT 200`; nothing of a household is read;
- 200 stored lines: the same joined to all columns of the stored lines;
- one screen of stored lines: as that, but as many lines as the first page has. Neither sorted nor counted.

Where the word was mistyped, bare is the MATCH as typed and then the MATCH with the word that was meant. The vocabulary for
mistyped words is read once after each change of the register: the first slip after one is a figure of its own. So is the
count, which the list asks for in a second task when the first page says that more match than were looked at.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from poverty_desktop.app.office import Office
from poverty_desktop.bench.figures import Bench, percentile
from poverty_desktop.bench.offices import pulled_office
from poverty_desktop.services.searching import SCREEN
from poverty_desktop.storage.lists import ListQueries
from poverty_desktop.storage.search import query_of

PEOPLE = 100_000
PEOPLE_A_HOUSEHOLD = 4.0  # of the invented commune; what was made is counted and printed
ROUNDS = 6
_MATCHING = "FROM household_search f JOIN household_line l ON l.key = f.rowid WHERE household_search MATCH ?"
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM household_search WHERE household_search MATCH ? LIMIT 10000)"
ROW_IDS = "bare FTS query, 200 row ids"
LIMITS = {
    ROW_IDS: "SELECT rowid FROM household_search WHERE household_search MATCH ? LIMIT 200",
    "bare FTS query, 200 stored lines": f"SELECT l.* {_MATCHING} LIMIT 200",
    f"bare FTS query, {SCREEN} stored lines": f"SELECT l.* {_MATCHING} LIMIT {SCREEN}",
}
_SLIPS = {"phuogn": "phuong", "khnah": "khanh"}
QUERIES = {
    "broad": ("nguyễn", "tổ dân phố"),
    "narrow": ("rơ châm hyưh", "đỗ xuân phúc"),
    "digits": ("062095", "01-0012", "0912 3"),
    "slip": tuple(_SLIPS),
}


Taken = tuple[float, ...]
"""Milliseconds of one keystroke: ours, then each of `LIMITS`."""


def search(people: int = PEOPLE, rounds: int = ROUNDS) -> Bench:
    """Median and 95th percentile in milliseconds by kind of search, over every prefix of every text."""
    bench = Bench("search")
    with tempfile.TemporaryDirectory() as place:
        started = time.perf_counter()
        office = pulled_office(Path(place) / "workspace", max(8, round(people / PEOPLE_A_HOUSEHOLD)))
        built = time.perf_counter() - started
        office.reviewing.begin_round(office.clock.today().year)  # lists look for the survey of the newest review
        try:
            bench.add("people searched", office.registering.people(), "people")
            bench.add("the commune taken in", built, "s")
            measure(bench, office, rounds)
        finally:
            office.workspace.close()
    return bench


def measure(bench: Bench, office: Office, rounds: int) -> None:
    """Add the figures of this open commune."""
    everything = []
    _add_first_slip(bench, office, rounds)
    for kind, texts in QUERIES.items():
        keyed = [text[:end] for text in texts for end in range(len(text) if kind == "slip" else 1, len(text) + 1)]
        taken = [_keystroke(office, text, turn) for turn in range(rounds) for text in keyed]
        _add(bench, kind, taken)
        everything += taken
    _add(bench, "all keystrokes", everything)
    _add_counts(bench, office)
    bench.notes.append(
        f"a keystroke is the first page of the list, {SCREEN} lines; ours and the bare query take turns in going first"
    )
    bench.notes.append(
        "bare: joined to nothing or to the stored lines, unsorted, uncounted; mistyped: as typed and then as meant"
    )


def _keystroke(office: Office, text: str, turn: int) -> Taken:
    """One keystroke each way. Whoever comes first finds the pages of the file cold and warms them for the other."""
    row_ids, *with_lines = [partial(_run, office, text, sql) for sql in LIMITS.values()]
    if turn % 2:
        bare = _timed(row_ids)
        ours = _timed(lambda: office.registering.find(text))
    else:
        ours = _timed(lambda: office.registering.find(text))
        bare = _timed(row_ids)
    return ours, bare, *map(_timed, with_lines)


def _add(bench: Bench, name: str, taken: list[Taken]) -> None:
    ours, *bare = zip(*taken, strict=True)
    for limit, values in zip(LIMITS, bare, strict=True):
        bench.add(f"{name}, median", statistics.median(ours), "ms", (limit, statistics.median(values)))
    bench.add(f"{name}, 95 %", percentile(ours, 0.95), "ms", (ROW_IDS, percentile(bare[0], 0.95)))


def _add_first_slip(bench: Bench, office: Office, rounds: int) -> None:
    """Lists that have not read the vocabulary yet are as lists after a change."""
    at = office.workspace
    ours, bare = [], []
    for text in QUERIES["slip"] * rounds:
        lists = ListQueries(at.database, at.drafts, at.records)
        ours.append(_timed(partial(lists.households, text, limit=SCREEN, counted=False)))
        bare.append(_timed(partial(_run, office, text, LIMITS[ROW_IDS])))
    bench.add("first slip after a change, median", statistics.median(ours), "ms", (ROW_IDS, statistics.median(bare)))


def _add_counts(bench: Bench, office: Office) -> None:
    """The second task: only for texts of which the first page did not say how many match."""
    texts = {text[:end] for kind in ("broad", "narrow", "digits") for text in QUERIES[kind] for end in range(1, len(text) + 1)}
    many = sorted(text for text in texts if office.registering.find(text).at_least)
    if many:
        ours = [_timed(partial(office.registering.count, text)) for text in many]
        bare = [_timed(partial(_run, office, text, _COUNT)) for text in many]
        limit = ("bare FTS count up to 10,000", statistics.median(bare))
        bench.add("the count after the first page, median", statistics.median(ours), "ms", limit)


def _run(office: Office, text: str, sql: str) -> None:
    for typed in filter(None, (text, _SLIPS.get(text))):
        query = query_of(typed)
        if query:
            office.workspace.database.rows(sql, (query.match,))


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
