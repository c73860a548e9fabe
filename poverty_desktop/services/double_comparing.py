"""Two keyings of one paper held against each other, answer by answer; and the error rates that follow. Pure.

Compared is what a person reads from the paper: not what the form computes, nor what the register answers. An answer that the one
asked for and the other did not (another answer opened it) counts as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from poverty_desktop.domain.names import nfc
from poverty_desktop.forms import FormSession, Question
from poverty_desktop.services.answer_words import answer_words, chosen, numbered
from poverty_desktop.services.survey_sheet import SurveySheet

_SILENT = ("note", "calculate", "hidden", "geopoint", "image", "audio", "video", "file")


def keyed(session: FormSession, blank: FormSession) -> dict[str, str]:
    """The answers that count and that a person keyed. `blank` is the paper before anybody wrote on it: what stands there already
    and stands here unchanged was not keyed."""
    questions = {question.path: question for question in session.definition.questions()}
    given = set(blank.question_keys())
    found = {}
    for key in session.question_keys():
        state = session.question(key)
        question = questions[state.path]
        if question.kind in _SILENT or question.calculate or state.readonly or not state.relevant or not state.value:
            continue
        if key not in given or blank.value(key) != state.value:
            found[key] = state.value
    return found


def differing(first: FormSession, second: FormSession, blank: FormSession) -> dict[str, tuple[str, str]]:
    """key -> (first, second) of the answers that are not the same; "" for none."""
    kinds = {question.path: question.kind for question in first.definition.questions()}
    one, other = keyed(first, blank), keyed(second, blank)
    found = {}
    for key in [*one, *(key for key in other if key not in one)]:
        session = first if key in first.question_keys() else second
        values = (one.get(key) or _unkeyed(first, key), other.get(key) or _unkeyed(second, key))
        if not is_same(kinds[session.question(key).path], *values):
            found[key] = values
    return found


def _unkeyed(session: FormSession, key: str) -> str:
    """The answer that stands there without having been keyed: the register's, left as it was."""
    return session.value(key) if key in session.question_keys() and session.relevant(key) else ""


def is_same(kind: str, one: str, other: str) -> bool:
    """Whether two texts are the same answer: blanks and the writing of numbers aside, choices in any order."""
    if kind == "select_multiple":
        return set(chosen(kind, one)) == set(chosen(kind, other))
    if kind in ("integer", "decimal") and one and other:
        try:
            return Decimal(one) == Decimal(other)
        except InvalidOperation:
            return one == other
    return nfc(" ".join(one.split())) == nfc(" ".join(other.split()))


def label_of(sheet: SurveySheet, key: str) -> tuple[str, str]:
    """(section, question) in words; for a person's question with the name before it."""
    keys = set(sheet.session.question_keys())
    if key not in keys:
        return "", key
    question = sheet.session.question(key)
    parts = key.split("/")
    above = ["/".join((*parts[:place], "full_name")) for place in range(len(parts) - 1, 0, -1)]
    name = next((sheet.session.value(one) for one in above if one in keys and one != key), "")
    section = next((one.label for one in sheet.session.sections() if key.startswith(f"{one.path}/")), "")
    label = question.label or parts[-1]
    return section, f"{name}: {label}" if name else label


def question_of(sheet: SurveySheet, key: str) -> Question | None:
    """The question of an answer key; None when the form has it no longer."""
    paths = {question.path: question for question in sheet.form.questions()}
    if key in sheet.session.question_keys():
        return paths.get(sheet.session.question(key).path)
    parts = key.split("/")
    return paths.get(key) or paths.get("/".join((parts[0], *parts[2:])))


def words_of(sheet: SurveySheet, key: str, value: str) -> str:
    question = question_of(sheet, key)
    return answer_words(question, value, sheet.session.language) if question else value


def choices_of(sheet: SurveySheet, key: str) -> tuple[tuple[str, str], ...]:
    """(value, "2 Không") of a choice, for a third value."""
    question = question_of(sheet, key)
    listed = numbered(question, sheet.session.language) if question else []
    return tuple((one.value, f"{one.number} {one.label}") for one in listed)


# --- error rates -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """`differing` of `compared` answers were not the same in both keyings. `name`: a person or a question."""

    name: str
    surveys: int
    compared: int
    differing: int

    @property
    def per_cent(self) -> float:
        return 100 * self.differing / self.compared if self.compared else 0.0


@dataclass(frozen=True)
class Compared:
    """One survey keyed twice: who keyed it first, the questions compared (one for each answer), and those that differ."""

    first_by: str
    compared: tuple[str, ...]
    differing: tuple[str, ...]


def rates_by_officer(entries: Iterable[Compared]) -> list[Rate]:
    """Of whoever keyed first, by name."""
    found: dict[str, list[Compared]] = {}
    for entry in entries:
        found.setdefault(entry.first_by, []).append(entry)
    return [
        Rate(name, len(mine), sum(len(one.compared) for one in mine), sum(len(one.differing) for one in mine))
        for name, mine in sorted(found.items())
    ]


def rates_by_question(entries: Iterable[Compared]) -> list[Rate]:
    """Of each question that was compared at all: the most errors first."""
    compared: dict[str, int] = {}
    differ: dict[str, int] = {}
    surveys: dict[str, set[int]] = {}
    for place, entry in enumerate(entries):
        for question in entry.compared:
            compared[question] = compared.get(question, 0) + 1
            surveys.setdefault(question, set()).add(place)
        for question in entry.differing:
            differ[question] = differ.get(question, 0) + 1
    found = [Rate(name, len(surveys[name]), count, differ.get(name, 0)) for name, count in compared.items()]
    return sorted(found, key=lambda rate: (-rate.differing, -rate.per_cent, rate.name))


def counts_of(answers: Mapping[str, object], differences: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """(keys compared, keys that differ)."""
    return [*answers, *(key for key in differences if key not in answers)], list(differences)
