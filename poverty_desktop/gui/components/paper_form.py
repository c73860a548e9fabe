"""The small form in the page that asks which papers to print and how, and shows how far it is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.paper_presenter import KINDS, SCOPES, PaperFormState
from poverty_desktop.gui.theme import GRID, ROW


class PaperForm(QFrame):
    """`chosen(scope, kind)`, `wanted()` to print, `cancelled()` to stop or close. Object names: `paper.scope`, `paper.kind`,
    `paper.progress`, `action.print_papers`, `action.stop_printing`."""

    chosen = Signal(str, str)
    wanted = Signal()
    cancelled = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setProperty("role", "card")
        self.scope, self.kind = QComboBox(), QComboBox()
        self.accept, self.cancel = QPushButton(texts("paper.print")), QPushButton(texts("review.cancel"))
        self.progress = QProgressBar()
        for kind in KINDS:
            self.kind.addItem(texts(f"paper.kind_{kind}"), kind)
        for scope in SCOPES:
            self.scope.addItem("", scope)
        self._lay_out()
        for box in (self.scope, self.kind):
            box.activated.connect(lambda _: self.chosen.emit(self.scope.currentData(), self.kind.currentData()))
        self.accept.clicked.connect(self.wanted)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, GRID, 12, GRID)
        for column, (box, name) in enumerate(((self.scope, "scope"), (self.kind, "kind"))):
            label = QLabel(self._texts(f"paper.{name}"))
            label.setProperty("role", "label")
            label.setBuddy(box)
            box.setObjectName(f"paper.{name}")
            box.setAccessibleName(self._texts(f"paper.{name}"))
            box.setMinimumHeight(ROW)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 1)
        self.progress.setObjectName("paper.progress")
        self.progress.setAccessibleName(self._texts("paper.title"))
        self.accept.setObjectName("action.print_papers")
        self.accept.setProperty("role", "main")
        self.cancel.setObjectName("action.stop_printing")
        for button in (self.accept, self.cancel):
            button.setAutoDefault(True)
        acts = QHBoxLayout()
        acts.addWidget(self.progress, 1)
        acts.addStretch(1)
        acts.addWidget(self.cancel)
        acts.addWidget(self.accept)
        grid.addLayout(acts, 2, 0, 1, 2)

    def show_state(self, state: PaperFormState) -> None:
        opened = state.shown and self.isHidden()
        for place, scope in enumerate(SCOPES):
            facts = {"household": state.household or self._texts("paper.no_household"), "village": state.village}
            self.scope.setItemText(place, self._texts(f"paper.scope_{scope}", **facts))
        self.scope.setCurrentIndex(SCOPES.index(state.scope))
        self.kind.setCurrentIndex(KINDS.index(state.kind))
        self.progress.setVisible(state.running)
        self.progress.setRange(0, state.total)
        self.progress.setValue(state.done)
        self.progress.setFormat(self._texts("paper.progress", done=state.done, total=state.total))
        self.accept.setEnabled(not state.running and (state.scope != "household" or bool(state.household)))
        self.cancel.setText(self._texts("paper.stop") if state.running else self._texts("review.cancel"))
        for box in (self.scope, self.kind):
            box.setEnabled(not state.running)
        if state.running and not self.cancel.hasFocus() and self.isAncestorOf(self.focusWidget() or self):
            self.cancel.setFocus()
        self.setVisible(state.shown)
        if opened:
            self.accept.setFocus()
