"""The differences of a survey keyed twice: both values side by side, one key to choose, a reason, Ctrl+Enter settles."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.decision_form import DecisionForm
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.list_beside import ListBeside
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.differences_presenter import DifferencesPresenter, DifferencesState
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID


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
        self.summary, self.label = plain_words("differences.summary", "soft"), plain_words("differences.label", "heading")
        self.empty = EmptyState("done", texts("double.differences"), texts("double.nothing_differs"))
        self.work = ListBeside("differences.list", texts("double.differences"), self._one())
        self.list = self.work.list
        for widget in (self.summary, self.empty):
            self.body.addWidget(widget)
        self.body.addWidget(self.work, 1)
        self.empty.hide()
        self.work.hide()

    def _one(self) -> QWidget:
        named = {"first": "choose_first", "second": "choose_second"} | {name: name for name in ("third", "reason", "reason_hint")}
        words = {part: self.texts(f"double.{key}") for part, key in named.items()}
        self.form = DecisionForm("differences", ("first", "second"), words)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.label)
        column.addWidget(self.form, 1)
        return one

    def bind(self) -> None:
        self._presenter.show = self.render
        self.work.picked.connect(self._presenter.select)
        self.form.serve(self._presenter, self.list, self.scroll_area)

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
        self.summary.setText(state.summary)
        self.empty.setVisible(state.loaded and not state.lines)
        self.work.setVisible(bool(state.lines))
        self._settle.setVisible(bool(state.lines))
        lines = [f"{'✓ ' if one.settled else ''}{one.label}\n{one.settled or one.section}" for one in state.lines]
        self.work.show_lines(lines, state.selected)
        self.label.setText(state.label)
        decision = state.decision
        self.form.show_decision(state.first, state.second, decision, choices=state.choices)
        is_open = state.loaded and not state.busy and not decision.choice and not decision.choice_problem
        if (opened or (is_open and self.form.reason.hasFocus())) and self.isVisible():
            self.list.setFocus()  # the next difference is chosen with one key again
            self.scroll_area.ensureWidgetVisible(self.list)
