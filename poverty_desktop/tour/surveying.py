"""Keying a Phieu B from paper: the question under the cursor is read, what the paper says is typed, Enter goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.gui.questions.roster_table import RosterTable
from poverty_desktop.tour.driver import NotSeen, wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.paper import PaperForm

Key = Qt.Key
MOST_QUESTIONS = 250


def open_survey(laptop: Laptop, household_code: str) -> None:
    """From the list of the round, by the code on the paper."""
    laptop.go("review")
    laptop.search("review.search", household_code, "review.table")
    laptop.hand.press(Key.Key_Return)
    laptop.wait_for("survey")
    wait_until(lambda: question_here() is not None, "the first question")


def question_here() -> tuple[str, int | None] | None:
    """(name of the question, line of the roster or None) under the cursor."""
    widget = QApplication.focusWidget()
    while widget is not None:
        if isinstance(widget, RosterTable):
            index = widget.currentIndex()
            cell = widget.roster.cell(index)
            return (cell.key.rsplit("/", 1)[-1], index.row()) if cell else None
        if widget.objectName().startswith("question."):
            return widget.objectName().rsplit(".", 1)[-1], None
        parent = widget.parent()
        widget = parent if isinstance(parent, QWidget) else None
    return None


def key_paper(laptop: Laptop, paper: PaperForm, until: str = "result_note", breathe: Callable[[], None] = lambda: None) -> int:
    """Type the paper from where the cursor stands to the question `until`; gives the number of answers typed. `breathe` is
    called after each answer: without it the keys come as fast as the program takes them.
    """
    typed = 0
    for _ in range(MOST_QUESTIONS):
        here = question_here()
        if here is None:
            raise NotSeen(f"a question under the cursor (it is on '{laptop.focus}')")
        if here[0] == until:
            return typed
        keys = paper.keys_for(*here)
        laptop.hand.type(keys)
        typed += bool(keys)
        laptop.hand.press(Key.Key_Return)
        breathe()
    raise NotSeen(f"the question '{until}' after {MOST_QUESTIONS} steps")


def finish(laptop: Laptop) -> None:
    """Ctrl+Enter; the program goes back to where one came from."""
    laptop.hand.control(Key.Key_Return)
    wait_until(lambda: laptop.place != "survey", "the survey finished")
    laptop.settle()
