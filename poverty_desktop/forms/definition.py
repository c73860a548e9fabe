"""What a questionnaire is, once its XForm was read: sections, questions, choices and words. Immutable.

Paths are relative to the root of the primary instance and never hold a repeat instance: "roster/schooling". The *key* of an
answer is the path with the instance keys of its repeats put in: "roster/<member id>/schooling" (`keys.py`).
Source of the structure: the ODK XForms specification (https://getodk.github.io/xforms-spec/).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from poverty_desktop.forms.plan import Plan

QuestionKind = Literal[
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "datetime",
    "select_one",
    "select_multiple",
    "rank",
    "note",
    "calculate",
    "hidden",
    "acknowledge",
    "barcode",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "audio",
    "video",
    "file",
]
CHOOSING: frozenset[QuestionKind] = frozenset({"select_one", "select_multiple", "rank"})
MEDIA: frozenset[QuestionKind] = frozenset({"image", "audio", "video", "file"})
Tone = Literal["red", "amber"]


@dataclass(frozen=True)
class Words:
    """Words of the form by language ("vi", "en"). A word may hold answers: then its parts are text and XPath in turns.

    `parts[language]` is a tuple of strings; every odd one is an XPath expression (the `<output value>` of the XForm).
    """

    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.parts.values())

    def plain(self, language: str) -> str:
        """The words without the answers in them; the first language that has any stands in for one that is missing."""
        return "".join(self.choose(language)[::2])

    def choose(self, language: str) -> tuple[str, ...]:
        return self.parts.get(language) or next((parts for parts in self.parts.values() if parts), ())


@dataclass(frozen=True)
class Range:
    """The numbers a range question offers: from `start` to `end` by `step`. A step may lead downwards."""

    start: Decimal
    end: Decimal
    step: Decimal


@dataclass(frozen=True)
class Choice:
    """One possible answer. `columns` are the other columns of the choices sheet (points, filters), all as text.

    `media` holds the other forms of the label: "short", "long", "image", "big-image", "audio", "video".
    """

    value: str
    label: Words
    columns: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One question of the form. Expressions are XPath text as in the XForm, None where the form has none."""

    path: str
    name: str
    kind: QuestionKind
    label: Words = Words()
    hint: Words = Words()
    guidance: Words = Words()  # longer help: the threshold in the words of the standard
    appearance: str = ""
    choices: tuple[Choice, ...] = ()
    relevant: str | None = None
    required: str | None = None
    required_message: Words = Words()
    constraint: str | None = None
    constraint_message: Words = Words()
    tone: Tone = "red"  # amber: the constraint is a doubt that the officer may accept with a reason
    readonly: str | None = None
    calculate: str | None = None
    default: str | None = None  # an expression too; a constant is quoted
    itemset: str | None = None  # the filtered choice list, when the form filters its choices
    range: Range | None = None  # of an integer or decimal question that is asked on a scale
    max_pixels: int | None = None  # longest side of an image
    accept: str = ""  # file types of a file question: ".pdf,.xlsx"
    media: Mapping[str, Words] = field(default_factory=dict)  # other forms of the label: "short", "image", "audio"…
    attributes: Mapping[str, str] = field(default_factory=dict)  # what else stands on the control, for whom it may concern
    changes: bool = False  # by nature from one review to the next (age, work): never taken over from last year's survey


@dataclass(frozen=True)
class Group:
    """A group, or a repeat when `repeat` is true. Top-level groups and repeats are the sections of the screen."""

    path: str
    name: str
    label: Words = Words()
    hint: Words = Words()
    appearance: str = ""
    relevant: str | None = None
    repeat: bool = False
    may_add: bool = False  # false with jr:noAddRemove or a computed count
    items: tuple[Question | Group, ...] = ()
    count: str | None = None  # how many instances a repeat has, when the form says so (repeat_count)

    def questions(self) -> Iterator[Question]:
        """All questions below, in paper order."""
        for item in self.items:
            if isinstance(item, Question):
                yield item
            else:
                yield from item.questions()


@dataclass(frozen=True)
class FormDefinition:
    """A released questionnaire. `hash` is the SHA-256 (hex) of the XForm bytes: surveys keep it with id and version.

    `official` is false for a form whose root bears `official="no"` (setting `attribute::official`): demonstration points,
    every screen and print must say so. `standard` is the poverty standard by whose order the form numbers its indicators (root
    attribute `standard`, setting `attribute::standard`; "" where the form says nothing). Every question stands in a section;
    questions outside of groups make a section of their own with path "" (no title).
    """

    form_id: str
    version: str
    hash: str
    title: str
    official: bool
    languages: tuple[str, ...]
    sections: tuple[Group, ...]
    xml: bytes = field(repr=False, compare=False, default=b"")
    standard: str = ""

    @classmethod
    def parse(cls, xml: bytes) -> FormDefinition:
        """Read an XForm. Raises KnownProblem "forms.not_an_xform" | "forms.unsupported" (element) | "forms.circular" (path)
        | "forms.broken_expression" (path, expression)."""
        from poverty_desktop.forms.xform import read_xform

        return read_xform(xml, hashlib.sha256(xml).hexdigest())

    @cached_property
    def plan(self) -> Plan:
        """How the form is computed: made once, shared by all its sessions."""
        from poverty_desktop.forms.plan import make_plan

        return make_plan(self)

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions()

    def question(self, path: str) -> Question:
        """The question of a path without instance keys; KeyError when there is none."""
        return next(question for question in self.questions() if question.path == path)
