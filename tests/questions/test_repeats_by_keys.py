"""Repeats as cards and grids: one more, one less, back again, and the way of the cursor through them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pyxform.xls2xform import convert

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.gui.presenters.survey_fields import Fields
from poverty_desktop.gui.presenters.survey_picture import FormPicture
from poverty_desktop.gui.presenters.survey_repeats import Repeats
from poverty_desktop.gui.presenters.survey_state import CardsState
from poverty_desktop.gui.questions.add_button import AddButton
from poverty_desktop.gui.questions.repeat_cards import RepeatCards
from poverty_desktop.gui.questions.roster_grid import RosterGrid
from tests.gui.keyboard import CONTROL, SHIFT
from tests.questions.gallery import Room

ENTER, SPACE, INSERT, DELETE = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Insert, Qt.Key.Key_Delete


def instances(room: Room, repeat: str) -> list[str]:
    return list(room.presenter._drawn.session.instances(repeat))


def visit(room: Room) -> str:
    """The key of the first visit, with the cursor on its first question."""
    key = f"visit/{instances(room, 'visit')[0]}"
    room.go(f"{key}/talk")
    return key


def test_a_repeat_with_long_text_or_a_repeat_in_it_stands_as_cards_another_as_a_grid(room: Room) -> None:
    visit(room)
    assert [one.key for one in room.screen.findChildren(RepeatCards) if one.isVisible()] == ["visit"]
    room.go(f"crop/{instances(room, 'crop')[0]}/plant")
    assert [one.key for one in room.screen.findChildren(RosterGrid) if one.isVisible()] == ["crop"]


def test_ctrl_insert_adds_a_card_and_the_cursor_stands_in_it(room: Room) -> None:
    visit(room)
    room.press(INSERT, CONTROL)
    second = instances(room, "visit")[1]
    assert room.here == f"question.visit.{second}.talk"
    shown = [one for one in room.screen.findChildren(QWidget) if one.isVisible()]
    assert len([one for one in shown if one.objectName().startswith("card.visit.")]) == 2


def test_ctrl_delete_removes_the_card_and_ctrl_z_brings_it_back_whole(room: Room) -> None:
    key = visit(room)
    room.type("vay von")
    room.press(ENTER, CONTROL)
    room.press(INSERT, CONTROL)
    room.go(f"{key}/met")
    room.press(DELETE, CONTROL)
    assert f"visit/{instances(room, 'visit')[0]}" != key
    room.press(Qt.Key.Key_Z, CONTROL)
    assert (f"visit/{instances(room, 'visit')[0]}", room.value(f"{key}/talk")) == (key, "vay von")


def test_the_nested_repeat_stands_inside_its_card(room: Room) -> None:
    key = visit(room)
    room.presenter.add_instance(repeat=f"{key}/loan")
    loan = instances(room, f"{key}/loan")[0]
    room.type("Agribank")
    room.press(ENTER)
    room.type("15000000")
    room.press(ENTER)
    assert (room.value(f"{key}/loan/{loan}/bank"), room.value(f"{key}/loan/{loan}/sum")) == ("Agribank", "15000000")
    card = next(one for one in room.screen.findChildren(QWidget) if one.objectName() == f"card.{key.replace('/', '.')}")
    assert [one.key for one in card.findChildren(RosterGrid)] == [f"{key}/loan"]


def test_enter_goes_over_the_button_and_space_on_it_adds(room: Room) -> None:
    room.screen.goes_on.setChecked(False)
    key = visit(room)
    room.type("x")
    room.press(ENTER, CONTROL)
    room.type("1")
    room.press(ENTER)
    assert room.here == f"add.{key.replace('/', '.')}.loan"
    room.press(ENTER)
    assert room.here == "add.visit"
    room.press(ENTER, SHIFT)
    room.press(SPACE)
    assert len(instances(room, f"{key}/loan")) == 1
    assert room.here == "survey.roster"


def test_ctrl_insert_in_the_grid_adds_a_line_and_enter_at_its_end_reaches_the_button(room: Room) -> None:
    line = instances(room, "crop")[0]
    room.go(f"crop/{line}/plant")
    room.press(INSERT, CONTROL)
    assert len(instances(room, "crop")) == 2
    room.type("san")
    room.press(ENTER, times=7)
    assert isinstance(room.focus, AddButton)
    assert room.value(f"crop/{instances(room, 'crop')[1]}/plant") == "san"


def test_a_counted_repeat_has_neither_button_nor_key(room: Room) -> None:
    first = instances(room, "season")
    assert len(first) == 2
    room.go(f"season/{first[0]}/harvest")
    assert not room.sees("add.season")
    room.press(INSERT, CONTROL)
    room.press(DELETE, CONTROL)
    assert instances(room, "season") == first


def test_ctrl_delete_outside_of_a_repeat_takes_away_a_word_as_everywhere(room: Room) -> None:
    line = room.go("typed/name")
    room.type("mot hai")
    room.press(Qt.Key.Key_Home)
    room.press(DELETE, CONTROL)
    assert line.text() == "hai"  # type: ignore[attr-defined]


def test_a_group_of_a_field_list_stands_in_one_frame_under_its_words(room: Room) -> None:
    who = room.go("together/frame/who")
    frame = next(one for one in room.screen.findChildren(QWidget) if type(one).__name__ == "RowFrame" and one.isVisible())
    assert frame.isAncestorOf(who)
    assert any(label.text() == "Người cung cấp thông tin" for label in frame.findChildren(QLabel))


def test_a_repeat_with_a_long_list_of_options_stands_as_cards(texts: Texts) -> None:
    lines = [
        "| survey | | | |",
        "| | type | name | label |",
        "| | begin_repeat | trip | Chuyến đi |",
        "| | select_one place | to | Đến |",
    ]
    lines += ["| | end_repeat | | |", "| choices | | | |", "| | list_name | name | label |"]
    lines += [f"| | place | p{number} | Thôn {number} |" for number in range(100)]
    form = FormDefinition.parse(convert("\n".join(lines), file_type=".md").xform.encode())
    session = FormSession(form, {}, today=date(2026, 11, 23), repeat_keys={"trip": ["1"]})
    picture = FormPicture(fields := Fields(session, texts), Repeats(fields))
    assert isinstance(picture.rows(picture.sections[0].items)[0], CardsState)
