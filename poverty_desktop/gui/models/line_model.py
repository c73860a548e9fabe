"""Read-only lines of words as Qt's table sees them: one frozen record a row, one attribute a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
BADGE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NOTHING = QModelIndex()
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class LineColumn:
    """`words` makes the text of a record; `badge` the kind of its badge, if the column bears one."""

    key: str
    title: str
    words: Callable[[Any], str]
    width: int = 120
    right: bool = False
    badge: Callable[[Any], str] | None = None


class LineModel(QAbstractTableModel):
    """One record a row; `id_of` tells records apart."""

    def __init__(self, columns: Sequence[LineColumn], id_of: Callable[[Any], str]) -> None:
        super().__init__()
        self.columns, self._id_of = tuple(columns), id_of
        self._lines: tuple[Any, ...] = ()

    def show_lines(self, lines: Sequence[Any]) -> None:
        """Show these; the same rows with other words keep cursor and scroll."""
        new = tuple(lines)
        if new == self._lines:
            return
        if [self._id_of(one) for one in new] == [self._id_of(one) for one in self._lines]:
            self._lines = new
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._lines = new
        self.endResetModel()

    def line(self, row: int) -> Any | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, line_id: str | None) -> int:
        return next((row for row, line in enumerate(self._lines) if self._id_of(line) == line_id), -1)

    def column_of(self, key: str) -> int:
        return next(number for number, column in enumerate(self.columns) if column.key == key)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, line = self.columns[index.column()], self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.words(line)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.words(line)}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int((Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft) | _MIDDLE)
        return column.badge(line) if role == BADGE_ROLE and column.badge else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | _MIDDLE)
        return None
