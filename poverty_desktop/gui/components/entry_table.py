"""The table of an entry grid: where the cursor goes, and what each key does while no cell is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableView

from poverty_desktop.gui.components.entry_delegate import EntryDelegate
from poverty_desktop.gui.models.choices import matching
from poverty_desktop.gui.models.entry_model import EntryModel
from poverty_desktop.gui.theme import GRID, ROW

Key = Qt.Key


class EntryTable(QTableView):
    """The table inside an `EntryGrid`."""

    left_forward = Signal()
    left_backward = Signal()
    row_wanted = Signal()
    removal_wanted = Signal(str)

    def __init__(self, model: EntryModel, *, enter: Literal["cell", "row"], grows: bool) -> None:
        super().__init__()
        self.entry = model
        self._enter, self._grows = enter, grows
        self.setModel(model)
        self.setItemDelegate(EntryDelegate(self, self.go))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self._measure()

    def _measure(self) -> None:
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW)
        rows.setMinimumWidth(4 * GRID)
        heads.setMinimumSectionSize(5 * GRID)
        heads.setHighlightSections(False)
        for number, column in enumerate(self.entry.columns):
            self.setColumnWidth(number, column.width)
        heads.setStretchLastSection(True)

    # --- where one is ------------------------------------------------------------------------------------------------

    def at(self) -> tuple[int, int]:
        index = self.currentIndex()
        return index.row(), index.column()

    def stand_on(self, row: int, column: int) -> None:
        """Put the cursor on a cell and bring it into sight."""
        index = self.entry.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def go(self, move: str) -> None:
        """Leave the present cell by a move of the delegate."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        row, column = self.at()
        if move == "stay":
            return
        if move == "above":
            self.copy_above()
        elif move in ("up", "down"):
            self._vertical(1 if move == "down" else -1)
        elif move in ("next", "back") and self._enter == "row":
            self._vertical(1 if move == "next" else -1, leaves=True)
        else:
            self._horizontal(row, column, 1 if move in ("next", "right") else -1)

    def _vertical(self, step: int, *, leaves: bool = False) -> None:
        row, column = self.at()
        if 0 <= row + step < self.entry.rowCount():
            self.stand_on(row + step, column)
        elif leaves:
            self._past_the_end(step, column)

    def _horizontal(self, row: int, column: int, step: int) -> None:
        """The next editable cell in reading order; past the end a new line, or out of the grid."""
        width = len(self.entry.columns)
        place = row * width + column + step
        while 0 <= place < width * self.entry.rowCount():
            if self.entry.is_editable(place // width, place % width):
                self.stand_on(place // width, place % width)
                return
            place += step
        self._past_the_end(step, self._first_editable())

    def _past_the_end(self, step: int, column: int) -> None:
        last = self.entry.rowCount() - 1
        if step < 0:
            self.left_backward.emit()
        elif self._grows and (last < 0 or not self.entry.is_empty(last)):
            self.row_wanted.emit()  # the presenter renders the new line before this returns
            if self.entry.rowCount() - 1 > last:
                self.stand_on(last + 1, column)
        else:
            self.left_forward.emit()

    def _first_editable(self) -> int:
        return next((number for number, column in enumerate(self.entry.columns) if column.editable), 0)

    # --- acts on cells -----------------------------------------------------------------------------------------------

    def copy_above(self) -> None:
        """Ctrl+D: the value of the cell above, as in every spreadsheet; several cells selected: the first line downwards."""
        cells = self.selectedIndexes() or [self.currentIndex()]
        top = min(index.row() for index in cells)
        source = top if max(index.row() for index in cells) > top else top - 1
        for index in cells:
            if source >= 0 and index.row() != source:
                self.entry.setData(index, self.entry.text(source, index.column()))

    def clear_cells(self) -> None:
        for index in self.selectedIndexes() or [self.currentIndex()]:
            self.entry.setData(index, "")

    def copy_cells(self) -> None:
        cells = sorted(self.selectedIndexes(), key=lambda index: (index.row(), index.column()))
        lines: dict[int, list[str]] = {}
        for index in cells:
            lines.setdefault(index.row(), []).append(str(index.data() or ""))
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines.values()))

    def paste_cells(self) -> None:
        """Fill from the present cell on, as far as the grid reaches; a choice is found by its words or digits."""
        row, column = self.at()
        for down, line in enumerate(QGuiApplication.clipboard().text().rstrip("\n").split("\n")):
            for right, text in enumerate(line.split("\t")):
                if row + down < self.entry.rowCount() and column + right < len(self.entry.columns):
                    self.entry.setData(self.entry.index(row + down, column + right), self._meant(column + right, text))

    def _meant(self, column: int, text: str) -> str:
        found = matching(self.entry.columns[column].choices, text) if text.strip() else []
        return found[0].code if found else text

    def take_back(self) -> None:
        where = self.entry.undo()
        if where is not None:
            self.stand_on(*where)

    def _remove(self) -> None:
        if self.currentIndex().isValid():
            self.removal_wanted.emit(self.entry.row_id(self.currentIndex().row()))

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act(event)
        if act is not None:
            act()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _act(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does while no cell is open."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return {
                Key.Key_D: self.copy_above,
                Key.Key_C: self.copy_cells,
                Key.Key_V: self.paste_cells,
                Key.Key_Z: self.take_back,
                Key.Key_Delete: self._remove,
            }.get(Key(key))
        if key in (Key.Key_Return, Key.Key_Enter):
            return lambda: self.go("back" if shift else "next")
        if key in (Key.Key_Tab, Key.Key_Backtab):
            return lambda: self.go("left" if shift or key == Key.Key_Backtab else "right")
        return self.clear_cells if key == Key.Key_Delete else None

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab belongs to the cells; the grid is left past its first or last one."""
        self.go("right" if forward else "left")
        return True

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """A letter that Unikey commits without composing it first opens the cell and replaces what stands there; Qt alone
        opens the cell and loses the letter."""
        opens = bool(event.commitString()) and self.indexWidget(self.currentIndex()) is None
        super().inputMethodEvent(event)
        editor = self.indexWidget(self.currentIndex())
        if opens and isinstance(editor, QLineEdit) and not editor.isModified():
            QGuiApplication.sendEvent(editor, event)
