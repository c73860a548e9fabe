"""The table of a report as the paper has it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from poverty_desktop.domain import report_words
from poverty_desktop.domain.money import format_dong
from poverty_desktop.domain.poverty_reports import Cell, Rate, Report
from poverty_desktop.domain.texts import Texts

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ReportModel(QAbstractTableModel):
    """Columns: number, unit, in 7.2 the measure, then the printed columns."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._report: Report | None = None
        self._lead: list[str] = []

    def show_report(self, report: Report | None) -> None:
        self.beginResetModel()
        self._report = report
        self._lead = ["order", "unit"]
        if report is not None and report_words.has_measures(report):
            self._lead.append("measure")
        self.endResetModel()

    @property
    def lead(self) -> int:
        """How many columns stand before the numbered ones."""
        return len(self._lead)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() or self._report is None else len(self._report.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() or self._report is None else self.lead + self._report.columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or self._report is None:
            return None
        number = section - self.lead + 1
        if role == Qt.ItemDataRole.DisplayRole:
            return f"({number})" if number > 0 else self._texts(f"report.col.{self._lead[section]}")
        if role == Qt.ItemDataRole.ToolTipRole and number > 0:
            return report_words.column_head(self._report, number, self._texts)
        if role == Qt.ItemDataRole.TextAlignmentRole and number > 0:
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._report is None or not index.isValid():
            return None
        row = self._report.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= self.lead:
            return _RIGHT
        if role == Qt.ItemDataRole.FontRole and row.kind != "unit":
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _shown(self, row: int, column: int) -> str:
        assert self._report is not None
        line = self._report.rows[row]
        second = line.measure == "people"
        if column >= self.lead:
            return _cell(line.cells[column - self.lead])
        if self._lead[column] == "measure":
            return self._texts(f"report.measure.{line.measure}")
        if second:
            return ""
        return line.number if self._lead[column] == "order" else report_words.row_label(line, self._texts)


def _cell(cell: Cell) -> str:
    """As numbers are written in Vietnamese: 1.404 and 12,5; a rate of nothing is a dash."""
    if isinstance(cell, Rate):
        return "–" if cell.percent is None else f"{cell.percent:.2f}".replace(".", ",")
    return "–" if cell is None else format_dong(cell)
