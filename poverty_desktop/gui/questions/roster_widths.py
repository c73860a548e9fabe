"""How wide the columns of a grid are: no word is cut, the lines of the people are as low as the room allows, and where not all
columns have room they stand on pages that fill it, so that none is cut at the edge. All measures are pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import prod

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from poverty_desktop.gui.questions.words import font_of
from poverty_desktop.gui.theme import GRID

LEAST_COLUMN, MOST_COLUMN = 64, 160
CELL_EDGE, HEAD_EDGE, ROW_EDGE = 16, 18, 12
"""What border and padding take of a cell's and a head's width, and of a row's height."""
_HEAD_LINES = (4, 5, 3)
_MOST_LINES, _MOST_STEPS = 8, 6
_LINES = range(_MOST_LINES - 1)


@dataclass(frozen=True)
class Column:
    """The words of the head, what can come to stand below it, and both as words to be measured."""

    head: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Fitted:
    """`pages[column]` is the first column of the page on which it stands."""

    widths: tuple[int, ...]
    pages: tuple[int, ...]


@lru_cache(maxsize=4096)
def height_of(words: str, width: int, font: str) -> int:
    """Of words that wrap in a width."""
    return QFontMetrics(font_of(font)).boundingRect(0, 0, width, 1000, int(Qt.TextFlag.TextWordWrap), words).height()


class Ruler:
    """Measures words in one font (as `QFont.toString` describes it), each once."""

    def __init__(self, described: str) -> None:
        metrics = QFontMetrics(font_of(described))
        self._metrics, self._known = metrics, dict[str, int]()
        self._texts: dict[str, tuple[int, ...]] = {}
        self.line = metrics.lineSpacing()

    def word(self, word: str) -> int:
        if word not in self._known:
            self._known[word] = self._metrics.horizontalAdvance(word)
        return self._known[word]

    def longest_word(self, texts: Iterable[str]) -> int:
        return max((self.word(word) for text in texts for word in text.split(" ")), default=0)

    def lines(self, text: str, width: int) -> int:
        """How many lines the words take in a width."""
        count, used, blank = 1, 0, self.word(" ")
        if text not in self._texts:
            self._texts[text] = tuple(self.word(word) for word in text.split(" "))
        for needed in self._texts[text]:
            if used and used + blank + needed > width:
                count, used = count + 1, needed
            else:
                used += (blank if used else 0) + needed
        return count

    def width_for(self, texts: Sequence[str], lines: int, least: int) -> int:
        """The least width, in steps, in which each text takes so many lines at most."""
        width = least
        for text in texts:
            while self.lines(text, width) > lines:
                width += GRID
        return width


@lru_cache(maxsize=8)
def _ruler(described: str) -> Ruler:
    """Kept for the next fit, which has nearly the same words."""
    return Ruler(described)


@lru_cache(maxsize=64)
def fitted(columns: tuple[Column, ...], cell_font: str, head_font: str, room: int, people: int) -> Fitted:
    """The columns in `room`, for so many people: as low as can be for the longest answers and on the average alike."""
    cells, heads = _ruler(cell_font), _ruler(head_font)
    tried: list[tuple[float, list[int]]] = []
    for head_lines in _HEAD_LINES:
        for lines, least in islice(_with_room(columns, cells, heads, head_lines, room), 2):
            shares = [_Share(column.answers, cells, width) for column, width in zip(columns, least, strict=True)]
            high = (_share_out(shares, room) + lines) / 2
            cost = head_lines * heads.line + max(people, 1) * max(high * cells.line, 2.0 * heads.line)
            tried.append((cost, [one.width for one in shares]))
    if tried:
        return Fitted(tuple(_widened(min(tried)[1], room)), (0,) * len(columns))
    return _on_pages([min(_least(column, cells, heads, 3, _MOST_LINES), room) for column in columns], room)


