"""What the answers typed on one line have in common: the line of a text or number, and the line that looks for an option."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.composed_line import ComposedLine
from poverty_desktop.gui.theme import ROW, restyle


class AnswerLine(ComposedLine):
    """Who comes to it finds the whole answer selected. What is being typed stands over whatever comes meanwhile."""

    answered = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.below: QWidget | None = None
        self._shown = ""
        self.setMinimumHeight(ROW)

    def show_answer(self, state: FieldState) -> None:
        """The answer, whether it may be typed, and the tone of what is wrong."""
        typing = self.preedit or (self.isModified() and state.writable)
        self._shown = state.shown
        if not typing and (self.text() != state.shown or self.isModified()):
            self.setText(state.shown)
            self.show_beginning()
        if self.isReadOnly() == state.writable:
            self.setReadOnly(not state.writable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if state.writable else Qt.FocusPolicy.NoFocus)
        tone = state.tone if state.problem else ""
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            restyle(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.selectAll()
