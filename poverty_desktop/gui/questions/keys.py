"""Keys that mean the same in every question."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
INSTANCE_KEYS = (Qt.Key.Key_Insert, Qt.Key.Key_Delete)


_Y_OR_Z = {Qt.Key.Key_Y: Qt.KeyboardModifier.ControlModifier}
_Y_OR_Z[Qt.Key.Key_Z] = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def takes_back(event: QKeyEvent) -> bool:
    """Whether a key takes back or does again: whole answers, where no letters are being typed."""
    return event.matches(QKeySequence.StandardKey.Undo) or _Y_OR_Z.get(Qt.Key(event.key())) == event.modifiers()


def asks_for_instance(event: QKeyEvent, widget: QWidget) -> bool:
    """Whether a key adds or removes the instance of the repeat that `widget` stands in (Ctrl+Insert, Ctrl+Delete)."""
    if event.key() not in INSTANCE_KEYS or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    above = widget.parentWidget()
    while above is not None and not above.property("repeat"):
        above = above.parentWidget()
    return above is not None
