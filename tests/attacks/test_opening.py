"""Opening the program where it cannot, must not or should be careful: each time a sentence, and the file as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from poverty_desktop.app import Application
from poverty_desktop.app.application import PASSWORD_VARIABLE
from poverty_desktop.storage.copies import DATABASE
from poverty_desktop.storage.workspace import open_workspace
from tests.attacks.conftest import PASSWORD, Desk, Found, make_workspace
from tests.fakes import FakeClock
from tests.gui.keyboard import CONTROL, press, type_text

Key = Qt.Key
Open = Callable[[Path], Application]


@pytest.fixture
def open_window(qapp: QApplication, qtbot) -> Iterator[Open]:
    made: list[tuple[Application, list[BaseException]]] = []

    def opened(folder: Path, clock: FakeClock | None = None) -> Application:
        application, bugs = Application(folder, clock=clock or FakeClock()), []
        application.tasks.on_bug = bugs.append
        made.append((application, bugs))
        application.show()
        application.shell.activateWindow()
        qtbot.waitUntil(lambda: application.shell.current is not None and QApplication.activeWindow() is application.shell)
        application.tasks.settle()
        return application

    yield opened
    for application, bugs in made:
        application.close()
        assert bugs == []


def words(application: Application) -> str:
    """All words in sight."""
    return " ".join(label.text() for label in application.shell.findChildren(QLabel) if label.isVisible())


def enter_password(application: Application, password: str) -> None:
    type_text(application.shell, password)
    press(application.shell, Key.Key_Return)
    application.tasks.settle()


def test_a_second_window_is_told_where_the_first_is_and_the_first_works_on(
    desk: Desk, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE)
    second = open_window(desk.folder)
    enter_password(second, PASSWORD)
    assert "ở một cửa sổ khác" in words(second)
    second.close()
    desk.shell.activateWindow()
    desk.until(lambda: QApplication.activeWindow() is desk.shell)
    desk.go("household", household_id=desk.home)
    desk.stand_on("household.phone")
    desk.type("0905999888")
    desk.press(Key.Key_S, CONTROL)
    desk.close()
    assert desk.on_disk().household.phone == "0905999888"


def test_three_wrong_passwords_and_then_the_right_one(tmp_path: Path, open_window: Open) -> None:
    make_workspace(tmp_path / "kho")
    application = open_window(tmp_path / "kho")
    for wrong in ("sai mot", "sai hai", "sai ba"):
        enter_password(application, wrong)
        assert "Mật khẩu không đúng" in words(application)
    enter_password(application, PASSWORD)
    assert application.shell.current.place == "work"


@pytest.mark.parametrize("spoil", ["keys", "database"])
def test_a_spoiled_file_is_said_on_the_page_of_the_password(tmp_path: Path, open_window: Open, spoil: str) -> None:
    make_workspace(tmp_path / "kho")
    name = "workspace.keys" if spoil == "keys" else DATABASE
    data = (tmp_path / "kho" / name).read_bytes()
    (tmp_path / "kho" / name).write_bytes(data[: len(data) // 2])
    application = open_window(tmp_path / "kho")
    enter_password(application, PASSWORD)
    assert "bị hỏng" in words(application)
    assert "backups" in words(application)


def test_a_cloud_folder_is_refused_through_the_window_with_its_reason(tmp_path: Path, open_window: Open) -> None:
    application = open_window(tmp_path / "OneDrive" / "kho")
    shell = application.shell
    press(shell, Key.Key_Return, times=2)  # language, practice
    for typed in ("Lan", PASSWORD, PASSWORD):
        type_text(shell, typed)
        press(shell, Key.Key_Return)
    press(shell, Key.Key_Return, times=2)
    application.tasks.settle()
    assert "OneDrive" in words(application)
    assert "chưa có gì được ghi" in words(application)
    assert not (tmp_path / "OneDrive" / "kho" / DATABASE).exists()


def test_a_workspace_moved_into_a_cloud_folder_is_refused_and_left_alone(tmp_path: Path, open_window: Open) -> None:
    folder = tmp_path / "Dropbox" / "kho"
    make_workspace(folder)
    before = (folder / DATABASE).read_bytes()
    application = open_window(folder)
    enter_password(application, PASSWORD)
    assert "Dropbox" in words(application)
    assert (folder / DATABASE).read_bytes() == before


@pytest.mark.parametrize("days", [-365 * 9, 365 * 30])
def test_a_clock_years_wrong_loses_nothing(tmp_path: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    home = make_workspace(tmp_path / "kho")
    before = open_window(tmp_path / "kho")
    before.shell.go("review")  # begins the round of the year
    before.close()
    clock = FakeClock()
    clock.instant += timedelta(days=days)
    application = open_window(tmp_path / "kho", clock)
    shell = application.shell
    for number, place in ((1, "household"), (2, "survey")):
        shell.go(place, household_id=home)
        application.tasks.settle()
        name = "household.phone" if place == "household" else "question.identification.respondent"
        field = next(one for one in shell.findChildren(QWidget, name) if one.isVisible())
        field.setFocus()
        type_text(shell, f"090599988{number}")
        press(shell, Key.Key_S, CONTROL)
        application.tasks.settle()
    application.close()
    opened = open_workspace(tmp_path / "kho", PASSWORD, clock=FakeClock())
    found = Found(opened, home)
    assert opened.verify().ok
    opened.close()
    assert found.household.phone == "0905999881"
    assert found.answered("identification/respondent") == ["0905999882"]
