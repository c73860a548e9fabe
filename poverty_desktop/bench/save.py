"""`bench save`: what saving one field costs against a bare SQLCipher commit with FULL on the same disk, and how many commits.

Commits are counted in the write-ahead log itself: frames whose header says "size of the database after this commit" (SQLite file
format, section 4.1), with checkpoints held off meanwhile. In WAL mode with synchronous=FULL each commit is one flush.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop

from poverty_desktop.app.office import Office
from poverty_desktop.app.process import qt_application
from poverty_desktop.bench.figures import Bench
from poverty_desktop.bench.offices import new_office
from poverty_desktop.domain.records import Household
from poverty_desktop.gui.presenters.household_presenter import HouseholdPresenter
from poverty_desktop.gui.presenters.member_fields import MemberFields
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from poverty_desktop.gui.task_runner import TaskRunner
from poverty_desktop.storage.engine import connect
from poverty_desktop.system.resources import load_texts

RUNS = 300
COUNTED = 20
_PUT = "INSERT INTO kept VALUES ('field', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
LIMIT = "bare SQLCipher commit, FULL"


def save(runs: int = RUNS) -> Bench:
    """Median milliseconds of each way, measured in turns with the bare commit so that a drifting disk meets both."""
    bench = Bench("save")
    with tempfile.TemporaryDirectory() as place:
        office = new_office(Path(place) / "workspace", 10)
        bare = BareFile(Path(place) / "bare.db")
        hands = Hands(office)
        try:
            for name, act in hands.ways.items():
                _in_turns(bench, name, act, bare, runs)
            for name, act in hands.ways.items():
                bench.add(f"commits a field: {name}", commits_of(office, act) / COUNTED, "commits")
        finally:
            hands.close()
            bare.close()
            office.workspace.close()
    bench.notes.append("commits: frames of the write-ahead log that close a commit; in WAL with FULL one flush each")
    return bench


def _in_turns(bench: Bench, name: str, act: Callable[[], None], bare: BareFile, runs: int) -> None:
    ours, theirs = [], []
    act()
    bare.commit()
    for _ in range(runs):
        ours.append(_milliseconds(act))
        theirs.append(_milliseconds(bare.commit))
    bench.add(name, statistics.median(ours), "ms", (LIMIT, statistics.median(theirs)))


def _milliseconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


class BareFile:
    """An encrypted file with the same settings and one table: the least that keeping one value can cost."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, os.urandom(32))
        self._connection.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT)")
        self._values = count()

    def commit(self) -> None:
        at = self._connection
        at.execute("BEGIN IMMEDIATE")
        at.execute(_PUT, (_fresh(self._values),))
        at.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class Hands:
    """The ways of one field to the disk, from the port up to the presenter with its lane."""

    def __init__(self, office: Office) -> None:
        qt_application()
        self._office, self._values = office, count(1)
        self._frame = _Frame()
        self._tasks = TaskRunner(_raise, _raise)
        first, second = office.workspace.records.select(Household)[:2]
        self._draft = self._kept(first.id)
        self._survey_draft = self._kept_survey(first.id)
        self._household, self._survey = self._open_household(second.id), self._open_survey(second.id)
        self.ways: dict[str, Callable[[], None]] = {
            "one field through the draft port": self._by_port,
            "one field through Registering.keep": self._by_registering,
            "one answer through Reviewing.keep": self._by_reviewing,
            "household field left until it is called saved": self._by_household,
            "survey answer left until it is called saved, form recomputed": self._by_survey,
        }

    def _kept(self, household_id: str) -> str:
        draft = self._office.registering.open(household_id).draft
        self._office.registering.keep(draft.id, {"household.phone": "0900000000"})
        return draft.id

    def _kept_survey(self, household_id: str) -> str:
        draft = self._office.reviewing.open(household_id).draft
        self._office.reviewing.keep(draft.id, {"house/floor_area": "30"})
        return draft.id

    def _open_household(self, household_id: str) -> HouseholdPresenter:
        office, texts = self._office, load_texts("vi")
        fields = MemberFields(office.reference, texts)
        presenter = HouseholdPresenter(office.registering, self._tasks, self._frame, office.clock, texts, fields)
        presenter.opened(household_id)
        self._tasks.settle()
        return presenter

    def _open_survey(self, household_id: str) -> SurveyPresenter:
        presenter = SurveyPresenter(self._office.reviewing, self._tasks, load_texts("vi"), self._frame)
        presenter.open(household_id)
        self._tasks.settle()
        presenter.go_to("house/floor_area")
        return presenter

    def _by_port(self) -> None:
        self._office.workspace.drafts.keep(self._draft, {"household.phone": _fresh(self._values)})

    def _by_registering(self) -> None:
        self._office.registering.keep(self._draft, {"household.phone": _fresh(self._values)})

    def _by_reviewing(self) -> None:
        self._office.reviewing.keep(self._survey_draft, {"house/floor_area": _fresh(self._values)}, "house/floor_area")

    def _by_household(self) -> None:
        self._household.left("phone", _fresh(self._values))
        self._frame.wait()

    def _by_survey(self) -> None:
        self._survey.answer("house/floor_area", str(10 + next(self._values) % 80))
        self._frame.wait()

    def close(self) -> None:
        self._tasks.close()


class _Frame:
    """The window around the presenter, as far as saving needs one: it waits for the sign as an officer would."""

    def __init__(self) -> None:
        self._loop = QEventLoop()
        self._signs = 0

    def wait(self) -> None:
        if not self._signs:
            self._loop.exec()
        self._signs -= 1

    def saved(self, at: datetime) -> None:
        self._signs += 1
        self._loop.quit()

    def problem(self, problem: Exception) -> None:
        raise problem

    def go(self, place: str, **facts: object) -> None: ...

    def back(self) -> None: ...

    def lock(self) -> None: ...

    def tell(self, tone: str, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> None: ...

    def synced(self, sign: Any) -> None: ...


def commits_of(office: Office, act: Callable[[], None], times: int = COUNTED) -> int:
    """How many commits `times` acts leave in the write-ahead log."""
    database = office.workspace.database
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    database.rows("PRAGMA wal_autocheckpoint = 0")
    for _ in range(times):
        act()
    found = commits_in(database.path.with_name(database.path.name + "-wal"))
    database.rows("PRAGMA wal_autocheckpoint = 1000")
    return found


def commits_in(log: Path) -> int:
    """Commit frames of a write-ahead log. Headers are plain also where SQLCipher encrypts the pages."""
    data = log.read_bytes()
    page = int.from_bytes(data[8:12], "big")
    salts, place, found = data[16:24], 32, 0
    while place + 24 + page <= len(data) and data[place + 8 : place + 16] == salts:
        found += int.from_bytes(data[place + 4 : place + 8], "big") > 0
        place += 24 + page
    return found


def _fresh(values: count[int]) -> str:
    return f"09{next(values):08d}"


def _raise(problem: BaseException) -> None:
    raise problem
