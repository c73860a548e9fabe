"""Which editor a question gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.presenters.typed_values import to_shown
from poverty_desktop.gui.questions.acknowledge import Acknowledge
from poverty_desktop.gui.questions.choice_line import ChoiceLine
from poverty_desktop.gui.questions.common_head import CommonHead
from poverty_desktop.gui.questions.file_answer import FileAnswer
from poverty_desktop.gui.questions.line_answer import LineAnswer
from poverty_desktop.gui.questions.option_list import OptionList
from poverty_desktop.gui.questions.range_answer import RangeAnswer
from poverty_desktop.gui.questions.rank_list import RankList
from poverty_desktop.gui.questions.reading import Reading
from poverty_desktop.gui.questions.text_answer import TextAnswer

MOST_OPTIONS = 40
"""More options than that are not shown all at once, whatever the appearance: one types what one looks for."""
_ON_ONE_LINE = {"minimal", "autocomplete", "quick-minimal", "search"}
_MEDIA = ("image", "audio", "video", "file")


class AnswerEditor(Protocol):
    """What every editor offers. `answered(text)` when the answer is left or chosen, `moved(step)` on Enter (1) and back (-1).

    `below` is what stands under the editor: a scale, a list that opens, a button.
    """

    answered: SignalInstance
    moved: SignalInstance
    below: QWidget | None

    def show_state(self, state: FieldState) -> None:
        """Show; emits nothing."""
        ...

    def commit(self) -> None:
        """Take what is being typed as the answer."""
        ...


Editor = OptionList | LineAnswer | TextAnswer | ChoiceLine | CommonHead | Reading
Make = Callable[[Texts, QWidget], Editor]


def editor_kind(state: FieldState) -> str:
    """The name of the editor a question needs now; while it stays the same, so does the widget."""
    if state.is_head:
        return "head"
    if state.readonly or state.kind in ("note", "calculate", "hidden"):
        return "reading"
    if state.kind in ("select_one", "select_multiple"):
        return "choice_line" if state.looks & _ON_ONE_LINE or len(state.options) > MOST_OPTIONS else "options"
    if state.kind in _MEDIA:
        return "file"
    if state.range is not None:
        return "range"
    if state.multiline or state.kind in ("geotrace", "geoshape"):
        return "lines"
    return state.kind if state.kind in ("rank", "acknowledge") else "line"


_EDITORS: dict[str, Make] = {
    "head": lambda texts, parent: CommonHead(parent),
    "reading": lambda texts, parent: Reading(parent),
    "choice_line": lambda texts, parent: ChoiceLine(texts("question.choice_hint"), texts("question.nothing_fits"), parent),
    "options": lambda texts, parent: OptionList(parent, texts("question.no_options")),
    "file": FileAnswer,
    "range": lambda texts, parent: RangeAnswer(parent),
    "lines": lambda texts, parent: TextAnswer(parent),
    "rank": lambda texts, parent: RankList(parent),
    "acknowledge": lambda texts, parent: Acknowledge(texts("question.acknowledged"), parent),
    "line": lambda texts, parent: LineAnswer(parent),
}


def editor_for(state: FieldState, texts: Texts, parent: QWidget) -> Editor:
    """The editor of a kind of question, with the hint of how it is typed."""
    editor = _EDITORS[editor_kind(state)](texts, parent)
    if isinstance(editor, (LineAnswer, TextAnswer)) and not isinstance(editor, FileAnswer):
        editor.setPlaceholderText(typing_hint(state, texts))
    return editor


def typing_hint(state: FieldState, texts: Texts) -> str:
    """How the answer is typed, where the kind asks for a form of its own."""
    if state.kind == "date":
        return texts(f"question.{'month' if 'month-year' in state.looks else 'year' if 'year' in state.looks else 'date'}_hint")
    if state.kind in ("geotrace", "geoshape"):
        return texts("question.points_hint")
    return texts(f"question.{state.kind}_hint") if state.kind in ("time", "datetime", "geopoint", "barcode") else ""


def way_of_answering(state: FieldState, texts: Texts) -> str:
    """What the eye sees and a screen reader must be told: the scale, the order."""
    if state.range is not None:
        ends = {name: to_shown("decimal", format(getattr(state.range, name), "f")) for name in ("start", "end", "step")}
        return texts("question.scale", **ends)
    return texts("question.rank_hint") if state.kind == "rank" else typing_hint(state, texts)
