"""The households of a round as Qt's table sees them. Grows by pages; knows words, never queries."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.models.line_model import BADGE_ROLE
from poverty_desktop.gui.models.paged_lines import Index, PagedLines
from poverty_desktop.services.ports import HouseholdLine

COLUMNS: Final = ("head", "code", "village", "people", "before", "state", "result", "place")
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class CaseModel(PagedLines):
    """One row a household."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(COLUMNS)
        self._texts = texts

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self._lines[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == "people":
            return _RIGHT
        if role == BADGE_ROLE:
            return self._badge(line, column)
        return None

    def _badge(self, line: HouseholdLine, column: str) -> str | None:
        """A household without a class has a badge too: nothing is told by an empty cell."""
        if column == "state":
            return line.survey_state or "none"
        if column == "place":
            return self.place_of(line).name
        if column == "before":
            return line.household_class or "none"
        finished = "none" if line.survey_state == "finished" else None
        return (line.survey_class or finished) if column == "result" else None

    def _words(self, line: HouseholdLine, column: str) -> str:
        if column == "place":
            return self.place_of(line).label
        if column == "state":
            return self._texts(f"review.state_{line.survey_state or 'none'}")
        if column in ("before", "result"):
            found = line.household_class if column == "before" else line.survey_class
            if not found and column == "result" and line.survey_state != "finished":
                return "–"
            return self._texts(f"review.class_{found}" if found else "explain.unclassified")
        shown = {"head": line.head_name, "code": line.household_code, "village": line.village_name, "people": line.member_count}
        return "" if shown[column] is None else str(shown[column])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(f"review.column_{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[section] == "people" else _LEFT
        return None
