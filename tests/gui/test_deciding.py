"""Two values of one field are decided by keys: what the clash inbox and the second keying have in common."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget

from poverty_desktop.gui.components.decision_form import DecisionForm
from poverty_desktop.gui.components.list_beside import ListBeside
from poverty_desktop.gui.presenters.decision import Decision, SideView
from tests.gui.keyboard import press, type_text

WORDS = {"first": "Chọn 1", "second": "Chọn 2", "third": "Giá trị khác", "reason": "Lý do", "reason_hint": "Vì sao"}
FIRST, SECOND = SideView("Đang dùng", "1978", "Hồ Thị Mơ", "Lúc mở ra đã thấy: 1979"), SideView("Giá trị kia", "1979")


@pytest.fixture
def desk(in_window: Callable[..., QWidget]) -> tuple[QListWidget, DecisionForm, list[str]]:
    """A list that passes its keys on, a form, and what the form said."""
    beside, form, heard = QListWidget(), DecisionForm("clash", ("current", "other"), WORDS), []
    beside.addItems(["một", "hai"])
    form.listen(beside)
    form.chosen.connect(heard.append)
    form.third_typed.connect(lambda text: heard.append(f"third {text}"))
    form.reason_typed.connect(lambda text: heard.append(f"reason {text}"))
    form.settled.connect(lambda: heard.append("settled"))
    in_window(beside, form)
    form.show_decision(FIRST, SECOND, Decision())
    beside.setFocus()
    return beside, form, heard


def test_a_digit_in_the_list_chooses_and_asks_for_the_reason_and_enter_behind_it_settles(desk) -> None:
    beside, form, heard = desk
    press(beside, Qt.Key.Key_2)
    assert form.reason.hasFocus()
    type_text(form, "12")  # in a line of text a digit is a digit
    press(form, Qt.Key.Key_Return)
    assert heard == ["second", "reason 1", "reason 12", "settled"]


def test_enter_goes_from_the_list_to_the_first_value_and_on_it_chooses(desk) -> None:
    beside, form, heard = desk
    press(beside, Qt.Key.Key_Return)
    assert form.first.choose.hasFocus()
    press(form, Qt.Key.Key_Return)
    assert heard == ["first"]
    assert form.reason.hasFocus()


def test_a_third_value_is_typed_behind_its_digit_only_where_one_is_possible(desk) -> None:
    beside, form, heard = desk
    form.show_decision(FIRST, SECOND, Decision(), third_possible=False)
    press(beside, Qt.Key.Key_3)
    assert beside.hasFocus()
    form.show_decision(FIRST, SECOND, Decision(), choices="1 Có; 2 Không")
    assert form.choices.isVisible()
    press(beside, Qt.Key.Key_3)
    type_text(form, "9")
    press(form, Qt.Key.Key_Return)
    assert form.reason.hasFocus()
    assert heard == ["third 9"]


def test_both_values_are_spoken_with_all_that_is_known_and_what_is_not_takes_no_room(desk) -> None:
    _, form, _ = desk
    assert form.first.accessibleName() == "Đang dùng: 1978. Hồ Thị Mơ. Lúc mở ra đã thấy: 1979"
    assert form.second.choose.accessibleDescription() == "Giá trị kia: 1979"
    assert (form.first.saw.isVisible(), form.second.saw.isVisible()) == (True, False)


def test_a_decision_says_what_is_missing_beside_its_field_until_it_is_mended(desk) -> None:
    _, form, _ = desk
    refused = Decision(reason="  ").checked("Hãy chọn", "Hãy ghi lý do")
    assert refused.is_refused
    form.show_decision(FIRST, SECOND, refused)
    assert (form.third_field.problem.text(), form.reason_field.problem.text()) == ("Hãy chọn", "Hãy ghi lý do")
    mended = refused.choosing("second").giving("đã hỏi")
    assert not mended.checked("", "Hãy ghi lý do").is_refused
    form.show_decision(FIRST, SECOND, mended)
    assert (form.second.choose.isChecked(), form.reason_field.problem.text()) == (True, "Vì sao")
    assert mended.writing("").choice == "second"
    assert mended.writing("1980").choice == "third"


@pytest.mark.parametrize(("width", "above"), [(1100, False), (560, True)])
def test_the_list_stands_above_on_a_narrow_window_and_is_only_as_high_as_it_has_to_be(qtbot, width: int, above: bool) -> None:
    detail = QWidget()
    parts = ListBeside("parts.list", "Chỗ khác nhau", detail)
    qtbot.addWidget(parts)
    picked: list[int] = []
    parts.picked.connect(picked.append)
    parts.show_lines(["một", "hai"], 1)
    parts.resize(width, 600)
    with qtbot.waitExposed(parts):
        parts.show()
    assert (detail.y() > parts.list.y()) is above
    assert (parts.list.height() < 600 // 2) is above
    parts.show_lines(["một", "hai"], 0)
    assert picked == []  # showing tells nobody
    press(parts.list, Qt.Key.Key_Down)
    assert picked == [1]
