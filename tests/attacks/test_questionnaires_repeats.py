"""A line or block of a repeat is taken away while a field of it is half typed: it comes back whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from poverty_desktop.gui.try_window import TryWindow
from tests.gui.keyboard import CONTROL, press, target, type_text
from tests.keying.conftest import texts as texts
from tests.keying.conftest import window as window

Key = Qt.Key


@pytest.mark.parametrize("composed", ["", "Đinh"])
def test_undo_brings_back_a_block_with_the_word_that_was_half_typed(window: TryWindow, composed: str) -> None:
    press(window, Key.Key_PageDown)
    press(window, Key.Key_Insert, CONTROL)
    bank = window.presenter.state.focus[0]
    type_text(window, "Ngan hang ")
    if composed:
        QApplication.sendEvent(target(window), QInputMethodEvent(composed, []))
    press(window, Key.Key_Delete, CONTROL)
    assert bank not in window.presenter._drawn.session.answers()
    press(window, Key.Key_Z, CONTROL)
    assert window.presenter._drawn.session.value(bank) == f"Ngan hang {composed}".strip()
