"""A process that keys answers into an open form and says how long each took from its key to the repainted screen.

    python -m poverty_desktop.bench.answered_form large ANSWERS            the form of 600 questions
    python -m poverty_desktop.bench.answered_form survey ANSWERS FOLDER    Phieu B of a household of eight, and its opening
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from poverty_desktop.app import Application, hook_bugs, qt_application
from poverty_desktop.app.office import Office
from poverty_desktop.bench.first_paint import SIZE, resident_mib
from poverty_desktop.bench.keying import send
from poverty_desktop.bench.large_form import large_form
from poverty_desktop.bench.offices import opened_office
from poverty_desktop.bench.typist import wait_until
from poverty_desktop.bench.written_paper import asked_in, written
from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.presenters.survey_filling import FormPresenter
from poverty_desktop.gui.presenters.survey_presenter import REGISTER_FACTS
from poverty_desktop.gui.try_window import TryWindow
from poverty_desktop.services.practising import GroupOfCreates
from poverty_desktop.system.resources import load_texts

TODAY, SEED = date(2026, 11, 23), 2026
MEMBERS = 8
LETTERS = 600
Found = dict[str, Any]


class Paintings(QObject):
    """Counts what was painted, so that nothing is called repainted that was not."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        QCoreApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


def painted() -> None:
    """Let everything that was asked for be laid out and painted."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    painted()
    return (time.perf_counter() - began) * 1000


def shown(window: QWidget) -> None:
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    painted()


# --- answers ------------------------------------------------------------------------------------------------------------


def answered(window: QWidget, presenter: FormPresenter, passed_by: frozenset[str], most: int) -> list[float]:
    """Milliseconds from the key that ends an answer to the repainted screen, for the first `most` answers of the paper."""
    assert presenter._filling is not None
    session = presenter._filling.session.fork()
    paper = written(session, random.Random(SEED), asked_in(session, passed_by))[:most]
    taken = []
    for line in paper:
        send(line.keys[:-1], window)
        painted()
        took = timed(lambda line=line: send(line.keys[-1], window))  # type: ignore[misc]
        if line.value:
            taken.append(took)
    _hold_to_paper({line.key: line.value for line in paper}, presenter)
    return taken


def _hold_to_paper(paper: dict[str, str], presenter: FormPresenter) -> None:
    assert presenter._filling is not None
    session = presenter._filling.session
    wrong = [key for key, value in paper.items() if session.value(key) != value]
    if wrong:
        raise RuntimeError(f"keyed into the wrong place: {wrong[:5]}")


def large(texts: Texts, most: int) -> Found:
    form = FormDefinition.parse(large_form())
    window = TryWindow(form, texts, today=TODAY, file="large.xml")
    shown(window)
    opened = timed(window.begin)
    paintings = Paintings(window)
    before = resident_mib()
    taken = answered(window, window.presenter, frozenset(), most)
    if paintings.count < len(taken):
        raise RuntimeError(f"{len(taken)} answers, but painted only {paintings.count} times")
    return {"answers_ms": taken, "opened_ms": opened, "memory_mib": resident_mib(), "before_mib": before}


def survey(most: int, folder: Path) -> Found:
    """In the whole program on a real file: its lane works beside the window, as it does for the officer."""
    with opened_office(folder) as office:
        household = _family(office)
    application = Application(folder)
    hook_bugs(application.bugs)
    application.show()
    application.shell.resize(*SIZE)
    application.shell.activateWindow()
    wait_until(lambda: application.office is not None and getattr(application.shell.current, "place", "") == "work", "the work")
    painted()
    opened = timed(lambda: _open(application, household))
    presenter = application.shell.current._presenter  # type: ignore[union-attr]
    taken = answered(application.shell, presenter, _facts(presenter), most)
    presenter.go_to("identification/respondent")
    painted()
    typed = [timed(lambda: send("a", _line())) for _ in range(LETTERS)]
    found = {"answers_ms": taken, "opened_ms": opened, "letters_ms": typed}
    return {**found, "memory_mib": resident_mib(), "bare_letters_ms": _bare(), "members": MEMBERS}


def _open(application: Application, household: str) -> None:
    application.shell.go("survey", household_id=household)
    while not application.shell.current._presenter.state.ready:  # type: ignore[union-attr]
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _facts(presenter: FormPresenter) -> frozenset[str]:
    assert presenter._filling is not None
    session = presenter._filling.session
    keys = (key for key in session.question_keys() if key.rsplit("/", 1)[-1] in REGISTER_FACTS)
    return frozenset(key for key in keys if session.value(key))


def _family(office: Office) -> str:
    """A household of `MEMBERS` people: the first one, with children of every age added."""
    records, user = office.workspace.records, office.workspace.officer.id
    household = records.select(Household)[0].id
    there = len(records.select(HouseholdMember, household_id=household))
    group = GroupOfCreates(records, user)
    for place in range(there, MEMBERS):
        born = f"{2026 - 3 * place}-05-02"
        facts = {"position": place, "full_name": f"Đinh Văn Đo {place}", "sex": 1, "birth_date": born, "relation_to_head": 3}
        group.create("household_member", {"household_id": household, **facts})
    group.save()
    return household


def _line() -> QWidget:
    focused = QApplication.focusWidget()
    if not isinstance(focused, (QLineEdit, QPlainTextEdit)):
        raise RuntimeError(f"no line of text has the focus, but {focused}")
    return focused


def _bare() -> list[float]:
    """The same letters into Qt's own line editor in a window of the same size, dressed as ours is."""
    window = QWidget()
    line = QLineEdit(window)
    QVBoxLayout(window).addWidget(line, 0, Qt.AlignmentFlag.AlignTop)
    shown(window)
    line.setFocus()
    painted()
    return [timed(lambda: send("a", line)) for _ in range(LETTERS)]


def main() -> None:
    what, most, *folder = sys.argv[1:]
    qt_application()
    found = large(load_texts("vi"), int(most)) if what == "large" else survey(int(most), Path(folder[0]))
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
