"""From an empty laptop to the first screen, by keyboard only, on the real encrypted file."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget

from poverty_desktop.app import Application
from tests.gui.keyboard import CONTROL, press, type_text

Key = Qt.Key
PASSWORD = "nuoc song Ve trong"


@pytest.fixture
def application(qapp, qtbot, tmp_path):
    made = Application(tmp_path / "workspace")
    bugs: list[BaseException] = []
    made.tasks.on_bug = bugs.append
    made.show()
    made.shell.activateWindow()
    qtbot.waitUntil(lambda: made.shell.current is not None and QApplication.activeWindow() is made.shell)
    yield made
    made.close()
    assert bugs == []


def at(application: Application, qtbot, place: str) -> None:
    qtbot.waitUntil(lambda: application.shell.current.place == place, timeout=15_000)


def begin_for_real(application: Application, qtbot) -> None:
    shell = application.shell
    press(shell, Key.Key_Return)
    press(shell, Key.Key_Down)  # "work for real"
    press(shell, Key.Key_Return)
    type_text(shell, "ba tô")
    press(shell, Key.Key_Return)
    fill_officer(shell)
    press(shell, Key.Key_Return, times=2)  # the server's code may wait
    at(application, qtbot, "work")


def fill_officer(shell: QWidget) -> None:
    type_text(shell, "Hồ Thị Mơ")
    press(shell, Key.Key_Return)
    type_text(shell, PASSWORD)
    press(shell, Key.Key_Return)
    type_text(shell, PASSWORD)
    press(shell, Key.Key_Return)


def test_an_officer_begins_for_real_and_the_commune_is_the_one_spelled(application, qtbot):
    begin_for_real(application, qtbot)
    settings = application.open_office.workspace.settings
    seen = []
    application.tasks.storage(lambda: (settings.get("commune_name"), settings.get("practice")), seen.append)
    application.tasks.settle()
    assert seen == [("Xã Ba Tô", False)]
    assert application.shell.findChild(QWidget, "empty").isVisible()  # tells how to begin
    assert not application.shell.practice.isVisible()


def test_practice_fills_a_commune_and_says_so_on_every_screen(application, qtbot):
    shell = application.shell
    press(shell, Key.Key_Return, times=2)
    fill_officer(shell)
    press(shell, Key.Key_Return, times=2)  # alone: no server
    at(application, qtbot, "work")
    assert shell.practice.isVisible()
    qtbot.waitUntil(lambda: len(shell.current.chart.bars()) == 8)


def test_a_lock_asks_for_the_password_and_leads_back(application, qtbot):
    begin_for_real(application, qtbot)
    shell = application.shell
    press(shell, Key.Key_L, CONTROL)
    at(application, qtbot, "unlock")
    type_text(shell, "sai mat khau")
    press(shell, Key.Key_Return)
    problem = shell.findChild(QLabel, "unlock.password.problem")
    qtbot.waitUntil(lambda: bool(problem.text()), timeout=15_000)
    qtbot.waitUntil(lambda: faults(shell) == [])
    type_text(shell, PASSWORD)
    press(shell, Key.Key_Return)
    at(application, qtbot, "work")


def test_two_different_passwords_are_said_beside_the_field(application):
    shell = application.shell
    press(shell, Key.Key_Return, times=2)
    type_text(shell, "Mơ")
    press(shell, Key.Key_Return)
    type_text(shell, PASSWORD)
    press(shell, Key.Key_Return)
    type_text(shell, "khac")
    press(shell, Key.Key_Return)
    assert shell.findChild(QLabel, "first_run.again.problem").text() == application.texts("first_run.password_differs")


def test_english_changes_every_word_and_keeps_the_step(application):
    press(application.shell, Key.Key_Down)
    assert application.texts.language == "en"
    heading = [label.text() for label in application.shell.findChildren(QLabel) if label.property("role") == "title"]
    assert application.texts("first_run.language_heading") in heading


@pytest.mark.parametrize("size", [(1366, 768), (683, 512)])
def test_every_control_has_a_name_and_nothing_is_clipped(application, qtbot, size):
    shell = application.shell
    shell.resize(*size)
    qtbot.waitUntil(lambda: faults(shell) == [])
    begin_for_real(application, qtbot)
    qtbot.waitUntil(lambda: shell.findChild(QWidget, "empty").isVisible())
    qtbot.waitUntil(lambda: faults(shell) == [])


def faults(shell: QWidget) -> list[str]:
    """Visible controls without a name, buttons and labels smaller than their words, a page wider than the window."""
    found = []
    for widget in shell.findChildren(QWidget):
        if widget.isVisible():
            name = widget.objectName() or type(widget).__name__
            found += [f"nameless: {name}"] if _is_nameless(widget) else []
            found += [f"clipped: {name}"] if _is_clipped(widget) else []
    wide = shell.current.page.width() > shell.current.scroll_area.viewport().width()
    return [*found, "the page is wider than the window"] if wide else found


def _is_nameless(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractButton):
        return not (widget.accessibleName() or widget.text())
    return isinstance(widget, (QLineEdit, QAbstractItemView)) and not widget.accessibleName()


def _is_clipped(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractButton):
        return widget.width() < widget.minimumSizeHint().width()
    return isinstance(widget, QLabel) and widget.wordWrap() and widget.height() < widget.heightForWidth(widget.width())


def test_the_forms_speak_the_language_of_the_window(application, qtbot, tmp_path):
    begin_for_real(application, qtbot)
    folder = application.folder
    application.close()
    english = Application(folder, language="en")
    english.show()
    qtbot.waitUntil(lambda: english.shell.current is not None)
    english.tasks.storage(lambda: english.open(PASSWORD))
    english.tasks.settle()
    said = []
    english.tasks.storage(lambda: english.open_office.workspace.settings.get("language"), said.append)
    english.tasks.settle()
    english.close()
    assert said == ["en"]
