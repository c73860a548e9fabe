"""The editor of what is typed on one line: text, numbers, days, times, codes and places.

Nothing is rewritten while it is typed or composed (Unikey): the answer is taken when the field is left.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence

from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.answer_line import AnswerLine
from poverty_desktop.gui.questions.keys import ENTER, asks_for_instance, takes_back

_WIDTHS = {"integer": 160, "decimal": 160, "date": 160, "time": 160, "datetime": 220, "geopoint": 320, "barcode": 320}
_WIDEST = 520
_NUMBERS = ("integer", "decimal")


class LineAnswer(AnswerLine):
    """Enter goes on, Shift+Enter back, F2 selects all or none, Esc brings back what stood there when the field was entered."""

    def show_state(self, state: FieldState) -> None:
        self.show_answer(state)
        self.setMaximumWidth(160 if state.kind == "text" and "numbers" in state.looks else _WIDTHS.get(state.kind, _WIDEST))
        across = Qt.AlignmentFlag.AlignRight if state.kind in _NUMBERS else Qt.AlignmentFlag.AlignLeft
        if self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask != across:
            self.setAlignment(across)

    def commit(self) -> None:
        """Leave the field: what was typed is the answer now, and stands there as the form understood it."""
        self.settle()
        if self.isModified() and not self.isReadOnly():
            self.setModified(False)
            self.answered.emit(self.text())
            if not self.isModified() and self.text() != self._shown:
                self.setText(self._shown)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()
            self.show_beginning()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z undoes letters while the field is being typed, else whole answers; the keys of a repeat are not its own."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undoes = takes_back(event) and not self.isModified()
            if undoes or asks_for_instance(event, self):
                event.ignore()
                return False
            if event.matches(QKeySequence.StandardKey.DeleteEndOfWord):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier) or asks_for_instance(event, self):
            event.ignore()
        elif event.key() in ENTER:
            self._go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.arrow(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_F2:
            self.select_or_end()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._bring_back()
        else:
            super().keyPressEvent(event)

    def arrow(self, step: int) -> None:
        """Up and down: to the question before or after."""
        self._go(step)

    def _bring_back(self) -> None:
        """As it was. What was answered from here already is taken back by whoever holds the answers."""
        self.setText(self._shown)
        self.selectAll()

    def _go(self, step: int) -> None:
        self.commit()
        self.moved.emit(step)
