"""The table of the roster, keyed like a spreadsheet: Enter to the next cell that is asked, digits and letters choose.

Cells that are not asked of a person show "–" and are skipped by Enter; arrows may stand on them (the reason is told below).
Typing into a text or number cell opens it with what is typed; F2 edits; Ctrl+D copies the value above; Delete empties.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QTableView,
)

from poverty_desktop.gui.models.roster_model import CHOICES, RosterModel
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.presenters.typed_values import choose, still_possible, ticked
from poverty_desktop.gui.questions.option_list import ENTER
from poverty_desktop.gui.questions.roster_cell import BACK_KEYS, RosterCell
from poverty_desktop.gui.theme import GRID, GROUND, LINE, ui_font

LEAST_COLUMN, MOST_COLUMN = 76, 160
_HEAD_LINES, _NARROW = 4, 700
_ANY_HEIGHT = 16777215  # Qt's own "no limit"
_CELL_EDGE, _HEAD_EDGE, _ROW_EDGE = 20, 22, 12  # what border and padding take of a column and of a row
_STYLE = f"""
    QTableCornerButton::section {{ background: {GROUND}; border: 0; border-bottom: 1px solid {LINE}; }}
    QTableView::item {{ padding: 2px 6px; }}
"""


class RosterTable(QTableView):
    """`left(step)` when Enter goes past the last cell (1) or back before the first (-1); `numbered` as in `OptionList`."""

    left = Signal(int)
    numbered = Signal()
    entered_cell = Signal(QModelIndex)
    stood_in = Signal()

    def __init__(self, model: RosterModel) -> None:
        super().__init__()
        self.roster = model
        self._typed = ""
        self._whole = self._grows = False
        self.setModel(model)
        self.setObjectName("survey.roster")
        self._editor = RosterCell(self)
        self._editor.left.connect(self.go)
        self.setItemDelegate(self._editor)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setWordWrap(True)
        self._dress_headers()
        self.setStyleSheet(_STYLE)
        self._stood = ("", 0, 0)  # where the cursor stood when people or questions changed: key, row, column
        # A bar that appears takes room from the cell one is in.
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.rangeChanged.connect(lambda: QTimer.singleShot(0, self, lambda: self.scrollTo(self.currentIndex())))
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.dataChanged.connect(lambda first, last: self._fit_rows(range(first.row(), last.row() + 1)))

    def _dress_headers(self) -> None:
        head, side = self.horizontalHeader(), self.verticalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionsClickable(False)
        head.setHighlightSections(True)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(6 * GRID)
        side.setSectionsClickable(False)
        side.setHighlightSections(True)
        for header in (head, side):
            header.setFont(ui_font(10))

    # --- moving --------------------------------------------------------------------------------------------------

    def currentChanged(self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex) -> None:
        super().currentChanged(current, previous)
        self._typed = ""
        self.entered_cell.emit(self.currentIndex())

    def _remember(self) -> None:
        here, cell = self.currentIndex(), self.roster.cell(self.currentIndex())
        self._stood = (cell.key if cell else "", max(here.row(), 0), max(here.column(), 0))

    def _restore(self) -> None:
        """An answer opens or closes questions: the cursor stays on its cell, or where that was."""
        self.fit()
        key, row, column = self._stood
        last_row, last_column = self.roster.rowCount() - 1, self.roster.columnCount() - 1
        place = self.roster.place_of(key)
        self.setCurrentIndex(place if place.isValid() else self.roster.index(min(row, last_row), min(column, last_column)))

    def stand_on(self, key: str) -> None:
        """Put the cursor on a cell, with the focus."""
        place = self.roster.place_of(key)
        if place.isValid():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setCurrentIndex(place)
            self.scrollTo(place)

    def enter(self, step: int) -> bool:
        """Come in from the question before (1) or after (-1). False when nothing is asked here."""
        order = self._asked()
        if not order:
            return False
        self.stand_on(order[0 if step > 0 else -1])
        return True

    def go(self, step: int) -> None:
        """The next cell that is asked, along the row and then of the next person."""
        order = self._order()
        here = self.currentIndex()
        place = here.row() * self.roster.columnCount() + here.column()
        places = [number for number, cell in enumerate(order) if cell.writable and (number - place) * step > 0]
        if places:
            self.stand_on(order[min(places) if step > 0 else max(places)].key)
        else:
            self.left.emit(step)

    def _order(self) -> list[FieldState]:
        return [cell for row in (self.roster.state.cells if self.roster.state else ()) for cell in row]

    def _asked(self) -> list[str]:
        return [cell.key for cell in self._order() if cell.writable]

    # --- typing --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cell, key = self.roster.cell(self.currentIndex()), event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if control and key == Qt.Key.Key_D:
            self.copy_above()
        elif control or key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            event.ignore()
        elif key in ENTER or key in (Qt.Key.Key_Tab, *BACK_KEYS):
            self.go(-1 if back or key in BACK_KEYS else 1)
        elif cell is None or not cell.writable:
            self._walk(event)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.roster.answered.emit(cell.key, "")
        elif cell.kind in CHOICES and key == Qt.Key.Key_Space:
            self._typed = ""  # ends a number of select many
        elif cell.kind in CHOICES and event.text().strip():
            self._choose(cell, event.text())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab goes along the row; Qt would take it for itself before `keyPressEvent`."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, *BACK_KEYS):
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def _walk(self, event: QKeyEvent) -> None:
        if not event.text().strip():
            super().keyPressEvent(event)

    def _choose(self, cell: FieldState, letter: str) -> None:
        labels, numbers = [option.label for option in cell.options], [option.number for option in cell.options]
        typed = self._typed + letter
        found = choose(typed, labels, numbers)
        if found is None:
            typed = letter
            found = choose(typed, labels, numbers)
        self._typed = typed if not typed.isdigit() or still_possible(typed, numbers) else ""
        if found is None:
            return
        value = cell.options[found].value
        if cell.kind == "select_multiple":
            values = [option.value for option in cell.options]
            self.roster.answered.emit(cell.key, ticked(values, cell.chosen, typed, found, numbers))
        else:
            self.roster.answered.emit(cell.key, value)
            if typed.isdigit() and not self._typed:
                self.numbered.emit()

    def copy_above(self) -> None:
        """The answer of the person above in the same column, then on."""
        here = self.currentIndex()
        cell, above = self.roster.cell(here), self.roster.cell(here.siblingAtRow(here.row() - 1))
        if cell and cell.writable and above and above.relevant:
            self.roster.answered.emit(cell.key, above.value)

    def commit(self) -> None:
        """Close the open cell, keeping what was typed."""
        editor = self.indexWidget(self.currentIndex()) or self.findChild(QLineEdit, "roster.editor")
        if editor is not None:
            self.commitData(editor)
            self.closeEditor(editor, QStyledItemDelegate.EndEditHint.NoHint)

    # --- place ---------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.stood_in.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.stood_in.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()
        self.scrollTo(self.currentIndex())

    def fit(self) -> None:
        """Columns share what room is left over by need; none cuts a word, and head and rows are as high as their words."""
        count = self.roster.columnCount()
        side = max(130, min(184, int(self.width() / 3.5)))
        self.roster.codes_only = self.width() < _NARROW
        self.roster.line_width = side - 18
        self.verticalHeader().setFixedWidth(side)
        if not count:
            return
        metrics = QFontMetrics(ui_font(10, bold=True))
        heads = [str(self.roster.headerData(at, Qt.Orientation.Horizontal) or "") for at in range(count)]
        widths = [self._least_width(metrics, words, at) for at, words in enumerate(heads)]
        widths = _shared_out(widths, self._wanted_widths(), self.width() - side - 24)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        highest = max(self._height(metrics, words, width) for words, width in zip(heads, widths, strict=True))
        self.horizontalHeader().setFixedHeight(highest + 2 * GRID)
        self._fit_rows(range(self.roster.rowCount()))

    def _fit_rows(self, rows: Iterable[int]) -> None:
        """As high as the longest answer of the person; never lower than the lines of the name."""
        columns = range(self.roster.columnCount())
        for row in rows:
            highest = max((self._cell_height(row, column) for column in columns), default=0)
            named = len(self.roster.name_lines(row)) * self.roster.metrics.lineSpacing()
            self.setRowHeight(row, max(highest, named) + _ROW_EDGE)
        if self._whole or self._grows:
            self.show_whole(whole=self._whole, grows=self._grows)

    def _cell_height(self, row: int, column: int) -> int:
        words = str(self.roster.index(row, column).data() or "")
        room = self.columnWidth(column) - _CELL_EDGE
        return self.fontMetrics().boundingRect(0, 0, room, 1000, int(Qt.TextFlag.TextWordWrap), words).height()

    def _least_width(self, metrics: QFontMetrics, words: str, column: int) -> int:
        """What the longest word of head and answers needs, and the head in four lines."""
        answers = [self._longest_word(self.fontMetrics(), answer) + _CELL_EDGE for answer in self.roster.possible_answers(column)]
        width = max(LEAST_COLUMN, self._longest_word(metrics, words) + _HEAD_EDGE, *answers)
        while self._height(metrics, words, width) > _HEAD_LINES * metrics.lineSpacing() and width < MOST_COLUMN:
            width += GRID
        return width

    def _wanted_widths(self) -> list[int]:
        """With which every answer that can be chosen would stand on one line."""
        metrics = self.fontMetrics()
        return [
            max((metrics.horizontalAdvance(answer) + _CELL_EDGE for answer in self.roster.possible_answers(column)), default=0)
            for column in range(self.roster.columnCount())
        ]

    def _height(self, metrics: QFontMetrics, words: str, width: int) -> int:
        return metrics.boundingRect(0, 0, width - 24, 1000, int(Qt.TextFlag.TextWordWrap), words).height()

    def _longest_word(self, metrics: QFontMetrics, words: str) -> int:
        return max((metrics.horizontalAdvance(word) for word in words.split(" ")), default=0)

    def show_whole(self, *, whole: bool, grows: bool) -> None:
        """`whole`: as high as all its lines. Else at least the head and two people; where there is room the table takes it, but
        one that `grows` no more than its lines, so that its button stands below them. Pixels.
        """
        self._whole, self._grows = whole, grows
        head, side = self.horizontalHeader().height(), self.verticalHeader()
        all_lines = head + side.length() + 2 * self.frameWidth() + 2
        least = head + min(max(self.roster.rowCount(), 1), 2) * side.defaultSectionSize() + 20
        self.setMinimumHeight(all_lines if whole else min(least, all_lines) if grows else least)
        self.setMaximumHeight(all_lines if whole or grows else _ANY_HEIGHT)


def _shared_out(widths: list[int], wanted: list[int], room: int) -> list[int]:
    """`widths` with what is over of `room` (all in pixels): first to the columns whose answers lack most, then to all alike."""
    widths = list(widths)
    over = room - sum(widths)
    while over >= GRID:
        lacks = [want - width for want, width in zip(wanted, widths, strict=True)]
        most = max(lacks)
        at = lacks.index(most) if most > 0 else widths.index(min(widths))
        if widths[at] >= MOST_COLUMN and most <= 0:
            break
        widths[at] += GRID
        over -= GRID
    return widths
