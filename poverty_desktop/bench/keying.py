"""A process that keys random papers of Phieu B into the real window and real file, and compares every answer with the paper.

The keys of a whole paper are sent one behind the other without a pause and without a repaint between them.

    python -m poverty_desktop.bench.keying FOLDER FORMS SEED
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.app import Application
from poverty_desktop.bench.typist import opened, wait_until
from poverty_desktop.bench.written_paper import ENTER, LEAVE, Written, asked_in, differences, written
from poverty_desktop.domain.records import Household, Survey
from poverty_desktop.gui.presenters.survey_presenter import REGISTER_FACTS
from poverty_desktop.services.survey_sheet import ROSTER, SurveySheet

CONTROL = Qt.KeyboardModifier.ControlModifier
COUNTED_MEMBERS = 5


class Keying:
    """The hands and the tally of one run."""

    def __init__(self, application: Application, seed: int) -> None:
        self._application, self._dice = application, random.Random(seed)
        self.forms = self.answers = 0
        self.wrong: list[str] = []
        self.coded = {"keys": 0, "answers": 0}  # of households of `COUNTED_MEMBERS`

    def run(self, forms: int) -> None:
        for household in self._application.open_office.workspace.records.select(Household)[:forms]:
            self._key(household.id)

    def _key(self, household_id: str) -> None:
        sheet = self._sheet(household_id)
        known, paper = sheet.session.answers(), self._paper(sheet)
        self._application.shell.go("survey", household_id=household_id)
        wait_until(lambda: self._presenter.state.ready, "the survey")
        for line in paper:
            send(line.keys, self._application.shell)
        send(LEAVE, self._application.shell)
        wait_until(lambda: getattr(self._application.shell.current, "place", "") != "survey", f"the end of {self._where()}")
        wait_until(lambda: not self._application.tasks.busy, "the file")
        stored = self._application.open_office.workspace.records.select(Survey, household_id=household_id)[-1]
        self._compare(paper, stored, known, len(sheet.session.instances(ROSTER)))

    def _sheet(self, household_id: str) -> SurveySheet:
        """The survey as it will open, read on the file's own lane."""
        found: list[SurveySheet] = []
        office = self._application.open_office
        self._application.tasks.storage(lambda: office.reviewing.open(household_id), found.append)
        wait_until(lambda: found, "the sheet")
        return found[0]

    def _paper(self, sheet: SurveySheet) -> list[Written]:
        session = sheet.session.fork()
        facts = (key for key in session.question_keys() if key.rsplit("/", 1)[-1] in REGISTER_FACTS and session.value(key))
        return written(session, self._dice, asked_in(session, frozenset(facts)))

    def _compare(self, paper: list[Written], stored: Survey, known: dict[str, str], members: int) -> None:
        self.forms += stored.state == "finished"
        self.answers += sum(bool(line.value) for line in paper)
        self.wrong += differences(paper, stored.answers, known)
        if members == COUNTED_MEMBERS:
            self.coded["keys"] += sum(len(line.keys) for line in paper if line.coded)
            self.coded["answers"] += sum(line.coded for line in paper)

    @property
    def _presenter(self) -> Any:
        return self._application.shell.current._presenter  # type: ignore[union-attr]

    def _where(self) -> str:
        state = self._presenter.state
        return f"{state.title}: {[(one.label, one.sentence) for one in state.missing or ()][:5]}"


def send(keys: str, fallback: QWidget) -> None:
    """Key by key to where the focus is; letters beyond ASCII as an input method commits them."""
    for letter in keys:
        target = QApplication.focusWidget() or fallback
        if letter == ENTER:
            QTest.keyClick(target, Qt.Key.Key_Return)
        elif letter == LEAVE:
            QTest.keyClick(target, Qt.Key.Key_Return, CONTROL)
        elif letter.isascii():
            QTest.keyClick(target, letter)  # type: ignore[call-overload]
        else:
            committed = QInputMethodEvent()
            committed.setCommitString(letter)
            QApplication.sendEvent(target, committed)


def main() -> None:
    folder, forms, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    keying = Keying(opened(folder), seed)
    keying.run(forms)
    found = {"forms": keying.forms, "answers": keying.answers, "wrong": keying.wrong, "coded": keying.coded}
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
