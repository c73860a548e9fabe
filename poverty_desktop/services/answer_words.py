"""Answers in words, for paper and comparing: printed number and label of a choice, days and decimals as one writes them."""

from __future__ import annotations

from collections.abc import Sequence

from poverty_desktop.domain.dates import format_vietnamese, is_partial_date

Choices = Sequence[tuple[str, str]]
"""(value, label) in the order of the form."""


def numbered(choices: Choices) -> list[tuple[str, str, str]]:
    """(value, number, label): the number typed for a choice is the code itself where all codes are numbers, else the place."""
    own = all(value.isascii() and value.isdigit() for value, _ in choices)
    return [(value, value if own else str(place), label) for place, (value, label) in enumerate(choices, start=1)]


def chosen(kind: str, value: str) -> list[str]:
    """The names that stand in an answer to a choice."""
    return value.split() if kind in ("select_multiple", "rank") else [value] if value else []


def answer_words(kind: str, value: str, choices: Choices, *, numbers: bool = True) -> str:
    """ "2 Không", "1 Ti vi, 7 Điện thoại thông minh", "02/05/1987", "6,5"; the text itself where it is none of these."""
    if kind in ("select_one", "select_multiple", "rank"):
        listed = {name: f"{number} {label}" if numbers else label for name, number, label in numbered(choices)}
        return ", ".join(listed.get(name, name) for name in chosen(kind, value))
    if kind == "date" and is_partial_date(value):
        return format_vietnamese(value)
    return value.replace(".", ",") if kind == "decimal" else value


def answer_numbers(kind: str, value: str, choices: Choices) -> str:
    """The answer as it is written into a cell of a grid: only the numbers of what was chosen."""
    if kind not in ("select_one", "select_multiple", "rank"):
        return answer_words(kind, value, choices)
    listed = {name: number for name, number, _ in numbered(choices)}
    return ", ".join(listed.get(name, name) for name in chosen(kind, value))
