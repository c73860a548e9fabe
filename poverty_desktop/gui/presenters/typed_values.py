"""What an officer types, turned into the text that a form keeps (XForms lexical space), and back for reading.

A draft accepts anything: what cannot be understood is kept as it was typed, and the form's own rules speak about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence

from poverty_desktop.domain.names import fold, nfc
from poverty_desktop.gui.presenters.typed_moments import (
    day_lexical,
    day_shown,
    moment_lexical,
    moment_shown,
    time_lexical,
    time_shown,
)
from poverty_desktop.gui.presenters.typed_places import point_lexical, point_shown, points_lexical, points_shown

_GROUPED = re.compile(r"^[+-]?\d{1,3}([. \u00a0]\d{3})+$")
_MILLIONS = re.compile(r"^[+-]?\d{1,3}([. \u00a0]\d{3}){2,}$")
_WHOLE = re.compile(r"^[+-]?\d+$")
_DECIMAL = re.compile(r"^([+-]?\d*)[.,](\d+)$")

Reading = Callable[[str], str]


def to_lexical(kind: str, typed: str, century_end: int = 2040, appearance: str = "") -> str:
    """`typed` as the answer of a question of this kind; "" means no answer. Two-digit years end at `century_end`."""
    text = nfc(typed)
    looks = appearance.split()
    read: dict[str, Reading] = {
        "integer": _whole,
        "decimal": _decimal,
        "date": lambda text: day_lexical(text, century_end, looks),
        "time": time_lexical,
        "datetime": lambda text: moment_lexical(text, century_end),
        "geopoint": point_lexical,
        "geotrace": lambda text: points_lexical(_lines(typed), closed=False),
        "geoshape": lambda text: points_lexical(_lines(typed), closed=True),
        "text": lambda text: _lines(typed),
        "barcode": lambda text: unicodedata.normalize("NFC", typed.strip()),  # a code is kept to the letter
    }
    return read[kind](text) if kind in read else text


def to_shown(kind: str, value: str | None, appearance: str = "") -> str:
    """The answer as a Vietnamese reader writes it: 1.500.000, 45,5, 02/09/2026 and 07:30."""
    if not value:
        return ""
    looks = appearance.split()
    write: dict[str, Reading] = {
        "integer": _whole_shown,
        "decimal": _decimal_shown,
        "date": lambda value: day_shown(value, looks),
        "time": time_shown,
        "datetime": moment_shown,
        "geopoint": point_shown,
        "geotrace": points_shown,
        "geoshape": points_shown,
    }
    return write[kind](value) if kind in write else value


def _lines(typed: str) -> str:
    """Text of several lines, each as every boundary stores it; none of blanks only at either end."""
    return "\n".join(nfc(line) for line in typed.replace("\u2028", "\n").replace("\u2029", "\n").split("\n")).strip("\n")


def _whole(text: str) -> str:
    plain = re.sub(r"[. \u00a0]", "", text) if _GROUPED.match(text) else text
    return str(int(plain)) if _WHOLE.match(plain) else plain


def _whole_shown(value: str) -> str:
    """A year is no sum: numbers of four digits stand without a dot."""
    return _grouped(value) if _WHOLE.match(value) and len(value.lstrip("+-")) > 4 else value


def _decimal(text: str) -> str:
    """A comma is the decimal sign; a single dot is too, since a number pad types one ("45.5"). A dot behind the comma is neither:
    "1,234.5" stays as it was typed."""
    if _MILLIONS.match(text):
        return _whole(text)
    if _WHOLE.match(text):
        return str(int(text))
    whole, comma, part = text.partition(",")
    found = _DECIMAL.match(re.sub(r"[. \u00a0]", "", whole) + comma + re.sub(r"[ \u00a0]", "", part) if comma else text)
    if found is None:
        return text
    sign = "-" if found[1].startswith("-") else ""
    return f"{sign}{int(found[1].lstrip('+-') or 0)}.{found[2]}"


def _decimal_shown(value: str) -> str:
    """Thousands are parted only where they read back as such: "12.500" alone would come back as twelve and a half."""
    if not re.match(r"^[+-]?\d+(\.\d+)?$", value):
        return value
    whole, _, part = value.partition(".")
    digits = len(whole.lstrip("+-"))
    if part:
        return f"{_grouped(whole) if digits > 4 else whole},{part}"
    return _grouped(whole) if digits > 6 else whole


def _grouped(whole: str) -> str:
    sign, digits = ("-" if whole.startswith("-") else "", whole.lstrip("+-"))
    return f"{sign}{int(digits):,}".replace(",", ".")


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
