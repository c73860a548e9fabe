"""The tour's eye for cut words: it must see what an officer could not read, and pass over what can be read."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.title_line import TitleLabel
from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.gui.questions.option_list import OptionList
from poverty_desktop.tour.clipping import cut_words

LONG = "Hợp tác xã nông nghiệp và dịch vụ tổng hợp Ba Tơ"


def label(words: str) -> QWidget:
    return QLabel(words)


def title(words: str) -> QWidget:
    shown = TitleLabel()
    shown.set_whole(words)
    return shown


def button(words: str) -> QWidget:
    return QPushButton(words)


def line(words: str) -> QWidget:
    return QLineEdit(words)


def box(words: str) -> QWidget:
    shown = QComboBox()
    shown.addItem(words)
    return shown


def table(words: str) -> QWidget:
    shown = QTableWidget(1, 1)
    shown.setItem(0, 0, QTableWidgetItem(words))
    shown.setColumnWidth(0, 80)
    shown.verticalHeader().setDefaultSectionSize(30)
    return shown


def head(words: str) -> QWidget:
    shown = QTableWidget(1, 1)
    shown.setHorizontalHeaderLabels([words])
    shown.setColumnWidth(0, 80)
    return shown


def choices(words: str) -> QWidget:
    shown = QListWidget()
    shown.addItem(words)
    return shown


def question(words: str) -> QWidget:
    """Its own words stand above a line; the whole is as low as one line of them."""
    shown = QuestionField(FieldState("a", "note", words, "", "", False, (), "", "", False, False), Texts("vi", {}))
    shown.setMaximumHeight(24)
    return shown


def options(words: str) -> QWidget:
    shown = OptionList()
    shown.show_options((Option("a", words, "1"),), frozenset())
    shown.setMaximumHeight(30)
    return shown


@pytest.mark.parametrize("make", [label, title, button, line, box, table, head, question, options])
def test_cut_words_are_seen(qtbot, qapp: QApplication, make) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    holder = make(LONG)
    holder.setParent(window)
    holder.setFixedSize(160, min(140, holder.maximumHeight()))
    window.show()
    assert len(cut_words(window)) == 1


@pytest.mark.parametrize("make", [label, title, button, line, box, table, head, choices, question, options])
def test_whole_words_pass(qtbot, qapp: QApplication, make) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    holder = make("Có")
    holder.setParent(window)
    holder.setFixedSize(200, min(140, holder.maximumHeight()))
    window.show()
    assert cut_words(window) == []
