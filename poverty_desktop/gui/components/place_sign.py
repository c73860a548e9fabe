"""Where something is, by shape, word and colour: a badge that takes no focus."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from poverty_desktop.gui.components.badge import LOOKS, paint_badge
from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.gui.theme import GRID, ROW


class PlaceSign(QWidget):
    """Shapes: ring (on this laptop), half (handed on), circle (in the province), square (safe), triangle (kept aside)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.place = PlaceView()
        self.hide()

    def show_place(self, place: PlaceView) -> None:
        self.place = place
        self.setVisible(bool(place.name))
        self.setToolTip(place.hint)
        self.setAccessibleName(f"{place.label}: {place.hint}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.place.label) + 10 + 3 * GRID, ROW - GRID)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, QRectF(self.rect()), LOOKS[self.place.name], self.place.label)
        painter.end()
