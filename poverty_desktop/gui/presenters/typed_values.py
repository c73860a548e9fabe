"""What an officer types, turned into the text that a form keeps (XForms lexical space), and back for reading.

A draft accepts anything: what cannot be understood is kept as it was typed, and the form's own rules speak about it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from poverty_desktop.domain.names import fold, nfc

_GROUPED = re.compile(r"^[+-]?\d{1,3}([. \u00a0]\d{3})+$")
_WHOLE = re.compile(r"^[+-]?\d+$")
_DECIMAL = re.compile(r"^[+-]?\d+[.,]\d+$")
_DAY = re.compile(r"^(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{2}|\d{4})$")
_DAY_DIGITS = re.compile(r"^(\d{2})(\d{2})(\d{2}|\d{4})$")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def to_lexical(kind: str, typed: str, century_end: int = 2040) -> str:
    """`typed` as the answer of a question of this kind; "" means no answer. Two-digit years end at `century_end`."""
    text = nfc(typed)
    if kind == "integer":
        return _whole(text)
    if kind == "decimal":
        return _decimal(text)
    if kind == "date":
        return _day(text, century_end)
    return text


def to_shown(kind: str, value: str | None) -> str:
    """The answer as a Vietnamese reader writes it: 1.500.000, 45,5 and 02/09/2026."""
    if not value:
        return ""
    if kind == "integer" and _WHOLE.match(value):
        return value if len(value.lstrip("+-")) < 5 else f"{int(value):,}".replace(",", ".")  # a year is no sum
    if kind == "decimal" and re.match(r"^[+-]?\d+(\.\d+)?$", value):
        return value.replace(".", ",")  # no thousands: "1.250" read back would be 1,25
    if kind == "date" and _ISO.match(value):
        return "/".join(reversed(value.split("-")))
    return value


def _whole(text: str) -> str:
    plain = re.sub(r"[. \u00a0]", "", text) if _GROUPED.match(text) else text
    return str(int(plain)) if _WHOLE.match(plain) else plain


def _decimal(text: str) -> str:
    """A comma is the decimal sign; a single dot is too, since a number pad types one ("45.5")."""
    if _WHOLE.match(text):
        return str(int(text))
    if "," in text:
        text = text.replace(".", "")
    if _DECIMAL.match(text):
        whole, part = re.split(r"[.,]", text)
        return f"{int(whole)}.{part}"
    return text


def _day(text: str, century_end: int) -> str:
    match = _DAY.match(text) or _DAY_DIGITS.match(text)
    if match is None:
        return text
    day, month, year = (int(part) for part in match.groups())
    if year < 100:
        year += 2000 if year + 2000 <= century_end else 1900
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text


def choose(typed: str, labels: list[str], numbers: list[str]) -> int | None:
    """Index of the one option meant by typed digits (its printed number) or by first letters of its words; None if none.

    With letters the first option whose label, or a word of it, begins so is taken: đ and diacritics do not matter.
    """
    wanted = fold(typed)
    if not wanted:
        return None
    if wanted in numbers:
        return numbers.index(wanted)
    folded = [fold(label) for label in labels]
    for index, label in enumerate(folded):
        if label.startswith(wanted):
            return index
    for index, label in enumerate(folded):
        if any(word.startswith(wanted) for word in label.split()):
            return index
    return None


def still_possible(typed: str, numbers: list[str]) -> bool:
    """Whether one more digit could still make another printed number ("1" where there is a 12)."""
    return any(number != typed and number.startswith(typed) for number in numbers)


def ticked(values: Sequence[str], chosen: Collection[str], typed: str, found: int, numbers: list[str]) -> str:
    """The ticks of select many after `typed` meant option `found`: its tick is turned over, and the one that the first digit
    of a longer number had turned is turned back ("1" then "2" where there is a 12 means 12 alone)."""
    turned = {found}
    if typed.isdigit() and len(typed) > 1 and typed[:-1] in numbers:
        turned.add(numbers.index(typed[:-1]))
    return " ".join(value for place, value in enumerate(values) if (value in chosen) != (place in turned))
