"""The common head of a table-list: the words of the answers, once, above columns of numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.theme import INK_SOFT

_EDGE = 3  # pixels free at either side of a column
_WORDS = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom


class CommonHead(QWidget):
    """Shows; takes no focus and no answer."""

    answered = Signal(str)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.below: QWidget | None = None
        self._options: tuple[Option, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_state(self, state: FieldState) -> None:
        if state.options != self._options:
            self._options = state.options
            self.setAccessibleDescription("; ".join(f"{one.number} {one.label}" for one in state.options))
            self.updateGeometry()
            self.update()

    def commit(self) -> None:
        """Nothing is typed here."""

    def _column(self, width: int) -> float:
        return (width - 2) / max(1, len(self._options))

    def _flags(self, width: float) -> int:
        """A word longer than its column is broken, not cut."""
        metrics = QFontMetrics(self.font())
        words = (word for one in self._options for word in one.label.split(" "))
        fits = max((metrics.horizontalAdvance(word) for word in words), default=0) <= width
        return int(_WORDS | (Qt.TextFlag.TextWordWrap if fits else Qt.TextFlag.TextWrapAnywhere))

    def heightForWidth(self, width: int) -> int:
        metrics, room = QFontMetrics(self.font()), self._column(width) - 2 * _EDGE
        flags = self._flags(room)
        return (
            max((metrics.boundingRect(0, 0, int(room), 1000, flags, one.label).height() for one in self._options), default=0) + 2
        )

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(INK_SOFT))
        column = self._column(self.width())
        flags = self._flags(column - 2 * _EDGE)
        for place, option in enumerate(self._options):
            painter.drawText(QRectF(place * column + _EDGE, 0, column - 2 * _EDGE, self.height()), flags, option.label)
        painter.end()
