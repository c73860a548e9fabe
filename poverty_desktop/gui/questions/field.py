"""One question on the screen: words above, editor, help below, and what is wrong beside it after it was left."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.common_head import CommonHead
from poverty_desktop.gui.questions.editors import editor_for, editor_kind, way_of_answering
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.questions.option_list import OptionList
from poverty_desktop.gui.questions.reading import Reading
from poverty_desktop.gui.theme import GRID, RED, ROW, restyle

SIGNS = {"red": "✖", "amber": "▲", "grey": "●"}


def widget_name(key: str) -> str:
    """Object name of the editor of an answer key."""
    return "question." + key.replace("/", ".")


def last_year_words(state: FieldState, texts: Texts) -> str:
    """What stands beside the field of last year: another answer, or that this one was taken over and not confirmed."""
    return state.before or (texts("last_year.taken_over") if state.taken_over else "")


class QuestionField(QFrame):
    """Signals: `answered(key, text)`, `moved(stop, step)`, `reasoned(key, words)`, `numbered(key)` as `OptionList`.

    Its stops are the editor (named by the key) and the line for the reason (`key#reason`). What stands below the editor is made
    when it first has something to say; every part is born in its place, for each change of parent makes Qt look through the style
    sheet again.
    """

    answered = Signal(str, str)
    moved = Signal(str, int)
    reasoned = Signal(str, str)
    numbered = Signal(str)

    def __init__(self, state: FieldState, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.kind, self._texts = state.key, editor_kind(state), texts
        self._state: FieldState | None = None
        self._said: dict[str, QLabel] = {}
        self._reason: OneLine | None = None
        self.label = QLabel(self)
        self.editor = editor_for(state, texts, self)
        self._column = QVBoxLayout(self)
        self._build(state)
        self.bind()
        self.show_state(state)

    def _build(self, state: FieldState) -> None:
        column = self._column
        in_line = (isinstance(self.editor, Reading) and state.kind != "note") or "list-nolabel" in state.looks or state.is_head
        column.setContentsMargins(0, 0, 0, 0 if in_line or isinstance(self.editor, Reading) else GRID)
        column.setSpacing(2)
        if in_line:
            column.addLayout(self._in_one_line())
        else:
            column.addWidget(self.label)
            column.addWidget(self.editor)
        if self.editor.below is not None:
            column.addWidget(self.editor.below)
        self._above = column.count()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.editor.setObjectName(widget_name(state.key))
        self.setFocusProxy(self.editor)

    def _in_one_line(self) -> QHBoxLayout:
        """What is only read, and a line of a table: words at the left, the answer at the right."""
        line = QHBoxLayout()
        line.setSpacing(GRID)
        top = Qt.AlignmentFlag.AlignTop if isinstance(self.editor, Reading) else Qt.AlignmentFlag(0)
        line.addWidget(self.label, 2, top)
        line.addWidget(self.editor, 3, top)
        return line

    def bind(self) -> None:
        self.editor.answered.connect(lambda text: self.answered.emit(self.key, text))
        self.editor.moved.connect(lambda step: self.moved.emit(self.key, step))
        if isinstance(self.editor, OptionList):
            self.editor.numbered.connect(lambda: self.numbered.emit(self.key))

    # --- showing -------------------------------------------------------------------------------------------------

    def fits(self, state: FieldState) -> bool:
        """Whether the editor is still the one that the question needs."""
        return editor_kind(state) == self.kind

    def show_state(self, state: FieldState) -> None:
        """Draw what changed since the last picture; nothing when nothing did."""
        if state is self._state or state == self._state:
            return
        self._state = state
        star = f' <span style="color:{RED}">*</span>' if state.required and state.writable else ""
        weight = "" if isinstance(self.editor, Reading) or "list-nolabel" in state.looks else "font-weight:600"
        self.label.setText(f'<span style="{weight}">{escape(state.label).replace(chr(10), "<br>")}</span>{star}')
        self._say("help", state.hint, "soft")
        self.editor.setAccessibleName(state.label)
        last_year = last_year_words(state, self._texts)
        told = (state.hint, state.guidance, way_of_answering(state, self._texts), state.problem, last_year, state.note)
        if not isinstance(self.editor, CommonHead):
            self.editor.setAccessibleDescription(" ".join(part for part in told if part))
        self.editor.show_state(state)
        self._say_problem(state)
        self._say("before", last_year, "soft")
        self._say("note", self._texts("question.note", words=state.note) if state.note else "", "soft")
        if state.wants_reason or state.reason or self._reason is not None:
            self._show_reason(state)

    def _say(self, part: str, words: str, role: str = "") -> QLabel | None:
        """The label of `part` (help, problem, note: in this order), made with its first words."""
        label = self._said.get(part)
        if label is None and words:
            label = self._said[part] = QLabel(self)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)  # it may repeat what was typed
            label.setProperty("role", role)
            before = [one for one in _PARTS[: _PARTS.index(part)] if one in self._said]
            self._column.insertWidget(self._above + len(before), label)
        if label is not None and label.text() != words:
            label.setText(words)
            label.setVisible(bool(words))
        return label

    def _say_problem(self, state: FieldState) -> None:
        """What is wrong, in a tone of three: its sign, its word, its colour."""
        word = self._texts(f"question.tone_{state.tone}") if state.problem else ""
        label = self._say("problem", f"{SIGNS[state.tone]} {word}: {state.problem}" if state.problem else "")
        if label is not None and label.property("tone") != state.tone:
            label.setProperty("tone", state.tone)
            restyle(label)

    @property
    def help(self) -> QLabel | None:
        return self._said.get("help")

    @property
    def problem(self) -> QLabel:
        """The sentence beside the editor; an empty hidden one when there is none."""
        label = self._said.get("problem")
        if label is None:
            self._said["problem"] = label = QLabel(self)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.hide()
            self._column.insertWidget(self._above + ("help" in self._said), label)
        return label

    # --- the reason of a doubt -----------------------------------------------------------------------------------

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

    def _show_reason(self, state: FieldState) -> None:
        self.reason.setVisible(state.wants_reason)
        if self.reason.text() != state.reason and not self.reason.hasFocus():
            self.reason.setText(state.reason)

    @property
    def stops(self) -> list[tuple[str, QWidget]]:
        """Where Enter stops in this question: the editor, and the reason when one is asked for."""
        if self._state is None or not self._state.writable:
            return []
        editor: list[tuple[str, QWidget]] = [(self.key, self.editor)]
        return [*editor, (f"{self.key}#reason", self.reason)] if self._state.wants_reason else editor

    @property
    def guidance(self) -> str:
        return self._state.guidance if self._state else ""

    def commit(self) -> None:
        self.editor.commit()
        if self._reason is not None and self._reason.isVisible():
            self._reason.settle()
            if self._reason.isModified():
                self.reasoned.emit(self.key, self._reason.text())


_PARTS = ("help", "problem", "before", "note")
