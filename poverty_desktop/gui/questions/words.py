"""Words that their widget paints itself: a label each would be one more widget, and rich text in it a document of its own.

Heights are kept by words, width and font: the same form comes with every household.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption

from poverty_desktop.gui.theme import INK, INK_SOFT, RED, TONE_INK, Tone

_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
_HIGH = 9999  # pixels: as high as they like
_INK, _SOFT = QPen(QColor(INK)), QPen(QColor(INK_SOFT))


def font_of(described: str) -> QFont:
    """The font that `QFont.key` describes."""
    font = QFont()
    font.fromString(described)
    return font


class Words:
    """Plain words as they are spelled, wrapped: the help of a question, what is wrong, a note."""

    def __init__(self) -> None:
        self._words, self._ink = "", _SOFT

    def say(self, words: str) -> bool:
        """True when these are other words than before."""
        changed, self._words = words != self._words, words
        return changed

    def tone(self, tone: Tone) -> None:
        self._ink = QPen(QColor(TONE_INK[tone]))

    def text(self) -> str:
        return self._words

    def height(self, width: int, font: str) -> int:
        """Pixels in a width; 0 when nothing is said."""
        return _height(self._words, width, font) if self._words else 0

    def paint(self, painter: QPainter, place: QRect) -> None:
        painter.setPen(self._ink)
        painter.drawText(place, _FLAGS, self._words)


@lru_cache(maxsize=4096)
def _height(words: str, width: int, font: str) -> int:
    return QFontMetrics(font_of(font)).boundingRect(0, 0, width, _HIGH, _FLAGS, words).height()


class Question(Words):
    """The words of a question: strong, and a red star behind them where an answer is required."""

    def __init__(self) -> None:
        super().__init__()
        self._strong = self._required = False
        self._laid_out: tuple[QTextLayout, int] | None = None  # for painting in a width

    def ask(self, words: str, *, strong: bool, required: bool) -> bool:
        """True when it looks otherwise than before."""
        changed = (words, strong, required) != (self._words, self._strong, self._required)
        self._words, self._strong, self._required = words, strong, required
        if changed:
            self.forget()
        return changed

    def forget(self) -> None:
        """The words or their font are others."""
        self._laid_out = None

    def height(self, width: int, font: str) -> int:
        return _question_height(self._words, self._strong, self._required, width, font)

    def paint(self, painter: QPainter, place: QRect) -> None:
        if self._laid_out is None or self._laid_out[1] != place.width():
            layout = _made(self._words, self._strong, self._required, painter.font())
            _lay_out(layout, place.width())
            self._laid_out = layout, place.width()
        painter.setPen(_INK)
        self._laid_out[0].draw(painter, QPointF(place.topLeft()))


@lru_cache(maxsize=4096)
def _question_height(words: str, strong: bool, required: bool, width: int, font: str) -> int:
    return _lay_out(_made(words, strong, required, font_of(font)), width)


def _made(words: str, strong: bool, required: bool, font: QFont) -> QTextLayout:
    lines = "\N{LINE SEPARATOR}".join(" ".join(line.split()) for line in words.split("\n"))
    layout = QTextLayout(f"{lines} *" if required else lines, font)
    layout.setCacheEnabled(True)
    layout.setTextOption(_WRAPS)
    strong_words = [_range(0, len(lines), _STRONG)] if strong else []
    layout.setFormats([*strong_words, _range(len(lines) + 1, 1, _STAR)] if required else strong_words)
    return layout


def _lay_out(layout: QTextLayout, width: int) -> int:
    """Break the words into lines, as Qt's documents do; gives their height."""
    height = 0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLeadingIncluded(True)
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += ceil(line.ascent() + line.descent() + line.leading())
    layout.endLayout()
    return height


_WRAPS = QTextOption()
_WRAPS.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
_STRONG, _STAR = QTextCharFormat(), QTextCharFormat()
_STRONG.setFontWeight(QFont.Weight.DemiBold)
_STAR.setForeground(QColor(RED))


def _range(start: int, length: int, how: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, length, how
    return found
