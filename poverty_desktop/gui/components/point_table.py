"""The table of points that a second officer holds against the printed one: no word is cut, what is missing bears a badge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHeaderView

from poverty_desktop.gui.components.line_table import ListTable
from poverty_desktop.gui.models.point_model import PointModel
from poverty_desktop.gui.theme import GRID, ROW, UI_POINTS, ui_font
from poverty_desktop.services.point_sheet import PointSheet

_CHOICE, _POINTS = 30 * GRID, 16 * GRID  # the least width of the words, and the width of a column of points


class PointTable(ListTable):
    def __init__(self, name: str, title: str, choice_head: str) -> None:
        self.points, self._sheet = PointModel(choice_head), PointSheet()
        super().__init__(self.points, name=name, title=title)
        self.setWordWrap(True)
        self.setMinimumHeight(25 * GRID)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)

    def show_sheet(self, sheet: PointSheet) -> None:
        if sheet == self._sheet:
            return
        self._sheet = sheet
        self.points.show_sheet(sheet)
        self.clearSpans()
        columns = self.points.columnCount()
        for row, line in enumerate(sheet.lines):
            if not line.cells and columns > 1:
                self.setSpan(row, 0, 1, columns)
        self.horizontalHeader().setFixedHeight(_head_height(sheet.heads))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The words take what the points leave, but never so little that they could not be read; then the table scrolls."""
        others = self.points.columnCount() - 1
        for column in range(1, others + 1):
            self.setColumnWidth(column, _POINTS)
        self.setColumnWidth(0, max(_CHOICE, self.viewport().width() - others * _POINTS))


def _head_height(heads: Sequence[str]) -> int:
    """Room for the longest head on as many lines as it takes; Qt itself counts one."""
    metrics = QFontMetrics(ui_font(UI_POINTS, bold=True))
    room = QRect(0, 0, _POINTS - 2 * GRID, 100 * ROW)
    lines = (metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), head).height() for head in heads)
    return max(lines, default=0) + 2 * GRID
