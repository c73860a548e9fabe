"""The roster on the screen: the table, and below it the present cell in full: its question, its numbered answers, its problem."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.models.roster_model import RosterModel
from poverty_desktop.gui.presenters.survey_state import GridState
from poverty_desktop.gui.questions.add_button import AddButton
from poverty_desktop.gui.questions.cell_panel import CellPanel
from poverty_desktop.gui.questions.roster_table import RosterTable
from poverty_desktop.gui.theme import GRID


class RosterGrid(QWidget):
    """Signals as `RowColumn`; `moved` bears the key of the repeat. `nested`: it stands in a card or a frame, shows all its lines,
    and its present cell in words only while the cursor is in it.
    """

    answered = Signal(str, str)
    moved = Signal(str, int)
    reasoned = Signal(str, str)
    numbered = Signal(str)
    walked = Signal()
    wanted = Signal(str)

    def __init__(self, state: GridState, texts: Texts, parent: QWidget | None = None, *, nested: bool = False) -> None:
        super().__init__(parent)
        self.key, self._texts, self._nested = state.key, texts, nested
        self._state: GridState | None = None
        self.model = RosterModel()
        self.model.setParent(self)  # it goes with its table, on this thread
        self.table = RosterTable(self.model)
        self.table.setAccessibleName(state.label)
        self.cell = CellPanel(texts)
        self.label = QLabel(state.label)
        self.label.setProperty("role", "label")
        self.label.setWordWrap(True)
        self.add = AddButton(state.key, texts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.label)
        column.addWidget(self.table, 1)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.cell)
        column.addStretch()
        self.label.setVisible(nested and bool(state.label))
        self.setFocusProxy(self.table)
        self.bind()
        self.show_state(state)

    def measure(self, width: int) -> None:
        """Ahead, for a page of this width."""
        self.table.fitting.measure(width)

    def bind(self) -> None:
        self.model.answered.connect(self.answered)
        self.table.left.connect(lambda step: self.moved.emit(self.key, step))
        self.table.entered_cell.connect(self._say)
        self.table.numbered.connect(lambda: self.numbered.emit(self.key))
        self.table.entered_cell.connect(lambda: self.walked.emit())
        self.table.stood_in.connect(self._show_panel)
        self.add.moved.connect(self.moved)
        self.add.wanted.connect(self.wanted)
        self.cell.reason.editingFinished.connect(self._reason_left)
        self.cell.reason.entered.connect(self._back_to_table)

    def show_state(self, state: GridState) -> None:
        if state == self._state:
            return
        self._state = state
        self.model.show_state(state)
        self.add.offer(state.label, offered=state.may_add)
        self.table.setVisible(bool(state.rows))
        self.table.show_whole(whole=self._nested, grows=state.may_add)
        self._show_panel()
        self._say(self.table.currentIndex())

    def _show_panel(self) -> None:
        inside = (
            self.table.hasFocus() or self.cell.reason.hasFocus() or self.table.isAncestorOf(QApplication.focusWidget() or self)
        )
        self.cell.setVisible(not self.table.isHidden() and (not self._nested or inside))

    @property
    def present_key(self) -> str:
        """The cell the cursor stands on; "" in an empty grid, and on its button."""
        cell = self.model.cell(self.table.currentIndex())
        return cell.key if cell and not self.add.hasFocus() else ""

    def _say(self, index: QModelIndex) -> None:
        cell = self.model.cell(index)
        if cell is not None and self._state is not None:
            person = self._state.rows[index.row()]
            self.cell.show_cell(cell, person.title, person.detail, index.row() + 1)

    def _reason_left(self) -> None:
        if self.cell.reason.isModified() and self.cell.key:
            self.cell.reason.setModified(False)
            self.reasoned.emit(self.cell.key, self.cell.reason.text())

    def _back_to_table(self) -> None:
        self.table.setFocus()
        self.table.go(1)

    @property
    def stops(self) -> list[tuple[str, QWidget]]:
        asked = self._state is not None and any(cell.writable for row in self._state.cells for cell in row)
        table: list[tuple[str, QWidget]] = [(self.key, self.table)] if asked else []
        return [*table, *self.add.stops]

    def commit(self) -> None:
        self.table.commit()
        self._reason_left()
