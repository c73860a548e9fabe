"""Hands on the keyboard. `qtbot.keyClicks` aborts the process on any letter beyond ASCII; these do not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def target(fallback: QWidget) -> QWidget:
    """Where a key goes now: the widget with the focus."""
    return QApplication.focusWidget() or fallback


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
    """Press a key as from a real keyboard (shortcuts answer too), where the focus is, else on `widget`."""
    for _ in range(times):
        QTest.keyClick(target(widget), key, modifiers)


def type_text(widget: QWidget, text: str) -> None:
    """Type letter by letter where the focus is. Letters beyond ASCII come as key events with a text and no key code, as
    Unikey sends them on Windows."""
    for letter in text:
        if letter.isascii():
            QTest.keyClick(target(widget), letter)
        else:
            _send(target(widget), letter)


def _send(widget: QWidget, letter: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, 0, NONE, letter))


def compose(widget: QWidget, *preedit: str, commit: str) -> None:
    """Compose as an input method does: each pre-edit text in turn, then the text it commits."""
    for text in preedit:
        QApplication.sendEvent(target(widget), QInputMethodEvent(text, []))
    event = QInputMethodEvent("", [])
    event.setCommitString(commit)
    QApplication.sendEvent(target(widget), event)
