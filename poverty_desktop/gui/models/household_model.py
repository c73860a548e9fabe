"""The lines of the household list as Qt's table sees them. Grows by pages; knows words, never queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt

from poverty_desktop.domain.names import fold
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.models.line_model import BADGE_ROLE
from poverty_desktop.gui.models.paged_lines import Index, PagedLines
from poverty_desktop.services.ports import HouseholdLine

COLUMNS: Final = ("code", "head", "village", "people", "class", "survey", "place", "reason")
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class HouseholdModel(PagedLines):
    """One row a household."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(COLUMNS)
        self._texts = texts
        self._searched: list[str] = []
        self._handled: dict[int, Callable[[HouseholdLine, str], Any]] = {
            int(Qt.ItemDataRole.DisplayRole): self._words,
            int(Qt.ItemDataRole.AccessibleTextRole): self._words,
            int(Qt.ItemDataRole.ToolTipRole): self._words,
            int(Qt.ItemDataRole.TextAlignmentRole): lambda line, column: _RIGHT if column == "people" else None,
            BADGE_ROLE: self._badge,
        }

    def show_lines(self, lines: tuple[HouseholdLine, ...], total: int, searched: str = "") -> None:
        """`searched`: what was looked for, so that a line can say why it was found."""
        self._searched = fold(searched).split()
        super().show_lines(lines, total)

    # --- Qt ------------------------------------------------------------------------------------------------------

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

    # --- words ---------------------------------------------------------------------------------------------------

    def _words(self, line: HouseholdLine, column: str) -> str:
        if column == "class":
            return self._texts(f"households.class_{line.household_class}" if line.household_class else "explain.unclassified")
        if column == "survey":
            return self._texts(f"households.survey_{line.survey_state or 'none'}")
        if column == "reason":
            return self._reason(line)
        if column == "place":
            return self.place_of(line).label
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
        if column == "place":
            return self.place_of(line).name
        return (line.survey_state or "none") if column == "survey" else None
