"""A process that keys answers into the real survey and household windows and says, line by line, what it typed and which of it
the status line has called saved. It never ends by itself: `bench kill` ends it with SIGKILL.

Lines on stdout, JSON, flushed one by one: `["ready"]`; `["typed", n, screen, household id, key, value]` just before the keys are
sent; `["saved", n]` when the officer sees "saved" for it. The storage lane keeps the order, so the next sign is for the oldest
field that waits for one.

    python -m poverty_desktop.bench.typist FOLDER SEED
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.app import Application, hook_bugs, qt_application
from poverty_desktop.domain.records import Household
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.screens.household_screen import HouseholdScreen
from poverty_desktop.gui.screens.survey_screen import SurveyScreen

PATIENCE_SECONDS = 20.0
AT_ONCE = 3  # fields left at the most before the typist looks whether they were saved
_WORDS = ("nhà cạnh suối", "đường đất đỏ", "bếp củi", "vách tre", "gốc đa", "cầu treo")


def say(*line: object) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Stuck(Exception):
    """Something that must appear did not."""


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    loop = QEventLoop()
    watch = QTimer()
    watch.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > deadline else None)
    watch.start(2)
    if not condition():
        loop.exec()
    if not condition():
        raise Stuck(what)


class Typist:
    """The hands on one window. `dice` decides where it types and what."""

    def __init__(self, application: Application, dice: random.Random) -> None:
        self._application, self._dice = application, dice
        self._typed = 0
        self._unsigned: deque[int | None] = deque()  # fields left, oldest first; None: a Save
        self._watch_the_status_line()

    def _watch_the_status_line(self) -> None:
        line = self._application.shell.status_line
        show = line.show_saved

        def shown(at: datetime) -> None:
            show(at)
            number = self._unsigned.popleft()
            if number is not None:
                say("saved", number)

        line.show_saved = shown  # type: ignore[method-assign]

    @property
    def _screen(self) -> Any:
        return self._application.shell.current

    def type_for_ever(self) -> None:
        households = self._application.open_office.workspace.records.select(Household)
        say("ready")
        while True:
            household_id = self._dice.choice(households[:8]).id
            self._type_survey(household_id)
            self._type_household(household_id)

    # --- the survey --------------------------------------------------------------------------------------------------------

    def _type_survey(self, household_id: str) -> None:
        self._application.shell.go("survey", household_id=household_id)
        screen = self._screen
        assert isinstance(screen, SurveyScreen)
        presenter = screen._presenter
        wait_until(lambda: presenter.state.ready, "the survey")
        sections = [mark.path for mark in presenter.state.sections]
        for path in self._dice.sample(sections, min(4, len(sections))):
            presenter.go_to_section(path)
            for _ in range(2):
                self._answer_some(screen, household_id)
        self._save()

    def _answer_some(self, screen: SurveyScreen, household_id: str) -> None:
        for _ in range(self._dice.randint(1, AT_ONCE)):
            rows = [row for row in screen._presenter.state.rows if isinstance(row, FieldState) and self._can_type(row)]
            if rows:
                self._answer(screen, household_id, self._dice.choice(rows))
        self._wait_for_signs()

    def _can_type(self, row: FieldState) -> bool:
        return row.writable and not row.multiline and row.kind in ("select_one", "text", "integer", "decimal")

    def _answer(self, screen: SurveyScreen, household_id: str, row: FieldState) -> None:
        screen.paper.stand_on(row.key)
        if row.kind == "select_one":
            option = self._dice.choice([one for one in row.options if one.value != row.value])
            self._leave("survey", household_id, row.key, option.value, option.number)
            return
        fresh = self._text() if row.kind == "text" else str(self._dice.choice([n for n in range(10, 99) if str(n) != row.value]))
        self._leave("survey", household_id, row.key, fresh, fresh, Qt.Key.Key_Return)

    # --- the household -----------------------------------------------------------------------------------------------------

    def _type_household(self, household_id: str) -> None:
        self._application.shell.go("household", household_id=household_id)
        screen = self._screen
        assert isinstance(screen, HouseholdScreen)
        wait_until(lambda: screen._presenter.state.household_id == household_id, "the household")
        for _ in range(3):
            name = self._dice.choice(("permanent_address", "phone"))
            fresh = self._text() if name != "phone" else f"09{self._dice.randrange(10**8):08d}"
            screen.form.fields[name].editor.setFocus(Qt.FocusReason.TabFocusReason)
            self._leave("household", household_id, f"household.{name}", fresh, fresh, Qt.Key.Key_Return)
            if self._dice.random() < 0.5:
                self._wait_for_signs()
        self._wait_for_signs()
        self._save()

    # --- hands -------------------------------------------------------------------------------------------------------------

    def _leave(self, screen: str, household_id: str, key: str, value: str, keys: str, leaving: Qt.Key | None = None) -> None:
        """Type into the field that has the focus and leave it; its sign will come."""
        self._typed += 1
        say("typed", self._typed, screen, household_id, key, value)
        self._unsigned.append(self._typed)
        for letter in keys:
            self._press(letter)
        if leaving is not None:
            QTest.keyClick(self._target, leaving)

    def _press(self, letter: str) -> None:
        if letter.isascii():
            QTest.keyClick(self._target, letter)  # type: ignore[call-overload]
            return
        committed = QInputMethodEvent()
        committed.setCommitString(letter)
        QApplication.sendEvent(self._target, committed)

    @property
    def _target(self) -> QWidget:
        return QApplication.focusWidget() or self._application.shell

    def _save(self) -> None:
        """Ctrl+S: the draft becomes a Save; its sign names no field."""
        self._unsigned.append(None)
        QTest.keyClick(self._target, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        self._wait_for_signs()

    def _wait_for_signs(self) -> None:
        wait_until(lambda: not self._unsigned, f"the sign that {list(self._unsigned)} are saved")

    def _text(self) -> str:
        return f"{self._dice.choice(_WORDS)} {self._dice.randrange(10**6)}"


def opened(folder: Path) -> Application:
    """The real program on a workspace, at its first screen."""
    qt_application()
    application = Application(folder)
    hook_bugs(application.bugs)
    application.show()
    application.shell.activateWindow()
    wait_until(lambda: application.office is not None and getattr(application.shell.current, "place", "") == "work", "the work")
    return application


def main() -> int:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    application = opened(folder)
    try:
        Typist(application, random.Random(seed)).type_for_ever()
    except Exception as error:  # noqa: BLE001 - whatever stops the typist is what the parent has to hear
        say("stuck", f"{type(error).__name__}: {error}")
    return 1


if __name__ == "__main__":
    os._exit(main())
