"""Why poor, painted: one widget instead of thirty labels, and after an answer only the blocks that say something else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QStaticText,
)
from PySide6.QtWidgets import QToolTip, QWidget

from poverty_desktop.gui.components.badge import LOOKS, paint_badge
from poverty_desktop.gui.components.explanation_blocks import Block
from poverty_desktop.gui.theme import ACCENT, AMBER, AMBER_SOFT, GRID, INK, INK_SOFT, LINE, PAPER, SHADE, ui_font

_EDGE, _GAP, _SIGN = 12, 4, 20
_BADGE, _BAR, _SPARE = 4 * GRID, 6 * GRID, 20 * GRID
_INKS = {"strong": INK, "plain": INK, "soft": INK_SOFT, "amber": AMBER}


class ExplanationSheet(QWidget):
    """Paints blocks below each other in its width and is as high as they are."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: tuple[Block, ...] = ()
        self._places: list[QRect] = []
        self._laid_out: dict[tuple[str, bool, int], QStaticText] = {}  # words in their lines, by words, weight and width
        self._fonts: dict[bool, QFont] = {True: ui_font(10.5, bold=True), False: ui_font(10.5)}
        self._badge_font = ui_font(12, bold=True)
        self._strong_metrics = QFontMetrics(self._fonts[True])

    def show_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Paint anew what differs; where a block takes another height, everything from there on."""
        old, places = self._blocks, self._places
        self._blocks = blocks
        self._place()
        moved = [n for n, (was, now) in enumerate(zip(places, self._places, strict=False)) if was != now]
        different = [n for n, (was, now) in enumerate(zip(old, blocks, strict=False)) if was != now]
        if moved or len(old) != len(blocks):
            first = min([*moved, *different, len(old), len(blocks)])
            top = self._places[first].top() if first < len(self._places) else 0
            self.update(0, top, self.width(), max(self.height(), self.minimumHeight()))
        else:
            for number in different:
                self.update(self._places[number])

    def _place(self) -> None:
        y, width = GRID, max(self.width(), 2 * _EDGE + _SIGN + 40)
        self._places = []
        for block in self._blocks:
            height = self._height(block, width - 2 * _EDGE)
            self._places.append(QRect(_EDGE, y, width - 2 * _EDGE, height))
            y += height + _GAP
        spare = self.minimumHeight() - y
        if not 0 <= spare < _SPARE:  # a new height lays the whole window out again: one that fits is left as it is
            self.setMinimumHeight(y + _SPARE // 4)

    def _height(self, block: Block, width: int) -> int:
        if block.kind in ("badge", "bar"):
            return _BADGE if block.kind == "badge" else _BAR
        inside = width - self._indent(block)
        if block.kind == "band":
            return self._words(block.text, bold=True, width=inside - 2 * GRID).size().toSize().height() + GRID
        height = self._words(block.text, bold=_bold(block), width=inside).size().height()
        if block.detail:
            height += self._words(block.detail, bold=False, width=inside).size().height()
        return round(height)

    def _words(self, text: str, *, bold: bool, width: int) -> QStaticText:
        """Words broken into lines of this width. Kept: the same words come back with every second answer."""
        key = (text, bold, width)
        if key not in self._laid_out:
            words = QStaticText(text)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setTextWidth(width)
            words.prepare(font=self._fonts[bold])
            self._laid_out[key] = words
        return self._laid_out[key]

    def _indent(self, block: Block) -> int:
        """Points stand before the words; a sign that is wider pushes them."""
        if block.kind != "line":
            return 0
        return max(_SIGN, self._strong_metrics.horizontalAdvance(block.sign) + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._laid_out.clear()
            self._place()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, self.minimumHeight())

    def event(self, event: QEvent) -> bool:
        """The threshold of an indicator under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = (n for n, place in enumerate(self._places) if place.contains(event.pos()))
            tip = next((self._blocks[n].tip for n in at), "")
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(PAPER))
        for block, place in zip(self._blocks, self._places, strict=True):
            if place.intersects(event.rect()):
                self._paint(painter, block, place)
        painter.setPen(QColor(LINE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint(self, painter: QPainter, block: Block, place: QRect) -> None:
        if block.kind == "badge":
            painter.setFont(self._badge_font)
            paint_badge(painter, QRectF(place), LOOKS[str(block.figures[0])], block.text)
        elif block.kind == "bar":
            b1, cutoff = block.figures
            paint_bar(painter, QRectF(place), int(b1) if b1 is not None else None, int(cutoff or 0))
        else:
            self._paint_words(painter, block, place)

    def _paint_words(self, painter: QPainter, block: Block, place: QRect) -> None:
        room = place.adjusted(self._indent(block), 0, 0, 0)
        if block.kind == "band":
            painter.fillRect(place, QColor(AMBER_SOFT))
            room = place.adjusted(GRID, GRID // 2, -GRID, -GRID // 2)
        painter.setPen(QColor(AMBER if block.kind == "band" else _INKS[block.ink]))
        if block.sign:
            painter.setFont(self._fonts[True])
            painter.drawStaticText(place.topLeft(), self._words(block.sign, bold=True, width=room.left()))
        words = self._words(block.text, bold=_bold(block), width=room.width())
        painter.setFont(self._fonts[_bold(block)])
        painter.drawStaticText(room.topLeft(), words)
        if block.detail:
            painter.setPen(QColor(INK_SOFT))
            painter.setFont(self._fonts[False])
            below = QPointF(room.left(), room.top() + words.size().height())
            painter.drawStaticText(below, self._words(block.detail, bold=False, width=room.width()))


def _bold(block: Block) -> bool:
    return block.ink == "strong" or block.kind == "band"


def paint_bar(painter: QPainter, place: QRectF, b1: int | None, cutoff: int) -> None:
    """B1 in points on a line with the cut-off marked. The part up to the cut-off is where a household is poor or near poor."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = place.adjusted(4, 22, -4, -14)
    top = max(2 * cutoff, b1 or 0, 1)
    mark = room.left() + room.width() * cutoff / top
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(SHADE))
    painter.drawRoundedRect(room, 4, 4)
    if b1 is not None:
        painter.setBrush(QColor(ACCENT if b1 > cutoff else AMBER))
        length = room.width() * b1 / top
        painter.drawRoundedRect(QRectF(room.left(), room.top(), max(length, 4), room.height()), 4, 4)
        tip = QPointF(room.left() + length, room.bottom() + 2)
        painter.setBrush(QColor(INK))
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-5, 8), tip + QPointF(5, 8)]))
    painter.setPen(QPen(QColor(INK), 2))
    painter.drawLine(QPointF(mark, room.top() - 4), QPointF(mark, room.bottom() + 4))
    painter.setFont(ui_font(10.5))
    painter.drawText(QRectF(mark - 40, place.top(), 80, 18), int(Qt.AlignmentFlag.AlignCenter), str(cutoff))
    painter.restore()
