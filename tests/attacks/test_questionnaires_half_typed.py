"""An answer that is half typed when the storage lane brings another picture of the survey: it is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from poverty_desktop.gui.shell import Shell
from poverty_desktop.services.survey_opening import LAST_ANSWERS
from tests.gui.keyboard import CONTROL, press, target, type_text
from tests.review.conftest import MO_S, Commune
from tests.review.conftest import commune as commune
from tests.review.conftest import texts as texts
from tests.review.test_leaving_a_survey import kept
from tests.review.test_leaving_a_survey import shell as shell
from tests.review.test_leaving_a_survey import tasks as tasks
from tests.review.test_survey_presenter import LateTasks
from tests.year.conftest import last_year

AREA = "house/floor_area"


@pytest.mark.parametrize("composed", ["", "5"])
def test_what_is_half_typed_when_last_years_answers_come_stands_over_them(
    shell: Shell, commune: Commune, tasks: LateTasks, composed: str
) -> None:
    last_year(commune)
    commune.reviewing.keep(commune.reviewing.open(MO_S).draft.id, {}, cursor=AREA)
    shell.go("survey", household_id=MO_S)
    tasks.run()
    press(shell, Qt.Key.Key_F5)
    type_text(shell, "7")
    if composed:
        QApplication.sendEvent(target(shell), QInputMethodEvent(composed, []))
    tasks.run()
    press(shell, Qt.Key.Key_Return)
    tasks.run()
    assert kept(commune, MO_S)["house/toilet"] == "septic"
    assert kept(commune, MO_S)[AREA] == f"7{composed}"


def test_ctrl_d_stands_over_what_is_half_typed_and_undo_brings_that_back(
    shell: Shell, commune: Commune, tasks: LateTasks
) -> None:
    commune.settings.put(LAST_ANSWERS, {AREA: "33"})
    commune.reviewing.keep(commune.reviewing.open(MO_S).draft.id, {}, cursor=AREA)
    shell.go("survey", household_id=MO_S)
    tasks.run()
    type_text(shell, "7")
    press(shell, Qt.Key.Key_D, CONTROL)
    assert QApplication.focusWidget().text() == "33"
    press(shell, Qt.Key.Key_Z, CONTROL)
    assert QApplication.focusWidget().text() == "7"
    tasks.run()
    assert kept(commune, MO_S)[AREA] == "7"
