"""A grid keyed like a spreadsheet.

Enter goes on (to the next cell, or down the column with `enter="row"`), Shift+Enter back, Tab and Shift+Tab along the
line, arrows anywhere; typing replaces what stands there, F2 edits it; Ctrl+D copies the value above; Delete clears; Ctrl+C
and Ctrl+V speak with Excel; Ctrl+Z takes back. Choices open by a digit or the first letters. Read-only cells are skipped by
Enter and Tab. Going on from the end of the last line asks for a new line (`grows=True`), unless the last line is still
empty: then the grid is left, as in "a blank line ends the list". What is wrong in the present cell stands below the grid;
with `says="row"` what is said of another cell of its line stands there too, while the cell itself is in order.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.entry_delegate import EntryDelegate
from poverty_desktop.gui.components.entry_table import EntryTable
from poverty_desktop.gui.models.entry_model import PROBLEM_ROLE, TONE_ROLE, EntryModel
from poverty_desktop.gui.theme import GRID, ROW, restyle


class EntryGrid(QWidget):
    """A table with its problem line. Signals: the model's `edited`; here `row_wanted()` (render the new row before you
    return), `removal_wanted(row_id)` (Ctrl+Delete), `row_entered(row_id)` (the cursor came into another line).
    Object names: `<name>` the whole, `<name>.table`, `<name>.problem`."""

    row_wanted = Signal()
    removal_wanted = Signal(str)
    row_entered = Signal(str)

    def __init__(
        self,
        texts: Texts,
        model: EntryModel,
        *,
        name: str,
        title: str,
        enter: Literal["cell", "row"] = "cell",
        grows: bool = True,
        lines: int = 6,
        says: Literal["cell", "row"] = "cell",
    ) -> None:
        super().__init__()
        self.model = model
        self._says = says
        self._stood = (-1, -1)
        self.table = EntryTable(model, enter=enter, grows=grows)
        self.problem = QLabel()
        self.setObjectName(name)
        self.table.setObjectName(f"{name}.table")
        self.problem.setObjectName(f"{name}.problem")
        self.table.setAccessibleName(title)
        self.table.setAccessibleDescription(texts("components.grid_keys"))
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)  # it repeats what was typed
        self.problem.setMinimumHeight(3 * GRID)
        self.table.setMinimumHeight((lines + 1) * ROW + GRID)
        self.setFocusProxy(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        self.table.row_wanted.connect(self.row_wanted)
        self.table.removal_wanted.connect(self.removal_wanted)
        self.table.left_forward.connect(lambda: self._leave(True))
        self.table.left_backward.connect(lambda: self._leave(False))
        self.table.selectionModel().currentChanged.connect(self._entered)
        model.dataChanged.connect(lambda: self._say_problem())
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._stand_again)

    def stand_on(self, row: int, key: str) -> None:
        """Put the cursor on a cell by row number and column key, with the focus (a link from the list of problems)."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.stand_on(row, self.model.column_of(key))

    def commit(self) -> None:
        """Close the open cell, keeping what was typed. Called by `Screen.leaving` and before a save."""
        editor = self.table.indexWidget(self.table.currentIndex())
        delegate = self.table.itemDelegate()
        if editor is not None and isinstance(delegate, EntryDelegate):
            delegate.leave(editor, "stay")

    def _remember(self) -> None:
        self._stood = self.table.at()

    def _stand_again(self) -> None:
        """After a reset the cursor is where it was, as far as the new rows reach."""
        row, column = self._stood
        if row >= 0 and self.model.rowCount():
            self.table.stand_on(min(row, self.model.rowCount() - 1), column)
        self._say_problem()

    def _leave(self, forward: bool) -> None:
        target = _beside(self.table, forward)
        while target is not self.table and not _takes_tab(target, self):
            target = _beside(target, forward)
        target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)

    def _entered(self, now: QModelIndex, before: QModelIndex) -> None:
        self._say_problem()
        if now.isValid() and now.row() != before.row():
            self.row_entered.emit(self.model.row_id(now.row()))

    def _say_problem(self) -> None:
        index = self._spoken_of(self.table.currentIndex())
        tone, sentence = (index.data(TONE_ROLE), index.data(PROBLEM_ROLE)) if index.isValid() else (None, "")
        title = self.model.columns[index.column()].title if sentence else ""
        self.problem.setText(f"{title}: {sentence}" if sentence else "")
        self.problem.setProperty("tone", tone or "")
        restyle(self.problem)

    def _spoken_of(self, current: QModelIndex) -> QModelIndex:
        """The present cell, or the first one of its line that something is said of."""
        if self._says == "cell" or not current.isValid() or current.data(PROBLEM_ROLE):
            return current
        line = (current.siblingAtColumn(column) for column in range(self.model.columnCount()))
        return next((one for one in line if one.data(PROBLEM_ROLE)), current)


def _beside(widget: QWidget, forward: bool) -> QWidget:
    beside = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
    return beside or widget


def _takes_tab(widget: QWidget, outside: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isVisible() and widget.isEnabled() and not outside.isAncestorOf(widget)
