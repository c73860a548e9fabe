"""What a questionnaire is, once its XForm was read: sections, questions, choices and words. Immutable.

Paths are relative to the root of the primary instance and never hold a repeat instance: "roster/schooling". The *key* of an
answer is the path with the instance keys of its repeats put in: "roster/<member id>/schooling" (`keys.py`).
Source of the structure: the ODK XForms specification (https://getodk.github.io/xforms-spec/).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from poverty_desktop.forms.nodes import Node
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
_ONCE = re.compile(r"\bonce\s*\(")
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
    itemset: str | None = None  # where the choices come from, unless all of `choices` apply always
    itemset_value: str = "name"  # of a row of the itemset: its value and its label, as XPath below the row
    itemset_label: str = "label"
    range: Range | None = None  # of an integer or decimal question that is asked on a scale
    max_pixels: int | None = None  # longest side of an image
    accept: str = ""  # file types of a file question: ".pdf,.xlsx"
    media: Mapping[str, Words] = field(default_factory=dict)  # other forms of the label: "short", "image", "audio"…
    attributes: Mapping[str, str] = field(default_factory=dict)  # what else stands on the control, for whom it may concern
    preload: str = ""  # what fills it in by itself: "timestamp start", "date today", "property deviceid", "uid"
    save_to: str = ""  # the property of an entity that it becomes
    meta: bool = False  # the record's own data: never shown, not among questions()
    changes: bool = False  # by nature from one review to the next (age, work): never taken over from last year's survey

    @property
    def kept(self) -> bool:
        """Whether its value is stored: an answer, or a calculation that is made only once."""
        return not self.calculate or bool(_ONCE.search(self.calculate))


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
    initial: tuple[Mapping[str, str], ...] = ()  # instances of a new record that the form fills in, by keys below the instance
    meta: bool = False

    def questions(self) -> Iterator[Question]:
        """All questions below, in paper order."""
        for item in self.items:
            if isinstance(item, Question):
                yield item
            elif not item.meta:
                yield from item.questions()


@dataclass(frozen=True)
class Action:
    """A `<setvalue>`: when one of `events` happens to `source`, the question `target` gets what `value` (XPath) gives there.

    Paths are those of questions and repeats; `source` is "" for events of the whole record.
    """

    events: frozenset[str]
    source: str
    target: str
    value: str


@dataclass(frozen=True)
class FormDefinition:
    """A released questionnaire. `hash` is the SHA-256 (hex) of the XForm bytes: surveys keep it with id and version.

    `official` is false for a form whose root bears `official="no"` (setting `attribute::official`): demonstration points,
    every screen and print must say so. `standard` is the poverty standard by whose order the form numbers its indicators (root
    attribute `standard`, setting `attribute::standard`; "" where the form says nothing). Every question stands in a section;
    questions outside of groups make sections without a name: the first has the path "", a later one that of its first question.
    `meta` holds the record's own data (instanceID, instanceName, entity). `external` are the lists outside of the form: the name
    of the file by instance, `files` what stands in those files, by name. `itext` are all words of the form by their id.
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
    meta: Group | None = None
    actions: tuple[Action, ...] = ()
    language_names: Mapping[str, str] = field(default_factory=dict)  # "Tiếng Việt (vi)" by "vi"
    external: Mapping[str, str] = field(default_factory=dict)
    itext: Mapping[str, Words] = field(default_factory=dict, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def parse(cls, xml: bytes, files: Mapping[str, bytes] | None = None) -> FormDefinition:
        """Read an XForm; `files` are the lists that go with it. Raises KnownProblem "forms.not_an_xform" (reason) |
        "forms.unsupported" (element, path) | "forms.circular" (path) | "forms.broken_expression" (path, expression, reason) |
        "forms.no_such_node" (path, element)."""
        from poverty_desktop.forms.xform import read_xform

        return read_xform(xml, hashlib.sha256(xml).hexdigest(), files or {})

    @cached_property
    def plan(self) -> Plan:
        """How the form is computed: made once, shared by all its sessions."""
        from poverty_desktop.forms.plan import make_plan

        return make_plan(self)

    @cached_property
    def lists(self) -> Mapping[str, Node]:
        """What stands in `files`, by instance; read once, shared by all sessions. Raises KnownProblem "forms.unreadable_list"."""
        from poverty_desktop.forms.lists import external_lists

        return external_lists(self.external, self.files)

    def language(self, wanted: str) -> str | None:
        """The code of one of the form's languages, asked for by code or by name; None when the form has no such language."""
        named = {name.lower(): code for code, name in self.language_names.items()} | {one.lower(): one for one in self.languages}
        return named.get(wanted.strip().lower())

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions()

    def question(self, path: str) -> Question:
        """The question of a path without instance keys; KeyError when there is none."""
        return self._by_path[path]

    @cached_property
    def _by_path(self) -> dict[str, Question]:
        return {question.path: question for question in self.questions()}
