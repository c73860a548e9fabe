"""One question on the screen: words above, editor, help below, and what is wrong beside it after it was left."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.common_head import CommonHead
from poverty_desktop.gui.questions.editors import editor_for, editor_kind, way_of_answering
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.questions.option_list import OptionList
from poverty_desktop.gui.questions.question_places import Part, Places, below_each_other, beside
from poverty_desktop.gui.questions.reading import Reading
from poverty_desktop.gui.questions.words import Question, Words
from poverty_desktop.gui.theme import GRID, ROW

SIGNS = {"red": "✖", "amber": "▲", "grey": "●"}
_LEAST = 120  # pixels
_POLICY = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
_POLICY.setHeightForWidth(True)
_RESIZED = Qt.WidgetAttribute.WA_Resized


def widget_name(key: str) -> str:
    """Object name of the editor of an answer key."""
    return "question." + key.replace("/", ".")


def last_year_words(state: FieldState, texts: Texts) -> str:
    """What stands beside the field of last year: another answer, or that this one was taken over and not confirmed."""
    return state.before or (texts("last_year.taken_over") if state.taken_over else "")


class QuestionField(QWidget):
    """Signals: `answered(key, text)`, `moved(stop, step)`, `reasoned(key, words)`, `numbered(key)` as `OptionList`.

    Its stops are the editor (named by the key) and the line for the reason (`key#reason`). It paints its words itself and puts
    its few widgets in their places: each label and each layout would cost as much as the question.
    """

    answered = Signal(str, str)
    moved = Signal(str, int)
    reasoned = Signal(str, str)
    numbered = Signal(str)

    def __init__(self, state: FieldState, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.kind, self._texts = state.key, editor_kind(state), texts
        self._state: FieldState | None = None
        self._reason: OneLine | None = None
        self.label = Question()
        self.said: dict[str, Words] = {}
        self.editor = editor_for(state, texts, self)
        self.editor.setObjectName(widget_name(state.key))
        read = isinstance(self.editor, Reading)
        self._in_line = (read and state.kind != "note") or "list-nolabel" in state.looks or state.is_head
        self._edge = 0 if self._in_line or read else GRID
        self._places: dict[int, Places] = {}
        self._font = ""
        self.setSizePolicy(_POLICY)
        self.setFocusProxy(self.editor)
        self.bind()
        self.show_state(state)

    def bind(self) -> None:
        self.editor.answered.connect(lambda text: self.answered.emit(self.key, text))
        self.editor.moved.connect(lambda step: self.moved.emit(self.key, step))
        if isinstance(self.editor, OptionList):
            self.editor.numbered.connect(lambda: self.numbered.emit(self.key))
        if self.editor.below is not None:
            self.installEventFilter(self)  # a list opens there, and words come and go

    # --- showing -------------------------------------------------------------------------------------------------

    def fits(self, state: FieldState) -> bool:
        """Whether the editor is still the one that the question needs."""
        return editor_kind(state) == self.kind

    def show_state(self, state: FieldState) -> None:
        """Draw what changed since the last picture; nothing when nothing did."""
        if state is self._state or state == self._state:
            return
        self._state = state
        strong = not isinstance(self.editor, Reading) and "list-nolabel" not in state.looks
        last_year = last_year_words(state, self._texts)
        changed = self.label.ask(state.label, strong=strong, required=state.required and state.writable)
        changed |= self._say("help", state.hint)
        self._speak(state, last_year)
        self.editor.show_state(state)
        changed |= self._say_problem(state)
        changed |= self._say("before", last_year)
        changed |= self._say("note", self._texts("question.note", words=state.note) if state.note else "")
        if state.wants_reason or state.reason or self._reason is not None:
            self._show_reason(state)
        if changed:
            self.update()
        self._settle()

    def _speak(self, state: FieldState, last_year: str) -> None:
        """What a screen reader is told. Of what is only read the words are the answer's own name."""
        self.editor.setAccessibleName(state.label)
        told = (state.hint, state.guidance, way_of_answering(state, self._texts), state.problem, last_year, state.note)
        if not isinstance(self.editor, CommonHead):
            self.editor.setAccessibleDescription(" ".join(part for part in told if part))
        if isinstance(self.editor, Reading):
            self.setAccessibleName(state.label)

    def _say(self, part: str, words: str) -> bool:
        """True when `part` (help, problem, before, note) has other words than before."""
        if part not in self.said:
            if not words:
                return False
            self.said[part] = Words()
        return self.said[part].say(words)

    def _say_problem(self, state: FieldState) -> bool:
        """What is wrong, in a tone of three: its sign, its word, its colour."""
        word = self._texts(f"question.tone_{state.tone}") if state.problem else ""
        changed = self._say("problem", f"{SIGNS[state.tone]} {word}: {state.problem}" if state.problem else "")
        if changed:
            self.said["problem"].tone(state.tone)
        return changed

    # --- places --------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._settle()
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._font = ""
            self.label.forget()
            self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def heightForWidth(self, width: int) -> int:
        return self._placed(width).height

    def sizeHint(self) -> QSize:
        return QSize(_LEAST, ROW)  # the layout asks for the height of a width

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, 0)

    @property
    def _described(self) -> str:
        self._font = self._font or self.font().key()
        return self._font

    def measure(self, width: int) -> None:
        """Ahead, for a page of this width: with the bar at its side and without, and the least that layouts ask for."""
        for one in (_LEAST, width, width - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)):
            self.heightForWidth(one)

    def _settle(self) -> None:
        """Words or parts changed: only a field that is higher or lower now asks the page to be laid out again."""
        self._places = {}
        if self.testAttribute(_RESIZED):
            if self.heightForWidth(self.width()) != self.height():
                self.updateGeometry()
            self._arrange()

    def _arrange(self) -> None:
        for part, place in self._placed(self.width()).parts:
            if isinstance(part, QWidget) and part.geometry() != place:
                part.setGeometry(place)

    def _placed(self, width: int) -> Places:
        if width not in self._places:
            self._places[width] = self._lay_out(width)
        return self._places[width]

    def _lay_out(self, width: int) -> Places:
        first = beside if self._in_line else below_each_other
        head = first([self.label, self.editor], width, self._described)
        more: list[Part | None] = [self.editor.below, *(self.said.get(part) for part in _PARTS), self._reason]
        return below_each_other([part for part in more if part is not None], width, self._described, head, edge=self._edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for part, place in self._placed(self.width()).parts:
            if isinstance(part, Words) and place.intersects(event.rect()):
                part.paint(painter, place)
        painter.end()

    def painted(self) -> Iterator[tuple[str, QSize, QSize]]:
        """What stands in words here: the words, the room they need and the room they have."""
        for part, place in self._placed(self.width()).parts:
            if isinstance(part, Words):
                has = place.intersected(self.rect()).size()
                yield part.text(), QSize(has.width(), part.height(place.width(), self._described)), has

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

    @property
    def problem(self) -> str:
        """What is wrong in words, with its sign; "" when nothing is."""
        return self.said["problem"].text() if "problem" in self.said else ""

    def commit(self) -> None:
        self.editor.commit()
        if self._reason is not None and self._reason.isVisible():
            self._reason.settle()
            if self._reason.isModified():
                self.reasoned.emit(self.key, self._reason.text())


_PARTS = ("help", "problem", "before", "note")
