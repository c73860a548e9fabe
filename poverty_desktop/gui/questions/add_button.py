"""The button at the end of a repeat: one more."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.questions.keys import ENTER, claims


class AddButton(QPushButton):
    """`wanted(repeat)` on space, Ctrl+Insert or the mouse; Enter goes on as everywhere: `moved(stop, step)`."""

    wanted = Signal(str)
    moved = Signal(str, int)

    def __init__(self, repeat: str, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts("question.add"), parent)
        self._texts = texts
        self._repeat, self.stop = repeat, f"{repeat}+"
        self.setObjectName(f"add.{repeat.replace('/', '.')}")
        self.setAutoDefault(False)
        self.clicked.connect(lambda: self.wanted.emit(self._repeat))

    def offer(self, label: str, *, offered: bool) -> None:
        """Name what is added; a repeat that may not grow has no button."""
        self.setText(self._texts("question.add_to", label=label) if label else self._texts("question.add"))
        self.setVisible(offered)

    @property
    def stops(self) -> list[tuple[str, QWidget]]:
        return [] if self.isHidden() else [(self.stop, self)]

    def event(self, event: QEvent) -> bool:
        return claims(event, _adds) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _adds(event):
            self.click()
        elif event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.moved.emit(self.stop, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(self.stop, -1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def _adds(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Insert and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
