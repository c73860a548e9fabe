"""The conflict inbox: both values side by side, who wrote them, when, what each had seen; one key to choose."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.decision_form import DecisionForm
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.conflicts_presenter import ConflictsPresenter, ConflictsState
from poverty_desktop.gui.screens.inbox_screen import InboxScreen
from poverty_desktop.gui.theme import GRID


class ConflictsScreen(InboxScreen):
    """Object names: `conflicts.list`, `conflicts.choose_current`, `conflicts.choose_other`, `conflicts.third`,
    `conflicts.reason`, `conflicts.settle` (the main act, Ctrl+Enter), `conflicts.current`, `conflicts.other`."""

    place: ClassVar[str] = "conflicts"
    area: ClassVar[str] = "sync"

    def __init__(self, presenter: ConflictsPresenter, texts: Texts) -> None:
        super().__init__(presenter, texts, "conflicts", texts("conflict.title"))
        self._presenter = presenter
        self._settle = self.set_main_action(texts("conflict.settle"), presenter.settle, name="settle", shortcut="Ctrl+Return")
        self._settle.setObjectName("conflicts.settle")
        self.heading_changed.emit()
        self.lay_out(EmptyState("conflict", texts("conflict.empty_title"), texts("conflict.empty")), self._clash())

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
        super().bind()
        self.form.serve(self._presenter, self.list, self.scroll_area)

    # --- what the shell calls ------------------------------------------------------------------------------------------

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
        self._settle.setVisible(bool(state.lines))
        lines = ["\n".join(filter(None, (f"{one.title} · {one.label}", one.about, one.by))) for one in state.lines]
        self.show_inbox(lines, state.selected, state.told, loaded=state.loaded)
        self.record.setText(state.title)
        self.field_name.setText(state.label)
        self.form.show_decision(
            state.first, state.second, state.decision, third_possible=state.third_possible, choices=state.choices
        )
