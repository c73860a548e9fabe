"""Vietnamese input methods: what is composed is never rewritten, never lost, and goes where it was begun.

Unikey on Windows and ibus send pre-edit text, commits, and events that replace letters which stand already.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from poverty_desktop.gui.questions.roster_grid import RosterGrid
from tests.gui.keyboard import CONTROL, compose, press, type_text
from tests.gui.windows import come_to_rest
from tests.questions.gallery import Room
from tests.review.test_roster_grid import cursor, heard
from tests.review.test_roster_grid import grid as grid

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab
LINES = ["typed/name", "typed/phone", "typed/cows", "typed/day", "typed/clock", "typed/card", "places/house", "places/photo"]
LONG = ["typed/story", "places/path"]
ALL = [*LINES, *LONG]


def preedit(room: Room, text: str) -> None:
    QApplication.sendEvent(room.focus, QInputMethodEvent(text, []))


def replace_last(room: Room, letters: int, text: str) -> None:
    """As Unikey writes a letter anew with its sign: what stands before the cursor is replaced."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text, -letters, letters)
    QApplication.sendEvent(room.focus, event)


def words_of(room: Room) -> str:
    focus = room.focus
    return focus.toPlainText() if isinstance(focus, QPlainTextEdit) else focus.text()  # type: ignore[attr-defined,no-any-return]


def test_composed_words_are_taken_when_the_field_is_left(room: Room) -> None:
    for key in ALL:
        room.go(key)
        compose(room.shell, "D", "Di", "Đinh", commit="Đinh")
        compose(room.shell, " ", commit=" Hường")
        room.press(ENTER, CONTROL) if key in LONG else room.press(ENTER)
        assert room.value(key) == "Đinh Hường"


def test_letters_that_stand_are_replaced_by_the_input_method(room: Room) -> None:
    for key in ALL:
        room.go(key)
        room.type("Dinh")
        replace_last(room, 4, "Đinh")
        assert words_of(room) == "Đinh", key


def test_nothing_is_rewritten_while_a_word_is_composed(room: Room) -> None:
    """Another answer is computed and the whole page drawn again in the middle of a word."""
    for key in ALL:
        room.go(key)
        preedit(room, "Hươ")
        room.presenter.answer("together/after", f"sau {key}")
        room.presenter._draw()
        compose(room.shell, "Hườn", commit="Hường")
        assert words_of(room) == "Hường", key


def test_a_word_that_is_still_composed_is_kept_when_tab_leaves_the_field(room: Room) -> None:
    for key in (*ALL, "typed/trust"):
        room.go(key)
        preedit(room, "Đinh")
        room.press(TAB)
        assert room.value(key) == "Đinh"


def test_decomposed_letters_are_composed_when_the_field_is_left(room: Room) -> None:
    room.go("typed/name")
    compose(room.shell, commit="H\u01b0\u01a1\u0300ng")
    room.press(ENTER)
    assert room.value("typed/name") == "Hường"


def test_a_long_list_narrows_while_a_word_is_composed(room: Room) -> None:
    line = room.go("chosen/village")
    preedit(room, "đă")
    assert {one.label.split()[1] for one in line.list.found} == {"Đăk"}  # type: ignore[attr-defined]
    preedit(room, "đăk")
    room.press(TAB)
    assert room.value("chosen/village") == "v2"


def test_a_composed_name_finds_its_option(room: Room) -> None:
    room.go("chosen/village")
    compose(room.shell, "B", "Ba", "Ba t", commit="Ba Tơ 3")
    room.press(ENTER)
    assert room.value("chosen/village") == "v3"


def test_first_letters_with_their_sign_choose_also_when_unikey_writes_them_anew(room: Room) -> None:
    room.screen.goes_on.setChecked(False)
    room.go("chosen/water")
    room.type("n")
    room.press(Qt.Key.Key_Backspace)
    assert room.value("chosen/water") == "w1"
    compose(room.shell, commit="s")
    compose(room.shell, commit="ô")
    assert room.value("chosen/water") == "w6"


def test_the_first_composed_word_opens_the_cell_and_is_whole(grid: RosterGrid) -> None:
    answers = heard(grid)
    compose(grid, "t", "th", "thợ", commit="thợ")
    compose(grid, " n", commit=" nề")
    press(grid, ENTER)
    assert (answers, cursor(grid)) == ([("roster/a/job", "thợ nề")], "roster/a/income")


def test_the_first_word_of_a_cell_can_be_written_anew(grid: RosterGrid) -> None:
    answers = heard(grid)
    type_text(grid, "tho")
    event = QInputMethodEvent("", [])
    event.setCommitString("thợ", -3, 3)
    QApplication.sendEvent(QApplication.focusWidget(), event)
    press(grid, ENTER)
    assert answers == [("roster/a/job", "thợ")]


def test_a_cell_left_in_the_middle_of_a_word_keeps_it(grid: RosterGrid) -> None:
    answers = heard(grid)
    QApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent("thợ", []))
    grid.commit()
    assert answers == [("roster/a/job", "thợ")]


def burst(room: Room, typed: str) -> None:
    """Keys that wait in the window's queue while the first of them are worked on."""
    handle = room.shell.windowHandle()
    for letter in typed:
        key = ENTER if letter == "\n" else Qt.Key(ord(letter.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            text = "\r" if letter == "\n" else letter
            QApplication.postEvent(handle, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
    come_to_rest()


def test_a_burst_of_keys_loses_none_and_puts_each_into_its_own_field(room: Room) -> None:
    room.screen.goes_on.setChecked(False)
    room.go("typed/name")
    burst(room, "lan\nmot hai\n")
    room.press(ENTER, CONTROL)
    burst(room, "0905\n12\n3\n23112026\n52020\n\n0730\n0730\n7\n1\nma\n4\n12\n")
    kept = ["typed/name", "typed/phone", "typed/cows", "typed/land", "typed/day", "typed/clock", "typed/trust", "typed/card"]
    assert [room.value(key) for key in kept] == ["lan", "0905", "12", "3", "2026-11-23", "07:30:00.000+07:00", "7", "ma"]
    assert (room.value("chosen/water"), room.value("chosen/village")) == ("w4", "v12")
    assert room.here == "question.chosen.small"


def test_a_burst_into_the_grid_goes_cell_by_cell(room: Room) -> None:
    room.screen.goes_on.setChecked(False)
    line = room.presenter._drawn.session.instances("crop")[0]
    room.go(f"crop/{line}/plant")
    burst(room, "keo\n15\n02092025\n0730\n2\n13\n1")
    names = ("plant", "area", "sown", "rang", "sold", "lacks", "seen")
    assert [room.value(f"crop/{line}/{name}") for name in names] == [
        "keo", "15", "2025-09-02", "07:30:00.000+07:00", "y2", "n1 n3", "OK",
    ]  # fmt: skip


def test_what_is_typed_is_an_answer_when_another_section_comes_by_itself(room: Room) -> None:
    """Nobody left the field: the presenter goes elsewhere with a word half composed."""
    room.go("typed/name")
    room.type("Lan ")
    preedit(room, "Hường")
    room.presenter.go_to("places/house")
    assert (room.value("typed/name"), room.here) == ("Lan Hường", "question.places.house")
