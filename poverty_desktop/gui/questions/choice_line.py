"""A choice of many on one line (minimal, autocomplete): what is typed narrows the list that opens below, Enter takes the marked.

A number or the first letters of any word find an option, with or without diacritics. Select many: Enter or space ticks the marked
option; Enter on an empty line goes on. What fits no option is kept as it was typed, and the form speaks about it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from poverty_desktop.domain.names import fold
from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.questions.answer_line import AnswerLine
from poverty_desktop.gui.questions.keys import ENTER, asks_for_instance, takes_back
from poverty_desktop.gui.questions.narrow_list import NarrowList

_GOING = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class ChoiceLine(AnswerLine):
    """Editor of select one and select many with long lists. `answered` as `OptionList`."""

    def __init__(self, hint: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.list = NarrowList(nothing, parent)
        self.below = self.list
        self._options: tuple[Option, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._many = False
        self.setMaximumWidth(520)
        self.list.setMaximumWidth(520)
        self.textEdited.connect(self._narrow)
        self.list.picked.connect(self._picked)

    def show_state(self, state: FieldState) -> None:
        self._many, self._chosen = state.kind == "select_multiple", state.chosen
        if state.options != self._options:
            self._options = state.options
            self.list.offer(state.options)
        self.list.tick(state.chosen if self._many else None)
        self.show_answer(state)

    # --- leaving -------------------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Take what is typed: the option it names, or as it stands."""
        self._take(going=False)

    def _take(self, *, going: bool) -> None:
        """`going`: Enter or Tab, which take the marked option of an open list."""
        self.settle()
        if self.isModified() and not self.isReadOnly():
            typed = self.text().strip()
            self.setModified(False)
            if not self._many or typed:
                self._answer(self._meant(typed, going=going))
        self.list.hide()
        if self.text() != self._shown:
            self.setText(self._shown)

    def _meant(self, typed: str, *, going: bool) -> str:
        exact = next(
            (one.value for one in self._options if typed and (one.number == typed or fold(one.label) == fold(typed))), None
        )
        found = self.list.found
        marked = self.list.marked if going or len(found) == 1 else None
        return exact or (marked.value if typed and marked else typed)

    def _answer(self, value: str) -> None:
        if not self._many:
            self.answered.emit(value)
        elif value in {one.value for one in self._options}:
            chosen = [one.value for one in self._options if (one.value in self._chosen) != (one.value == value)]
            self.answered.emit(" ".join(chosen))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._take(going=event.reason() in _GOING)
            self.show_beginning()

    # --- keys ----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """What is typed here is a search: Ctrl+Z takes back answers, and the keys of a repeat are not the line's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._is_for_the_page(event):
            event.ignore()
            return False
        return super().event(event)

    def _is_for_the_page(self, event: QKeyEvent) -> bool:
        return takes_back(event) or asks_for_instance(event, self)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        if self.preedit:
            self._narrow(self.text()[: self.cursorPosition()] + self.preedit + self.text()[self.cursorPosition() :])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, opened = event.key(), self.list.isVisible()
        if (key in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier) or asks_for_instance(event, self):
            event.ignore()
        elif key in ENTER:
            self._enter(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._arrow(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_F2:
            self.select_or_end()
        elif key == Qt.Key.Key_Space and not self.isReadOnly() and (not self.isModified() or (opened and not self.text())):
            self._space()
        elif key == Qt.Key.Key_Escape and (opened or self.isModified()):
            self._bring_back()
        else:
            super().keyPressEvent(event)

    def _enter(self, *, back: bool) -> None:
        ticks = self._many and self.list.isVisible() and self.text() and self.isModified() and not back
        self._take(going=not back)
        if ticks:  # the next one may be typed at once
            self.selectAll()
        else:
            self.moved.emit(-1 if back else 1)

    def _arrow(self, step: int) -> None:
        if self.list.isVisible():
            self.list.walk(step)
        elif step > 0 and not self.isReadOnly():
            self._open()
        else:
            self._take(going=True)
            self.moved.emit(step)

    def _open(self) -> None:
        self.list.narrow("")
        self.list.mark(self._chosen[0] if self._chosen else "")
        self.list.show()

    def _space(self) -> None:
        """Opens the list; in an open one takes the marked option."""
        if self.list.isVisible() and self.list.marked:
            self._picked(self.list.marked.value)
        else:
            self._open()

    def _picked(self, value: str) -> None:
        self.setModified(False)
        self._answer(value)
        self.setText(self._shown)
        self.selectAll()
        if not self._many:
            self.list.hide()

    def _narrow(self, typed: str) -> None:
        self.list.narrow(typed.strip())
        self.list.setVisible(bool(typed.strip()))

    def _bring_back(self) -> None:
        self.list.hide()
        self.setModified(False)
        self.setText(self._shown)
        self.selectAll()
