"""Fits the table of the roster to its room: columns that cut no word, lines as high as their words, a height that shows enough.

What is measured is kept by words, width and font, so that a grid that was measured ahead is fitted at once. Pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView

from poverty_desktop.gui.models.roster_model import RosterModel
from poverty_desktop.gui.questions.roster_heads import head_font
from poverty_desktop.gui.questions.roster_widths import CELL_EDGE, HEAD_EDGE, ROW_EDGE, Column, Fitted, fitted, height_of
from poverty_desktop.gui.theme import GRID

_NARROW, _MANY = 700, 8
_ANY_HEIGHT = 16777215  # Qt's own "no limit"


class RosterFit:
    """`pages[column]`: the first column of the page on which it stands."""

    def __init__(self, table: QTableView, roster: RosterModel) -> None:
        self._table, self._roster = table, roster
        self._whole = self._grows = False
        self._room = 0
        self.pages: tuple[int, ...] = ()

    def fit(self) -> None:
        """Columns share the room, or stand on pages that fill it; none cuts a word; head and rows are as high as their words."""
        table, side = self._table, max(130, min(160, int(self._table.width() / 3.5)))  # the names at the side
        if not table.testAttribute(Qt.WidgetAttribute.WA_Resized):
            return  # nobody gave it a width yet
        narrow = self._roster.codes_only = table.width() < _NARROW
        off, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        table.setHorizontalScrollBarPolicy(off if narrow else needed)  # whole pages turn with the cursor
        self._roster.line_width = side - 18
        table.verticalHeader().setFixedWidth(side)
        if not self._roster.columnCount():
            return
        self._room = self._room_beside(side)
        found = self._fitted(self._room)
        self.pages = found.pages
        with self._at_once():
            for column, width in enumerate(found.widths):
                table.setColumnWidth(column, width)
            table.horizontalHeader().setFixedHeight(self._head_height(found))
            self._fit_rows(range(self._roster.rowCount()))

    def measure(self, width: int) -> None:
        """Ahead, for a table of this width that is not shown yet: with the bar at its side and without."""
        self._table.resize(width, self._table.height())
        self.fit()
        if self._roster.columnCount():
            found = self._fitted(self._room - self._table.verticalScrollBar().sizeHint().width())
            self._head_height(found)
            for row in range(self._roster.rowCount()):
                self._row_height(row, found.widths)

    def follow_room(self) -> None:
        """Fit anew where a bar came or went."""
        if self._room != self._room_beside(self._table.verticalHeader().width()):
            self.fit()

    def refit(self, first: QModelIndex, last: QModelIndex) -> None:
        """Answers of a person changed: the row follows, and the columns too where a word has no room any more."""
        metrics = self._table.fontMetrics()
        for column in range(first.column(), last.column() + 1):
            words = self._words(first.row())[column].split(" ")
            if max(metrics.horizontalAdvance(word) for word in words) + CELL_EDGE > self._table.columnWidth(column):
                self.fit()
                return
        with self._at_once():
            self._fit_rows(range(first.row(), last.row() + 1))

    def show_whole(self, *, whole: bool, grows: bool) -> None:
        """`whole`: as high as all its lines. Else at least the head and two people (one on a narrow window); where there is room
        the table takes it, but one that `grows` no more than its lines, so that its button stands below them.
        """
        self._whole, self._grows = whole, grows
        table, codes_only = self._table, self._roster.codes_only
        head, side = table.horizontalHeader().height(), table.verticalHeader()
        bar = table.horizontalScrollBar().sizeHint().height() if any(self.pages) and not codes_only else 0
        all_lines = head + side.length() + 2 * table.frameWidth() + 4 + bar
        people = 1 if codes_only else 2  # on a narrow window the words below the grid need the room
        least = head + min(max(self._roster.rowCount(), 1), people) * side.defaultSectionSize() + 20
        table.setMinimumHeight(all_lines if whole else min(least, all_lines) if grows else least)
        table.setMaximumHeight(all_lines if whole or grows else _ANY_HEIGHT)

    # --- measures ------------------------------------------------------------------------------------------------

    def _room_beside(self, side: int) -> int:
        """For the columns: without the frame, the names and the bar, if it stands there now (in a hidden grid too)."""
        bar = self._table.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.isVisibleTo(self._table) else 0
        return self._table.width() - 2 * self._table.frameWidth() - side - taken

    def _fitted(self, room: int) -> Fitted:
        columns = tuple(Column(head, tuple(self._roster.possible_answers(at))) for at, head in enumerate(self._heads()))
        fonts = self._table.font().toString(), head_font().toString()
        return fitted(columns, *fonts, room, min(self._roster.rowCount(), _MANY))

    def _words(self, row: int) -> list[str]:
        return [self._roster.words(cell) for cell in self._roster.state.cells[row]] if self._roster.state else []

    def _heads(self) -> list[str]:
        count, across = self._roster.columnCount(), Qt.Orientation.Horizontal
        return [str(self._roster.headerData(at, across) or "") for at in range(count)]

    def _head_height(self, found: Fitted) -> int:
        font = head_font().key()
        pairs = zip(self._heads(), found.widths, strict=True)
        return max(height_of(words, width - HEAD_EDGE, font) for words, width in pairs) + 2 * GRID

    def _row_height(self, row: int, widths: Iterable[int]) -> int:
        """As high as the longest answer of the person; never lower than the lines of the name."""
        font = self._table.font().key()
        cells = zip(self._words(row), widths, strict=True)
        highest = max((height_of(words, width - CELL_EDGE, font) for words, width in cells), default=0)
        named = len(self._roster.name_lines(row)) * self._roster.metrics.lineSpacing()
        return max(highest, named) + ROW_EDGE

    def _fit_rows(self, rows: Iterable[int]) -> None:
        widths = [self._table.columnWidth(column) for column in range(self._roster.columnCount())]
        for row in rows:
            self._table.setRowHeight(row, self._row_height(row, widths))
        self.show_whole(whole=self._whole, grows=self._grows)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Sizes that the table follows here: told by its heads it would do so later, and paint everything once more."""
        heads = self._table.horizontalHeader(), self._table.verticalHeader()
        before = self._sizes()
        for head in heads:
            head.blockSignals(True)
        try:
            yield
        finally:
            for head in heads:
                head.blockSignals(False)
        if self._sizes() != before:
            self._table.updateGeometries()
            self._table.updateEditorGeometries()
            self._table.viewport().update()

    def _sizes(self) -> list[int]:
        """Where each column and line ends."""
        across, down = self._table.horizontalHeader(), self._table.verticalHeader()
        ends = [across.sectionSize(at) for at in range(across.count())] + [down.sectionSize(at) for at in range(down.count())]
        return [*ends, across.height()]
