"""Keys that mean the same in every question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
INSTANCE_KEYS = (Qt.Key.Key_Insert, Qt.Key.Key_Delete)


_Y_OR_Z = {Qt.Key.Key_Y: Qt.KeyboardModifier.ControlModifier}
_Y_OR_Z[Qt.Key.Key_Z] = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def takes_back(event: QKeyEvent) -> bool:
    """Whether a key takes back or does again: whole answers, where no letters are being typed."""
    return event.matches(QKeySequence.StandardKey.Undo) or _Y_OR_Z.get(Qt.Key(event.key())) == event.modifiers()


def claims(event: QEvent, is_own: Callable[[QKeyEvent], bool]) -> bool:
    """Whether a key is the widget's own before any shortcut of the window; it is accepted then."""
    own = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and is_own(event)
    if own:
        event.accept()
    return own


def asks_for_instance(event: QKeyEvent, widget: QWidget) -> bool:
    """Whether a key adds or removes the instance of the repeat that `widget` stands in (Ctrl+Insert, Ctrl+Delete)."""
    if event.key() not in INSTANCE_KEYS or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    above = widget.parentWidget()
    while above is not None and not above.property("repeat"):
        above = above.parentWidget()
    return above is not None
