"""The two screens of synchronising, driven as an officer does, on real laptops and a real province."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton

from tests.gui.keyboard import press, type_text
from tests.sync.laptops import Laptop, RunningProvince, clash

NewLaptop = Callable[..., Laptop]


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
    shown.reads("Xong: đã gửi 3 thay đổi, nhận 0 thay đổi.")
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
