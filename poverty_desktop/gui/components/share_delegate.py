"""How the grid of shares draws a class and finds a household while one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget
from shiboken6 import isValid

from poverty_desktop.gui.components.badge import LOOKS, paint_badge
from poverty_desktop.gui.components.choice_edit import ChoiceEdit
from poverty_desktop.gui.components.entry_delegate import EntryDelegate, Index, Step
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.models.entry_model import VALUE_ROLE
from poverty_desktop.gui.theme import ACCENT, GRID

Found = Callable[[str, Sequence[Choice]], None]
Search = Callable[[str, Found], None]


class HouseholdEdit(ChoiceEdit):
    """A choice over the whole register: each letter asks `search`, the answer may come later. Enter takes the marked household;
    typed faster than the list comes, the text itself is handed on and the presenter settles what it means."""

    def __init__(self, search: Search, parent: QWidget) -> None:
        super().__init__((), parent)
        self._search, self._found_for = search, ""

    def _typed(self, text: str) -> None:
        self._mark(wrong=False)
        if not text.strip():
            self._hide_list()
            return
        self._search(text, self._came)

    def _came(self, text: str, choices: Sequence[Choice]) -> None:
        """An answer for another text than stands there now is dropped, as is one for a cell closed meanwhile."""
        if not isValid(self) or text != self.text():
            return
        self._found_for = text
        self._choices = tuple(choices)
        if choices:
            self._show_list(choices, choices[0].code)
        else:
            self._hide_list()

    def take(self) -> bool:
        if self._found_for != self.text():
            self._hide_list()
        return super().take()

    def _take_typed(self) -> bool:
        return False  # the text is the answer; the presenter looks what it means


class ShareDelegate(EntryDelegate):
    """`badge_column` is drawn as badges in the words `words`; `search_column` is edited by search."""

    def __init__(
        self, parent: QObject, after: Step, badge_column: int, words: Callable[[str], str], search_column: int, search: Search
    ) -> None:
        super().__init__(parent, after)
        self._badge_column, self._words = badge_column, words
        self._search_column, self._search = search_column, search

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        kind = str(index.data(VALUE_ROLE) or "")
        if index.column() != self._badge_column or kind not in LOOKS:
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        paint_badge(painter, QRectF(option.rect).adjusted(GRID / 2, 4, -GRID / 2, -4), LOOKS[kind], self._words(kind))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(ACCENT))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        if index.column() != self._search_column:
            return super().createEditor(parent, option, index)
        editor = HouseholdEdit(self._search, parent)
        editor.setStyleSheet("QLineEdit { border-radius: 0; min-height: 0; }")
        editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        return editor
