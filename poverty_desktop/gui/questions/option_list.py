"""The answers of a choice as on paper: all visible, each with its number. Digits and first letters choose, no mouse.

Select one: a digit or a letter chooses, arrows walk, Enter goes on. Select many: a digit or the space bar ticks, a letter
walks to the option; where there are ten and more, a blank ends a number ("1 12"). Delete takes the answer away.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.presenters.typed_values import choose, still_possible, ticked
from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT, GRID, INK, INK_SOFT, LINE_STRONG, PAPER, SHADE

_NUMBER_WIDTH = 30
_LINE = 28
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WRAP = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)


class OptionList(QListWidget):
    """Editor of select one and select many. `answered` bears the option's value, or the ticked values separated by blanks.

    `numbered` after a digit that left no doubt which answer of select one is meant: the page may go on by itself.
    """

    answered = Signal(str)
    moved = Signal(int)
    numbered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options: tuple[Option, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._many = self._readonly = False
        self._widths: tuple[int, ...] = ()  # of the labels on one line, in the font `_measured_in`
        self._measured_in = ""
        self._fitted = 0
        self._typed = ""
        self._numbering = False  # the last key was a digit of select many: a blank now ends the number
        self.setItemDelegate(_OptionPainter(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.setAutoScroll(False)

    def show_state(self, state: FieldState) -> None:
        self._many, self._readonly = state.kind == "select_multiple", not state.writable
        if state.options != self._options:
            self._options, self._measured_in = state.options, ""
            self.clear()
            for option in state.options:
                self.addItem(self._item(option))
            self._fit()
        self._chosen = state.chosen
        self.viewport().update()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if self._readonly else Qt.FocusPolicy.StrongFocus)

    def commit(self) -> None:
        """Nothing waits here: a choice is an answer at once."""
        self._typed = ""

    def _item(self, option: Option) -> QListWidgetItem:
        item = QListWidgetItem(option.label)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{option.number} {option.label}")
        return item

    # --- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & commands or event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            event.ignore()
        elif event.key() in ENTER:
            self._typed = ""
            self.moved.emit(-1 if back else 1)
        elif self._readonly:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._typed = ""
            self.answered.emit("")
        elif event.key() == Qt.Key.Key_Space and self._numbering:
            self._typed, self._numbering = "", False  # "1 2": the number is complete
        elif event.key() == Qt.Key.Key_Space:
            self._pick(self.currentRow())
        elif event.text().strip():
            self._type(event.text())
        else:
            self._walk(event)

    def _walk(self, event: QKeyEvent) -> None:
        """Arrows move the mark; at the first and last option they go to the question before and after."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        self._typed, self._numbering = "", False
        if step is None:
            super().keyPressEvent(event)
        elif 0 <= self.currentRow() + step < len(self._options):
            self.setCurrentRow(self.currentRow() + step)
        else:
            self.moved.emit(step)

    def _type(self, letter: str) -> None:
        numbers = [option.number for option in self._options]
        typed = self._typed + letter
        found = choose(typed, [option.label for option in self._options], numbers)
        if found is None:
            typed = letter
            found = choose(typed, [option.label for option in self._options], numbers)
        self._numbering = self._many and letter.isdigit()
        waits = not typed.isdigit() or still_possible(typed, numbers)
        self._typed = typed if waits else ""
        if found is None:
            return
        self.setCurrentRow(found)
        if self._many and typed.isdigit():
            values = [option.value for option in self._options]
            self.answered.emit(ticked(values, self._chosen, typed, found, numbers))
        elif not self._many:
            self._choose(found)
            if not waits:
                self.numbered.emit()

    def _pick(self, row: int) -> None:
        if not 0 <= row < len(self._options):
            return
        if not self._many:
            self._choose(row)
            return
        value = self._options[row].value
        ticked = [one.value for one in self._options if (one.value in self._chosen) != (one.value == value)]
        self.answered.emit(" ".join(ticked))

    def _choose(self, row: int) -> None:
        self.answered.emit(self._options[row].value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self._readonly and self.itemAt(event.position().toPoint()) is not None:
            self._pick(self.currentRow())

    # --- place ---------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._typed = ""
        values = [option.value for option in self._options]
        if self.currentRow() < 0 or (self._chosen and not self._many):
            self.setCurrentRow(values.index(self._chosen[0]) if self._chosen and self._chosen[0] in values else 0)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._typed = ""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As many columns as whole labels allow, and exactly the height that shows every option."""
        room, font = max(self.width(), 120), self.font()
        if not self._options or (self._measured_in == font.key() and self._fitted == room):
            return
        metrics = QFontMetrics(font)
        if self._measured_in != font.key():
            self._measured_in = font.key()
            self._widths = tuple(metrics.horizontalAdvance(option.label) for option in self._options)
        self._fitted = room
        widest = max(self._widths) + _NUMBER_WIDTH + 2 * GRID
        columns = max(1, min(len(self._options), (room - 2) // max(widest, 72)))
        cell = min(widest, room - 2) if columns > 1 else room - 2
        wrapped = [option for option, one in zip(self._options, self._widths, strict=True) if one > cell - _NUMBER_WIDTH - 10]
        lines = max((self._lines(metrics, option, cell) for option in wrapped), default=1)
        height = _LINE + (lines - 1) * metrics.lineSpacing()
        rows = -(-len(self._options) // columns)
        self.setGridSize(QSize(cell, height))
        self.setFixedHeight(rows * height + 4)

    def _lines(self, metrics: QFontMetrics, option: Option, width: int) -> int:
        box = metrics.boundingRect(0, 0, width - _NUMBER_WIDTH - 10, 1000, _WRAP, option.label)
        return max(1, round(box.height() / metrics.lineSpacing()))

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())


class _OptionPainter(QStyledItemDelegate):
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
        shown = view._options[index.row()]
        room, chosen = QRectF(option.rect).adjusted(1, 1, -3, -1), shown.value in view._chosen
        present = view.hasFocus() and view.currentRow() == index.row()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or present:
            painter.setPen(QPen(QColor(ACCENT), 2) if present else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ACCENT_SOFT) if chosen else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room, 4, 4)
        self._number(painter, QRectF(room.left() + 4, room.center().y() - 10, 24, 20), shown.number, chosen, view)
        words = room.adjusted(_NUMBER_WIDTH + 4, 0, -2, 0)
        painter.setPen(self._ink)
        painter.drawText(words, _WRAP, shown.label)

    def _number(self, painter: QPainter, box: QRectF, number: str, chosen: bool, view: OptionList) -> None:
        """Round for one answer, square for many, as on official papers; filled means chosen."""
        radius = 3 if view._many else 10
        line, fill, ink = self._filled if chosen else self._still if view._readonly else self._open
        painter.setPen(line)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(ink)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), number)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        view = self.parent()
        assert isinstance(view, OptionList)
        return view.gridSize()
