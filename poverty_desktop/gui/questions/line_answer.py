"""Editors of what is typed: one line (text, numbers, days) and several lines.

Nothing is rewritten while it is typed or composed (Unikey): the answer is taken when the field is left.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.option_list import ENTER
from poverty_desktop.gui.theme import ROW, restyle

_WIDTHS = {"integer": 160, "decimal": 160, "date": 160}


class LineAnswer(QLineEdit):
    """Enter goes on, Shift+Enter back, Esc brings back what stood there."""

    answered = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setMinimumHeight(ROW)

    def show_state(self, state: FieldState) -> None:
        if state.shown != self._shown or not self.isModified():
            self._shown = state.shown
            self.setText(state.shown)
        self.setReadOnly(not state.writable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if state.writable else Qt.FocusPolicy.NoFocus)
        self.setMaximumWidth(_WIDTHS.get(state.kind, 520))
        number = state.kind in ("integer", "decimal")
        self.setAlignment(Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft)
        tone = state.tone if state.problem else ""
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            restyle(self)

    def commit(self) -> None:
        """Leave the field: what was typed is the answer now."""
        if self.isModified() and not self.isReadOnly():
            self.setModified(False)
            typed, self._shown = self.text(), self.text()
            self.answered.emit(typed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z undoes letters while the field is being typed, whole answers otherwise."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if is_key and event.matches(QKeySequence.StandardKey.Undo) and not self.isModified():  # type: ignore[attr-defined]
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in ENTER:
            event.ignore()
        elif event.key() in ENTER:
            self._go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._go(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._shown)
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        self.commit()
        self.moved.emit(step)


class TextAnswer(QPlainTextEdit):
    """Several lines: Enter makes a new line, Ctrl+Enter leaves (as everywhere where text has lines)."""

    answered = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setTabChangesFocus(True)
        self.setFixedHeight(3 * ROW)

    def show_state(self, state: FieldState) -> None:
        if state.shown != self._shown or not self.document().isModified():
            self._shown = state.shown
            self.setPlainText(state.shown)
        self.setReadOnly(not state.writable)

    def commit(self) -> None:
        if self.document().isModified() and not self.isReadOnly():
            self.document().setModified(False)
            self._shown = self.toPlainText()
            self.answered.emit(self._shown)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._leaves(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        empty = event.key() in ENTER and not event.modifiers() and not self.toPlainText()
        if self._leaves(event) or empty:  # nobody wants an empty first line: Enter goes on as in every other question
            self.commit()
            self.moved.emit(1)
        elif event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.commit()
            self.moved.emit(-1)
        else:
            super().keyPressEvent(event)

    def _leaves(self, event: QKeyEvent) -> bool:
        """Ctrl+Enter leaves what is being typed (when nothing is, it finishes the survey, as everywhere)."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return event.key() in ENTER and control and self.document().isModified()
