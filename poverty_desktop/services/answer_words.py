"""Answers in words, for paper and comparing: printed number and label of a choice, days and decimals as one writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from poverty_desktop.domain.dates import format_vietnamese, is_partial_date
from poverty_desktop.forms import Question

CHOICES = ("select_one", "select_multiple", "rank")


@dataclass(frozen=True)
class Numbered:
    """One possible answer with the number that is typed for it. `group` is what a choice filter asks of another answer: the
    numbers begin anew in each group, as on the screen, which lists one group at a time."""

    value: str
    number: str
    label: str
    group: tuple[str, ...] = ()


def numbered(question: Question, language: str) -> list[Numbered]:
    """The choices of a question as they are numbered on screen: the code itself where all codes are numbers, else the place."""
    own = all(choice.value.isascii() and choice.value.isdigit() for choice in question.choices)
    columns = _filtered_by(question)
    found: list[Numbered] = []
    for choice in question.choices:
        group = tuple(choice.columns.get(name, "") for name in columns)
        place = 1 + sum(one.group == group for one in found)
        found.append(Numbered(choice.value, choice.value if own else str(place), choice.label.plain(language), group))
    return found


def _filtered_by(question: Question) -> list[str]:
    """The columns of the choices sheet that the filter holds against other answers."""
    names = dict.fromkeys(name for choice in question.choices for name in choice.columns)
    return [name for name in names if re.search(rf"[\[( ]{re.escape(name)}\s*=", question.itemset or "")]


def chosen(kind: str, value: str) -> list[str]:
    """The names that stand in an answer to a choice."""
    return value.split() if kind in ("select_multiple", "rank") else [value] if value else []


def answer_words(question: Question, value: str, language: str, *, numbers: bool = True) -> str:
    """ "2 Không", "1 Ti vi, 7 Điện thoại thông minh", "02/05/1987", "6,5"; the text itself where it is none of these."""
    if question.kind in CHOICES:
        listed = {one.value: f"{one.number} {one.label}" if numbers else one.label for one in numbered(question, language)}
        return _joined(question.kind, value, listed.items())
    if question.kind == "date" and is_partial_date(value):
        return format_vietnamese(value)
    return value.replace(".", ",") if question.kind == "decimal" else value


def answer_numbers(question: Question, value: str, language: str) -> str:
    """The answer as it is written into a cell of a grid: only the numbers of what was chosen."""
    if question.kind not in CHOICES:
        return answer_words(question, value, language)
    return _joined(question.kind, value, ((one.value, one.number) for one in numbered(question, language)))


def _joined(kind: str, value: str, words: Iterable[tuple[str, str]]) -> str:
    listed = dict(words)
    return ", ".join(listed.get(name, name) for name in chosen(kind, value))


def legend(question: Question, language: str, others: Sequence[Question]) -> str:
    """What the numbers mean, in one line; by group where a filter begins them anew ("Đang làm việc: 1 …; 2 …")."""
    found = numbered(question, language)
    groups = list(dict.fromkeys(one.group for one in found))
    if len(groups) < 2:
        return "; ".join(f"{one.number} {one.label}" for one in found)
    words = {(other.name, choice.value): choice.label.plain(language) for other in others for choice in other.choices}
    columns = _filtered_by(question)
    parts = []
    for group in groups:
        when = ", ".join(words.get((name, value), value) for name, value in zip(columns, group, strict=True))
        listed = "; ".join(f"{one.number} {one.label}" for one in found if one.group == group)
        parts.append(f"[{when}] {listed}")
    return " ".join(parts)
