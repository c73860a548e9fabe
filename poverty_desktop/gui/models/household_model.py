"""The lines of the household list as Qt's table sees them. Grows by pages; knows words, never queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from poverty_desktop.domain.names import fold
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.models.line_model import BADGE_ROLE
from poverty_desktop.services.ports import HouseholdLine

Index = QModelIndex | QPersistentModelIndex
COLUMNS: Final = ("code", "head", "village", "people", "class", "survey", "reason")
"""Kind of the badge in this cell ("poor", "finished" …) or None."""

_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_NOTHING: Final = QModelIndex()


class HouseholdModel(QAbstractTableModel):
    """One row a household. `more` is called when the view wants rows behind the last loaded one."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._lines: tuple[HouseholdLine, ...] = ()
        self._total = 0
        self._searched: list[str] = []
        self.more: Callable[[], None] = lambda: None
        self._handled: dict[int, Callable[[HouseholdLine, str], Any]] = {
            int(Qt.ItemDataRole.DisplayRole): self._words,
            int(Qt.ItemDataRole.AccessibleTextRole): self._words,
            int(Qt.ItemDataRole.ToolTipRole): self._words,
            int(Qt.ItemDataRole.TextAlignmentRole): lambda line, column: _RIGHT if column == "people" else None,
            BADGE_ROLE: self._badge,
        }

    def show_lines(self, lines: tuple[HouseholdLine, ...], total: int, searched: str) -> None:
        """Show these lines; when they begin with the ones shown, only the new rows are inserted."""
        old = len(self._lines)
        self._total, self._searched = total, fold(searched).split()
        if old and len(lines) > old and lines[:old] == self._lines:
            self.beginInsertRows(QModelIndex(), old, len(lines) - 1)
            self._lines = lines
            self.endInsertRows()
        elif lines != self._lines:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()

    def line(self, row: int) -> HouseholdLine | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, household_id: str | None) -> int | None:
        return next((row for row, line in enumerate(self._lines) if line.id == household_id), None)

    # --- Qt ------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        handled = self._handled.get(int(role))
        return handled(self._lines[index.row()], COLUMNS[index.column()]) if handled else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(f"households.column_{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[section] == "people" else int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and len(self._lines) < self._total

    def fetchMore(self, parent: Index) -> None:
        self.more()

    # --- words ---------------------------------------------------------------------------------------------------

    def _words(self, line: HouseholdLine, column: str) -> str:
        if column == "class":
            return self._texts(f"households.class_{line.household_class}" if line.household_class else "explain.unclassified")
        if column == "survey":
            return self._texts(f"households.survey_{line.survey_state or 'none'}")
        if column == "reason":
            return self._reason(line)
        shown = {"code": line.household_code, "head": line.head_name, "village": line.village_name, "people": line.member_count}
        return "" if shown[column] is None else str(shown[column])

    def _reason(self, line: HouseholdLine) -> str:
        if line.reason == "personal_id" and line.personal_id_tail:
            return self._texts("households.reason_personal_id_tail", tail=line.personal_id_tail)
        if line.reason == "name" and not all(word in fold(line.head_name or "") for word in self._searched):
            return self._texts("households.reason_member")
        return self._texts(f"households.reason_{line.reason}") if line.reason else ""

    def _badge(self, line: HouseholdLine, column: str) -> str | None:
        if column == "class":
            return line.household_class or "none"
        return (line.survey_state or "none") if column == "survey" else None
