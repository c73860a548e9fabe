"""Progress as bars with their numbers in words. The painter takes any `QPainter`: the same on screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from poverty_desktop.gui.theme import ACCENT, GRID, INK, INK_SOFT, ROW, SHADE

_BEGUN = QColor("#7cc0ba")
MOST_ROW = ROW + 2 * GRID
"""Where there is room the lines stand further apart, up to this."""


@dataclass(frozen=True)
class Bar:
    """One line: `done` and `begun` of `whole` (numbers of the same things), and the sentence at its right."""

    label: str
    done: int
    begun: int
    whole: int
    words: str


def paint_bars(painter: QPainter, room: QRectF, bars: Sequence[Bar], row: float = ROW) -> None:
    """Draw the bars downwards from the top of `room`; `row` is the height of a line in the painter's units."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    metrics = QFontMetricsF(painter.font())
    labels = min(max((metrics.horizontalAdvance(bar.label) for bar in bars), default=0), room.width() * 0.32)
    words = min(max((metrics.horizontalAdvance(bar.words) for bar in bars), default=0), room.width() * 0.42)
    gap, thick = metrics.height() * 0.75, metrics.height() * 0.6
    track = max(room.width() - labels - words - 2 * gap, row)
    for number, bar in enumerate(bars):
        top = room.top() + number * row
        _line(painter, QRectF(room.left(), top, labels, row), Qt.AlignmentFlag.AlignLeft, INK, bar.label)
        _bar(painter, bar, QRectF(room.left() + labels + gap, top + (row - thick) / 2, track, thick))
        right = QRectF(room.left() + labels + track + 2 * gap, top, words, row)
        _line(painter, right, Qt.AlignmentFlag.AlignLeft, INK_SOFT, bar.words)


def _line(painter: QPainter, room: QRectF, side: Qt.AlignmentFlag, ink: str, text: str) -> None:
    painter.setPen(QColor(ink))
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def _bar(painter: QPainter, bar: Bar, room: QRectF) -> None:
    """Finished in full colour, begun lighter behind it, the rest as an empty track."""
    painter.setPen(Qt.PenStyle.NoPen)
    begun, done = _share(bar.done + bar.begun, bar.whole), _share(bar.done, bar.whole)
    for share, colour in ((1.0, QColor(SHADE)), (begun, _BEGUN), (done, QColor(ACCENT))):
        if share > 0:
            painter.setBrush(colour)
            part = QRectF(room.left(), room.top(), max(room.width() * share, room.height()), room.height())
            painter.drawRoundedRect(part, room.height() / 2, room.height() / 2)


def _share(part: int, whole: int) -> float:
    return min(part / whole, 1.0) if whole else 0.0


class BarChart(QWidget):
    """The bars as a widget as high as they need. Screen readers hear the sentences. `chosen(number)` when a line is clicked,
    or marked by the arrows and taken with Enter."""

    chosen = Signal(int)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = title
        self._bars: tuple[Bar, ...] = ()
        self._marked = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_bars(())

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        self._marked = min(self._marked, max(len(self._bars) - 1, 0))
        self.setAccessibleName("; ".join([self._title, *(f"{bar.label}: {bar.words}" for bar in bars)]))
        self.setMaximumHeight(max(len(self._bars), 1) * MOST_ROW)
        self.updateGeometry()
        self.update()

    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def sizeHint(self) -> QSize:
        return QSize(60 * GRID, len(self._bars) * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(24 * GRID, len(self._bars) * ROW)

    @property
    def row(self) -> float:
        """The height of a line now, in pixels."""
        return min(max(self.height() / max(len(self._bars), 1), ROW), MOST_ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            paint_bars(painter, QRectF(self.rect()).adjusted(GRID, 0, -GRID, 0), self._bars, self.row)
            if self.hasFocus() and self._bars:
                painter.setPen(QPen(QColor(ACCENT), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(1, self._marked * self.row + 1, self.width() - 2, self.row - 2), 4, 4)
        finally:
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step and 0 <= self._marked + step < len(self._bars):
            self._marked += step
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._bars:
            self.chosen.emit(self._marked)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = int(event.position().y() // self.row)
        if 0 <= number < len(self._bars):
            self._marked = number
            self.chosen.emit(number)
