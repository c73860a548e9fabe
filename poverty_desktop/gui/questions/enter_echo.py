"""The Enter of an old habit: pressed right behind a digit that already went on, it must not skip the next question."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.gui.questions.option_list import ENTER


class EnterEcho(QObject):
    """Swallows one plain Enter if it is the very next key; any other key, or another place, ends the waiting."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None

    def expect(self) -> None:
        """The cursor was just moved on by a digit."""
        self._forget()
        self._watched = QApplication.focusWidget()
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _forget(self) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._forget()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._forget()
            return event.key() in ENTER and event.modifiers() in (_NONE, Qt.KeyboardModifier.KeypadModifier)
        return False


_NONE = Qt.KeyboardModifier.NoModifier
