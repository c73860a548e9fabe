"""The conflict inbox: both values side by side, who wrote them, when, what each had seen; one key to choose."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.decision_form import DecisionForm
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.list_beside import ListBeside
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.conflicts_presenter import ConflictsPresenter, ConflictsState
from poverty_desktop.gui.presenters.decision import Choice
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID


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
        self.empty = EmptyState("conflict", texts("conflict.empty_title"), texts("conflict.empty"))
        self.told = plain_words("conflicts.told", "soft")
        self.work = ListBeside("conflicts.list", texts("conflict.title"), self._clash())
        self.list = self.work.list
        for widget in (self.told, self.empty, self.work):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.empty.hide()
        self.work.hide()

    # --- building ----------------------------------------------------------------------------------------------------

    def _clash(self) -> QWidget:
        named = {"first": "choose_current", "second": "choose_other"}
        named |= {name: name for name in ("third", "third_hint", "reason", "reason_hint")}
        words = {part: self.texts(f"conflict.{key}") for part, key in named.items()}
        self.form = DecisionForm("conflicts", ("current", "other"), words)
        self.record = plain_words("conflicts.record", "heading")
        self.field_name = plain_words("conflicts.field", "label")
        intro = plain_words("conflicts.intro", "soft", self.texts("conflict.intro"))
        clash = QWidget()
        column = QVBoxLayout(clash)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (self.record, self.field_name, intro):
            column.addWidget(part)
        column.addWidget(self.form, 1)
        return clash

    def bind(self) -> None:
        presenter, form = self._presenter, self.form
        self.work.picked.connect(presenter.select)
        form.chosen.connect(self._chosen)
        form.third_typed.connect(presenter.type_third)
        form.reason_typed.connect(presenter.type_reason)
        form.settled.connect(presenter.settle)
        form.listen(self.list)

    def _chosen(self, choice: Choice) -> None:
        self._presenter.choose(choice)
        self.scroll_area.ensureWidgetVisible(self.form.reason_field)

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
        lines = ["\n".join(filter(None, (f"{one.title} · {one.label}", one.about, one.by))) for one in state.lines]
        self.work.show_lines(lines, state.selected)
        self.record.setText(state.title)
        self.field_name.setText(state.label)
        self.form.show_decision(
            state.first, state.second, state.decision, third_possible=state.third_possible, choices=state.choices
        )
