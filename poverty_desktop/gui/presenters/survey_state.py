"""What the survey screen shows, frozen: rows are compared with those of the last picture, and only changed ones are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from poverty_desktop.forms.definition import Range
from poverty_desktop.gui.presenters.explanation_state import ExplanationState as ExplanationState

Progress = Literal["empty", "begun", "problem", "done", "computed", "nothing"]
Tone = Literal["red", "amber", "grey"]


@dataclass(frozen=True)
class Option:
    """One answer of a choice: its value, the words, and the number printed before it (typed to choose it)."""

    value: str
    label: str
    number: str


@dataclass(frozen=True)
class FieldState:
    """One question. `shown` is the answer as a reader writes it, `value` as the form keeps it.

    `problem` stands beside the field after it was left; `wants_reason` opens a line for the officer's `reason`.
    """

    key: str
    kind: str
    label: str
    hint: str
    guidance: str
    multiline: bool
    options: tuple[Option, ...]
    value: str
    shown: str
    required: bool
    readonly: bool
    relevant: bool = True
    problem: str = ""
    tone: Tone = "grey"
    wants_reason: bool = False
    reason: str = ""
    appearance: str = ""  # as in the form: blank-separated words
    range: Range | None = None  # of a number that is asked on a scale
    accept: str = ""  # file types of a file question: ".pdf,.xlsx"
    max_pixels: int | None = None  # of a picture
    note: str = ""  # the officer's remark on this field; a mark stands beside it
    before: str = ""  # what last year's survey said, where it is another answer
    taken_over: bool = False  # from last year's survey, and nobody confirmed it yet

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(self.value.split()) if self.kind in ("select_multiple", "rank") else (self.value,) if self.value else ()

    @property
    def looks(self) -> frozenset[str]:
        """The words of the appearance."""
        return frozenset(self.appearance.split())

    @property
    def writable(self) -> bool:
        """The head of a table-list bears the words of its answers and takes none."""
        return self.relevant and not self.readonly and self.kind not in ("note", "calculate", "hidden") and not self.is_head

    @property
    def is_head(self) -> bool:
        """The common head of a table-list: a choice that only shows the words of its options."""
        return self.kind in ("select_one", "select_multiple") and "label" in self.looks


@dataclass(frozen=True)
class HeadingState:
    """The words of a group inside a section."""

    key: str
    label: str


@dataclass(frozen=True)
class GridRow:
    """One member: `title` is the name, `detail` what tells people apart (sex, age)."""

    instance: str
    title: str
    detail: str


@dataclass(frozen=True)
class GridState:
    """The roster: one row a member, one column a question. A cell that does not apply has `relevant` False and says why."""

    key: str
    label: str
    columns: tuple[tuple[str, str], ...]  # (name, label)
    rows: tuple[GridRow, ...]
    cells: tuple[tuple[FieldState, ...], ...]  # by row, then column
    may_add: bool = False
    may_remove: bool = False


@dataclass(frozen=True)
class FrameState:
    """A group that belongs together on the paper (field-list, table-list): its rows in one frame."""

    key: str
    label: str
    rows: tuple[RowState, ...]


@dataclass(frozen=True)
class CardState:
    """One instance of a repeat as a titled block; a nested repeat is one of its rows."""

    key: str
    instance: str
    title: str
    detail: str
    rows: tuple[RowState, ...]


@dataclass(frozen=True)
class CardsState:
    """A repeat whose instances do not fit a grid: long text, files, other repeats in it."""

    key: str
    label: str
    cards: tuple[CardState, ...]
    may_add: bool = False
    may_remove: bool = False


RowState = FieldState | HeadingState | GridState | FrameState | CardsState


@dataclass(frozen=True)
class SectionMark:
    """One line of the section list."""

    path: str
    label: str
    progress: Progress
    answered: int
    asked: int


@dataclass(frozen=True)
class MissingState:
    """One line of the list before finishing: Enter goes to the question."""

    key: str
    section: str
    label: str
    sentence: str
    tone: Tone


@dataclass(frozen=True)
class SurveyState:
    """`focus` asks for the cursor: (key, how many times asked), so that asking twice for the same question works."""

    title: str = ""
    subtitle: str = ""
    ready: bool = False
    locked: bool = False
    notices: tuple[str, ...] = ()
    sections: tuple[SectionMark, ...] = ()
    current: str = ""
    section_label: str = ""
    section_hint: str = ""
    rows: tuple[RowState, ...] = ()
    explanation: ExplanationState | None = None
    answered: int = 0
    required: int = 0
    missing: tuple[MissingState, ...] | None = None
    focus: tuple[str, int] = ("", 0)
    ahead: tuple[str, tuple[RowState, ...]] = ("", ())  # path and rows of the section that Enter comes to next
    goes_on: bool = False  # a digit that leaves no doubt goes on to the next question by itself
    opened: str = ""  # why the count of questions changed: "Câu 7 mở thêm 3 câu."
    record: tuple[str, bool] = ("", False)  # the survey in sight, and whether something of it is only in its draft
    what_if: bool = False  # answers are tried on a copy of the survey: nothing is stored
    trial: str = ""  # a form that is only tried out: the sentence that nothing is stored
