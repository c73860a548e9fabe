"""Where the words and widgets of a question stand in a width: below each other, or the words beside the answer.

All measures are pixels; fonts are told as `QFont.key` describes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from poverty_desktop.gui.questions.reading import Reading
from poverty_desktop.gui.questions.words import Words
from poverty_desktop.gui.theme import GRID

_BETWEEN = 2
_WORDS_SHARE = 2, 5  # of the width, where the words stand beside the answer
Part = Words | QWidget


@dataclass(frozen=True)
class Places:
    """What is shown and where, and how high all of it is."""

    parts: tuple[tuple[Part, QRect], ...] = ()
    height: int = 0


def below_each_other(parts: Sequence[Part], width: int, font: str, above: Places | None = None, edge: int = 0) -> Places:
    """What has nothing to say or is hidden takes no room. `edge` stays free below all of it."""
    placed = list(above.parts) if above else []
    bottom = above.height if above else 0
    for part in parts:
        room, height = _size(part, width, font)
        if height:
            bottom += _BETWEEN if placed else 0
            placed.append((part, QRect(0, bottom, room, height)))
            bottom += height
    return Places(tuple(placed), bottom + edge)


def beside(parts: Sequence[Part], width: int, font: str) -> Places:
    """What is only read, and a line of a table: words at the left, the answer at the right."""
    words, answer = parts
    share, whole = _WORDS_SHARE
    left = round((width - GRID) * share / whole)
    right = width - GRID - left
    high = [_size(words, left, font)[1], _size(answer, right, font)[1]]
    height = max(high)
    top = isinstance(answer, Reading)  # else the words stand in the middle of the line
    first = QRect(0, 0 if top else (height - high[0]) // 2, left, high[0])
    second = QRect(left + GRID, 0, right, high[1] if top else height)
    return Places(((words, first), (answer, second)), height)


def _size(part: Part, width: int, font: str) -> tuple[int, int]:
    if isinstance(part, Words):
        return width, part.height(width, font)
    if part.isHidden():
        return width, 0
    width = min(width, part.maximumWidth())
    wanted = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
    return width, min(max(wanted, part.minimumHeight()), part.maximumHeight())
