"""Rows of the form one below the other: questions, headings, grids, framed groups, repeats as cards.

A section is such a column, and so is what stands in a frame or in a card.

Widgets are kept by key while a survey is open, so that what is turned back to is there at once and only changed rows are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import (
    CardsState,
    FieldState,
    FrameState,
    GridState,
    HeadingState,
    RowState,
)
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.gui.questions.passing import OF_A_QUESTION, OF_ROWS, pass_on
from poverty_desktop.gui.questions.repeat_cards import RepeatCards
from poverty_desktop.gui.questions.roster_grid import RosterGrid
from poverty_desktop.gui.theme import GRID

Stop = tuple[str, QWidget]


class RowColumn(QWidget):
    """Signals: `answered(key, text)`, `reasoned(key, words)`, `moved(stop, step)` on Enter, `numbered(key)` after a digit that
    left no doubt, `walked()` when the cursor of a grid moved, `wanted(repeat)` when one more instance is asked for.
    """

    answered = Signal(str, str)
    reasoned = Signal(str, str)
    moved = Signal(str, int)
    numbered = Signal(str)
    walked = Signal()
    wanted = Signal(str)

    def __init__(self, texts: Texts, parent: QWidget | None = None, *, nested: bool = False) -> None:
        super().__init__(parent)
        self._texts, self._nested = texts, nested
        self._widgets: dict[str, RowWidget] = {}
        self._order: tuple[str, ...] = ()
        self._shown: tuple[RowState, ...] = ()
        self._states: dict[str, RowState] = {}
        self.title = ""  # what stands above already
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)

    # --- showing -------------------------------------------------------------------------------------------------

    def show_rows(self, rows: tuple[RowState, ...]) -> bool:
        """Draw what changed. True when nothing that stood here before is left: another section."""
        if rows == self._shown:
            return False
        self._shown = rows
        keys = tuple(row_key(row) for row in rows)
        for key, row in zip(keys, rows, strict=True):
            if self._states.get(key) is not row:
                self._show_row(key, row)
                self._states[key] = row
        others = not set(keys) & set(self._order)
        if keys != self._order:
            self._arrange(keys)
        return others

    def make_ahead(self, rows: tuple[RowState, ...], width: int) -> bool:
        """Make one widget of a section that is not shown yet and measure it for a page of this width; when all are there put them
        in their places. False: all done.
        """
        for row in rows:
            key = row_key(row)
            if key not in self._widgets:
                widget = self._widgets[key] = self._make(row)
                for part in (widget, *widget.findChildren(QWidget)):
                    part.ensurePolished()
                if isinstance(widget, (QuestionField, RosterGrid)):
                    widget.measure(width)
                return True
        self.show_rows(rows)
        return False

    def forget(self) -> None:
        """Another survey is opened: its questions are others."""
        for widget in self._widgets.values():
            widget.hide()
            widget.deleteLater()
        self._widgets, self._order, self._shown, self._states = {}, (), (), {}

    def _show_row(self, key: str, row: RowState) -> None:
        widget = self._widgets.get(key)
        if isinstance(row, FieldState) and isinstance(widget, QuestionField) and not widget.fits(row):
            self._drop(key, widget)
            widget = None
        if widget is None:
            self._widgets[key] = self._make(row)
        elif isinstance(row, HeadingState) and isinstance(widget, QLabel):
            widget.setText(row.label)
        elif not isinstance(widget, QLabel):
            widget.show_state(row)  # type: ignore[arg-type]  # a key stays with its kind of row
        shown = self._widgets[key]
        if isinstance(shown, RepeatCards) and isinstance(row, CardsState):
            shown.label.setVisible(row.label not in ("", self.title))

    def _drop(self, key: str, widget: QuestionField) -> None:
        """The question needs another editor now: it takes the place of the old one."""
        self._order = tuple(one for one in self._order if one != key)
        self._column.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _make(self, row: RowState) -> RowWidget:
        if isinstance(row, HeadingState):
            return _heading(row.label, self)
        widget = self._make_row(row)
        pass_on(widget, self, OF_A_QUESTION if isinstance(widget, QuestionField) else OF_ROWS)
        return widget

    def _make_row(
        self, row: FieldState | GridState | FrameState | CardsState
    ) -> QuestionField | RosterGrid | RowFrame | RepeatCards:
        if isinstance(row, FieldState):
            return QuestionField(row, self._texts, self)
        if isinstance(row, GridState):
            return RosterGrid(row, self._texts, self, nested=self._nested)
        if isinstance(row, FrameState):
            return RowFrame(row, self._texts, self)
        return RepeatCards(row, self._texts, lambda parent: RowColumn(self._texts, parent, nested=True), self)

    def _arrange(self, keys: tuple[str, ...]) -> None:
        """Put exactly these rows into the column, in this order."""
        there = list(self._order)
        for key in set(there) - set(keys):
            self._column.removeWidget(self._widgets[key])  # not takeAt: an item that outlives it keeps stale heights
            self._widgets[key].hide()
            there.remove(key)
        self._order = keys
        for place, key in enumerate(keys):
            if there[place : place + 1] != [key]:
                self._put(place, self._widgets[key])
                if key in there:
                    there.remove(key)
                there.insert(place, key)
        while self._column.count() > len(keys):
            self._column.takeAt(len(keys))  # the stretch
        if not self._nested and not any(self._stretch(self._widgets[key]) for key in keys):
            self._column.addStretch(1)

    def _put(self, place: int, widget: RowWidget) -> None:
        self._column.removeWidget(widget)
        self._column.insertWidget(place, widget, self._stretch(widget))
        if self.isVisible() or widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            widget.show()  # one that is new in a page not yet shown comes with it: asked singly, each is laid out twice

    def _stretch(self, widget: RowWidget) -> int:
        return int(isinstance(widget, RosterGrid) and not self._nested)

    # --- what stands here ------------------------------------------------------------------------------------------

    def stops(self) -> Iterator[Stop]:
        """Where Enter stops, in paper order, each with its name: the key of a question, of a grid…"""
        for key in self._order:
            widget = self._widgets[key]
            if not isinstance(widget, QLabel):
                yield from widget.stops

    def grids(self) -> Iterator[RosterGrid]:
        for key in self._order:
            widget = self._widgets[key]
            if isinstance(widget, RosterGrid):
                yield widget
            elif isinstance(widget, (RowFrame, RepeatCards)):
                yield from widget.grids()

    def commit(self) -> None:
        """Take what is being typed as the answer."""
        for key in self._order:
            widget = self._widgets[key]
            if not isinstance(widget, QLabel):
                widget.commit()


class RowFrame(QFrame):
    """A group that belongs together on the paper, in one frame under its words."""

    answered = Signal(str, str)
    reasoned = Signal(str, str)
    moved = Signal(str, int)
    numbered = Signal(str)
    walked = Signal()
    wanted = Signal(str)

    def __init__(self, state: FrameState, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.label = _heading(state.label, self)
        self.rows = RowColumn(texts, self, nested=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.label)
        column.addWidget(self.rows)
        pass_on(self.rows, self)
        self.show_state(state)

    def show_state(self, state: FrameState) -> None:
        if self.label.text() != state.label:
            self.label.setText(state.label)
        self.label.setVisible(bool(state.label))
        self.rows.show_rows(state.rows)

    @property
    def stops(self) -> list[Stop]:
        return list(self.rows.stops())

    def grids(self) -> Iterator[RosterGrid]:
        yield from self.rows.grids()

    def commit(self) -> None:
        self.rows.commit()


RowWidget = QuestionField | RosterGrid | RowFrame | RepeatCards | QLabel


def row_key(row: RowState) -> str:
    """The name of a row in its column."""
    if isinstance(row, (HeadingState, FrameState)):
        return f"{'#' if isinstance(row, HeadingState) else '='}{row.key}"
    return row.key


def _heading(words: str, parent: QWidget) -> QLabel:
    heading = QLabel(words, parent)
    heading.setProperty("role", "label")
    heading.setWordWrap(True)
    return heading
