"""One section as on paper: its questions in one column, groups under their words, the roster as a grid.

Widgets are kept by key while a survey is open, so that a section turned back to is there at once and only changed questions
are drawn again.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState, GridState, HeadingState, RowState, SurveyState
from poverty_desktop.gui.questions.enter_echo import EnterEcho
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.gui.questions.option_list import ENTER
from poverty_desktop.gui.questions.roster_grid import RosterGrid
from poverty_desktop.gui.theme import GRID, SHADE

RowWidget = QuestionField | RosterGrid | QLabel


class SectionPage(QWidget):
    """Signals: `answered(key, text)`, `reasoned(key, words)`, `passed(step)` when Enter leaves the section; `entered(key)` when
    the cursor stands on a question, `left()` when a key leaves it, before it is seen where to go.
    """

    answered = Signal(str, str)
    reasoned = Signal(str, str)
    passed = Signal(int)
    entered = Signal(str)
    left = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._rows: dict[str, RowWidget] = {}
        self._order: tuple[str, ...] = ()
        self._states: dict[str, FieldState] = {}
        self._focus: tuple[str, int] = ("", 0)
        self._goes_on = False
        self._echo = EnterEcho(self)
        self.title, self.hint, self.guidance = QLabel(), QLabel(), QLabel()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a section that only shows is stood on as a whole
        self._lay_out()

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
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, GRID, GRID)
        self._column.setSpacing(GRID)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
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
        self._focus, self._states = ("", 0), {}
        for widget in self._rows.values():
            widget.hide()
            widget.deleteLater()
        self._rows, self._order = {}, ()

    def show_section(self, state: SurveyState) -> None:
        self._goes_on = state.goes_on
        self.title.setText(state.section_label)
        self.hint.setText(state.section_hint)
        self.hint.setVisible(bool(state.section_hint))
        keys = tuple(_row_key(row) for row in state.rows)
        self._states = {row.key: row for row in state.rows if isinstance(row, FieldState)}
        for key, row in zip(keys, state.rows, strict=True):
            self._show_row(key, row)
        if keys != self._order:
            self._arrange(keys, scroll_up=not set(keys) & set(self._order))
        if state.focus != self._focus:
            self._focus = state.focus
            self.stand_on(state.focus[0])
        self._say_guidance()

    def _show_row(self, key: str, row: RowState) -> None:
        widget = self._rows.get(key)
        if widget is None:
            widget = self._rows[key] = self._make(row)
        if isinstance(row, FieldState) and isinstance(widget, QuestionField):
            widget.show_state(row)
        if isinstance(row, GridState) and isinstance(widget, RosterGrid):
            widget.show_state(row)

    def _make(self, row: RowState) -> RowWidget:
        if not isinstance(row, (FieldState, GridState)):
            heading = QLabel(row.label, self._inside)
            heading.setProperty("role", "label")
            heading.setWordWrap(True)
            return heading
        widget = RosterGrid(row, self._texts) if isinstance(row, GridState) else QuestionField(row, self._texts, self._inside)
        widget.answered.connect(self.answered)
        widget.reasoned.connect(self.reasoned)
        widget.moved.connect(self._moved)
        widget.numbered.connect(self._go_on)
        if isinstance(widget, RosterGrid):
            widget.table.entered_cell.connect(self._say_where)
        return widget

    def _arrange(self, keys: tuple[str, ...], *, scroll_up: bool) -> None:
        """Put exactly these rows into the column, in this order, and let Tab follow it."""
        for key in self._order:
            self._column.removeWidget(self._rows[key])  # not takeAt: an item that outlives it keeps stale heights
        while self._column.count():
            self._column.takeAt(0)  # the stretch
        for key in set(self._order) - set(keys):
            self._rows[key].hide()
        self._order = keys
        before: QWidget | None = None
        shown = self._inside.isVisible()
        for key in keys:
            widget = self._rows[key]
            self._column.addWidget(widget, 1 if isinstance(widget, RosterGrid) else 0)
            if shown or widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
                widget.show()  # one that is new in a page not yet shown comes with it: asked singly, each is laid out twice
            for stop in [] if isinstance(widget, QLabel) else widget.stops:
                if before is not None:
                    QWidget.setTabOrder(before, stop)
                before = stop
        if not any(isinstance(self._rows[key], RosterGrid) for key in keys):
            self._column.addStretch(1)
        if scroll_up:
            self._scroll.verticalScrollBar().setValue(0)

    # --- moving --------------------------------------------------------------------------------------------------

    def stand_on(self, key: str) -> None:
        """Put the cursor on a question or a cell of the roster."""
        for row_key in self._order:
            widget = self._rows[row_key]
            if isinstance(widget, RosterGrid) and key.startswith(f"{row_key}/"):
                widget.table.stand_on(key)
                return
        row = self._rows.get(key) if key in self._order else None
        if isinstance(row, QuestionField) and row.stops:
            self._focus_on(row, row.stops[0])
        elif not key or not self._stops():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self, key: str) -> None:
        """A digit left no doubt: on to the next question, as Enter would. An Enter right behind it skips nothing."""
        if not self._goes_on:
            return
        row = self._rows[key]
        if isinstance(row, RosterGrid):
            row.table.go(1)
        else:
            self._moved(key, 1)
        self._echo.expect()

    def _moved(self, key: str, step: int) -> None:
        """Enter or Shift+Enter in a row: the next stop of the section, or out of it."""
        self.left.emit()
        stops = self._stops()
        row_key, _, reason = key.partition("#")
        here = [number for number, (name, _) in enumerate(stops) if name == row_key]
        place = (here[-1] if reason or step < 0 else here[0]) if here else -1
        place = here[0] + step if here and not reason and step < 0 else place + step
        if 0 <= place < len(stops):
            name, widget = stops[place]
            row = self._rows[name]
            if isinstance(row, RosterGrid):
                row.table.enter(step)
            elif isinstance(row, QuestionField):
                self._focus_on(row, widget)
        else:
            self.passed.emit(step)

    def _stops(self) -> list[tuple[str, QWidget]]:
        rows = ((key, self._rows[key]) for key in self._order)
        return [(key, stop) for key, row in rows if not isinstance(row, QLabel) for stop in row.stops]

    def _focus_on(self, row: QuestionField, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        # A row that was just arranged has no place yet: look for it after the layout.
        QTimer.singleShot(0, row, lambda: self._bring_into_sight(row))
        self._say_guidance()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A list opened above takes room: the question one is in stays in sight."""
        super().resizeEvent(event)
        row = self._row_of(self._inside.focusWidget())
        if isinstance(row, QuestionField) and row.isVisible():
            QTimer.singleShot(0, row, lambda: self._bring_into_sight(row))

    def focus_moved(self, focused: QObject | None) -> None:
        """The focus went elsewhere, by Tab or mouse too: keep the row in sight and its guidance on the screen."""
        row = self._row_of(focused)
        if isinstance(row, QuestionField):
            self._bring_into_sight(row)
        self._say_guidance()
        self._say_where()

    def _say_where(self) -> None:
        if self.present_key:
            self.entered.emit(self.present_key)

    def _bring_into_sight(self, row: QWidget) -> None:
        """Show the whole question; of one that is higher than the window its beginning."""
        self._scroll.ensureWidgetVisible(row, 0, GRID)
        if row.height() > self._scroll.viewport().height():
            self._scroll.verticalScrollBar().setValue(row.y())

    def _row_of(self, widget: QObject | None) -> QWidget | None:
        while widget is not None and not isinstance(widget, (QuestionField, RosterGrid)):
            widget = widget.parent()
        return widget if isinstance(widget, QWidget) else None

    @property
    def present_key(self) -> str:
        """The question or cell the cursor stands on; "" when it is elsewhere."""
        row = self._row_of(self._inside.focusWidget())
        if row is None or not row.isVisible():
            return ""
        if isinstance(row, RosterGrid):
            cell = row.model.cell(row.table.currentIndex())
            return cell.key if cell else ""
        return row.key if isinstance(row, QuestionField) else ""

    def _say_guidance(self) -> None:
        state = self._states.get(self.present_key)
        words = state.guidance if state else ""
        label = escape(self._texts("survey.guidance"))
        self.guidance.setText(f"<b>{label}</b> {escape(words)}" if words else "")
        self.guidance.setVisible(bool(words))

    def fold_title(self, *, folded: bool) -> None:
        """On a narrow window the box above names the section already."""
        self.title.setVisible(not folded)

    def commit(self) -> None:
        """Take what is being typed as the answer."""
        for key in self._order:
            row = self._rows[key]
            if not isinstance(row, QLabel):
                row.commit()


def _row_key(row: RowState) -> str:
    return f"#{row.key}" if isinstance(row, HeadingState) else row.key
