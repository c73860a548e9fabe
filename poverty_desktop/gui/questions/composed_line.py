"""A line that knows whether a word is being composed in it (Unikey, TSF, ibus), so that nobody rewrites it meanwhile.

An input method may also replace letters that stand already (`replacementStart`, `replacementLength`); Qt's line does that itself.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QInputMethodEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from poverty_desktop.gui.questions.composing import settle

_EDGES = 24  # pixels of a line beside its words


class ComposedLine(QLineEdit):
    """`preedit` is the word that is being composed, "" when none is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preedit = ""

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.preedit = event.preeditString()
        super().inputMethodEvent(event)

    def settle(self) -> None:
        """The field is left: what is being composed is what was meant."""
        settle(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.settle()
        super().focusOutEvent(event)

    def show_beginning(self) -> None:
        """Of an answer that is longer than its line one sees the beginning, and the whole under the mouse."""
        if not self.hasFocus():
            self.home(False)
            self.setToolTip(self.text() if self.fontMetrics().horizontalAdvance(self.text()) > self.width() - _EDGES else "")

    def select_or_end(self) -> None:
        """F2: the whole answer, or the cursor behind it when the whole was selected."""
        if self.hasSelectedText() and self.selectedText() == self.text():
            self.end(False)
        else:
            self.selectAll()
