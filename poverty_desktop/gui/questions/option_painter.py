"""How one option is painted: a boxed number (filled when chosen) and the words; the present one framed while it has the focus."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from poverty_desktop.gui.questions.option_places import NUMBER_WIDTH, WRAP
from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT, INK, INK_SOFT, LINE_STRONG, PAPER, SHADE

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class _Box:
    line: QPen
    fill: QBrush
    ink: QPen


def _box(line: str, fill: str, ink: str) -> _Box:
    return _Box(QPen(QColor(line), 1.4), QBrush(QColor(fill)), QPen(QColor(ink)))


_INK, _SOFT = QPen(QColor(INK)), QPen(QColor(INK_SOFT))
_FRAME, _GROUND, _NO_FRAME = QPen(QColor(ACCENT), 2), QBrush(QColor(ACCENT_SOFT)), QPen(Qt.PenStyle.NoPen)
_FILLED = _box(ACCENT, ACCENT, PAPER)
_OPEN, _STILL = _box(LINE_STRONG, PAPER, INK_SOFT), _box(LINE_STRONG, SHADE, INK_SOFT)


@dataclass(frozen=True)
class OptionPainter:
    """Round boxes for one answer, square for several, as on official papers; grey where nothing may be chosen."""

    painter: QPainter
    many: bool
    readonly: bool
    words: bool

    def paint(self, place: QRect, number: str, words: str, *, chosen: bool, present: bool) -> None:
        painter, room = self.painter, QRectF(place).adjusted(1, 1, -3, -1)
        if chosen or present:
            painter.setPen(_FRAME if present else _NO_FRAME)
            painter.setBrush(_GROUND if chosen else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room, 4, 4)
        left = room.left() + 4 if self.words else room.center().x() - 12
        self._number(QRectF(left, room.center().y() - 10, 24, 20), number, chosen=chosen)
        if self.words:
            painter.setPen(_INK)
            painter.drawText(room.adjusted(NUMBER_WIDTH + 4, 0, -2, 0), WRAP, words)

    def _number(self, place: QRectF, number: str, *, chosen: bool) -> None:
        """Filled means chosen."""
        painter, radius = self.painter, 3 if self.many else 10
        box = _FILLED if chosen else _STILL if self.readonly else _OPEN
        painter.setPen(box.line)
        painter.setBrush(box.fill)
        painter.drawRoundedRect(place, radius, radius)
        painter.setPen(box.ink)
        painter.drawText(place, _CENTRE, number)


def paint_nothing(painter: QPainter, place: QRect, words: str) -> None:
    """There is nothing to choose."""
    painter.setPen(_SOFT)
    painter.drawText(place, WRAP, words)
