"""The window with the list of a round and its surveys, and a hand on its keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from poverty_desktop.domain.records import Survey
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.review_presenter import ReviewPresenter
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from poverty_desktop.gui.questions.roster_table import RosterTable
from poverty_desktop.gui.screens.review_screen import ReviewScreen
from poverty_desktop.gui.screens.survey_screen import SurveyScreen
from poverty_desktop.gui.shell import Shell
from tests.gui.fakes import DictMemory, ImmediateTasks
from tests.gui.keyboard import press, type_text
from tests.review.conftest import Commune

ENTER, DOWN, UP = Qt.Key.Key_Return, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp


@dataclass
class Office:
    """The window with the list of the round and the survey, and a hand on its keyboard."""

    commune: Commune
    shell: Shell
    keys: list[str] = field(default_factory=list)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
        for _ in range(times):
            self.keys.append(str(key))
            press(self.shell, key, modifiers)

    def answers(self, typed: str) -> None:
        """Each word of `typed` into one question, then Enter; "." leaves one as it is."""
        for word in typed.split():
            if word != ".":
                self.keys += word
                type_text(self.shell, word)
            self.press(ENTER)

    def sees(self, name: str) -> QWidget:
        found = [one for one in self.shell.findChildren(QWidget, name) if one.isVisible()]
        assert found, f"{name} is not on the screen; the focus is on {self.focus}"
        return found[0]

    def words(self, name: str) -> str:
        widget = self.sees(name)
        labels = [widget] if isinstance(widget, QLabel) else widget.findChildren(QLabel)
        return " ".join(label.text() for label in labels if isinstance(label, QLabel)) + widget.accessibleDescription()

    @property
    def focus(self) -> str:
        widget = QApplication.focusWidget()
        return widget.objectName() if widget else ""

    @property
    def cell(self) -> str:
        """The answer key under the cursor of the roster."""
        table = self.sees("survey.roster")
        assert isinstance(table, RosterTable)
        cell = table.roster.cell(table.currentIndex())
        return cell.key if cell else ""

    @property
    def survey(self) -> Survey:
        return self.commune.records.select(Survey)[-1]

    def kept(self, key: str) -> object:
        return self.commune.drafts.all()[0].values.get(key)

    def open(self, household: str) -> None:
        self.shell.go("survey", household_id=household)


def office_of(commune: Commune, texts: Texts) -> Office:
    tasks = ImmediateTasks()

    def survey() -> SurveyScreen:
        screen = SurveyScreen(SurveyPresenter(commune.service(), tasks, texts, shell), texts)
        screen.bind()
        return screen

    def review() -> ReviewScreen:
        screen = ReviewScreen(ReviewPresenter(commune.service(), tasks, texts, shell), texts, commune.clock.today)
        screen.bind()
        return screen

    shell = Shell(texts, {"survey": survey, "review": review}, DictMemory())
    shell.resize(1366, 768)
    shell.show()
    shell.activateWindow()
    shell.go("review")
    return Office(commune, shell)


@pytest.fixture
def office(qtbot, commune: Commune, texts: Texts) -> Iterator[Office]:
    office = office_of(commune, texts)
    qtbot.addWidget(office.shell)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is office.shell)
    yield office
    office.shell.close()
