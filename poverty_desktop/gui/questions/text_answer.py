"""The editor of several lines: long text, and lines or areas of points (one point a line)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.composing import settle
from poverty_desktop.gui.questions.keys import ENTER, asks_for_instance, takes_back
from poverty_desktop.gui.theme import GRID, restyle

_LEAST_LINES, _MOST_LINES = 3, 8


class TextAnswer(QPlainTextEdit):
    """Enter makes a new line, Ctrl+Enter leaves; Esc brings back what stood there when the field was entered."""

    answered = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.below: QWidget | None = None
        self.preedit = ""
        self._shown = ""
        self.setTabChangesFocus(True)
        self._fit()

    def show_state(self, state: FieldState) -> None:
        typing = self.preedit or (self.document().isModified() and state.writable)
        self._shown = state.shown
        if not typing:
            if self.toPlainText() != state.shown:
                self.setPlainText(state.shown)
            self.document().setModified(False)
            self._fit()
        if self.isReadOnly() == state.writable:
            self.setReadOnly(not state.writable)
        tone = state.tone if state.problem else ""
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            restyle(self)

    def _fit(self) -> None:
        """As high as its lines when it is shown; while one types it scrolls."""
        lines = min(max(self.document().blockCount(), _LEAST_LINES), _MOST_LINES)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 3 * GRID)

    def commit(self) -> None:
        self.settle()
        if self.document().isModified() and not self.isReadOnly():
            self.document().setModified(False)
            self.answered.emit(self.toPlainText())
            if not self.document().isModified() and self.toPlainText() != self._shown:
                self.setPlainText(self._shown)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.preedit = event.preeditString()
        super().inputMethodEvent(event)

    def settle(self) -> None:
        """The field is left: what is being composed is what was meant."""
        settle(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.moveCursor(QTextCursor.MoveOperation.End)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.settle()
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter leaves the text before it can finish the survey; Ctrl+Z undoes letters only while text is being typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if self._leaves(event):
                event.accept()
                return True
            undoes = takes_back(event) and not self.document().isModified()
            if undoes or asks_for_instance(event, self):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        empty = event.key() in ENTER and not event.modifiers() and not self.toPlainText()
        if asks_for_instance(event, self):
            event.ignore()
        elif self._leaves(event) or empty:  # nobody wants an empty first line: Enter goes on as in every other question
            self._go(1)
        elif event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._go(-1)
        elif event.key() == Qt.Key.Key_F2:
            self._select_or_end()
        elif event.key() == Qt.Key.Key_Escape and self.document().isModified():
            self.setPlainText(self._shown)
            self.moveCursor(QTextCursor.MoveOperation.End)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _select_or_end(self) -> None:
        if self.textCursor().hasSelection():
            self.moveCursor(QTextCursor.MoveOperation.End)
        else:
            self.selectAll()

    def _go(self, step: int) -> None:
        self.commit()
        self.moved.emit(step)

    def _leaves(self, event: QKeyEvent) -> bool:
        """Ctrl+Enter leaves what is being typed (when nothing is, it finishes the survey, as everywhere)."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return event.key() in ENTER and control and (self.document().isModified() or bool(self.preedit))
