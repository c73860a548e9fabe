"""Many deletions from the province wait on the screen for a person's yes (sync.md 3.9)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from poverty_desktop.domain.records import Household
from tests.sync.laptops import Laptop
from tests.sync.sync_window import Window
from tests.sync.test_brake import delete, pair

__all__ = ["pair"]


def test_a_person_says_yes_in_a_question_whose_first_answer_is_no(
    pair: tuple[Laptop, Laptop], window: Callable[..., Window]
) -> None:
    a, b = pair
    for _ in range(2):
        delete(a, 35)
        a.synced()
    shown = window(b)
    shown.go("sync")
    assert not shown.find(QPushButton, "sync.deletes").isVisible()
    shown.find(QPushButton, "sync.now").click()
    shown.settle()
    shown.picture("sync-deletes")
    asking = shown.find(QPushButton, "sync.deletes")
    assert asking.isVisible()
    assert asking.text().startswith("70 ")
    for answer, left in (("confirm.keep", 80), ("confirm.act", 10)):
        asking.click()
        shown.find(QPushButton, answer).click()
        shown.settle()
        assert len(b.records.select(Household)) == left
    assert not asking.isVisible()
