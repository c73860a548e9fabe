"""The chair's decision that makes the results of a round official: number and date, in the page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.theme import GRID, ROW


class RecognitionForm(QFrame):
    """`decided(number, day as typed)` or `cancelled()`. Hidden until asked for."""

    decided = Signal(str, str)
    cancelled = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setProperty("role", "card")
        self.number, self.day = OneLine(), OneLine()
        self.accept, self.cancel = QPushButton(), QPushButton(texts("review.cancel"))
        self._lay_out()
        self.number.entered.connect(self.day.setFocus)
        self.day.entered.connect(self.accept.setFocus)
        self.accept.clicked.connect(lambda: self.decided.emit(self.number.text(), self.day.text()))
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def _lay_out(self) -> None:
        words = QLabel(self._texts("review.recognise_words"))
        words.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, GRID, 12, GRID)
        grid.addWidget(words, 0, 0, 1, 2)
        for column, (field, name) in enumerate(((self.number, "decision_no"), (self.day, "decided_on"))):
            label = QLabel(self._texts(f"review.{name}"))
            label.setProperty("role", "label")
            label.setWordWrap(True)
            label.setBuddy(field)
            field.setObjectName(f"review.{name}")
            field.setAccessibleName(self._texts(f"review.{name}"))
            field.setMinimumHeight(ROW)
            grid.addWidget(label, 1, column)
            grid.addWidget(field, 2, column)
        self.accept.setObjectName("action.recognise_now")
        self.accept.setProperty("role", "main")
        self.cancel.setObjectName("action.recognise_cancel")
        for button in (self.accept, self.cancel):
            button.setAutoDefault(True)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(self.cancel)
        acts.addWidget(self.accept)
        grid.addLayout(acts, 3, 0, 1, 2)

    def show_count(self, count: int | None) -> None:
        """How many surveys would become official; None closes the form."""
        opened = count is not None and self.isHidden()
        self.setVisible(count is not None)
        if count is not None:
            self.accept.setText(self._texts("review.recognise_now", count=count))
            self.accept.setEnabled(count > 0)
        if opened:
            self.number.setFocus()
