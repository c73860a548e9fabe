"""Needs attention: what the province keeps aside, why, and three keys: correct, send again, give up."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.attention_presenter import AttentionPresenter, AttentionState
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.screens.inbox_screen import InboxScreen
from poverty_desktop.gui.theme import GRID, ROW, Tone


class AttentionScreen(InboxScreen):
    """Object names: `attention.list`, `attention.correct`, `attention.send_again`, `attention.give_up`, `attention.reason`,
    `attention.why`, `attention.fields`, `attention.advice`, `attention.closed`."""

    place: ClassVar[str] = "attention"
    area: ClassVar[str] = "sync"

    def __init__(self, presenter: AttentionPresenter, texts: Texts) -> None:
        super().__init__(presenter, texts, "attention", texts("attention.title"))
        self._presenter = presenter
        self.closed_card, column = QFrame(), QVBoxLayout()
        self.closed_card.setProperty("role", "card")
        self.closed_card.setLayout(column)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.addWidget(plain_words(role="label", text=texts("attention.closed")))
        self.closed = plain_words("attention.closed")
        column.addWidget(self.closed)
        empty = EmptyState("done", texts("attention.empty_title"), texts("attention.empty"))
        self.lay_out(empty, self._save(), [self.closed_card])
        self.closed_card.hide()

    # --- building ----------------------------------------------------------------------------------------------------

    def _save(self) -> QWidget:
        texts = self.texts
        self.record = plain_words("attention.record", "heading")
        self.by = plain_words("attention.by", "soft")
        self.why, self.fields = plain_words("attention.why"), plain_words("attention.fields")
        self.others, self.advice = plain_words("attention.others"), plain_words("attention.advice")
        self.reason = OneLine()
        self.reason.setMinimumHeight(ROW)
        self.reason_field = Field("attention.reason", texts("attention.reason"), self.reason, texts("attention.give_up_hint"))
        save = QWidget()
        column = QVBoxLayout(save)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (self.record, self.by, plain_words(role="soft", text=texts("attention.intro"))):
            column.addWidget(part)
        column.addWidget(self._card())
        for part in (self.others, self.advice):
            column.addWidget(part)
        column.addLayout(self._acts())
        column.addWidget(self.reason_field)
        column.addStretch(1)
        return save

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID // 2)
        for heading, words in (("attention.why", self.why), ("attention.sent", self.fields)):
            column.addWidget(plain_words(role="label", text=self.texts(heading)))
            column.addWidget(words)
            column.addSpacing(GRID // 2)
        return card

    def _acts(self) -> QHBoxLayout:
        self.acts = {name: QPushButton(self.texts(f"attention.{name}")) for name in ("correct", "send_again", "give_up")}
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for name, button in self.acts.items():
            button.setObjectName(f"attention.{name}")
            line.addWidget(button)
        line.addStretch(1)
        return line

    def bind(self) -> None:
        super().bind()
        presenter = self._presenter
        self.acts["correct"].clicked.connect(presenter.correct)
        self.acts["send_again"].clicked.connect(presenter.send_again)
        self.acts["give_up"].clicked.connect(self._ask_reason)
        self.reason.textEdited.connect(presenter.type_reason)
        self.reason.entered.connect(presenter.give_up)
        for listener in (self.list, *self.acts.values()):
            self._listen(listener)

    def _listen(self, widget: QWidget) -> None:
        """While `widget` has the cursor the digits act, and Enter in the list opens the record. (In a line of text a digit is a
        digit.)"""
        keys: list[tuple[str, Callable[[], object]]] = [
            ("1", self._presenter.correct),
            ("2", self._presenter.send_again),
            ("3", self._ask_reason),
        ]
        keys += [("Return", self._presenter.correct), ("Enter", self._presenter.correct)] if widget is self.list else []
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def _ask_reason(self) -> None:
        """The reason is asked in the page; Enter behind it gives up. A click on the button with a reason written does too."""
        if self.reason.text().strip() and self.acts["give_up"].hasFocus():
            self._presenter.give_up()
            return
        self.reason.setFocus()
        self.scroll_area.ensureWidgetVisible(self.reason_field)

    # --- what the shell calls ------------------------------------------------------------------------------------------

    def keys(self) -> list[tuple[str, str]]:
        return [(key, self.texts(f"attention.{name}")) for key, name in zip("123", self.acts, strict=True)]

    # --- showing ---------------------------------------------------------------------------------------------------------

    def render(self, state: AttentionState) -> None:  # type: ignore[override]
        lines = [f"{title}\n{_short(why)}" for title, why in state.lines]
        self.show_inbox(lines, state.selected, state.told, loaded=state.loaded)
        told = ((self.others, state.others), (self.advice, state.advice))
        for label, words in ((self.record, state.title), (self.by, state.by), (self.why, state.why), *told):
            label.setText(words)
            label.setVisible(bool(words))
        self.fields.setText("\n".join(state.fields))
        self.closed.setText("\n\n".join(state.closed))
        self.closed_card.setVisible(bool(state.closed))
        self.acts["correct"].setVisible(state.correctable)
        tone: Tone | None = "red" if state.reason_problem else None
        self.reason_field.say(tone, state.reason_problem)
        if self.reason.text() != state.reason:
            self.reason.setText(state.reason)


def _short(sentences: str) -> str:
    """The first sentence: the rest stands beside the list."""
    return sentences.split(". ", 1)[0].rstrip(".")
