"""A table of read-only lines: rows are chosen whole, Enter opens, badges by word and shape."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QSize, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from poverty_desktop.gui.components.badge import BadgeDelegate
from poverty_desktop.gui.models.line_model import BADGE_ROLE, LineModel
from poverty_desktop.gui.questions.keys import ENTER
from poverty_desktop.gui.theme import ROW


class ListTable(QTableView):
    """The table of every list, whatever its model. `opened(row)` on Enter or a double click."""

    opened = Signal(int)

    def __init__(self, model: QAbstractItemModel, *, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(model)
        self.setItemDelegate(BadgeDelegate(BADGE_ROLE, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def sizeHint(self) -> QSize:
        """A head and four lines at the least: a page with wrapped words on it takes the hint for what is needed."""
        return QSize(super().sizeHint().width(), 5 * ROW)

    def row(self) -> int:
        return self.currentIndex().row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.opened.emit(self.row())
        else:
            super().keyPressEvent(event)


class LineTable(ListTable):
    """A list whose model knows its columns and their widths; `stretch` takes the rest."""

    def __init__(self, model: LineModel, *, name: str, title: str, stretch: str) -> None:
        super().__init__(model, name=name, title=title)
        self.lines = model
        self.horizontalHeader().setMinimumSectionSize(40)
        for number, column in enumerate(model.columns):
            self.setColumnWidth(number, column.width)
        self.horizontalHeader().setSectionResizeMode(model.column_of(stretch), QHeaderView.ResizeMode.Stretch)

    def stand_on(self, row: int) -> None:
        if 0 <= row < self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(row, 0))

    def hide_columns(self, *keys: str) -> None:
        """Hide these and show all others."""
        for number, column in enumerate(self.lines.columns):
            self.setColumnHidden(number, column.key in keys)
