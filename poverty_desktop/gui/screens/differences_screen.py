"""The differences of a survey keyed twice: both values side by side, one key to choose, a reason, Ctrl+Enter settles."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.presenters.differences_presenter import Choice, DifferencesPresenter, DifferencesState
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, NARROW, ROW, restyle


class DifferencesScreen(Screen):
    """Object names: `differences.list`, `differences.choose_first`, `differences.choose_second`, `differences.third`,
    `differences.reason`, `action.settle_difference` (the main act, Ctrl+Enter)."""

    place: ClassVar[str] = "differences"
    area: ClassVar[str] = "review"

    def __init__(self, presenter: DifferencesPresenter, texts: Texts) -> None:
        super().__init__(texts)
        self._presenter = presenter
        self.set_title(texts("double.differences"))
        self._settle = self.set_main_action(
            texts("double.settle"), presenter.settle, name="settle_difference", shortcut="Ctrl+Return"
        )
        self.summary, self.label = _label("differences.summary", "soft"), _label("differences.label", "heading")
        self.list = QListWidget()
        self.list.setObjectName("differences.list")
        self.list.setAccessibleName(texts("double.differences"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = EmptyState("done", texts("double.differences"), texts("double.nothing_differs"))
        self.work = QWidget()
        self._line = line = QHBoxLayout(self.work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2 * GRID)
        line.addWidget(self.list, 1)
        line.addLayout(self._one(), 2)
        for widget in (self.summary, self.empty):
            self.body.addWidget(widget)
        self.body.addWidget(self.work, 1)
        self.empty.hide()
        self.work.hide()

    def _one(self) -> QVBoxLayout:
        texts = self.texts
        column = QVBoxLayout()
        column.setSpacing(GRID)
        self.first = _Side("first", texts("double.choose_first"))
        self.second = _Side("second", texts("double.choose_second"))
        sides = QHBoxLayout()
        sides.setSpacing(2 * GRID)
        for side in (self.first, self.second):
            sides.addWidget(side, 1)
        self.third, self.reason = OneLine(), OneLine()
        for editor in (self.third, self.reason):
            editor.setMinimumHeight(ROW)
        self._third = Field("differences.third", texts("double.third"), self.third)
        self._reason = Field("differences.reason", texts("double.reason"), self.reason, texts("double.reason_hint"))
        self.choices = _label("differences.choices", "soft")
        column.addWidget(self.label)
        column.addLayout(sides)
        for part in (self._third, self.choices, self._reason):
            column.addWidget(part)
        column.addStretch(1)
        return column

    def bind(self) -> None:
        presenter = self._presenter
        presenter.show = self.render
        self.list.currentRowChanged.connect(presenter.select)
        self.first.choose.clicked.connect(lambda: self._choose("first"))
        self.second.choose.clicked.connect(lambda: self._choose("second"))
        self.third.textEdited.connect(presenter.type_third)
        self.reason.textEdited.connect(presenter.type_reason)
        self.third.entered.connect(self.reason.setFocus)
        self.reason.entered.connect(presenter.settle)
        acts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("1", lambda: self._choose("first")),
            ("2", lambda: self._choose("second")),
            ("3", self.third.setFocus),
            ("Return", self._go_on),
            ("Enter", self._go_on),
        )
        for where in (self.list, self.first.choose, self.second.choose):  # in a line of text a digit is a digit
            for key, act in acts:
                shortcut = QShortcut(QKeySequence(key), where)
                shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
                shortcut.activated.connect(act)

    def _choose(self, choice: Choice) -> None:
        """A value is chosen; the reason is asked next."""
        self._presenter.choose(choice)
        self.reason.setFocus()
        self.reason.selectAll()
        self.scroll_area.ensureWidgetVisible(self._reason)

    def _go_on(self) -> None:
        """Enter on a side chooses it; in the list it goes to the first value."""
        focused = self.focusWidget()
        if focused in (self.first.choose, self.second.choose):
            self._choose("first" if focused is self.first.choose else "second")
        else:
            self.first.choose.setFocus()

    # --- what the shell asks ---------------------------------------------------------------------------------------

    def opened(self, entry_id: str = "", **facts: object) -> None:
        self.quiet()
        if entry_id:
            self._presenter.open(entry_id)

    def focus_first(self) -> None:
        self.list.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        texts = self.texts
        return [
            ("1", texts("double.choose_first")),
            ("2", texts("double.choose_second")),
            ("3", texts("double.third")),
            ("Enter", texts("double.key_settle")),
        ]

    # --- showing -----------------------------------------------------------------------------------------------------

    def render(self, state: DifferencesState) -> None:  # type: ignore[override]
        opened = self.work.isHidden() and bool(state.lines)
        if state.title:
            self.set_title(" · ".join((self.texts("double.differences"), state.title)))
        somebody = self.texts("double.somebody")
        self.summary.setText(state.summary)
        self.empty.setVisible(state.loaded and not state.lines)
        self.work.setVisible(bool(state.lines))
        self._settle.setVisible(bool(state.lines))
        self._show_list(state)
        self.label.setText(state.label)
        self.first.show_side(self.texts("double.first_by", name=state.first_by or somebody), state.first, state.choice == "first")
        self.second.show_side(
            self.texts("double.second_by", name=state.second_by or somebody), state.second, state.choice == "second"
        )
        self.choices.setText(state.choices)
        self.choices.setVisible(bool(state.choices))
        self._third.say("red" if state.choice_problem else None, state.choice_problem)
        self._reason.say("red" if state.reason_problem else None, state.reason_problem)
        for editor, text in ((self.third, state.third), (self.reason, state.reason)):
            if editor.text() != text:
                editor.setText(text)
        moved = state.loaded and not state.busy and not state.choice and self.reason.hasFocus() and not state.choice_problem
        if (opened or moved) and self.isVisible():
            self.list.setFocus()  # the next difference is chosen with one key again
            self.scroll_area.ensureWidgetVisible(self.list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow window the list stands above, a few lines high."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self._line.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.list.setMaximumSize(16_777_215 if narrow else 45 * GRID, 4 * ROW if narrow else 16_777_215)

    def _show_list(self, state: DifferencesState) -> None:
        wanted = [f"{'✓ ' if one.settled else ''}{one.label}\n{one.settled or one.section}" for one in state.lines]
        blocked = self.list.blockSignals(True)
        if [self.list.item(row).text() for row in range(self.list.count())] != wanted:
            self.list.clear()
            self.list.addItems(wanted)
        self.list.setCurrentRow(state.selected)
        self.list.blockSignals(blocked)


class _Side(QFrame):
    """One value with who keyed it, and the button that chooses it."""

    def __init__(self, name: str, choose: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.by = _label(f"differences.{name}_by", "label")
        self.value = _label(f"differences.{name}", "heading")
        self.choose = QPushButton(choose)
        self.choose.setObjectName(f"differences.choose_{name}")
        self.choose.setCheckable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.by)
        column.addWidget(self.value)
        column.addStretch(1)
        column.addWidget(self.choose)

    def show_side(self, by: str, value: str, chosen: bool) -> None:
        self.by.setText(by)
        self.value.setText(value)
        self.choose.setAccessibleDescription(f"{by}: {value}")
        self.choose.setChecked(chosen)
        self.choose.setProperty("role", "main" if chosen else "")
        restyle(self.choose)


def _label(name: str, role: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
