"""Painted options under the mouse and for a screen reader: what a list of Qt would have done by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState, Option, SurveyState
from poverty_desktop.gui.questions.option_list import OptionList
from poverty_desktop.gui.questions.section_page import SectionPage
from tests.gui.keyboard import press, type_text
from tests.gui.windows import come_to_rest, in_front
from tests.questions.test_editors_alone import question

FOUR = tuple(Option(f"o{number}", words, str(number)) for number, words in enumerate(("Có", "Không", "Một phần", "Chưa rõ"), 1))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot, qapp: QApplication, texts: Texts) -> SectionPage:
    page = SectionPage(texts)
    in_front(qtbot, page, 900, 300)
    return page


def show(page: SectionPage, *rows: FieldState, asked: int = 1) -> None:
    page.show_section(SurveyState(ready=True, section_label="Phần", rows=rows, focus=(rows[0].key, asked)))
    come_to_rest()


def asked(page: SectionPage, kind: str = "select_one", value: str = "", **more: object) -> OptionList:
    show(page, question("a", kind, options=FOUR, value=value, **more))
    options = QApplication.focusWidget()
    assert isinstance(options, OptionList)
    return options


def middle(options: OptionList, row: int) -> QPoint:
    return options.place_of(row).center()


def heard(options: OptionList) -> list[str]:
    answers: list[str] = []
    options.answered.connect(answers.append)
    return answers


def test_an_option_is_chosen_where_the_mouse_was_pressed_and_let_go(page: SectionPage) -> None:
    options = asked(page)
    answers = heard(options)
    QTest.mouseClick(options, LEFT, pos=middle(options, 2))
    assert (answers, options.present) == (["o3"], 2)


def test_a_button_let_go_on_another_option_or_beside_them_chooses_nothing(page: SectionPage) -> None:
    options = asked(page)
    answers = heard(options)
    QTest.mousePress(options, LEFT, pos=middle(options, 1))
    QTest.mouseRelease(options, LEFT, pos=middle(options, 3))
    QTest.mouseClick(options, LEFT, pos=QPoint(options.width() - 2, 2))
    assert answers == []


def test_the_first_and_the_last_option_are_one_key_away(page: SectionPage) -> None:
    options = asked(page)
    press(page, Qt.Key.Key_End)
    assert options.present == 3
    press(page, Qt.Key.Key_Home)
    assert options.present == 0


def test_a_screen_reader_hears_each_option_with_its_number_and_its_tick(page: SectionPage) -> None:
    options = asked(page, "select_multiple", value="o1 o3")
    spoken = QAccessible.queryAccessibleInterface(options)
    assert (spoken.role(), spoken.text(QAccessible.Text.Name)) == (QAccessible.Role.List, "Câu a")
    children = [spoken.child(row) for row in range(spoken.childCount())]
    assert [one.text(QAccessible.Text.Name) for one in children] == ["1 Có", "2 Không", "3 Một phần", "4 Chưa rõ"]
    assert [bool(one.state().checked) for one in children] == [True, False, True, False]
    assert {one.role() for one in children} == {QAccessible.Role.CheckBox}


def test_a_screen_reader_finds_where_the_cursor_is_and_what_is_under_the_mouse(page: SectionPage) -> None:
    options = asked(page, value="o2")
    spoken = QAccessible.queryAccessibleInterface(options)
    assert spoken.focusChild().text(QAccessible.Text.Name) == "2 Không"
    type_text(page, "4")
    assert [bool(spoken.child(row).state().focused) for row in range(4)] == [False, False, False, True]
    place = options.mapToGlobal(middle(options, 2))
    under = spoken.childAt(place.x(), place.y())
    assert under.text(QAccessible.Text.Name) == "3 Một phần"
    assert under.rect().contains(place)
    assert spoken.indexOfChild(under) == 2


def test_a_screen_reader_may_keep_what_the_page_let_go(page: SectionPage) -> None:
    options = asked(page)
    last = QAccessible.queryAccessibleInterface(options).child(3)
    show(page, question("a", "select_one", options=FOUR[:2]), asked=2)
    assert (last.isValid(), last.text(QAccessible.Text.Name)) == (False, "")


def test_a_question_stays_in_sight_when_words_open_above_it(page: SectionPage) -> None:
    rows = [question(key) for key in "abcdef"]
    show(page, *rows)
    press(page, Qt.Key.Key_Return, times=3)
    come_to_rest()
    wrong = [question(key, problem="Sai.", tone="red") for key in "abc"]
    page.answered.connect(lambda key, text: page.show_section(SurveyState(ready=True, rows=(*wrong, *rows[3:]), focus=("a", 1))))
    type_text(page, "x")
    press(page, Qt.Key.Key_Return)
    come_to_rest()
    here = QApplication.focusWidget()
    assert here is not None
    assert here.objectName() == "question.e"
    assert here.visibleRegion().boundingRect() == here.rect()
