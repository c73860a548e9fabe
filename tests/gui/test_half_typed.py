"""What is half typed when Ctrl+S ends the typing is no bug: it is left as it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from poverty_desktop.app import Application
from tests.gui.keyboard import CONTROL, press, type_text
from tests.gui.test_every_screen import application, folder, go

__all__ = ["application", "folder"]


@pytest.mark.parametrize("application", ["vi"], indirect=True)
def test_the_year_of_a_report_may_be_half_typed(application: Application, qtbot) -> None:
    go(application, "reports")
    application.shell.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is application.shell)
    year = application.shell.findChild(QLineEdit, "reports.year")
    before = application.shell.current._presenter.state.year
    year.setFocus()
    year.selectAll()
    press(year, Qt.Key.Key_Delete)
    press(year, Qt.Key.Key_S, CONTROL)
    type_text(year, "20")
    press(year, Qt.Key.Key_S, CONTROL)
    assert application.shell.current._presenter.state.year == before
    type_text(year, "25")
    press(year, Qt.Key.Key_S, CONTROL)
    assert application.shell.current._presenter.state.year == 2025
