"""A process that keys a paper and tells, line by line, which fields the program has called saved. It is there to be killed."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from poverty_desktop.app import hook_bugs, qt_application
from poverty_desktop.system.bug_reports import BugReports
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.tour.driver import live
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.paper import PaperForm
from poverty_desktop.tour.report import SCREENS, TourReport
from poverty_desktop.tour.surveying import key_paper, open_survey

PACE_MILLISECONDS = 40
ENOUGH = 12  # fields called saved before the process is killed


def command(folder: Path, password: str, paper: PaperForm) -> list[str]:
    return [sys.executable, "-m", "poverty_desktop.tour.typist", str(folder), password, json.dumps(asdict(paper))]


def read(line: str) -> dict[str, str]:
    """What one line of the typist says was saved: key -> value."""
    told: dict[str, str] = json.loads(line)
    return told


def main() -> int:
    folder, password, given = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    paper = PaperForm(**{**given, "birth_dates": tuple(given["birth_dates"])})
    qt_application()
    hook_bugs(BugReports(Path(tempfile.gettempdir()), SystemClock().now, "typist"))
    laptop = Laptop("typist", folder, TourReport(Path(tempfile.gettempdir()), SCREENS["1366x768"]), password)
    laptop.switch_on()
    laptop.unlock()
    open_survey(laptop, paper.household_code)
    _tell_what_is_saved(laptop)
    key_paper(laptop, paper, breathe=lambda: live(PACE_MILLISECONDS))
    return 0


def _tell_what_is_saved(laptop: Laptop) -> None:
    """The n-th sign in the status line is for the n-th answer: the storage lane keeps the order."""
    answered: list[tuple[str, str]] = []
    status = laptop.application.shell.status_line
    show = status.show_saved

    def shown(at: datetime) -> None:
        show(at)
        key, value = answered.pop(0)
        print(json.dumps({key: value}), flush=True)

    screen: Any = laptop.application.shell.current
    screen.paper.answered.connect(lambda key, value: answered.append((key, value)))
    status.show_saved = shown  # type: ignore[method-assign]


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
