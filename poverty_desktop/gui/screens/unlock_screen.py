"""The password, at the start and after a lock."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.presenters.unlock_presenter import UnlockPresenter, UnlockState
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID


class UnlockScreen(Screen):
    place: ClassVar[str] = "unlock"
    bare: ClassVar[bool] = True

    def __init__(self, presenter: UnlockPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._tries = 0
        self.set_title(texts("unlock.title"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._field = Field("unlock.password", texts("unlock.password"), self.password)
        self._enter = QPushButton(texts("unlock.enter"))
        self._enter.setObjectName("action.unlock")
        self._enter.setProperty("role", "main")
        self._restore = QPushButton(texts("unlock.restore"))
        self._restore.setObjectName("unlock.restore")
        self._restore.setProperty("role", "link")
        self.add_centred(self._card())

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(60 * GRID)
        name, words = QLabel(self.texts("app.name")), QLabel(self.texts("unlock.words"))
        for label, role in ((name, "title"), (words, "soft")):
            label.setProperty("role", role)
            label.setWordWrap(True)
        column = QVBoxLayout(card)
        column.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        column.setSpacing(GRID)
        column.addWidget(name)
        column.addWidget(words)
        column.addSpacing(GRID)
        column.addWidget(self._field)
        column.addSpacing(GRID)
        column.addWidget(self._enter)
        column.addWidget(self._restore, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def bind(self) -> None:
        self._enter.clicked.connect(self._unlock)
        self._restore.clicked.connect(self._presenter.restore)

    def entered_last(self) -> None:
        self._unlock()

    def _unlock(self) -> None:
        self._presenter.unlock(self.password.text())

    def opened(self, **facts: Any) -> None:
        self.password.clear()
        self._presenter.opened(**facts)

    def focus_first(self) -> None:
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> bool:
        self.password.clear()
        return True

    def render(self, state: UnlockState) -> None:  # type: ignore[override]
        self._enter.setEnabled(not state.busy)
        self._enter.setText(self.texts("unlock.opening" if state.busy else "unlock.enter"))
        self._field.say("red" if state.problem else None, self._sentence(state.problem))
        if state.tries != self._tries:
            self._tries = state.tries
            self.password.clear()
            self.focus_first()

    def _sentence(self, problem: Exception | None) -> str:
        if problem is None:
            return ""
        return self.texts.problem(problem if isinstance(problem, KnownProblem) else KnownProblem("bug"))
