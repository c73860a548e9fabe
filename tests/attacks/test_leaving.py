"""What is half typed when the window closes, locks or goes elsewhere is in the file afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from tests.attacks.conftest import Desk
from tests.gui.keyboard import ALT, CONTROL

Key = Qt.Key


def close_window(desk: Desk) -> None:
    desk.shell.close()


def lock(desk: Desk) -> None:
    desk.press(Key.Key_L, CONTROL)


def go_elsewhere(desk: Desk) -> None:
    desk.press(Key.Key_1, ALT)


def save_and_lock(desk: Desk) -> None:
    desk.press(Key.Key_S, CONTROL)
    desk.press(Key.Key_L, CONTROL)


def save_and_close(desk: Desk) -> None:
    desk.press(Key.Key_S, CONTROL)
    desk.shell.close()


def go_back(desk: Desk) -> None:
    desk.shell.back()


WAYS = [close_window, lock, go_elsewhere, save_and_lock, save_and_close, go_back]


@pytest.mark.parametrize("leave", WAYS)
def test_a_field_of_the_household(desk: Desk, leave: Callable[[Desk], None]) -> None:
    desk.go("household", household_id=desk.home)
    desk.stand_on("household.phone")
    desk.type("0905999888")
    leave(desk)
    desk.close()
    assert desk.on_disk().household.phone == "0905999888"


@pytest.mark.parametrize("leave", WAYS)
def test_an_open_cell_of_the_member_grid(desk: Desk, leave: Callable[[Desk], None]) -> None:
    desk.go("household", household_id=desk.home)
    desk.sees("household.members.table").setFocus()
    desk.shell.current.grid.stand_on(0, "full_name")
    desk.type("Hồ Thị Mận")
    leave(desk)
    desk.close()
    assert desk.on_disk().names == ["Hồ Thị Mận", "Đinh Văn Hrê"]


@pytest.mark.parametrize("leave", WAYS)
def test_a_line_of_the_survey(desk: Desk, leave: Callable[[Desk], None]) -> None:
    desk.go("survey", household_id=desk.home)
    desk.stand_on("question.identification.respondent")
    desk.type("Lan")
    leave(desk)
    desk.close()
    assert desk.on_disk().answered("identification/respondent") == ["Lan"]


@pytest.mark.parametrize("leave", WAYS)
def test_an_open_cell_of_the_roster(desk: Desk, leave: Callable[[Desk], None]) -> None:
    desk.go("survey", household_id=desk.home)
    desk.press(Key.Key_PageDown)
    desk.settle()
    table = desk.sees("survey.roster")
    table.setFocus()
    desk.type("2")
    leave(desk)
    desk.close()
    assert desk.on_disk().answered("/serious_illness") == ["no"]


def test_a_red_problem_keeps_the_draft_when_the_window_closes(desk: Desk) -> None:
    desk.go("household", household_id=desk.home)
    desk.shell.current.grid.stand_on(0, "personal_id_number")
    desk.type("05119A")
    desk.shell.close()
    desk.close()
    assert desk.on_disk().typed("personal_id_number") == ["05119A"]


def test_typing_goes_on_while_a_save_is_under_way_and_the_window_closes(desk: Desk) -> None:
    desk.go("household", household_id=desk.home)
    desk.stand_on("household.phone")
    desk.type("0905999888")
    desk.press(Key.Key_S, CONTROL)
    desk.stand_on("household.note")
    desk.type("nha cuoi thon")
    desk.shell.close()
    desk.close()
    found = desk.on_disk()
    assert (found.household.phone, found.household.note) == ("0905999888", "nha cuoi thon")
