"""The two screens of synchronising, driven as an officer does, on real laptops and a real province."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton

from poverty_desktop.gui.presenters.conflicts_presenter import ConflictsPresenter
from poverty_desktop.gui.presenters.sync_presenter import SyncPresenter
from poverty_desktop.gui.presenters.sync_runner import SyncRunner
from poverty_desktop.gui.screens.conflicts_screen import ConflictsScreen
from poverty_desktop.gui.screens.sync_screen import SyncScreen
from poverty_desktop.gui.shell import Shell
from poverty_desktop.gui.task_runner import TaskRunner
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeSettings
from tests.gui.keyboard import press, type_text
from tests.gui.windows import come_to_rest
from tests.sync.laptops import Laptop, RunningProvince, clash

NewLaptop = Callable[..., Laptop]


class Window:
    """The real shell with the two screens, the real task runner, and one laptop behind them."""

    def __init__(self, qtbot, laptop: Laptop) -> None:
        self.texts = load_texts("vi")
        self.laptop = laptop
        self.qtbot = qtbot
        self.bugs: list[BaseException] = []
        self.shell = Shell(self.texts, {"sync": self._sync, "conflicts": self._conflicts}, FakeSettings())
        self.tasks = TaskRunner(self.shell.problem, self.bugs.append)
        laptop.call = self.tasks.storage_call
        self.runner = SyncRunner(self.tasks, self.shell, laptop.syncing)
        qtbot.addWidget(self.shell)
        self.shell.resize(1366, 768)
        self.shell.show()
        self.shell.dress()

    def _sync(self) -> SyncScreen:
        presenter = SyncPresenter(self.runner, self.shell, self.texts)
        return _bound(SyncScreen(presenter, self.texts), presenter)

    def _conflicts(self) -> ConflictsScreen:
        presenter = ConflictsPresenter(self.tasks, self.shell, self.laptop.syncing, self.texts)
        return _bound(ConflictsScreen(presenter, self.texts), presenter)

    def go(self, place: str) -> None:
        self.shell.go(place)
        self.settle()

    def close(self) -> None:
        self.tasks.close()
        self.laptop.call = lambda work: work()

    def settle(self) -> None:
        """Everything asked for has come back."""
        self.tasks.settle()
        assert not self.bugs, self.bugs

    def find(self, kind, name: str):
        return self.shell.findChild(kind, name)

    def words(self) -> str:
        return "\n".join(label.text() for label in self.shell.findChildren(QLabel) if label.isVisible())

    def reads(self, words: str) -> None:
        """Wait until the words stand on the screen."""
        self.qtbot.waitUntil(lambda: words in self.words(), timeout=3000)

    def picture(self, name: str) -> None:
        come_to_rest(self.tasks)
        folder = os.environ.get("SYNC_PICTURES")
        if folder:
            self.shell.grab().save(f"{folder}/{name}.png")


def _bound(screen, presenter):
    presenter.view = screen
    screen.bind()
    return screen


@pytest.fixture
def window(qtbot, qapp) -> Iterator[Callable[[Laptop], Window]]:
    apply_theme(qapp)
    opened: list[Window] = []

    def open_window(laptop: Laptop) -> Window:
        opened.append(Window(qtbot, laptop))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()


def test_an_officer_enrols_with_address_and_code_and_sees_the_receipt(province, new_laptop: NewLaptop, window) -> None:
    laptop = new_laptop()
    laptop.add_household("Hồ Thị Mơ")
    shown = window(laptop)
    shown.go("sync")
    shown.picture("1-enrol")
    shown.find(QLineEdit, "sync.address").setText(province.url)
    shown.find(QLineEdit, "sync.code").setText(province.code())
    shown.find(QPushButton, "sync.enrol").click()
    shown.settle()
    shown.picture("2-done")
    assert shown.find(QLabel, "sync.waiting").text() == "Không còn gì chờ gửi"
    assert shown.find(QLabel, "sync.place.in_province").text() == "3"  # household, member, and the officer's name
    assert laptop.syncing.state().receipt.number in shown.find(QLabel, "sync.receipt").text()
    shown.reads("Xong: gửi 3, nhận 0.")
    assert shown.shell.status_line.sign.waiting == 0


def test_a_wrong_code_is_said_beside_the_code(province, new_laptop: NewLaptop, window) -> None:
    shown = window(new_laptop())
    shown.go("sync")
    shown.find(QLineEdit, "sync.address").setText(province.url)
    shown.find(QLineEdit, "sync.code").setText("22222-22222" + province.code()[11:])
    shown.find(QPushButton, "sync.enrol").click()
    shown.settle()
    assert "không nhận mã này" in shown.find(QLabel, "sync.code.problem").text()


def test_an_empty_form_asks_for_both(new_laptop: NewLaptop, window) -> None:
    shown = window(new_laptop())
    shown.go("sync")
    shown.find(QPushButton, "sync.enrol").click()
    assert "địa chỉ" in shown.find(QLabel, "sync.address.problem").text()
    assert "mã" in shown.find(QLabel, "sync.code.problem").text()


def test_sync_now_stays_enabled_and_says_when_there_is_no_link(province, new_laptop: NewLaptop, window) -> None:
    laptop = new_laptop()
    laptop.enrol(province)
    province.close()
    laptop.add_household()
    shown = window(laptop)
    shown.go("sync")
    button = shown.find(QPushButton, "sync.now")
    button.click()
    shown.settle()
    shown.picture("3-no-link")
    assert button.isEnabled()
    assert button.isVisible()
    shown.reads("Chưa nối được với máy chủ tỉnh")
    assert "2 thay đổi chờ gửi" in shown.find(QLabel, "sync.waiting").text()


def test_a_clash_is_settled_with_one_key_and_a_reason(province: RunningProvince, new_laptop: NewLaptop, window, qtbot) -> None:
    a, b, member_id = clash(province, new_laptop)
    shown = window(a)
    shown.go("conflicts")
    shown.picture("4-conflict")
    assert shown.find(QListWidget, "conflicts.list").count() == 1
    shown.reads("Hồ Thị Mơi")
    shown.reads("Hồ Thị Mờ")
    shown.shell.activateWindow()
    press(shown.find(QListWidget, "conflicts.list"), Qt.Key.Key_2)
    reason = shown.find(QLineEdit, "conflicts.reason")
    reason.setFocus()
    type_text(reason, "đã hỏi lại 2 lần")
    assert shown.find(QPushButton, "conflicts.choose_other").isChecked()
    shown.find(QPushButton, "conflicts.settle").click()
    shown.settle()
    shown.picture("5-settled")
    assert shown.find(QListWidget, "conflicts.list").count() == 0
    shown.close()
    a.synced()
    b.synced()
    assert a.name(member_id) == b.name(member_id) == "Hồ Thị Mờ"


def test_a_choice_without_a_reason_is_not_written(province: RunningProvince, new_laptop: NewLaptop, window) -> None:
    a, _, _ = clash(province, new_laptop)
    shown = window(a)
    shown.go("conflicts")
    shown.find(QPushButton, "conflicts.settle").click()
    assert "lý do" in shown.find(QLabel, "conflicts.reason.problem").text()
    assert len(a.syncing.conflicts()) == 1
