"""The table of the roster, keyed like a spreadsheet: Enter to the next cell that is asked, digits and letters choose.

Cells that are not asked of a person show "–" and are skipped by Enter; arrows may stand on them (the reason is told below).
Typing into a text or number cell opens it with what is typed; F2 edits; Ctrl+D copies the value above; Delete empties.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QTableView

from poverty_desktop.gui.models.roster_model import CHOICES, TICK, RosterModel
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.presenters.typed_values import choose, still_possible, ticked
from poverty_desktop.gui.questions.acknowledge import DONE
from poverty_desktop.gui.questions.composed_line import ComposedLine
from poverty_desktop.gui.questions.keys import ENTER
from poverty_desktop.gui.questions.roster_cell import BACK_KEYS, RosterCell
from poverty_desktop.gui.questions.roster_fit import RosterFit
from poverty_desktop.gui.questions.roster_heads import dress


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
        self.fitting = RosterFit(self, model)
        self.setModel(model)
        self.setObjectName("survey.roster")
        self._editor = RosterCell(model, self)
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
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setWordWrap(True)
        dress(self)
        self._stood = ("", 0, 0)  # where the cursor stood when people or questions changed: key, row, column
        # A bar that appears takes room from the cell one is in.
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.rangeChanged.connect(lambda: QTimer.singleShot(0, self, self._keep_in_sight))
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.dataChanged.connect(self.fitting.refit)

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
        self.fitting.fit()
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
        elif cell.kind == TICK and event.text():
            if event.text() in (" ", "1"):
                self.roster.answered.emit(cell.key, "" if cell.value else DONE)
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
        editor = self.indexWidget(self.currentIndex())
        if isinstance(editor, ComposedLine):
            editor.settle()
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
            self.fitting.fit()
        self.scrollTo(self.currentIndex())

    def _keep_in_sight(self) -> None:
        """A bar came or went, and with it the room."""
        self.fitting.follow_room()
        self.scrollTo(self.currentIndex())

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Across by whole pages: no column is cut at the edge."""
        super().scrollTo(index, hint)
        pages = self.fitting.pages
        if index.isValid() and index.column() < len(pages) and any(pages):
            page = pages[index.column()]
            self.horizontalScrollBar().setValue(page)
            if self.horizontalHeader().offset() != self.horizontalHeader().sectionPosition(page):
                # The bar stood there already when the columns got other widths: Qt leaves the old place.
                self.horizontalHeader().setOffsetToSectionPosition(page)
                self.viewport().update()

    def sizeHint(self) -> QSize:
        """No more than it must have: what is left of the page it takes by its stretch, and the words below it stay in sight."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def show_whole(self, *, whole: bool, grows: bool) -> None:
        """As `RosterFit.show_whole`."""
        self.fitting.show_whole(whole=whole, grows=grows)
