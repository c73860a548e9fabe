"""Whether a text is an answer of its kind: XForms lexical forms (XML Schema int, decimal, date)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from poverty_desktop.forms.definition import QuestionKind

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def type_fault(kind: QuestionKind, text: str, choices: Collection[str]) -> str | None:
    """The catalogue key of what is wrong with a text that is not empty, None when it is an answer of its kind."""
    if kind == "integer" and not _INTEGER.fullmatch(text):
        return "forms.not_an_integer"
    if kind == "decimal" and not _DECIMAL.fullmatch(text):
        return "forms.not_a_number"
    if kind == "date" and not _is_day(text):
        return "forms.not_a_date"
    if kind == "select_one" and text not in choices:
        return "forms.not_a_choice"
    if kind == "select_multiple" and not all(name in choices for name in text.split()):
        return "forms.not_a_choice"
    return None


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
