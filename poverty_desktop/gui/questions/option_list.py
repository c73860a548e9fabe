"""The answers of a choice as on paper: all visible, each with its number. Digits and first letters choose, no mouse.

Select one: a digit or a letter chooses, arrows walk, Enter goes on. Select many: a digit or the space bar ticks, a letter
walks to the option; where there are ten and more, a blank ends a number ("1 12"). Delete takes the answer away. Esc is
for whoever holds the answers: a choice is an answer at once.

One widget paints all of it: a list of Qt is six widgets and a model, and the style sheet looks at each of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.presenters.typed_values import choose, still_possible, ticked
from poverty_desktop.gui.questions.keys import ENTER as ENTER
from poverty_desktop.gui.questions.option_painter import OptionPainter, paint_nothing
from poverty_desktop.gui.questions.option_places import Cells, OptionPlaces
from poverty_desktop.gui.questions.option_speech import speak_of_options, stood_on, ticks_changed
from poverty_desktop.gui.theme import ROW

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
_LEAST = 120  # pixels
_POLICY = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
_POLICY.setHeightForWidth(True)


class OptionList(QWidget):
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
        self.present = -1  # the option on which the cursor stands
        self._value = ""
        self._places = OptionPlaces()
        self._font = ""  # as `QFont.key` describes it; "" when it has to be asked
        self._typed = ""
        self._numbering = False  # the last key was a digit of select many: a blank now ends the number
        self.setSizePolicy(_POLICY)
        speak_of_options()

    def show_state(self, state: FieldState) -> None:
        self.many, self.readonly = state.kind in ("select_multiple", "acknowledge"), not state.writable
        self.only_numbers = "list-nolabel" in state.looks
        before, self.chosen = self.chosen, state.chosen
        self._value = state.value
        self.show_options(state.options, state.looks)
        self.update()
        ticks_changed(self, before)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if self.readonly else Qt.FocusPolicy.StrongFocus)

    def show_options(self, options: tuple[Option, ...], looks: frozenset[str]) -> None:
        if options == self.options:
            return
        self.options, self.present = options, -1
        labels = () if self.only_numbers else tuple(self.words_of(one) for one in options)
        self._places = OptionPlaces.of(labels, len(options), looks)
        self.updateGeometry()
        self.update()

    def commit(self) -> None:
        """Nothing waits here: a choice is an answer at once."""
        self._typed = ""

    def words_of(self, option: Option) -> str:
        return option.label

    def number_of(self, option: Option) -> str:
        """What stands in the box before the words."""
        return option.number

    def stand(self, row: int) -> None:
        """Put the cursor on an option."""
        if row != self.present and -1 <= row < len(self.options):
            self.present = row
            self.update()
            stood_on(self, row)

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
            self.pick(self.present)
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
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.stand(0 if event.key() == Qt.Key.Key_Home else len(self.options) - 1)
        elif step is None:
            super().keyPressEvent(event)
        elif 0 <= self.present + step < len(self.options):
            self.stand(self.present + step)
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
        self.stand(found)
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

    # --- the mouse -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The option under the mouse is the present one; it is chosen when the button is let go there."""
        row = self.row_at(event.position().toPoint())
        if row >= 0 and not self.readonly:
            self.stand(row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        if row >= 0 and row == self.present and not self.readonly:
            self.pick(row)

    def row_at(self, place: QPoint) -> int:
        """The option at a place of this widget, -1 beside them."""
        return next((row for row in range(len(self.options)) if self.place_of(row).contains(place)), -1)

    # --- place ---------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._typed = ""
        values = [option.value for option in self.options]
        if self.present < 0 or (self.chosen and not self.many):
            self.stand(values.index(self.chosen[0]) if self.chosen and self.chosen[0] in values else 0)
        super().focusInEvent(event)
        stood_on(self, self.present)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._font = ""
            self.updateGeometry()

    def cells(self, room: int) -> Cells:
        """How the options stand in a width of `room` pixels."""
        self._font = self._font or self.font().key()
        return self._places.cells(max(room, _LEAST), self._font)

    def place_of(self, row: int) -> QRect:
        """The cell of an option."""
        return self.cells(self.width()).place(row)

    def heightForWidth(self, width: int) -> int:
        """Exactly the height that shows every option."""
        return self.cells(width).total if self.options else ROW

    def sizeHint(self) -> QSize:
        return QSize(_LEAST, ROW)  # the question asks for the height of a width

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, 0)

    # --- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, wanted, cells = QPainter(self), event.rect(), self.cells(self.width())
        if not self.options and self._nothing:
            paint_nothing(painter, self.rect(), self._nothing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes = OptionPainter(painter, self.many, self.readonly, not self.only_numbers)
        stands = self.present if self.hasFocus() else -1
        for row, option in enumerate(self.options):
            place = cells.place(row)
            if place.intersects(wanted):
                number, words = self.number_of(option), self.words_of(option)
                boxes.paint(place, number, words, chosen=option.value in self.chosen, present=row == stands)
        painter.end()

    def painted(self) -> Iterator[tuple[str, QSize, QSize]]:
        """What stands in words here: the words, the room they need and the room they have."""
        for row, option in enumerate(() if self.only_numbers else self.options):
            words, has = self.words_of(option), self.place_of(row).intersected(self.rect())
            yield words, *self._places.needed(words, has.size(), self.font().key())
