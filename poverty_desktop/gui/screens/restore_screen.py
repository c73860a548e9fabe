"""Putting a copy back: the password, the copies with what each holds, and one act."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QListWidget, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.restore_presenter import RestorePresenter, RestoreState
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, ROW

_LINES = 4  # copies that are seen at once


class RestoreScreen(Screen):
    """Object names: `restore.password`, `action.look`, `restore.copies`, `action.restore`, `restore.back`, `restore.problem`."""

    place: ClassVar[str] = "restore"
    bare: ClassVar[bool] = True

    def __init__(self, presenter: RestorePresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._tries = 0
        self.set_title(texts("restore.title"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._field = Field("restore.password", texts("unlock.password"), self.password)
        self.copies = QListWidget()
        self.copies.setObjectName("restore.copies")
        self.copies.setAccessibleName(texts("restore.copies"))
        self.copies.setWordWrap(True)
        self.copies.setResizeMode(QListView.ResizeMode.Adjust)
        self.copies.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = plain_words("restore.none", text=texts("restore.none"))
        self._problem = plain_words("restore.problem")
        self._problem.setProperty("tone", "red")
        self._look = _button("action.look", texts("restore.look"), "main")
        self._restore = _button("action.restore", texts("restore.act"), "main")
        self._back = _button("restore.back", texts("restore.back"), "link")
        self.add_centred(self._card())

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(72 * GRID)
        acts = QHBoxLayout()
        for button in (self._look, self._restore, self._back):
            acts.addWidget(button)
        acts.addStretch(1)
        column = QVBoxLayout(card)
        column.setContentsMargins(4 * GRID, 2 * GRID, 4 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(plain_words(role="title", text=self.texts("restore.title")))
        column.addWidget(plain_words(role="soft", text=self.texts("restore.words")))
        for widget in (self._field, self.copies, self._none, self._problem):
            column.addWidget(widget)
        column.addLayout(acts)
        return card

    def bind(self) -> None:
        self._look.clicked.connect(self.entered_last)
        self._restore.clicked.connect(self._presenter.restore)
        self._back.clicked.connect(self._presenter.back)
        self.copies.currentRowChanged.connect(self._presenter.select)
        self.copies.itemActivated.connect(lambda _: self._presenter.restore())

    def entered_last(self) -> None:
        self._presenter.look(self.password.text())

    def opened(self, **facts: Any) -> None:
        self.password.clear()
        self._presenter.opened()

    def focus_first(self) -> None:
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> bool:
        self._presenter.back()
        return True

    def render(self, state: RestoreState) -> None:  # type: ignore[override]
        looked = state.lines is not None
        self._show_copies(state)
        self._field.setVisible(not looked)
        self._look.setVisible(not looked)
        self._look.setEnabled(not state.busy)
        self._look.setText(self.texts("restore.looking" if state.busy == "looking" else "restore.look"))
        self._restore.setVisible(bool(state.lines))
        self._restore.setEnabled(state.possible and not state.busy)
        self._restore.setText(self.texts("restore.acting" if state.busy == "restoring" else "restore.act"))
        self._none.setVisible(looked and not state.lines)
        self._say(state)
        if state.tries != self._tries:
            self._tries = state.tries
            self.password.clear()
            self.focus_first()

    def _show_copies(self, state: RestoreState) -> None:
        lines = list(state.lines or ())
        blocked = self.copies.blockSignals(True)
        appears = bool(lines) and self.copies.isHidden()
        if [self.copies.item(row).text() for row in range(self.copies.count())] != lines:
            self.copies.clear()
            self.copies.addItems(lines)
        self.copies.setCurrentRow(state.selected)
        self.copies.blockSignals(blocked)
        self.copies.setVisible(bool(lines))
        self.copies.setFixedHeight(min(max(len(lines), 1), _LINES) * 2 * ROW)
        if appears:
            self.copies.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, state: RestoreState) -> None:
        problem = state.problem
        known = problem if isinstance(problem, KnownProblem) else KnownProblem("bug")
        sentence = self.texts.problem(known) if problem is not None else ""
        at_password = state.lines is None
        self._field.say("red" if sentence and at_password else None, sentence if at_password else "")
        self._problem.setText("" if at_password else sentence)
        self._problem.setVisible(bool(sentence) and not at_password)


def _button(name: str, words: str, role: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setProperty("role", role)
    return button