def _with_room(
    columns: Sequence[Column], cells: Ruler, heads: Ruler, head_lines: int, room: int
) -> Iterator[tuple[int, list[int]]]:
    """(lines of the longest answers, least widths) that the room allows, the lowest first."""
    for lines in range(1, _MOST_LINES + 1):
        least = [_least(column, cells, heads, head_lines, lines) for column in columns]
        if sum(least) <= room:
            yield lines, least


@lru_cache(maxsize=1024)
def _least(column: Column, cells: Ruler, heads: Ruler, head_lines: int, lines: int) -> int:
    """The longest word of head and answers, and both in so many lines."""
    least = max(LEAST_COLUMN, heads.longest_word([column.head]) + HEAD_EDGE, cells.longest_word(column.answers) + CELL_EDGE)
    head = heads.width_for([column.head], head_lines, least - HEAD_EDGE) + HEAD_EDGE
    return max(head, cells.width_for(column.answers, lines, least - CELL_EDGE) + CELL_EDGE)


class _Share:
    """One column growing: how its answers would stand with so many steps more. Each answer counts alike."""

    def __init__(self, answers: tuple[str, ...], cells: Ruler, width: int) -> None:
        self.width, self._answers, self._cells = width, answers, cells
        self._known: dict[int, tuple[float, ...]] = {}

    def within(self, steps: int) -> tuple[float, ...]:
        """The share of the answers that take 1, 2, 3… lines at most."""
        width = self.width + steps * GRID - CELL_EDGE
        if width not in self._known:
            self._known[width] = _within(self._answers, self._cells, width)
        return self._known[width]


@lru_cache(maxsize=4096)
def _within(answers: tuple[str, ...], cells: Ruler, width: int) -> tuple[float, ...]:
    lines = [cells.lines(answer, width) for answer in answers] or [1]
    return tuple(sum(line <= most for line in lines) / len(lines) for most in range(1, _MOST_LINES + 1))


def _share_out(shares: list[_Share], room: int) -> float:
    """Give what is over of `room` to where it saves most: gives the lines that a row takes on the average."""
    high = _lines_of_a_row([one.within(0) for one in shares])
    while (over := (room - sum(one.width for one in shares)) // GRID) > 0:
        present = list(zip(*(one.within(0)[: len(_LINES)] for one in shares), strict=True))
        offers: list[tuple[float, int, int]] = []
        for place, one in enumerate(shares):
            others = [prod((*line[:place], *line[place + 1 :])) for line in present]
            for steps in range(1, min(over, _MOST_STEPS) + 1):
                lines = 1 + sum(1 - other * own for other, own in zip(others, one.within(steps), strict=False))
                offers.append(((high - lines) / steps, -steps, place))
        gain, steps, place = max(offers)
        if gain <= 0:
            break
        shares[place].width -= steps * GRID  # `steps` stands there as a negative number, so that few are taken before many
        high = _lines_of_a_row([one.within(0) for one in shares])
    return high


def _lines_of_a_row(known: Sequence[Sequence[float]]) -> float:
    """A row is as high as its longest answer: the mean of the highest of independent ones."""
    return 1 + sum(1 - prod(one[line] for one in known) for line in _LINES)


def _on_pages(widths: list[int], room: int) -> Fitted:
    """As many columns on a page as have room, and each page as wide as the room."""
    starts, used = [0], 0
    for column, width in enumerate(widths):
        if used + width > room:
            starts.append(column)
            used = 0
        used += width
    found: list[int] = []
    pages: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(widths)], strict=True):
        share, rest = divmod(room - sum(widths[start:end]), end - start)
        found += [width + share + (place < rest) for place, width in enumerate(widths[start:end])]
        pages += [start] * (end - start)
    return Fitted(tuple(found), tuple(pages))


def _widened(widths: list[int], room: int) -> list[int]:
    """What is still over goes to the narrowest, as far as it makes sense to read."""
    widths = list(widths)
    while room - sum(widths) >= GRID and min(widths) < MOST_COLUMN:
        widths[widths.index(min(widths))] += GRID
    return widths
