"""The answers of a choice as on paper: all visible, each with its number. Digits and first letters choose, no mouse.

Select one: a digit or a letter chooses, arrows walk, Enter goes on. Select many: a digit or the space bar ticks, a letter
walks to the option; where there are ten and more, a blank ends a number ("1 12"). Delete takes the answer away. Esc is
for whoever holds the answers: a choice is an answer at once.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.presenters.typed_values import choose, still_possible, ticked
from poverty_desktop.gui.questions.keys import ENTER as ENTER
from poverty_desktop.gui.questions.option_places import NUMBER_WIDTH, WRAP, Cells, OptionPlaces
from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT, INK, INK_SOFT, LINE_STRONG, PAPER, ROW, SHADE

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class OptionList(QListWidget):
    """Editor of select one and select many. `answered` bears the option's value, or the ticked values separated by blanks.

    `numbered` after a digit that left no doubt which answer of select one is meant: the page may go on by itself. `nothing`
    are the words where there is nothing to choose.
    """

    answered = Signal(str)
    moved = Signal(int)
    numbered = Signal()

    def __init__(self, parent: QWidget | None = None, nothing: str = "") -> None:
        super().__init__(parent)
        self._nothing = nothing
        self.below: QWidget | None = None
        self.options: tuple[Option, ...] = ()
        self.chosen: tuple[str, ...] = ()
        self.many = self.readonly = self.only_numbers = False
        self._value = ""
        self._places = OptionPlaces()
        self._typed = ""
        self._numbering = False  # the last key was a digit of select many: a blank now ends the number
        self.setItemDelegate(OptionPainter(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setWordWrap(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.setAutoScroll(False)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_state(self, state: FieldState) -> None:
        self.many, self.readonly = state.kind in ("select_multiple", "acknowledge"), not state.writable
        self.only_numbers = "list-nolabel" in state.looks
        self._value, self.chosen = state.value, state.chosen
        self.show_options(state.options, state.looks)
        self.viewport().update()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if self.readonly else Qt.FocusPolicy.StrongFocus)

    def show_options(self, options: tuple[Option, ...], looks: frozenset[str]) -> None:
        if options == self.options:
            return
        self.options = options
        self._places.measure([] if self.only_numbers else [self.words_of(one) for one in options], len(options), looks)
        self.clear()
        for option in options:
            self.addItem(self._item(option))
        self._grid(self.width())
        self.updateGeometry()

    def commit(self) -> None:
        """Nothing waits here: a choice is an answer at once."""
        self._typed = ""

    def words_of(self, option: Option) -> str:
        return option.label

    def number_of(self, option: Option) -> str:
        """What stands in the box before the words."""
        return option.number

    def _item(self, option: Option) -> QListWidgetItem:
        item = QListWidgetItem(self.words_of(option))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{option.number} {option.label}")
        return item

    # --- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & _COMMANDS or event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            event.ignore()
        elif event.key() in ENTER:
            self.commit()
            self.moved.emit(-1 if back else 1)
        elif self.readonly:
            event.ignore()
        elif event.key() == Qt.Key.Key_Backspace and self._typed:
            self._typed = self._typed[:-1]  # Unikey takes a letter back to write it with its sign
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._typed = ""
            self.answered.emit("")
        elif event.key() == Qt.Key.Key_Space and self._numbering:
            self._typed, self._numbering = "", False  # "1 2": the number is complete
        elif event.key() == Qt.Key.Key_Space:
            self.pick(self.currentRow())
        elif event.text().strip():
            self.type_letter(event.text())
        else:
            self._walk(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """An input method that is not told that nothing is written here: its words choose all the same."""
        for letter in event.commitString() if not self.readonly else "":
            self.type_letter(letter)
        event.accept()

    def _walk(self, event: QKeyEvent) -> None:
        """Arrows move the mark; at the first and last option they go to the question before and after."""
        step = _STEPS.get(Qt.Key(event.key()))
        self._typed, self._numbering = "", False
        if step is None:
            super().keyPressEvent(event)
        elif 0 <= self.currentRow() + step < len(self.options):
            self.setCurrentRow(self.currentRow() + step)
        else:
            self.moved.emit(step)

    def type_letter(self, letter: str) -> None:
        numbers = [option.number for option in self.options]
        typed = self._typed + letter
        found = choose(typed, [option.label for option in self.options], numbers)
        if found is None:
            typed = letter
            found = choose(typed, [option.label for option in self.options], numbers)
        self._numbering = self.many and letter.isdigit()
        waits = not typed.isdigit() or still_possible(typed, numbers)
        self._typed = typed if waits else ""
        if found is None:
            return
        self.setCurrentRow(found)
        self.meant(found, typed)

    def meant(self, found: int, typed: str) -> None:
        """Typed digits or letters mean the option `found`."""
        if self.many and typed.isdigit():
            values, numbers = [option.value for option in self.options], [option.number for option in self.options]
            self.answered.emit(ticked(values, self.chosen, typed, found, numbers))
        elif not self.many:
            self.answered.emit(self.options[found].value)
            if typed.isdigit() and not self._typed:
                self.numbered.emit()

    def pick(self, row: int) -> None:
        """The space bar or the mouse on an option."""
        if not 0 <= row < len(self.options):
            return
        value = self.options[row].value
        if self.many:
            value = " ".join(one.value for one in self.options if (one.value in self.chosen) != (one.value == value))
        self.answered.emit(value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self.readonly and self.itemAt(event.position().toPoint()) is not None:
            self.pick(self.currentRow())

    # --- place ---------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._typed = ""
        values = [option.value for option in self.options]
        if self.currentRow() < 0 or (self.chosen and not self.many):
            self.setCurrentRow(values.index(self.chosen[0]) if self.chosen and self.chosen[0] in values else 0)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grid(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grid(self.width())
            self.updateGeometry()

    def _grid(self, room: int) -> None:
        if self.options:
            cells = self.cells(room)
            if self.gridSize() != (size := QSize(cells.width, cells.height)):
                self.setGridSize(size)

    def cells(self, room: int) -> Cells:
        """How the options stand in a width of `room` pixels."""
        return self._places.cells(max(room, 120), self.font())

    def heightForWidth(self, width: int) -> int:
        """Exactly the height that shows every option."""
        return self.cells(width).total if self.options else ROW

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.options and self._nothing:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(INK_SOFT))
            painter.drawText(self.viewport().rect(), WRAP, self._nothing)
            painter.end()

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 0)  # the layout asks for the height of a width


class OptionPainter(QStyledItemDelegate):
    """A boxed number (filled when chosen) and the words. The frame of the present option shows only with the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ink = QColor(INK)
        self._filled = QPen(QColor(ACCENT), 1.4), QColor(ACCENT), QColor(PAPER)
        self._still = QPen(QColor(LINE_STRONG), 1.4), QColor(SHADE), QColor(INK_SOFT)
        self._open = QPen(QColor(LINE_STRONG), 1.4), QColor(PAPER), QColor(INK_SOFT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        view = self.parent()
        assert isinstance(view, OptionList)
        shown = view.options[index.row()]
        room, chosen = QRectF(option.rect).adjusted(1, 1, -3, -1), shown.value in view.chosen
        present = view.hasFocus() and view.currentRow() == index.row()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or present:
            painter.setPen(QPen(QColor(ACCENT), 2) if present else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ACCENT_SOFT) if chosen else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room, 4, 4)
        left = room.center().x() - 12 if view.only_numbers else room.left() + 4
        self._number(painter, QRectF(left, room.center().y() - 10, 24, 20), view.number_of(shown), chosen, view)
        if not view.only_numbers:
            painter.setPen(self._ink)
            painter.drawText(room.adjusted(NUMBER_WIDTH + 4, 0, -2, 0), WRAP, view.words_of(shown))

    def _number(self, painter: QPainter, box: QRectF, number: str, chosen: bool, view: OptionList) -> None:
        """Round for one answer, square for many, as on official papers; filled means chosen."""
        radius = 3 if view.many else 10
        line, fill, ink = self._filled if chosen else self._still if view.readonly else self._open
        painter.setPen(line)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(ink)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), number)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        view = self.parent()
        assert isinstance(view, OptionList)
        return view.gridSize()
