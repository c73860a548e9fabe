"""A line of text that keeps Enter to itself: Qt's own passes it on to whatever stands behind, which would move twice."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from poverty_desktop.gui.questions.composed_line import ComposedLine
from poverty_desktop.gui.questions.keys import ENTER


class OneLine(ComposedLine):
    """`entered()` on Enter; `editingFinished` comes too, before it."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in ENTER and not control:
            self.settle()
            self.editingFinished.emit()
            self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
