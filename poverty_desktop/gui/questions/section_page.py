"""One section as on paper, and the way of the cursor through it: Enter from stop to stop, whatever they stand in."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import GridState, RowState, SurveyState
from poverty_desktop.gui.questions.enter_echo import EnterEcho
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.gui.questions.keys import ENTER
from poverty_desktop.gui.questions.paper_scroll import PaperScroll
from poverty_desktop.gui.questions.roster_grid import RosterGrid
from poverty_desktop.gui.questions.row_column import RowColumn, Stop
from poverty_desktop.gui.theme import GRID, SHADE


class SectionPage(QWidget):
    """Signals: `answered(key, text)`, `reasoned(key, words)`, `passed(step)` when Enter leaves the section; `entered(key)` when
    the cursor stands on a question, `left()` when a key leaves it, before it is seen where to go; `wanted(repeat)` when one more
    instance is asked for.
    """

    answered = Signal(str, str)
    reasoned = Signal(str, str)
    passed = Signal(int)
    entered = Signal(str)
    left = Signal()
    wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._tabs: list[Stop] = []
        self._focus: tuple[str, int] = ("", 0)
        self._goes_on = False
        self._drawn = 0  # how many pictures
        self._ahead: tuple[str, tuple[RowState, ...]] = ("", ())
        self._widths: dict[bool, int] = {}  # of this page when it had a grid, and when not
        self.whole_width = 0  # what a grid gets
        self._idle = QTimer(self)  # runs out only when no key waits: one row of the next section at a time
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._make_ahead)
        self._echo = EnterEcho(self)
        self.title, self.hint, self.guidance = QLabel(), QLabel(), QLabel()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a section that only shows is stood on as a whole
        self._lay_out()

    def _bind(self, rows: RowColumn) -> None:
        rows.answered.connect(self.answered)
        rows.reasoned.connect(self.reasoned)
        rows.moved.connect(self._moved)
        rows.numbered.connect(self._go_on)
        rows.walked.connect(self._say_where)
        rows.wanted.connect(self.wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.passed.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.hint.setProperty("role", "soft")
        self.hint.setWordWrap(True)
        self.guidance.setObjectName("survey.guidance")
        self.guidance.setWordWrap(True)
        self.guidance.setTextFormat(Qt.TextFormat.RichText)
        self.guidance.setStyleSheet(f"background:{SHADE}; padding:6px 12px; border-radius:4px;")
        self._columns: dict[str, RowColumn] = {}
        self._scroll = PaperScroll()
        self._inside = self._column("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.guidance)

    # --- showing -------------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Another survey is opened: its questions are others."""
        self._focus, self._tabs, self._ahead = ("", 0), [], ("", ())
        self._idle.stop()
        for column in self._columns.values():
            column.hide()
            column.deleteLater()
        self._columns = {}
        self._inside = self._column("")

    def _column(self, path: str) -> RowColumn:
        """The rows of a section, kept while the form is open."""
        if path not in self._columns:
            column = self._columns[path] = RowColumn(self._texts, self._scroll.paper)
            column.hide()
            self._scroll.stack.addWidget(column, 1)
            self._bind(column)
        return self._columns[path]

    def _turn_to(self, path: str) -> bool:
        """Show the rows of this section in place of the last one's. False when they are shown already."""
        column = self._column(path)
        if not column.isHidden():
            return False
        if self._inside.isAncestorOf(QApplication.focusWidget() or self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else Qt looks for another place by itself
        self._inside.hide()
        self._inside = column
        return True

    def _make_ahead(self) -> None:
        path, rows = self._ahead
        column, grid = self._column(path), any(isinstance(row, GridState) for row in rows)
        width = self._widths.get(grid) or (self.whole_width if grid else self.width())
        if not path or not column.isHidden() or not column.make_ahead(rows, width - GRID):
            self._idle.stop()

    def _takes_what_is_typed(self, state: SurveyState) -> bool:
        """Another section comes: what is still typed in this one is its answer. True when the page was drawn anew with it."""
        self._drawn += 1
        drawn, row = self._drawn, self._row_of(self._inside.focusWidget())
        if row is not None and self._inside is not self._column(state.current):
            row.commit()
        return self._drawn != drawn

    def turn(self, state: SurveyState) -> bool:
        """Put the last section away before what stands around the paper changes its width: a grid would be fitted to each of
        them. True when the page was drawn anew meanwhile, with what was still typed.
        """
        if self._takes_what_is_typed(state):
            return True
        self._turn_to(state.current)
        return False

    def show_section(self, state: SurveyState) -> None:
        if self._takes_what_is_typed(state):
            return
        self._goes_on = state.goes_on
        turned = self._turn_to(state.current)
        self.title.setText(state.section_label)
        self.hint.setText(state.section_hint)
        self.hint.setVisible(bool(state.section_hint))
        self._inside.title = state.section_label
        others = self._inside.show_rows(state.rows)
        if turned:
            self._inside.show()
        if turned or others:
            self._scroll.back_to_top()
        if state.ahead is not self._ahead:
            self._ahead = state.ahead
            self._idle.start()
        self._order_tabs()
        if state.focus != self._focus:
            self._focus = state.focus
            self.stand_on(state.focus[0])
        self._say_guidance()

    def _order_tabs(self) -> None:
        """Tab follows the paper."""
        stops = list(self._inside.stops())
        if stops != self._tabs:
            self._tabs = stops
            for (_, before), (_, after) in pairwise(stops):
                QWidget.setTabOrder(before, after)

    # --- moving --------------------------------------------------------------------------------------------------

    def stand_on(self, key: str) -> None:
        """Put the cursor on a question or a cell of the roster."""
        stops = dict(self._inside.stops())
        grid = next((one for one in self._inside.grids() if one.model.place_of(key).isValid()), None)
        if grid is not None:
            grid.table.stand_on(key)
            self._scroll.see(grid)
        elif key in stops:
            self._focus_on(stops[key])
        elif not key or not stops:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self, key: str) -> None:
        """A digit left no doubt: on to the next question, as Enter would. An Enter right behind it skips nothing."""
        if not self._goes_on:
            return
        grid = self._grid(key)
        if grid is not None:
            grid.table.go(1)
        else:
            self._moved(key, 1)
        self._echo.expect()

    def _moved(self, stop: str, step: int) -> None:
        """Enter or Shift+Enter at a stop: the next one of the section, or out of it. Its own answer may have taken it away: then
        what stood next to it before is next now."""
        before = [name for name, _ in self._tabs]
        self.left.emit()
        stops = list(self._inside.stops())
        places = {name: place for place, (name, _) in enumerate(stops)}
        if stop in places:
            place = places[stop] + step
        else:
            others = before[before.index(stop) :: step] if stop in before else []
            place = next((places[name] for name in others if name in places), len(stops) if step > 0 else -1)
        if 0 <= place < len(stops):
            self._enter(stops[place], step)
        else:
            self.passed.emit(step)

    def _enter(self, stop: Stop, step: int) -> None:
        grid = self._grid(stop[0])
        if grid is not None and stop[1] is grid.table:
            grid.table.enter(step)
            self._scroll.see(grid)
        else:
            self._focus_on(stop[1])

    def _grid(self, key: str) -> RosterGrid | None:
        return next((grid for grid in self._inside.grids() if grid.key == key), None)

    def _focus_on(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.see(self._row_of(widget) or widget)
        self._say_guidance()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A list opened above takes room: the question one is in stays in sight."""
        super().resizeEvent(event)
        self._widths[any(True for _ in self._inside.grids())] = event.size().width()
        row = self._row_of(self._inside.focusWidget())
        if row is not None and row.isVisible():
            self._scroll.see(row)

    def focus_moved(self, focused: QObject | None) -> None:
        """The focus went elsewhere, by Tab or mouse too: keep the row in sight and its guidance on the screen."""
        row = self._row_of(focused)
        if row is not None:
            self._scroll.bring_into_sight(row)
        self._say_guidance()
        self._say_where()

    def _say_where(self) -> None:
        if self.present_key:
            self.entered.emit(self.present_key)

    def _row_of(self, widget: QObject | None) -> QuestionField | RosterGrid | None:
        while widget is not None and not isinstance(widget, (QuestionField, RosterGrid)):
            widget = widget.parent()
        return widget

    @property
    def present_key(self) -> str:
        """The question or cell the cursor stands on; "" when it is elsewhere."""
        row = self._row_of(self._inside.focusWidget())
        if row is None or not row.isVisible():
            return ""
        return row.present_key if isinstance(row, RosterGrid) else row.key

    def _say_guidance(self) -> None:
        row = self._row_of(self._inside.focusWidget())
        words = row.guidance if isinstance(row, QuestionField) and row.isVisible() else ""
        label = escape(self._texts("survey.guidance"))
        self.guidance.setText(f"<b>{label}</b> {escape(words)}" if words else "")
        self.guidance.setVisible(bool(words))

    def fold_title(self, *, folded: bool) -> None:
        """On a narrow window the box above names the section already."""
        self.title.setVisible(not folded)

    def commit(self) -> None:
        """Take what is being typed as the answer."""
        self._inside.commit()
