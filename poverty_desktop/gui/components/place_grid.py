"""The four states side by side, each with its count, its sign and what it means; in two rows where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from poverty_desktop.gui.components.place_sign import PlaceSign
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.gui.theme import GRID

_NARROW = 75 * GRID


class PlaceGrid(QWidget):
    """Object names: `sync.place.<name>` of the counts, `sync.sign.<name>`."""

    def __init__(self, places: Sequence[PlaceView]) -> None:
        super().__init__()
        self.counts: dict[str, QLabel] = {}
        self._cells = [self._cell(place) for place in places]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(3 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._lay_out(len(self._cells))

    def _cell(self, place: PlaceView) -> QWidget:
        cell, sign = QWidget(), PlaceSign(f"sync.sign.{place.name}")
        self.counts[place.name] = plain_words(f"sync.place.{place.name}", "figure")
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.counts[place.name], sign, plain_words(role="soft", text=place.hint)):
            column.addWidget(part)
        column.addStretch(1)
        sign.show_place(place)  # only now: shown without a parent it would be a window, and take the keyboard away
        return cell

    def _lay_out(self, columns: int) -> None:
        for place, cell in enumerate(self._cells):
            self._grid.addWidget(cell, place // columns, place % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(len(self._cells)):
            self._grid.setColumnStretch(column, int(column < columns))

    def minimumSizeHint(self) -> QSize:
        """Two signs fit into any window; what stands in one row now would keep the window from growing narrower."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(2 if self.width() < _NARROW else len(self._cells))
