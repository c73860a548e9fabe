"""The table of points of a release as Qt sees it: a line for each question, below it its choices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from poverty_desktop.gui.models.line_model import LineColumn, LineModel
from poverty_desktop.services.point_sheet import PointCell, PointLine, PointSheet


class PointModel(LineModel):
    """The columns are those of the sheet that is shown; `choice_head` stands above the first."""

    def __init__(self, choice_head: str) -> None:
        self._first = LineColumn("choice", choice_head, lambda line: str(line.words))
        super().__init__([self._first], lambda line: str(line.id))

    def show_sheet(self, sheet: PointSheet) -> None:
        heads = [self._first.title, *sheet.heads]
        if heads != [column.title for column in self.columns]:
            self.beginResetModel()
            self._lines = ()
            self.columns = (self._first, *(_column(place, head) for place, head in enumerate(sheet.heads)))
            self.endResetModel()
        self.show_lines(sheet.lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.FontRole and not self._lines[index.row()].cells:
            bold = QFont()
            bold.setBold(True)
            return bold
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of regions are long: they stand on several lines."""
        found = super().headerData(section, orientation, role)
        is_place = role == Qt.ItemDataRole.TextAlignmentRole and found is not None
        return found | int(Qt.TextFlag.TextWordWrap) if is_place else found


def _column(place: int, head: str) -> LineColumn:
    return LineColumn(str(place), head, _of(place, "words"), right=True, badge=_of(place, "mark"))


def _of(place: int, part: str) -> Callable[[PointLine], str]:
    nothing = PointCell("")
    return lambda line: str(getattr(line.cells[place] if line.cells else nothing, part))
