"""How the options of a choice stand in a width: as many columns as whole labels allow, or as many as the form asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

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


@dataclass
class OptionPlaces:
    """Measures once a font, and answers once a width."""

    _labels: list[str] = field(default_factory=list)
    _count: int = 0
    _wanted: int = 0  # columns that the form asks for; 0: as many as whole labels allow
    _font: str = ""
    _widths: list[int] = field(default_factory=list)
    _longest_word: int = 0
    _known: dict[int, Cells] = field(default_factory=dict)

    def measure(self, labels: list[str], count: int, looks: frozenset[str]) -> None:
        """`labels` of `count` options; none when only their numbers are shown."""
        self._labels, self._count, self._font, self._known = labels, count, "", {}
        asked = next((int(found[1]) for word in sorted(looks) if (found := _COLUMNS.fullmatch(word))), 0)
        self._wanted = min(count, asked) or (count if looks & _ONE_ROW else 0)

    def cells(self, room: int, font: QFont) -> Cells:
        if self._font != font.key():
            self._font, self._known = font.key(), {}
            metrics = QFontMetrics(font)
            self._widths = [metrics.horizontalAdvance(label) for label in self._labels]
            words = {word for label in self._labels for word in label.split(" ")}
            self._longest_word = max((metrics.horizontalAdvance(word) for word in words), default=0)
        if room not in self._known:
            self._known[room] = self._cells(room - 2, QFontMetrics(font))
        return self._known[room]

    def _cells(self, room: int, metrics: QFontMetrics) -> Cells:
        columns, width = self._asked(room) if self._wanted else self._free(room)
        narrow = width - NUMBER_WIDTH - _EDGE
        wrapped = [label for label, one in zip(self._labels, self._widths, strict=True) if one > narrow]
        lines = max((self._lines(metrics, label, narrow) for label in wrapped), default=1)
        height = _LINE + (lines - 1) * metrics.lineSpacing()
        return Cells(columns, width, height, -(-self._count // columns) * height + 4)

    def _asked(self, room: int) -> tuple[int, int]:
        """The columns of the form, fewer where a word would be cut."""
        least = self._longest_word + NUMBER_WIDTH + _EDGE if self._labels else NUMBER_WIDTH
        columns = max(1, min(self._wanted, room // least))
        return columns, room // columns

    def _free(self, room: int) -> tuple[int, int]:
        widest = max(self._widths, default=0) + NUMBER_WIDTH + 2 * GRID
        columns = max(1, min(self._count, room // max(widest, _LEAST)))
        return columns, min(widest, room) if columns > 1 else room

    def _lines(self, metrics: QFontMetrics, label: str, width: int) -> int:
        box = metrics.boundingRect(0, 0, width, 1000, WRAP, label)
        return max(1, round(box.height() / metrics.lineSpacing()))
