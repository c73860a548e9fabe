"""A list of lines with, at its right, what there is of the line it stands on; above it where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QListView, QListWidget, QWidget

from poverty_desktop.gui.theme import GRID, NARROW, ROW

_ANY = 16_777_215
_MOST_ABOVE = 4  # rows of the list while it stands above


class ListBeside(QWidget):
    """`picked(row)` when a person goes to another line. The list is `list`; its object name is `name`."""

    picked = Signal(int)

    def __init__(self, name: str, title: str, detail: QWidget) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setObjectName(name)
        self.list.setAccessibleName(title)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.currentRowChanged.connect(self.picked)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(2 * GRID)
        self._line.addWidget(self.list, 1)
        self._line.addWidget(detail, 2)

    def show_lines(self, lines: Sequence[str], selected: int) -> None:
        """Fill the list only when it says something else, so that cursor and scroll stay; tells nobody."""
        blocked = self.list.blockSignals(True)
        if [self.list.item(row).text() for row in range(self.list.count())] != list(lines):
            self.list.clear()
            self.list.addItems(list(lines))
            self._fit()
        self.list.setCurrentRow(selected)
        self.list.blockSignals(blocked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        self._line.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        lines = sum(self.list.sizeHintForRow(row) for row in range(min(self.list.count(), _MOST_ABOVE)))
        above = min(lines + 2 * self.list.frameWidth(), _MOST_ABOVE * ROW)
        self.list.setMaximumSize(_ANY if narrow else 45 * GRID, above if narrow else _ANY)
        self.list.setMinimumHeight(above if narrow else 0)
