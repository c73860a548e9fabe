"""The first run, as a card in the middle: one question a step, Enter goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.choice_edit import ChoiceEdit
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.presenters.first_run_presenter import (
    REAL_STEPS,
    Commune,
    FirstRunPresenter,
    FirstRunState,
)
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID

CARD_WIDTH = 70 * GRID


class FirstRunScreen(Screen):
    place: ClassVar[str] = "first_run"
    bare: ClassVar[bool] = True

    def __init__(self, presenter: FirstRunPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._step = ""
        self.set_title(texts("first_run.title"))
        self._panes = QWidget()  # not a stack: stacks do not ask wrapped labels for their height
        self._build_choices()
        self._build_fields()
        panes = QVBoxLayout(self._panes)
        panes.setContentsMargins(0, 0, 0, 0)
        self._steps = (self._language, self._mode, self._commune, self._officer, self._server)
        for pane in self._steps:
            panes.addWidget(pane)
        self.add_centred(self._card())

    # --- building ----------------------------------------------------------------------------------------------------

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(CARD_WIDTH)
        card.setMinimumHeight(48 * GRID)
        self._count, self._heading, self._words = QLabel(), QLabel(), QLabel()
        for label, role in ((self._count, "soft"), (self._heading, "title"), (self._words, "soft")):
            label.setProperty("role", role)
            label.setWordWrap(True)
        self._progress = QProgressBar()
        self._progress.setObjectName("first_run.progress")
        self._progress.setAccessibleName(self.texts("first_run.making"))
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(GRID)
        column = QVBoxLayout(card)
        column.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        column.setSpacing(GRID)
        for widget in (self._count, self._heading, self._words):
            column.addWidget(widget)
        column.addSpacing(GRID)
        column.addWidget(self._panes)
        column.addStretch(1)
        column.addWidget(self._progress)
        column.addSpacing(GRID)
        column.addLayout(self._buttons())
        return card

    def _buttons(self) -> QHBoxLayout:
        self._back, self._next = QPushButton(self.texts("first_run.back")), QPushButton()
        self._back.setObjectName("first_run.back")
        self._next.setObjectName("action.next")
        self._next.setProperty("role", "main")
        self._next.setMinimumWidth(16 * GRID)
        line = QHBoxLayout()
        line.addWidget(self._back)
        line.addStretch(1)
        line.addWidget(self._next)
        return line

    def _build_choices(self) -> None:
        self._language, self._languages = self._radios("language", ("vi", "en"))
        self._mode, self._modes = self._radios("mode", ("practice", "real"))

    def _radios(self, name: str, keys: tuple[str, ...]) -> tuple[QWidget, dict[str, QRadioButton]]:
        pane, group = QWidget(), QButtonGroup(self)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        made: dict[str, QRadioButton] = {}
        for number, key in enumerate(keys, start=1):
            button = made[key] = QRadioButton(f"&{number}  {self.texts(f'first_run.{name}_{key}')}")
            button.setObjectName(f"first_run.{name}.{key}")
            group.addButton(button)
            column.addWidget(button)
            if self.texts.has(f"first_run.{name}_{key}_words"):
                words = QLabel(self.texts(f"first_run.{name}_{key}_words"))
                words.setProperty("role", "soft")
                words.setWordWrap(True)
                words.setContentsMargins(4 * GRID, 0, 0, GRID)
                column.addWidget(words)
        column.addStretch(1)
        return pane, made

    def _build_fields(self) -> None:
        texts = self.texts
        self.commune = ChoiceEdit()
        self.officer, self.password, self.again = QLineEdit(), _secret(), _secret()
        self.url, self.code = QLineEdit(), QLineEdit()
        self.url.setPlaceholderText("https://")
        self._fields = {
            "commune": Field("first_run.commune", texts("first_run.commune"), self.commune, texts("first_run.commune_hint")),
            "officer": Field("first_run.officer", texts("first_run.officer"), self.officer),
            "password": Field("first_run.password", texts("first_run.password"), self.password, texts("first_run.password_hint")),
            "again": Field("first_run.again", texts("first_run.again"), self.again),
            "url": Field("first_run.url", texts("first_run.url"), self.url),
            "code": Field("first_run.code", texts("first_run.code"), self.code, texts("first_run.code_hint")),
        }
        self._commune = self._pane("commune")
        self._officer = self._pane("officer", "password", "again")
        self._server = self._pane("url", "code")

    def _pane(self, *fields: str) -> QWidget:
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + GRID // 2)
        for name in fields:
            column.addWidget(self._fields[name])
        column.addStretch(1)
        return pane

    # --- life --------------------------------------------------------------------------------------------------------

    def bind(self) -> None:
        presenter = self._presenter
        self._next.clicked.connect(presenter.onward)
        self._back.clicked.connect(presenter.back)
        for key, button in self._languages.items():
            button.clicked.connect(_with(presenter.language, key))
        for key, button in self._modes.items():
            button.clicked.connect(_with(presenter.mode, key == "practice"))
        self.commune.chosen.connect(presenter.commune)
        self.commune.not_found.connect(lambda text: self._fields["commune"].say("red", self.texts("first_run.commune_unknown")))
        self.officer.textEdited.connect(presenter.officer)
        for secret in (self.password, self.again):
            secret.textEdited.connect(lambda: presenter.passwords(self.password.text(), self.again.text()))
        for line in (self.url, self.code):
            line.textEdited.connect(lambda: presenter.server(self.url.text(), self.code.text()))

    def opened(self, **facts: object) -> None:
        self._step = ""
        self._presenter.opened()

    def entered_last(self) -> None:
        """Enter in the last field of a step goes to the next step."""
        self._presenter.onward()

    def cancel(self) -> bool:
        self._presenter.back()
        return True

    def focus_first(self) -> None:
        first: dict[str, QWidget] = {
            "language": next((one for one in self._languages.values() if one.isChecked()), self._languages["vi"]),
            "mode": next((one for one in self._modes.values() if one.isChecked()), self._modes["practice"]),
            "commune": self.commune,
            "officer": self.officer,
            "server": self.url,
        }
        if self._step in first:
            first[self._step].setFocus(Qt.FocusReason.TabFocusReason)

    def render(self, state: FirstRunState) -> None:  # type: ignore[override]
        texts, step = self.texts, state.step
        self._count.setText(texts("first_run.step", number=state.number, whole=len(state.steps)))
        said = "practice_server" if step == "server" and state.practice else step
        self._heading.setText(texts(f"first_run.{said}_heading"))
        self._words.setText(texts(f"first_run.{said}_words"))
        self._languages[state.language].setChecked(True)
        self._modes["practice" if state.practice else "real"].setChecked(True)
        self._render_communes(state)
        self._render_problems(state)
        self._render_buttons(state)
        if step != self._step:
            self._step = step
            for name, pane in zip(REAL_STEPS, self._steps, strict=True):
                pane.setVisible(name == step)
            self.focus_first()

    def _render_communes(self, state: FirstRunState) -> None:
        if (not self.commune.isModified() and self.commune.value() != state.commune_code) or not self.commune.has_choices():
            self.commune.set_choices([self._choice(commune) for commune in state.communes])
            self.commune.set_value(state.commune_code)

    def _choice(self, commune: Commune) -> Choice:
        hint = self.texts("first_run.formerly", district=commune.former_district) if commune.ambiguous else ""
        return Choice(commune.code, commune.name, hint=hint)

    def _render_problems(self, state: FirstRunState) -> None:
        problems = dict(state.problems)
        for name, field in self._fields.items():
            key = problems.get(name)
            field.say("red" if key else None, self.texts(key) if key else "")
        if state.strength and "password" not in problems:
            words = self.texts(f"first_run.strength_{state.strength}")
            self._fields["password"].say("grey", words)
        if state.problem is not None:
            known = state.problem if isinstance(state.problem, KnownProblem) else KnownProblem("bug")
            self.tell("red", self.texts.problem(known))
        else:
            self.quiet()

    def _render_buttons(self, state: FirstRunState) -> None:
        self._back.setVisible(state.number > 1)
        self._back.setEnabled(not state.busy)
        self._next.setEnabled(not state.busy)
        self._next.setText(self.texts(_next_word(state)))
        self._panes.setEnabled(not state.busy)
        self._progress.setVisible(state.busy)
        self._progress.setRange(0, state.whole)
        self._progress.setValue(state.done)


def _next_word(state: FirstRunState) -> str:
    if state.busy:
        return "first_run.making"
    return "first_run.begin" if state.is_last else "first_run.next"


def _secret() -> QLineEdit:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    return line


def _with(call: Callable[[Any], object], value: Any) -> Callable[[], object]:
    return lambda: call(value)
