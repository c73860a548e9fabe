"""One question on the screen: words above, editor, help below, and what is wrong beside it after it was left."""

from __future__ import annotations

from html import escape
from typing import Protocol

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.line_answer import LineAnswer, TextAnswer
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.questions.option_list import OptionList
from poverty_desktop.gui.questions.reading import Reading
from poverty_desktop.gui.theme import GRID, RED, ROW, restyle

SIGNS = {"red": "✖", "amber": "▲", "grey": "●"}


class AnswerEditor(Protocol):
    """What every editor offers. `answered(text)` when the answer is left or chosen, `moved(step)` on Enter (1) and back (-1)."""

    answered: SignalInstance
    moved: SignalInstance

    def show_state(self, state: FieldState) -> None:
        """Show; emits nothing."""
        ...

    def commit(self) -> None:
        """Take what is being typed as the answer."""
        ...


def editor_for(state: FieldState, parent: QWidget) -> OptionList | LineAnswer | TextAnswer | Reading:
    """The editor of a kind of question."""
    if state.readonly:
        return Reading(parent)
    if state.kind in ("select_one", "select_multiple"):
        return OptionList(parent)
    return TextAnswer(parent) if state.multiline else LineAnswer(parent)


def widget_name(key: str) -> str:
    """Object name of the editor of an answer key."""
    return "question." + key.replace("/", ".")


class QuestionField(QFrame):
    """Signals: `answered(key, text)`, `moved(key, step)`, `reasoned(key, words)`, `numbered(key)` when a digit alone chose.

    Help, problem and reason are made when they first have something to say; every part is born in its place, for each change
    of parent makes Qt look through the style sheet again.
    """

    answered = Signal(str, str)
    moved = Signal(str, int)
    reasoned = Signal(str, str)
    numbered = Signal(str)

    def __init__(self, state: FieldState, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self._texts = state.key, texts
        self._state: FieldState | None = None
        self._help: QLabel | None = None
        self._problem: QLabel | None = None
        self._reason: OneLine | None = None
        self.label = QLabel(self)
        self.editor = editor_for(state, self)
        self._column = QVBoxLayout(self)
        self._build(state)
        self.bind()
        self.show_state(state)

    def _build(self, state: FieldState) -> None:
        column = self._column
        column.setContentsMargins(0, 0, 0, 0 if isinstance(self.editor, Reading) else GRID)
        column.setSpacing(2)
        if isinstance(self.editor, Reading) and state.kind != "note":
            column.addLayout(self._in_one_line())
        else:
            column.addWidget(self.label)
            column.addWidget(self.editor)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.editor.setObjectName(widget_name(state.key))
        self.setFocusProxy(self.editor)

    @property
    def help(self) -> QLabel:
        if self._help is None:
            self._help = QLabel(self)
            self._help.setWordWrap(True)
            self._help.setProperty("role", "soft")
            self._column.insertWidget(self._column.count() - (self._problem is not None) - (self._reason is not None), self._help)
        return self._help

    @property
    def problem(self) -> QLabel:
        if self._problem is None:
            self._problem = QLabel(self)
            self._problem.setWordWrap(True)
            self._problem.setTextFormat(Qt.TextFormat.PlainText)  # it may repeat what was typed
            self._column.insertWidget(self._column.count() - (self._reason is not None), self._problem)
        return self._problem

    @property
    def reason(self) -> OneLine:
        if self._reason is None:
            self._reason = reason = OneLine(self)
            reason.setObjectName(f"{widget_name(self.key)}.reason")
            reason.setPlaceholderText(self._texts("survey.reason_hint"))
            reason.setAccessibleName(self._texts("survey.reason_hint"))
            reason.setMinimumHeight(ROW)
            reason.setMaximumWidth(520)
            reason.editingFinished.connect(lambda: self.reasoned.emit(self.key, reason.text()))
            reason.entered.connect(lambda: self.moved.emit(f"{self.key}#reason", 1))
            self._column.addWidget(reason)
            QWidget.setTabOrder(self.editor, reason)
        return self._reason

    def _in_one_line(self) -> QHBoxLayout:
        """What is only read takes little room: words at the left, the answer at the right."""
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.label, 2, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.editor, 3, Qt.AlignmentFlag.AlignTop)
        return line

    def bind(self) -> None:
        self.editor.answered.connect(lambda text: self.answered.emit(self.key, text))
        self.editor.moved.connect(lambda step: self.moved.emit(self.key, step))
        if isinstance(self.editor, OptionList):
            self.editor.numbered.connect(lambda: self.numbered.emit(self.key))

    def show_state(self, state: FieldState) -> None:
        """Draw what changed since the last picture; nothing when nothing did."""
        if state == self._state:
            return
        self._state = state
        star = f' <span style="color:{RED}">*</span>' if state.required and state.writable else ""
        weight = "" if isinstance(self.editor, Reading) else "font-weight:600"
        self.label.setText(f'<span style="{weight}">{escape(state.label)}</span>{star}')
        if state.hint or self._help is not None:
            self.help.setText(state.hint)
            self.help.setVisible(bool(state.hint))
        self.editor.setAccessibleName(state.label)
        self.editor.setAccessibleDescription(" ".join(part for part in (state.hint, state.guidance, state.problem) if part))
        self.editor.show_state(state)
        if state.problem or self._problem is not None:
            self._show_problem(state)
        if state.wants_reason or state.reason or self._reason is not None:
            self._show_reason(state)

    def _show_problem(self, state: FieldState) -> None:
        self.problem.setText(f"{SIGNS[state.tone]} {state.problem}" if state.problem else "")
        self.problem.setVisible(bool(state.problem))
        if self.problem.property("tone") != state.tone:
            self.problem.setProperty("tone", state.tone)
            restyle(self.problem)

    def _show_reason(self, state: FieldState) -> None:
        self.reason.setVisible(state.wants_reason)
        if self.reason.text() != state.reason and not self.reason.hasFocus():
            self.reason.setText(state.reason)

    @property
    def stops(self) -> list[QWidget]:
        """Where Enter stops in this question: the editor, and the reason when one is asked for."""
        if self._state is None or not self._state.writable:
            return []
        return [self.editor, self.reason] if self._state.wants_reason else [self.editor]

    def commit(self) -> None:
        self.editor.commit()
        if self._reason is not None and self._reason.isVisible() and self._reason.isModified():
            self.reasoned.emit(self.key, self._reason.text())
