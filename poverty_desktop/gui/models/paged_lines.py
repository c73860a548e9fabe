"""Households in a table that grows by pages: what its lists have in common, whatever columns they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex

from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.services.ports import HouseholdLine

Index = QModelIndex | QPersistentModelIndex
NOTHING: Final = QModelIndex()


class PagedLines(QAbstractTableModel):
    """One row a household. `more` is called when the view wants rows behind the last loaded one."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self._columns = columns
        self._lines: tuple[HouseholdLine, ...] = ()
        self._total = 0
        self._places: Mapping[str, PlaceView] = {}
        self.more: Callable[[], None] = lambda: None

    def show_lines(self, lines: tuple[HouseholdLine, ...], total: int) -> None:
        """Show these of `total` lines; when they begin with the ones shown, only the new rows are inserted and the list stays."""
        old, self._total = len(self._lines), total
        if old and len(lines) > old and lines[:old] == self._lines:
            self.beginInsertRows(QModelIndex(), old, len(lines) - 1)
            self._lines = lines
            self.endInsertRows()
        elif lines != self._lines:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()

    def show_places(self, places: Mapping[str, PlaceView]) -> None:
        """Where the records of the lines are, by id: the column "place"."""
        if places != self._places and self._lines:
            self._places, column = places, self._columns.index("place")
            self.dataChanged.emit(self.index(0, column), self.index(len(self._lines) - 1, column))

    def place_of(self, line: HouseholdLine) -> PlaceView:
        return self._places.get(line.id, PlaceView())

    def line(self, row: int) -> HouseholdLine | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, household_id: str | None) -> int:
        """-1 where it is not among them."""
        return next((row for row, line in enumerate(self._lines) if line.id == household_id), -1)

    def rowCount(self, parent: Index = NOTHING) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NOTHING) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and len(self._lines) < self._total

    def fetchMore(self, parent: Index) -> None:
        self.more()
