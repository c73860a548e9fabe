"""Draws the sections of a form that is being filled in, and draws again only what an answer changed. Pure, no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import GroupState, RepeatState, SectionState
from poverty_desktop.gui.presenters.indicator_rows import with_reasons
from poverty_desktop.gui.presenters.survey_fields import SILENT, Fields
from poverty_desktop.gui.presenters.survey_repeats import Items, Repeats, keys_of
from poverty_desktop.gui.presenters.survey_state import (
    FrameState,
    HeadingState,
    MissingState,
    Progress,
    RowState,
    SectionMark,
    Tone,
)

_FRAMED = {"field-list", "table-list"}


@dataclass(frozen=True)
class Count:
    """What stands in a section: questions asked, of them answered; required, of them answered; something red; a gap."""

    asked: int = 0
    answered: int = 0
    required: int = 0
    given: int = 0
    red: bool = False

    def __add__(self, other: Count) -> Count:
        given = (self.asked + other.asked, self.answered + other.answered)
        return Count(*given, self.required + other.required, self.given + other.given, self.red or other.red)


class FormPicture:
    """`sections` are those that apply, with their question keys in paper order (also those of nested repeats)."""

    def __init__(self, fields: Fields, repeats: Repeats) -> None:
        self.fields, self.repeats = fields, repeats
        self.session = fields.session
        self.sections: tuple[SectionState, ...] = ()
        self._home: dict[str, str] = {}  # key -> path of its section
        self._counts: dict[str, Count] = {}
        self._lay_out()

    def refresh(self, changed: Iterable[str]) -> None:
        """An answer changed what these keys show."""
        turned, touched = False, set()
        for key in changed:
            if self._turned(key):
                turned = True
            elif key in self._home:
                touched.add(self._home[key])
        if turned:
            before = {section.path: section for section in self.sections}
            self._lay_out()
            touched |= {section.path for section in self.sections if before.get(section.path) != section}
        for section in self.sections:
            if section.path in touched:
                self._counts[section.path] = self._count(section)

    def _turned(self, key: str) -> bool:
        """Whether a question came or went, or a group or instance has to do with it."""
        try:
            question = self.session.question(key)
        except KeyError:
            return True
        if question.kind in ("calculate", "hidden"):
            return False
        return question.relevant != (key in self._home)

    def _lay_out(self) -> None:
        listed = (one for one in self.session.sections() if one.relevant and one.items)
        self.sections = tuple(replace(one, keys=tuple(keys_of(one.items))) for one in listed)
        self._home = {key: section.path for section in self.sections for key in section.keys}
        self._counts = {one.path: self._counts.get(one.path) or self._count(one) for one in self.sections}

    def _count(self, section: SectionState) -> Count:
        asked = answered = required = given = 0
        red = False
        for key in section.keys:
            question = self.session.question(key)
            if question.required and question.kind not in SILENT:
                required += 1
                given += bool(question.value)
            if self.fields.asked(question):
                asked += 1
                answered += bool(question.value)
                red = red or (question.problem is not None and question.problem.tone == "red")
        return Count(asked, answered, required, given, red)

    # --- what is shown ---------------------------------------------------------------------------------------------

    @property
    def total(self) -> Count:
        return sum(self._counts.values(), Count())

    def marks(self) -> tuple[SectionMark, ...]:
        return tuple(self._mark(section) for section in self.sections)

    def _mark(self, section: SectionState) -> SectionMark:
        count = self._counts[section.path]
        progress = _progress(count, shown=bool(section.keys))
        return SectionMark(section.path, self.title(section), progress, count.answered, count.asked)

    def title(self, section: SectionState) -> str:
        return short(section.label or self.session.definition.title)

    def section(self, path: str) -> SectionState | None:
        return next((one for one in self.sections if one.path == path), None)

    def section_of(self, key: str) -> SectionState | None:
        return self.section(self._home[key]) if key in self._home else None

    def writable(self, section: SectionState) -> list[str]:
        return [key for key in section.keys if self.fields.asked(self.session.question(key))]

    def rows(self, items: Items) -> tuple[RowState, ...]:
        """The rows of a section, or of a part of one, in paper order."""
        found: list[RowState] = []
        for item in items:
            if isinstance(item, str):
                found.append(self.fields.of(item))
            elif isinstance(item, RepeatState):
                found.append(self.repeats.row(item, self.rows))
            else:
                found += self._group(item)
        return tuple(with_reasons(found, self.fields.texts))

    def _group(self, group: GroupState) -> tuple[RowState, ...]:
        rows = self.rows(group.items)
        if _FRAMED & set(group.appearance.split()) and rows:
            return (FrameState(group.key, group.label, rows),)
        return (HeadingState(group.key, group.label), *rows) if group.label and rows else rows


def short(label: str) -> str:
    """The words of a section without what a demonstration form adds after a dash; the paper itself shows them whole."""
    return label.split(" — ")[0]


def _progress(count: Count, *, shown: bool) -> Progress:
    if not count.asked:
        return "computed" if shown else "nothing"
    if count.red:
        return "problem"
    if not count.answered:
        return "empty"
    return "begun" if count.given < count.required else "done"


def to_mend(picture: FormPicture, texts: Texts) -> tuple[MissingState, ...]:
    """What stands in the way of finishing, in paper order: red problems and empty answers, then doubts without a reason; and
    in grey the officer's own notes."""
    found = _hindrances(picture, texts)
    for key, note in picture.fields.notes.items():
        if picture.section_of(key) is not None and note:
            found.setdefault(key, (texts("survey.noted", note=note), "grey"))
    order = {key: (number, section) for number, (key, section) in enumerate(_placed(picture))}
    last = (len(order), "")
    ordered = sorted(found, key=lambda key: order.get(key, last)[0])
    return tuple(MissingState(key, order.get(key, last)[1], full_label(picture, key), *found[key]) for key in ordered)


def _hindrances(picture: FormPicture, texts: Texts) -> dict[str, tuple[str, Tone]]:
    reasons: Mapping[str, str] = picture.fields.reasons
    session = picture.session
    found: dict[str, tuple[str, Tone]] = {
        problem.key: (texts("survey.missing_answer") if problem.kind == "required" else problem.sentence(texts), problem.tone)
        for problem in session.problems()
        if problem.tone == "red" or not reasons.get(problem.key)
    }
    for key in session.missing():
        if session.question(key).readonly:
            found[key] = (texts("survey.missing_in_register"), "red")
        else:
            found.setdefault(key, (texts("survey.missing_answer"), "red"))
    return found


def _placed(picture: FormPicture) -> list[tuple[str, str]]:
    return [(key, picture.title(section)) for section in picture.sections for key in section.keys]


def full_label(picture: FormPicture, key: str) -> str:
    """The question in plain words, and for a question of a person the name before it."""
    question = picture.session.question(key)
    words = plain(question.label) or question.path.rsplit("/", 1)[-1]
    above, _, _ = key.rpartition("/")
    while above and question.path != key:
        name = f"{above}/full_name"
        if name != key and _has(picture, name):
            return f"{picture.session.value(name)}: {words}"
        above, _, _ = above.rpartition("/")
    return words


def _has(picture: FormPicture, key: str) -> bool:
    try:
        picture.session.value(key)
    except KeyError:
        return False
    return True


def plain(label: str) -> str:
    """One line of a label that may hold marks of Markdown and several lines."""
    return re.sub(r"[*_#]{2,}|</?\w+[^>]*>", "", " ".join(label.split()))
