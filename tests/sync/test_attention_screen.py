"""Needs attention, driven by keys as an officer does; on a real laptop and a real province."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPushButton

from tests.gui.keyboard import press, type_text
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.sync_window import Window
from tests.sync.test_kept_aside import aside, given_up

__all__ = ["aside"]
Aside = tuple[Laptop, str, str]
OpenWindow = Callable[..., Window]


def in_list(window: Window) -> QListWidget:
    window.shell.activateWindow()
    window.qtbot.waitUntil(lambda: QApplication.activeWindow() is window.shell)
    beside: QListWidget = window.find(QListWidget, "attention.list")
    beside.setFocus()
    return beside


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_exchange_leads_to_what_is_kept_aside_with_its_reason(aside: Aside, window: OpenWindow, language: str) -> None:
    shown = window(aside[0], language)
    shown.go("sync")
    shown.picture("sync-kept-aside")
    shown.find(QPushButton, "sync.attention").click()
    shown.settle()
    shown.picture("attention")
    assert shown.find(QListWidget, "attention.list").count() == 1
    assert {"vi": "xã khác", "en": "another commune"}[language] in shown.find(QLabel, "attention.why").text()
    assert "0912345678" in shown.find(QLabel, "attention.fields").text()
    assert shown.shell.status_line.sign.needs_you == 1


def test_the_first_key_opens_the_record(aside: Aside, window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = window(aside[0])
    shown.go("attention")
    went: list[tuple[str, dict]] = []
    monkeypatch.setattr(shown.shell, "go", lambda place, **facts: went.append((place, facts)))
    press(in_list(shown), Qt.Key.Key_1)
    assert went == [("household", {"household_id": aside[1]})]


def test_what_was_corrected_says_so_and_is_sent_again_by_one_key(aside: Aside, window: OpenWindow) -> None:
    laptop, household_id, _ = aside
    laptop.edit("household", household_id, commune_code="21139", phone="0987654321")
    shown = window(laptop)
    shown.go("attention")
    shown.picture("attention-corrected")
    assert "đã sửa thành 0987654321" in shown.find(QLabel, "attention.fields").text()
    assert "gửi lại" in shown.find(QLabel, "attention.advice").text()
    press(in_list(shown), Qt.Key.Key_2)
    shown.settle()
    shown.reads("sẽ được gửi lại")
    shown.picture("attention-empty")
    assert shown.find(QListWidget, "attention.list").count() == 0
    assert laptop.phone(household_id) == "0987654321"


def test_giving_up_asks_for_a_reason_and_enter_behind_it_does_it(aside: Aside, window: OpenWindow) -> None:
    laptop, household_id, _ = aside
    shown = window(laptop)
    shown.go("attention")
    press(in_list(shown), Qt.Key.Key_3)
    reason = shown.find(QLineEdit, "attention.reason")
    assert reason.hasFocus()
    press(reason, Qt.Key.Key_Return)
    shown.settle()
    assert "lý do" in shown.find(QLabel, "attention.reason.problem").text()
    shown.picture("attention-reason-missing")
    assert laptop.phone(household_id) == "0912345678"
    type_text(reason, "ghi nham 1 ho")
    press(reason, Qt.Key.Key_Return)
    shown.settle()
    shown.reads("Đã thôi không gửi")
    assert laptop.phone(household_id) is None
    assert {row[1] for row in given_up(laptop)} == {"ghi nham 1 ho"}


def test_with_nothing_kept_aside_the_screen_says_what_belongs_there(
    province: RunningProvince, new_laptop: Callable[..., Laptop], window: OpenWindow
) -> None:
    shown = window(new_laptop())
    shown.go("attention")
    shown.reads("Không có thay đổi nào bị giữ lại")
