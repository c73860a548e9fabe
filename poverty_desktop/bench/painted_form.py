"""A process that paints the longest section of Phieu B several times and says how long each took; ours, or bare Qt editors.

Bare: the same questions as plain QLabels over the same number of plain editors of the same kinds (a QListWidget with the same
options, a QLineEdit, a QPlainTextEdit) in a scroll area; no theme, no program around it. Two of them: `form_ms` without the
hints, each list at Qt's own height, which hides most options; `whole_ms` with what ours shows, every hint and every option.

    python -m poverty_desktop.bench.painted_form ours FOLDER ROUNDS
    python -m poverty_desktop.bench.painted_form bare FOLDER ROUNDS
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from poverty_desktop.bench.first_paint import SIZE
from poverty_desktop.bench.offices import opened_office
from poverty_desktop.domain.records import Household
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.first_frame import FirstFrame
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from poverty_desktop.gui.presenters.survey_state import FieldState, SurveyState
from poverty_desktop.system.resources import load_texts


class AtOnce:
    """The file's lane on the calling thread: only painting is measured here."""

    def storage(self, work: Callable[[], Any], done: Callable[[Any], None] | None = None, failed: Any = None) -> None:
        found = work()
        if done is not None:
            done(found)

    network = storage


class NoFrame:
    def go(self, place: str, **facts: object) -> None: ...

    def back(self) -> None: ...

    def lock(self) -> None: ...

    def saved(self, at: datetime) -> None: ...

    def tell(self, tone: str, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> None: ...

    def problem(self, problem: Exception) -> None:
        raise problem

    def synced(self, sign: Any) -> None: ...


def longest_section(folder: Path, texts: Texts) -> SurveyState:
    """The state of the section with most writable questions, of the first household."""
    with opened_office(folder) as office:
        presenter = SurveyPresenter(office.reviewing, AtOnce(), texts, NoFrame())
        presenter.open(office.workspace.records.select(Household)[0].id)
        states = []
        for mark in presenter.state.sections:
            presenter.go_to_section(mark.path)
            states.append(presenter.state)
        return max(states, key=lambda state: len(_fields(state)))


def _fields(state: SurveyState) -> list[FieldState]:
    return [row for row in state.rows if isinstance(row, FieldState) and row.writable]


def paint(build: Callable[[], QWidget]) -> float:
    """Milliseconds from nothing to painted."""
    loop = QEventLoop()
    began = time.perf_counter()
    window = build()
    window.resize(*SIZE)
    ended: list[float] = []

    def done() -> None:
        ended.append(time.perf_counter())
        loop.quit()

    FirstFrame(window, done)
    window.show()
    loop.exec()
    window.hide()
    window.deleteLater()
    return (ended[0] - began) * 1000


def our_paper(state: SurveyState, texts: Texts) -> QWidget:
    from poverty_desktop.gui.questions.section_page import SectionPage

    page = SectionPage(texts)
    page.show_section(state)
    return page


def our_screen(state: SurveyState, texts: Texts) -> QWidget:
    """The paper with section list, explanation and notices around it."""
    from poverty_desktop.gui.screens.survey_screen import SurveyScreen

    screen = SurveyScreen(None, texts)  # type: ignore[arg-type]  # nothing is typed, so nobody is asked
    screen.render(state)
    return screen


def bare_form(state: SurveyState, *, whole: bool) -> QWidget:
    """`whole`: the hints too, and each list as high as its options."""
    inside, scroll = QWidget(), QScrollArea()
    column = QVBoxLayout(inside)
    for row in _fields(state):
        label = QLabel(row.label)
        label.setWordWrap(True)
        column.addWidget(label)
        column.addWidget(_bare_editor(row, whole=whole))
        if whole and row.hint:
            hint = QLabel(row.hint)
            hint.setWordWrap(True)
            column.addWidget(hint)
    scroll.setWidgetResizable(True)
    scroll.setWidget(inside)
    return scroll


def _bare_editor(row: FieldState, *, whole: bool) -> QWidget:
    if row.options:
        options = QListWidget()
        options.addItems([option.label for option in row.options])
        if whole:
            options.setFixedHeight(options.sizeHintForRow(0) * len(row.options) + 2 * options.frameWidth())
        return options
    return QPlainTextEdit(row.shown) if row.multiline else QLineEdit(row.shown)


def main() -> None:
    whose, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    texts = load_texts("vi")
    qt: QApplication
    if whose == "ours":
        from poverty_desktop.app import qt_application

        qt = qt_application()
    else:
        qt = QApplication(sys.argv[:1])
    state = longest_section(folder, texts)
    ways: dict[str, Callable[[], QWidget]] = {
        "form_ms": lambda: bare_form(state, whole=False),
        "whole_ms": lambda: bare_form(state, whole=True),
    }
    if whose == "ours":
        ways = {"form_ms": lambda: our_paper(state, texts), "screen_ms": lambda: our_screen(state, texts)}
    found = {name: [paint(build) for _ in range(rounds)] for name, build in ways.items()}
    fields = _fields(state)
    options, hints = sum(len(row.options) for row in fields), sum(bool(row.hint) for row in fields)
    size = {"editors": len(fields), "options": options, "hints": hints}
    sys.stdout.write(json.dumps({**found, **size, "platform": qt.platformName()}) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
