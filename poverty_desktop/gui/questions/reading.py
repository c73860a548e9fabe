"""What is only read: notes of the form and computed answers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState


class Reading(QLabel):
    """A computed answer. Takes no focus."""

    answered = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.below: QWidget | None = None
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_state(self, state: FieldState) -> None:
        self.setText(state.shown or "–")
        self.setVisible(state.kind != "note")

    def commit(self) -> None:
        """Nothing is typed here."""
