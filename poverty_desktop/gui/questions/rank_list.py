"""Options put into an order: digits in the order of the paper, or Alt+Up and Alt+Down on one of them.

The box shows the place, the words begin with the number that is typed. An order that was begun is the answer when it is whole, or
when the question is left; the last option takes the last place by itself.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.questions.option_list import OptionList

_ALT_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class RankList(OptionList):
    """Editor of rank. `answered` bears the options' values in order, separated by blanks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order: tuple[str, ...] = ()  # what is ranked, also what the form does not know yet
        self._paper: tuple[Option, ...] = ()

    def show_state(self, state: FieldState) -> None:
        self._paper = state.options
        known = {option.value for option in state.options}
        self._order = tuple(value for value in state.chosen if value in known)
        super().show_state(state)
        self._show_order()

    def show_options(self, options: tuple[Option, ...], looks: frozenset[str]) -> None:
        here = self.present
        super().show_options(self._arranged(), frozenset({"columns-1"}))
        self.stand(here)

    def _arranged(self) -> tuple[Option, ...]:
        """What is ranked first, the rest as on the paper."""
        by_value = {option.value: option for option in self._paper}
        return (*(by_value[one] for one in self._order), *(one for one in self._paper if one.value not in self._order))

    def _show_order(self) -> None:
        self.chosen = self._order
        self.show_options((), frozenset())
        self.update()

    def words_of(self, option: Option) -> str:
        return f"{option.number}. {option.label}"

    def number_of(self, option: Option) -> str:
        return str(self._order.index(option.value) + 1) if option.value in self._order else ""

    # --- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ALT_STEPS.get(Qt.Key(event.key()))
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier and not self.readonly:
            self._shift(step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not self.readonly and not self._typed:
            self._order = ()
            self._show_order()
            self.answered.emit("")
        elif event.key() == Qt.Key.Key_Escape and not self.readonly and " ".join(self._order) != self._value:
            self._order = tuple(self._value.split())
            self._show_order()
        else:
            super().keyPressEvent(event)

    def meant(self, found: int, typed: str) -> None:
        self._put(self.options[found].value, instead=typed[:-1] if typed.isdigit() else "")

    def pick(self, row: int) -> None:
        if 0 <= row < len(self.options):
            self._put(self.options[row].value)

    def _put(self, value: str, instead: str = "") -> None:
        """The next place. A whole order begins anew; "1" then "2" where there is a 12 means 12 alone."""
        before = self._order if len(self._order) < len(self._paper) else ()
        wrong = next((one.value for one in self._paper if instead and one.number == instead), None)
        kept = tuple(one for one in before if one not in (value, wrong))
        self._set((*kept, value))

    def _shift(self, step: int) -> None:
        """Move the present option one place up or down; an order that was not begun is that of the paper."""
        row, order = self.present, [option.value for option in self.options]
        if 0 <= row + step < len(order):
            order[row], order[row + step] = order[row + step], order[row]
            self.stand(row + step)
            self._set(tuple(order))

    def _set(self, order: tuple[str, ...]) -> None:
        rest = [one.value for one in self._paper if one.value not in order]
        self._order = (*order, *rest) if len(rest) == 1 else order
        here = order[-1]
        if len(rest) <= 1:
            self.answered.emit(" ".join(self._order))
        self._show_order()
        if len(rest) > 1:
            self.stand([one.value for one in self.options].index(here))

    def commit(self) -> None:
        super().commit()
        if " ".join(self._order) != self._value and not self.readonly:
            self.answered.emit(" ".join(self._order))
