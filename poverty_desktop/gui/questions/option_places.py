"""How the options of a choice stand in a width: as many columns as whole labels allow, or as many as the form asks for.

Everything is measured once for the words, the width and the font: the same form comes with every household.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics

from poverty_desktop.gui.questions.words import font_of
from poverty_desktop.gui.theme import GRID

NUMBER_WIDTH = 30
WRAP = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
_LINE, _EDGE = 28, 10
_LEAST = 72
_COLUMNS = re.compile(r"columns-(\d+)")
_ONE_ROW = {"likert", "list", "list-nolabel", "horizontal"}


@dataclass(frozen=True)
class Cells:
    """Pixels: each option's cell, and all of them together; `columns` in a row."""

    columns: int
    width: int
    height: int
    total: int

    def place(self, row: int) -> QRect:
        """The cell of an option."""
        down, across = divmod(row, self.columns)
        return QRect(across * self.width, down * self.height, self.width, self.height)


@dataclass(frozen=True)
class OptionPlaces:
    """`labels` of `count` options (none when only their numbers are shown), in the columns that the form asks for (0: as many as
    whole labels allow).
    """

    labels: tuple[str, ...] = ()
    count: int = 0
    wanted: int = 0

    @classmethod
    def of(cls, labels: tuple[str, ...], count: int, looks: frozenset[str]) -> OptionPlaces:
        asked = next((int(found[1]) for word in sorted(looks) if (found := _COLUMNS.fullmatch(word))), 0)
        return cls(labels, count, min(count, asked) or (count if looks & _ONE_ROW else 0))

    def cells(self, room: int, font: str) -> Cells:
        """In `room` pixels, written in `font` as `QFont.key` describes it."""
        return _cells(self, room - 2, font)

    def needed(self, label: str, cell: QSize, font: str) -> tuple[QSize, QSize]:
        """What a label needs in its cell, and what it has there."""
        has = QSize(cell.width() - NUMBER_WIDTH - _EDGE, cell.height())
        return QFontMetrics(font_of(font)).boundingRect(0, 0, has.width(), 1000, WRAP, label).size(), has


@lru_cache(maxsize=1024)
def _cells(places: OptionPlaces, room: int, font: str) -> Cells:
    widths, longest_word = _widths(places.labels, font)
    columns, width = _asked(places, room, longest_word) if places.wanted else _free(places.count, room, max(widths, default=0))
    narrow = width - NUMBER_WIDTH - _EDGE
    metrics = QFontMetrics(font_of(font))
    wrapped = [label for label, one in zip(places.labels, widths, strict=True) if one > narrow]
    lines = max((_lines(metrics, label, narrow) for label in wrapped), default=1)
    height = _LINE + (lines - 1) * metrics.lineSpacing()
    return Cells(columns, width, height, -(-places.count // columns) * height + 4)


@lru_cache(maxsize=512)
def _widths(labels: tuple[str, ...], font: str) -> tuple[list[int], int]:
    """Each label on one line, and the longest word of them."""
    metrics = QFontMetrics(font_of(font))
    words = {word for label in labels for word in label.split(" ")}
    longest = max((metrics.horizontalAdvance(word) for word in words), default=0)
    return [metrics.horizontalAdvance(label) for label in labels], longest


def _asked(places: OptionPlaces, room: int, longest_word: int) -> tuple[int, int]:
    """The columns of the form, fewer where a word would be cut."""
    least = longest_word + NUMBER_WIDTH + _EDGE if places.labels else NUMBER_WIDTH
    columns = max(1, min(places.wanted, room // least))
    return columns, room // columns


def _free(count: int, room: int, longest: int) -> tuple[int, int]:
    widest = longest + NUMBER_WIDTH + 2 * GRID
    columns = max(1, min(count, room // max(widest, _LEAST)))
    return columns, min(widest, room) if columns > 1 else room


def _lines(metrics: QFontMetrics, label: str, width: int) -> int:
    box = metrics.boundingRect(0, 0, width, 1000, WRAP, label)
    return max(1, round(box.height() / metrics.lineSpacing()))
