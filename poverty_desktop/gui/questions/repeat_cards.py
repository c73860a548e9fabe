"""A repeat whose instances do not fit a grid: each a titled block with its questions, and the repeats in it, in paper order.

Ctrl+Insert adds one and Ctrl+Delete removes the one that the cursor stands in; the button at the end adds too. A repeat that the
form counts, and one that may not grow, have no button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import CardsState, CardState
from poverty_desktop.gui.questions.add_button import AddButton
from poverty_desktop.gui.questions.passing import pass_on
from poverty_desktop.gui.theme import GRID, INK_SOFT

if TYPE_CHECKING:
    from poverty_desktop.gui.questions.roster_grid import RosterGrid
    from poverty_desktop.gui.questions.row_column import RowColumn

MakeRows = Callable[[QWidget], "RowColumn"]


class RepeatCards(QFrame):
    """Signals as `RowColumn`."""

    answered = Signal(str, str)
    reasoned = Signal(str, str)
    moved = Signal(str, int)
    numbered = Signal(str)
    walked = Signal()
    wanted = Signal(str)

    def __init__(self, state: CardsState, texts: Texts, make_rows: MakeRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self._texts, self._make_rows = state.key, texts, make_rows
        self._cards: dict[str, _Card] = {}
        self._order: tuple[str, ...] = ()
        self.setProperty("repeat", True)
        self.label, self.empty = QLabel(self), QLabel(texts("question.no_instances"), self)
        self.label.setProperty("role", "label")
        self.label.setWordWrap(True)
        self.empty.setProperty("role", "soft")
        self.add = AddButton(state.key, texts, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        for part in (self.label, self.empty, self.add):
            self._column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if part is self.add else Qt.AlignmentFlag(0))
        self.add.wanted.connect(self.wanted)
        self.add.moved.connect(self.moved)
        self.show_state(state)

    def show_state(self, state: CardsState) -> None:
        self.label.setText(state.label)
        self.empty.setVisible(not state.cards)
        self.add.offer(state.label, offered=state.may_add)
        for card in state.cards:
            if card.key in self._cards:
                self._cards[card.key].show_state(card)
            else:
                self._cards[card.key] = self._make(card)
        keys = tuple(card.key for card in state.cards)
        if keys != self._order:
            self._arrange(keys)

    def _make(self, card: CardState) -> _Card:
        rows = _Card(card, self._make_rows, self)
        pass_on(rows.rows, self)
        return rows

    def _arrange(self, keys: tuple[str, ...]) -> None:
        """The cards between the words and the button. One that went is let go: its instance does not come back as the same."""
        for key in self._order:
            self._column.removeWidget(self._cards[key])
        for key in set(self._order) - set(keys):
            card = self._cards.pop(key)
            card.hide()
            card.deleteLater()
        self._order = keys
        for place, key in enumerate(keys, start=2):
            self._column.insertWidget(place, self._cards[key])
            self._cards[key].show()

    @property
    def stops(self) -> list[tuple[str, QWidget]]:
        inside = [stop for key in self._order for stop in self._cards[key].rows.stops()]
        return [*inside, *self.add.stops]

    def grids(self) -> Iterator[RosterGrid]:
        for key in self._order:
            yield from self._cards[key].rows.grids()

    def commit(self) -> None:
        for key in self._order:
            self._cards[key].rows.commit()


class _Card(QFrame):
    """One instance."""

    def __init__(self, state: CardState, make_rows: MakeRows, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName(f"card.{state.key.replace('/', '.')}")
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.rows = make_rows(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.title)
        column.addWidget(self.rows)
        self.show_state(state)

    def show_state(self, state: CardState) -> None:
        detail = f' <span style="color:{INK_SOFT}">{escape(state.detail)}</span>' if state.detail else ""
        self.title.setText(f"<b>{escape(state.title)}</b>{detail}")
        self.setAccessibleName(state.title)
        self.rows.show_rows(state.rows)
