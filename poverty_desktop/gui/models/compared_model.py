"""A compared table as Qt sees it: its heads change with what is compared."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from poverty_desktop.gui.models.line_model import BADGE_ROLE
from poverty_desktop.services.rescoring_words import ComparedLine, ComparedTable

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()


class ComparedModel(QAbstractTableModel):
    """One line a row; cells that bear a badge name its kind."""

    def __init__(self) -> None:
        super().__init__()
        self._table: ComparedTable | None = None

    def show_table(self, table: ComparedTable | None) -> None:
        if table != self._table:
            self.beginResetModel()
            self._table = table
            self.endResetModel()

    def line(self, row: int) -> ComparedLine | None:
        lines = self._table.lines if self._table else ()
        return lines[row] if 0 <= row < len(lines) else None

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() or self._table is None else len(self._table.lines)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() or self._table is None else len(self._table.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row())
        if line is None or self._table is None:
            return None
        words = line.cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._table.heads[index.column()]}: {words}"
        return (line.badges[index.column()] or None) if role == BADGE_ROLE and line.badges else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or self._table is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return self._table.heads[section] if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None
