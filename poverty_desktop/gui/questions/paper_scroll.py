"""The part of the paper that is in sight: it follows the question one stands on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from poverty_desktop.gui.theme import GRID


class PaperScroll(QScrollArea):
    """Holds `paper`, whose columns stand in `stack`; never scrolls sideways."""

    def __init__(self) -> None:
        super().__init__()
        self.paper = QWidget()
        self.stack = QVBoxLayout(self.paper)
        self.stack.setContentsMargins(0, 0, GRID, GRID)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self.paper)

    def see(self, row: QWidget) -> None:
        """A row that was just arranged has no place yet, and one above it may have grown: look for it after the layout."""
        QTimer.singleShot(0, row, lambda: self._lay_out_and_show(row))

    def _lay_out_and_show(self, row: QWidget) -> None:
        above = row.parentWidget()
        while above is not None and above is not self.viewport():
            if (layout := above.layout()) is not None:
                layout.activate()
            above = above.parentWidget()
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))  # which Qt would send later
        self.bring_into_sight(row)

    def bring_into_sight(self, row: QWidget) -> None:
        """Show the whole question; of one that is higher than the window its beginning."""
        if not row.isVisible() or not self.paper.isAncestorOf(row):
            return
        self.ensureWidgetVisible(row, 0, GRID)
        if row.height() > self.viewport().height():
            self.verticalScrollBar().setValue(row.mapTo(self.paper, QPoint(0, 0)).y())

    def back_to_top(self) -> None:
        self.verticalScrollBar().setValue(0)
