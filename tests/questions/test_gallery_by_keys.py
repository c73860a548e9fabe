"""Every kind of question answered by keys alone, on the real form screen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from poverty_desktop.gui.questions.common_head import CommonHead
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.tour.clipping import cut_words
from tests.gui.keyboard import ALT, CONTROL, SHIFT
from tests.gui.windows import painted_words
from tests.questions.gallery import Room

Key = Qt.Key
ENTER, ESC, UP, DOWN, DELETE = Key.Key_Return, Key.Key_Escape, Key.Key_Up, Key.Key_Down, Key.Key_Delete


@pytest.mark.parametrize(
    ("key", "typed", "kept", "shown"),
    [
        ("typed/name", "Dinh Thi Huong", "Dinh Thi Huong", "Dinh Thi Huong"),
        ("typed/phone", "0905 123 456", "0905 123 456", "0905 123 456"),
        ("typed/cows", "12", "12", "12"),
        ("typed/land", "1250,75", "1250.75", "1250,75"),
        ("typed/day", "23112026", "2026-11-23", "23/11/2026"),
        ("typed/month", "5/2020", "2020-05-01", "05/2020"),
        ("typed/built", "1998", "1998-01-01", "1998"),
        ("typed/clock", "0730", "07:30:00.000+07:00", "07:30"),
        ("typed/moment", "2/9/2026 7:30", "2026-09-02T07:30:00.000+07:00", "02/09/2026 07:30"),
        ("typed/trust", "7", "7", "7"),
        ("typed/share", "0,25", "0.25", "0,25"),
        ("typed/card", "GD4484821", "GD4484821", "GD4484821"),
        ("places/house", "15.1234, 108.7921", "15.1234 108.7921 0 0", "15.1234, 108.7921"),
        ("places/photo", "nha.jpg", "nha.jpg", "nha.jpg"),
    ],
)
def test_what_is_typed_on_one_line_is_kept_when_enter_leaves_it(room: Room, key: str, typed: str, kept: str, shown: str) -> None:
    line = room.go(key)
    assert room.here == f"question.{key.replace('/', '.')}"
    room.type(typed)
    assert room.value(key) == ""
    room.press(ENTER)
    assert (room.value(key), line.text()) == (kept, shown)  # type: ignore[attr-defined]
    assert room.focus is not line


def test_long_text_takes_enter_and_ctrl_enter_leaves_it(room: Room) -> None:
    room.go("typed/story")
    room.type("mot")
    room.press(ENTER)
    room.type("hai")
    room.press(ENTER, CONTROL)
    assert room.value("typed/story") == "mot\nhai"
    assert room.here == "question.typed.phone"


def test_a_point_a_line_makes_a_path_and_a_closed_field(room: Room) -> None:
    for key, kept in (
        ("places/path", "15.1 108.1 0 0;15.2 108.2 0 0;15.3 108.1 0 0"),
        ("places/field", "15.1 108.1 0 0;15.2 108.2 0 0;15.3 108.1 0 0;15.1 108.1 0 0"),
    ):
        room.go(key)
        for point in ("15.1, 108.1", "15.2, 108.2", "15.3, 108.1"):
            room.type(point)
            room.press(ENTER)
        room.press(ENTER, CONTROL)
        assert room.value(key) == kept


def test_the_arrows_move_a_number_along_its_scale_and_no_further(room: Room) -> None:
    room.go("typed/share")
    room.press(UP)
    room.press(UP)
    assert room.focus.text() == "0,25"  # type: ignore[attr-defined]
    room.press(DOWN, times=4)
    room.press(ENTER)
    assert room.value("typed/share") == "0"


def test_digits_and_letters_choose_one(room: Room) -> None:
    room.go("chosen/water")
    room.type("5")
    assert room.value("chosen/water") == "w5"
    room.go("chosen/water")
    room.type("mua")
    assert room.value("chosen/water") == "w4"


def test_a_long_list_narrows_as_one_types_and_enter_takes_the_marked(room: Room) -> None:
    room.go("chosen/village")
    room.type("drinh 99")
    lines = room.screen.findChildren(QWidget, "question.chosen.village")[0].list  # type: ignore[attr-defined]
    assert lines.isVisible()
    assert [option.label for option in lines.found] == ["Thôn Đăk Drinh 992", "Thôn Đăk Drinh 995", "Thôn Đăk Drinh 998"]
    room.press(DOWN)
    room.press(ENTER)
    assert room.value("chosen/village") == "v995"
    assert room.here == "question.chosen.small"


def test_a_number_finds_its_own_option_in_a_long_list(room: Room) -> None:
    room.go("chosen/village")
    room.type("12")
    room.press(ENTER)
    assert room.value("chosen/village") == "v12"


def test_text_that_names_no_option_is_kept_and_spoken_about(room: Room) -> None:
    line = room.go("chosen/village")
    room.type("khong co thon nay")
    room.press(ENTER)
    assert room.value("chosen/village") == "khong co thon nay"
    room.go("typed/name")
    room.go("chosen/village")
    assert line.parent().problem  # type: ignore[attr-defined]


def test_several_of_a_long_list_are_ticked_one_after_the_other(room: Room) -> None:
    room.go("chosen/visited")
    for typed in ("3", "10"):
        room.type(typed)
        room.press(ENTER)
    assert room.here == "question.chosen.visited"
    assert room.value("chosen/visited") == "v3 v10"
    room.press(ENTER)
    assert room.here == "question.chosen.order"
    room.go("chosen/visited")
    room.type("3")
    room.press(ENTER)
    assert room.value("chosen/visited") == "v10"


def test_space_opens_a_list_and_takes_the_marked_of_several(room: Room) -> None:
    room.go("chosen/visited")
    room.press(Key.Key_Space)
    room.press(DOWN)
    room.press(Key.Key_Space)
    assert room.value("chosen/visited") == "v2"


def test_delete_empties_a_choice_on_one_line(room: Room) -> None:
    room.go("chosen/small")
    room.type("2")
    room.press(ENTER)
    assert room.value("chosen/small") == "w2"
    room.go("chosen/small")
    room.press(DELETE)
    room.press(ENTER)
    assert room.value("chosen/small") == ""


def test_esc_closes_the_list_and_brings_back_the_choice(room: Room) -> None:
    line = room.go("chosen/small")
    room.type("2")
    room.press(ENTER)
    room.go("chosen/small")
    room.type("song")
    room.press(ESC)
    assert (line.text(), line.list.isVisible()) == ("Giếng khoan", False)  # type: ignore[attr-defined]
    assert room.value("chosen/small") == "w2"


def test_digits_put_into_order_and_the_last_takes_the_last_place(room: Room) -> None:
    room.go("chosen/order")
    room.type("315")
    assert room.value("chosen/order") == ""
    room.type("2")
    assert room.value("chosen/order") == "n3 n1 n5 n2 n4"
    room.press(DELETE)
    assert room.value("chosen/order") == ""


def test_alt_and_arrows_move_one_in_the_order(room: Room) -> None:
    room.go("chosen/order")
    room.press(DOWN, ALT)
    assert room.value("chosen/order") == "n2 n1 n3 n4 n5"
    room.press(UP, ALT)
    assert room.value("chosen/order") == "n1 n2 n3 n4 n5"


def test_an_order_left_half_way_is_kept_as_far_as_it_goes(room: Room) -> None:
    room.go("chosen/order")
    room.type("31")
    room.press(ENTER)
    assert room.value("chosen/order") == "n3 n1"
    assert room.here == "question.chosen.read"


def test_space_and_1_tick_that_something_was_done(room: Room) -> None:
    room.go("chosen/read")
    room.press(Key.Key_Space)
    assert room.value("chosen/read") == "OK"
    room.type("1")
    assert room.value("chosen/read") == ""


def test_a_table_of_questions_has_one_head_and_is_keyed_line_by_line(room: Room) -> None:
    room.screen.goes_on.setChecked(False)
    room.go("chosen/table/radio")
    for digit in "12":
        room.type(digit)
        room.press(ENTER)
    room.type("1")
    assert [room.value(f"chosen/table/{name}") for name in ("radio", "tv", "phone2")] == ["y1", "y2", "y1"]
    assert len([one for one in room.screen.findChildren(CommonHead) if one.isVisible()]) == 1


def test_the_head_of_a_table_is_no_question(room: Room) -> None:
    keys = [key for key in room.presenter._drawn.section("chosen").keys if "reserved" in key]  # type: ignore[union-attr]
    assert keys
    assert not any(room.presenter._drawn.fields.asked(room.presenter._drawn.session.question(key)) for key in keys)


def test_esc_leaves_a_line_as_it_was_entered(room: Room) -> None:
    room.go("typed/name")
    room.type("Lan")
    room.press(ENTER)
    line = room.go("typed/name")
    room.type("Hoa")
    room.press(ESC)
    assert (line.text(), room.value("typed/name")) == ("Lan", "Lan")  # type: ignore[attr-defined]
    assert room.focus is line


def test_esc_takes_back_a_choice_made_since_the_question_was_entered(room: Room) -> None:
    room.screen.goes_on.setChecked(False)
    room.go("chosen/water")
    room.type("2")
    room.press(ENTER)
    room.go("chosen/water")
    room.type("4")
    room.press(ESC)
    assert room.value("chosen/water") == "w2"


def test_f2_selects_the_whole_answer_and_then_goes_behind_it(room: Room) -> None:
    line = room.go("typed/name")
    room.type("Lan")
    room.press(Key.Key_F2)
    assert line.selectedText() == "Lan"  # type: ignore[attr-defined]
    room.press(Key.Key_F2)
    room.type("h")
    assert line.text() == "Lanh"  # type: ignore[attr-defined]


def test_shift_enter_goes_back_from_every_kind(room: Room) -> None:
    keys = [key for section in room.presenter._drawn.sections[:4] for key in room.presenter._drawn.writable(section)]
    for before, key in pairwise(keys):
        room.go(key)
        room.press(ENTER, SHIFT)
        assert room.here == f"question.{before.replace('/', '.')}", key


def test_enter_goes_through_every_question_of_the_form_in_paper_order(room: Room) -> None:
    keys = [key for section in room.presenter._drawn.sections[:4] for key in room.presenter._drawn.writable(section)]
    room.go(keys[0])
    for key in keys[1:]:
        room.press(ENTER)
        assert room.here == f"question.{key.replace('/', '.')}"


def test_hidden_questions_and_calculations_are_not_shown(room: Room) -> None:
    room.go("places/house")
    assert not room.sees("question.places.secret")
    assert any("WGS 84" in words for field in room.shell.findChildren(QuestionField) for words in painted_words(field))


@pytest.mark.parametrize("size", [(1366, 768), (683, 512)])
def test_no_word_of_any_kind_is_cut(room: Room, size: tuple[int, int]) -> None:
    room.shell.resize(*size)
    for section in room.presenter.state.sections:
        room.presenter.go_to_section(section.path)
        room.shell.grab()
        assert cut_words(room.shell) == [], section.label


def test_every_editor_has_a_name_for_screen_readers(room: Room) -> None:
    for section in room.presenter._drawn.sections[:4]:
        for key in room.presenter._drawn.writable(section):
            room.go(key)
            assert room.focus.accessibleName() == room.presenter._drawn.session.question(key).label


def test_of_an_answer_longer_than_its_line_one_sees_the_beginning_and_the_whole_under_the_mouse(room: Room) -> None:
    line = room.go("typed/name")
    words = "dai " * 40
    room.type(words)
    room.press(ENTER)
    assert (line.cursorPosition(), line.toolTip()) == (0, words.strip())  # type: ignore[attr-defined]
    room.shell.grab()
    assert cut_words(room.shell) == []
