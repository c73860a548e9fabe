"""The conflict inbox: both values side by side, who wrote them, when, what each had seen; one key to choose."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.presenters.conflicts_presenter import ConflictsPresenter, ConflictsState, SideView
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, ROW


class ConflictsScreen(Screen):
    """Object names: `conflicts.list`, `conflicts.choose_current`, `conflicts.choose_other`, `conflicts.third`,
    `conflicts.reason`, `conflicts.settle` (the main act, Ctrl+Enter), `conflicts.current`, `conflicts.other`."""

    place: ClassVar[str] = "conflicts"
    area: ClassVar[str] = "sync"

    def __init__(self, presenter: ConflictsPresenter, texts: Texts) -> None:
        super().__init__(texts)
        self._presenter = presenter
        self.set_title(texts("conflict.title"))
        self._settle = self.set_main_action(texts("conflict.settle"), presenter.settle, name="settle", shortcut="Ctrl+Return")
        self._settle.setObjectName("conflicts.settle")
        self.heading_changed.emit()
        self.empty = EmptyState("conflict", texts("conflict.title"), texts("conflict.empty"))
        self.list = QListWidget()
        self.list.setObjectName("conflicts.list")
        self.list.setAccessibleName(texts("conflict.title"))
        self.list.setMaximumWidth(45 * GRID)
        self.list.setWordWrap(True)
        self.work = QWidget()
        line = QHBoxLayout(self.work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2 * GRID)
        line.addWidget(self.list, 1)
        line.addLayout(self._clash(), 2)
        self.told = _label("conflicts.told", "soft")
        for widget in (self.told, self.empty, self.work):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.empty.hide()
        self.work.hide()

    # --- building ----------------------------------------------------------------------------------------------------

    def _clash(self) -> QVBoxLayout:
        texts = self.texts
        column = QVBoxLayout()
        column.setSpacing(GRID)
        self.record = _label("conflicts.record", "heading")
        self.field_name = _label("conflicts.field", "label")
        intro = _label("conflicts.intro", "soft")
        intro.setText(texts("conflict.intro"))
        self.current = _Side("current", texts("conflict.current"), texts("conflict.choose_current"))
        self.other = _Side("other", texts("conflict.other"), texts("conflict.choose_other"))
        sides = QHBoxLayout()
        sides.setSpacing(2 * GRID)
        sides.addWidget(self.current, 1)
        sides.addWidget(self.other, 1)
        self.third = QLineEdit()
        self.reason = QLineEdit()
        for editor in (self.third, self.reason):
            editor.setMinimumHeight(ROW)
        self._third = Field("conflicts.third", texts("conflict.third"), self.third, texts("conflict.third_hint"))
        self._reason = Field("conflicts.reason", texts("conflict.reason"), self.reason, texts("conflict.reason_hint"))
        for label in (self.record, self.field_name, intro):
            column.addWidget(label)
        column.addLayout(sides)
        column.addWidget(self._third)
        column.addWidget(self._reason)
        column.addStretch(1)
        return column

    def bind(self) -> None:
        presenter = self._presenter
        self.list.currentRowChanged.connect(presenter.select)
        self.current.choose.clicked.connect(lambda: presenter.choose("current"))
        self.other.choose.clicked.connect(lambda: presenter.choose("other"))
        self.third.textEdited.connect(presenter.type_third)
        self.reason.textEdited.connect(presenter.type_reason)
        self.third.returnPressed.connect(self.reason.setFocus)
        for key, act in (("1", self._first), ("2", self._second), ("3", self._write_third)):
            shortcut = QShortcut(QKeySequence(key), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for button in (self.current.choose, self.other.choose):
            for enter in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                QShortcut(enter, button, button.click, context=Qt.ShortcutContext.WidgetShortcut)

    def _first(self) -> None:
        self._presenter.choose("current")
        self.reason.setFocus()

    def _second(self) -> None:
        self._presenter.choose("other")
        self.reason.setFocus()

    def _write_third(self) -> None:
        if self._presenter.state.third_possible:
            self.third.setFocus()

    # --- what the shell calls ------------------------------------------------------------------------------------------

    def opened(self, **facts: object) -> None:
        self._presenter.load()

    def focus_first(self) -> None:
        self.list.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        texts = self.texts
        return [
            ("1", texts("conflict.choose_current")),
            ("2", texts("conflict.choose_other")),
            ("3", texts("conflict.third")),
            ("Ctrl+Enter", texts("conflict.settle")),
        ]

    # --- showing ---------------------------------------------------------------------------------------------------------

    def render(self, state: ConflictsState) -> None:  # type: ignore[override]
        self.empty.setVisible(state.loaded and not state.lines)
        focused = self.focusWidget()
        if not state.lines and focused is not None and self.work.isAncestorOf(focused):
            self.setFocus()  # before the list is hidden, lest the focus go to the side bar
        self.work.setVisible(bool(state.lines))
        self._settle.setVisible(bool(state.lines))
        self.told.setText(state.told)
        self.told.setVisible(bool(state.told))
        self._show_list(state)
        self.record.setText(state.title)
        self.field_name.setText(state.label)
        self.current.show_side(state.current, state.choice == "current")
        self.other.show_side(state.other, state.choice == "other")
        self._third.setVisible(state.third_possible)
        self._third.say("red" if state.choice_problem else None, state.choice_problem)
        self._reason.say("red" if state.reason_problem else None, state.reason_problem)
        for editor, text in ((self.third, state.third), (self.reason, state.reason)):
            if editor.text() != text:
                editor.setText(text)

    def _show_list(self, state: ConflictsState) -> None:
        wanted = [f"{line.title}\n{line.label}" for line in state.lines]
        blocked = self.list.blockSignals(True)
        if [self.list.item(row).text() for row in range(self.list.count())] != wanted:
            self.list.clear()
            self.list.addItems(wanted)
        self.list.setCurrentRow(state.selected)
        self.list.blockSignals(blocked)


class _Side(QFrame):
    """One value with its writer, and the button that chooses it."""

    def __init__(self, name: str, heading: str, choose: str) -> None:
        super().__init__()
        self.setObjectName(f"conflicts.{name}")
        self.setProperty("role", "card")
        self._heading = heading
        title = _label("", "label")
        title.setText(heading)
        self.value = _label(f"conflicts.{name}_value", "heading")
        self.by = _label(f"conflicts.{name}_by")
        self.saw = _label(f"conflicts.{name}_saw", "soft")
        self.choose = QPushButton(choose)
        self.choose.setObjectName(f"conflicts.choose_{name}")
        self.choose.setCheckable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for label in (title, self.value, self.by, self.saw):
            column.addWidget(label)
        column.addStretch(1)
        column.addWidget(self.choose)

    def show_side(self, side: SideView | None, chosen: bool) -> None:
        if side is not None:
            self.value.setText(side.value)
            self.by.setText(side.by)
            self.saw.setText(side.saw)
            self.setAccessibleName(f"{self._heading}: {side.value}. {side.by}. {side.saw}")
        self.choose.setChecked(chosen)
        self.choose.setProperty("role", "main" if chosen else "")
        self.choose.style().unpolish(self.choose)
        self.choose.style().polish(self.choose)


def _label(name: str, role: str = "") -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if name:
        label.setObjectName(name)
    if role:
        label.setProperty("role", role)
    return label
