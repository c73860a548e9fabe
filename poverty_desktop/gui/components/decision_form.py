"""Two values of one field side by side, one key to choose, a third value, and the reason; Enter behind the reason settles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.decision import Choice, Decision, SideView
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.theme import GRID, ROW, restyle


class ValueCard(QFrame):
    """One value with where it comes from, and the button that chooses it. Object names: `<place>.<side>`, `<place>.<side>_value`,
    `_by` and `_saw`, `<place>.choose_<side>`."""

    def __init__(self, place: str, side: str, choose: str) -> None:
        super().__init__()
        self.setObjectName(f"{place}.{side}")
        self.setProperty("role", "card")
        self.heading = plain_words(role="label")
        self.value = plain_words(f"{place}.{side}_value", "heading")
        self.by = plain_words(f"{place}.{side}_by")
        self.saw = plain_words(f"{place}.{side}_saw", "soft")
        self.choose = QPushButton(choose)
        self.choose.setObjectName(f"{place}.choose_{side}")
        self.choose.setCheckable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for label in (self.heading, self.value, self.by, self.saw):
            column.addWidget(label)
        column.addStretch(1)
        column.addWidget(self.choose)

    def show_side(self, side: SideView, chosen: bool) -> None:
        shown = ((self.heading, side.heading), (self.value, side.value), (self.by, side.by), (self.saw, side.saw))
        for label, words in shown:
            label.setText(words)
            label.setVisible(bool(words))
        spoken = f"{side.heading}: {'. '.join(words for words in (side.value, side.by, side.saw) if words)}"
        self.setAccessibleName(spoken)
        self.choose.setAccessibleDescription(spoken)
        self.choose.setChecked(chosen)
        role = "main" if chosen else ""
        if self.choose.property("role") != role:
            self.choose.setProperty("role", role)
            restyle(self.choose)


class Decider(Protocol):
    """The presenter behind a form of decision."""

    def choose(self, choice: Choice) -> None: ...

    def type_third(self, text: str) -> None: ...

    def type_reason(self, text: str) -> None: ...

    def settle(self) -> None: ...


class DecisionForm(QWidget):
    """`chosen` "first" or "second", `third_typed` and `reason_typed` text, `settled` on Enter behind the reason.

    `words` are those of the two buttons, of the fields for a third value and the reason, and of their hints."""

    chosen = Signal(str)
    third_typed = Signal(str)
    reason_typed = Signal(str)
    settled = Signal()

    def __init__(self, place: str, sides: tuple[str, str], words: dict[str, str]) -> None:
        super().__init__()
        self.first = ValueCard(place, sides[0], words["first"])
        self.second = ValueCard(place, sides[1], words["second"])
        self.third, self.reason = OneLine(), OneLine()
        for editor in (self.third, self.reason):
            editor.setMinimumHeight(ROW)
        self.third_field = Field(f"{place}.third", words["third"], self.third, words.get("third_hint", ""))
        self.reason_field = Field(f"{place}.reason", words["reason"], self.reason, words["reason_hint"])
        self.choices = plain_words(f"{place}.choices", "soft")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column, sides = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        sides.setSpacing(2 * GRID)
        for side in (self.first, self.second):
            sides.addWidget(side, 1)
        column.addLayout(sides)
        for part in (self.third_field, self.choices, self.reason_field):
            column.addWidget(part)
        column.addStretch(1)

    def _connect(self) -> None:
        self.first.choose.clicked.connect(lambda: self._choose("first"))
        self.second.choose.clicked.connect(lambda: self._choose("second"))
        self.third.textEdited.connect(self.third_typed)
        self.reason.textEdited.connect(self.reason_typed)
        self.third.entered.connect(self.reason.setFocus)
        self.reason.entered.connect(self.settled)
        for side in (self.first, self.second):
            self.listen(side.choose, side.choose.click)

    def serve(self, presenter: Decider, listing: QWidget, scroll: QScrollArea) -> None:
        """Tell the presenter what a person decides; the keys of choice answer in the list too. Called from `bind`."""

        def chosen(choice: Choice) -> None:
            presenter.choose(choice)
            scroll.ensureWidgetVisible(self.reason_field)

        self.chosen.connect(chosen)
        self.third_typed.connect(presenter.type_third)
        self.reason_typed.connect(presenter.type_reason)
        self.settled.connect(presenter.settle)
        self.listen(listing)

    def listen(self, widget: QWidget, enter: Callable[[], object] | None = None) -> None:
        """While `widget` has the cursor, 1 and 2 choose, 3 goes to the third value, and Enter does `enter`, else it goes to the
        first value. (In a line of text a digit is a digit.)"""
        go_on = enter or self.first.choose.setFocus
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("1", lambda: self._choose("first")),
            ("2", lambda: self._choose("second")),
            ("3", self._write_third),
            ("Return", go_on),
            ("Enter", go_on),
        )
        for key, act in acts:
            shortcut = QShortcut(QKeySequence(key), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def _choose(self, choice: Choice) -> None:
        """A value is chosen; the reason is asked next."""
        self.chosen.emit(choice)
        self.reason.setFocus()
        self.reason.selectAll()

    def _write_third(self) -> None:
        if not self.third_field.isHidden():
            self.third.setFocus()

    def show_decision(
        self, first: SideView, second: SideView, decision: Decision, *, third_possible: bool = True, choices: str = ""
    ) -> None:
        """`choices` help with a third value."""
        self.first.show_side(first, decision.choice == "first")
        self.second.show_side(second, decision.choice == "second")
        self.third_field.setVisible(third_possible)
        self.choices.setText(choices)
        self.choices.setVisible(bool(choices))
        self.third_field.say("red" if decision.choice_problem else None, decision.choice_problem)
        self.reason_field.say("red" if decision.reason_problem else None, decision.reason_problem)
        for editor, text in ((self.third, decision.third), (self.reason, decision.reason)):
            if editor.text() != text:
                editor.setText(text)
