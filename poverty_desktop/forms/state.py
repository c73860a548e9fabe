"""What a screen shows of a questionnaire that is being filled in: frozen pictures, in the language of the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.definition import QuestionKind, Range, Tone

ProblemKind = Literal["required", "constraint", "type"]


@dataclass(frozen=True)
class FormProblem:
    """What is wrong with one answer. `message` is the form's own sentence in the session's language, or ""."""

    key: str
    kind: ProblemKind
    message: str
    tone: Tone = "red"
    code: str = "forms.constraint"  # sentence of the catalogue when the form has none of its own
    facts: tuple[tuple[str, str], ...] = ()  # what the sentence of the catalogue names

    def sentence(self, texts: Texts) -> str:
        return self.message or texts(self.code, **dict(self.facts))


@dataclass(frozen=True)
class QuestionState:
    """One question instance. `value` is the stored text ("" for none), also while the question is not relevant.

    `choices` are (value, label) pairs in the order of the form; `problem` is what to say beside the field (type, constraint);
    an empty required answer is told by `missing` only, for the list at the end.
    """

    key: str
    path: str
    kind: QuestionKind
    label: str
    hint: str
    guidance: str
    appearance: str
    choices: tuple[tuple[str, str], ...]
    relevant: bool
    required: bool
    readonly: bool
    value: str
    missing: bool
    problem: FormProblem | None
    range: Range | None = None
    max_pixels: int | None = None
    accept: str = ""  # file types, for a file question
    media: Mapping[str, str] = field(default_factory=dict)  # other forms of the label: "short", "image", "audio"…


@dataclass(frozen=True)
class InstanceState:
    """One instance of a repeat. `key` is "roster/<member id>"; `keys` are its relevant questions in paper order.

    `items` are what stands in it as in a section: keys, groups, and nested repeats, whose cells are not among `keys`.
    """

    key: str
    instance: str
    label: str
    keys: tuple[str, ...]
    items: tuple[str | GroupState | RepeatState, ...] = ()


@dataclass(frozen=True)
class RepeatState:
    """A repeat: a grid on the screen. `columns` are the question paths that are shown in at least one instance.

    A cell is the question `f"{instance.key}/{name}"`, and is empty on screen when it is not in `instance.keys`.
    """

    path: str
    key: str
    label: str
    columns: tuple[str, ...]
    instances: tuple[InstanceState, ...]
    may_add: bool
    may_remove: bool
    counted: bool = False  # the form decides how many there are (repeat_count)


@dataclass(frozen=True)
class GroupState:
    """A group inside a section; `items` as in `SectionState`."""

    path: str
    key: str
    label: str
    appearance: str
    items: tuple[str | GroupState | RepeatState, ...]


@dataclass(frozen=True)
class SectionState:
    """A section as on paper. `items` in paper order: question keys (text), groups and repeats; what does not apply is left
    out, and computed questions without a label too. `keys` are all visible question keys, flat, those of repeats included."""

    path: str
    label: str
    hint: str
    appearance: str
    relevant: bool
    items: tuple[str | GroupState | RepeatState, ...]
    keys: tuple[str, ...]
