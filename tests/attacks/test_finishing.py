"""Finishing a survey and at once locking, closing or going on: it is finished, once, and nothing is a bug."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from poverty_desktop.domain.records import HouseholdMember
from tests.attacks.conftest import Desk
from tests.attacks.test_leaving import close_window, go_elsewhere, lock
from tests.gui.keyboard import CONTROL
from tests.review.answers import POOR_HOUSE, WORKER, of_people

Key = Qt.Key


def finish_again(desk: Desk) -> None:
    for _ in range(3):
        desk.press(Key.Key_Return, CONTROL)


def fill(desk: Desk) -> None:
    """Everything but the last word."""

    def write() -> None:
        office = desk.application.open_office
        members = office.workspace.records.select(HouseholdMember, household_id=desk.home)
        house = {f"house/{name}": value for name, value in POOR_HOUSE.items()}
        answers = of_people(**{member.id: WORKER for member in members}) | house
        draft = office.reviewing.open(desk.home).draft
        office.reviewing.keep(draft.id, answers | {"b1/b1_score": "120", "result/causes": "no_capital"}, "b1/b1_score")

    desk.application.tasks.storage(write)
    desk.settle()


@pytest.mark.parametrize("then", [lock, close_window, go_elsewhere, finish_again])
def test_a_survey_is_finished_whatever_comes_right_behind(desk: Desk, then: Callable[[Desk], None]) -> None:
    fill(desk)
    desk.go("review")
    desk.go("survey", household_id=desk.home)
    desk.stand_on("question.b1.b1_score")
    desk.press(Key.Key_Return, CONTROL)
    then(desk)
    desk.close()
    found = desk.on_disk()
    assert [(one.state, one.household_class) for one in found.surveys] == [("finished", "poor")]
    assert found.drafts == []


def test_undo_after_a_save_takes_the_answer_back_in_a_draft_of_its_own(desk: Desk) -> None:
    fill(desk)
    desk.go("survey", household_id=desk.home)
    desk.stand_on("question.b1.b1_score")
    desk.sees("question.b1.b1_score").selectAll()
    desk.type("150")
    desk.press(Key.Key_S, CONTROL)
    desk.settle()
    desk.press(Key.Key_Z, CONTROL)
    desk.settle()
    desk.shell.close()
    desk.close()
    found = desk.on_disk()
    assert found.surveys[0].answers["b1/b1_score"] == "150"
    assert found.typed("b1/b1_score") == ["120"]
