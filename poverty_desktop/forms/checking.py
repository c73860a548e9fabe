"""Whether a text is an answer of its kind: the lexical forms of the ODK XForms specification, "Data Types"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from decimal import Decimal

from poverty_desktop.forms.definition import QuestionKind, Range

Facts = tuple[tuple[str, str], ...]
Fault = tuple[str, Facts]
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")


def type_fault(kind: QuestionKind, text: str, choices: Collection[str] | None, scale: Range | None = None) -> Fault | None:
    """The catalogue key of what is wrong with a text that is not empty, with its facts; None when it is an answer of its kind.

    `choices` None: nobody knows them here (the list is in a file that is not at hand).
    """
    if kind in _CHOICES:
        return None if choices is None else _CHOICES[kind](text, choices)
    if kind in _FORMS:
        is_one, code = _FORMS[kind]
        if not is_one(text):
            return code, ()
    return _off_scale(text, scale) if scale else None


def _off_scale(text: str, scale: Range) -> Fault | None:
    number = Decimal(text)
    low, high = sorted((scale.start, scale.end))
    if low <= number <= high and not (number - scale.start) % scale.step:
        return None
    return "forms.off_the_scale", (("start", f"{low:f}"), ("end", f"{high:f}"), ("step", f"{scale.step:f}"))


# --- choices -----------------------------------------------------------------------------------------------------------


def _one(text: str, choices: Collection[str]) -> Fault | None:
    return None if text in choices else ("forms.not_a_choice", ())


def _many(text: str, choices: Collection[str]) -> Fault | None:
    return None if all(name in choices for name in text.split()) else ("forms.not_a_choice", ())


def _ranking(text: str, choices: Collection[str]) -> Fault | None:
    names = text.split()
    if not all(name in choices for name in names):
        return "forms.not_a_choice", ()
    return None if len(names) == len(set(names)) == len(set(choices)) else ("forms.not_a_whole_ranking", ())


_CHOICES: dict[QuestionKind, Callable[[str, Collection[str]], Fault | None]] = {
    "select_one": _one,
    "select_multiple": _many,
    "rank": _ranking,
}


# --- lexical forms -----------------------------------------------------------------------------------------------------


def _reads(convert: Callable[[str], object], text: str) -> bool:
    try:
        convert(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    return bool(_DAY.fullmatch(text)) and _reads(date.fromisoformat, text)


def _is_time(text: str) -> bool:
    return bool(_TIME.fullmatch(text)) and _reads(time.fromisoformat, text)


def _is_moment(text: str) -> bool:
    day, _, moment = text.partition("T")
    return _is_day(day) and _is_time(moment) and _reads(datetime.fromisoformat, text)


def is_point(text: str) -> bool:
    """ "latitude longitude altitude accuracy"; the last two may be left out."""
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return False
    return abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180


def _points(text: str) -> list[str]:
    return [point.strip() for point in text.strip().rstrip(";").split(";")]


def _is_line(text: str) -> bool:
    points = _points(text)
    return len(points) >= 2 and all(map(is_point, points))


def _is_shape(text: str) -> bool:
    """A ring: at least three corners, and the first point again at the end."""
    points = _points(text)
    return len(points) >= 4 and all(map(is_point, points)) and points[0].split()[:2] == points[-1].split()[:2]


def _is_file_name(text: str) -> bool:
    return not any(mark in text for mark in "/\\\0") and text.strip(" .") != ""


_FORMS: dict[QuestionKind, tuple[Callable[[str], bool], str]] = {
    "integer": (lambda text: bool(_INTEGER.fullmatch(text)), "forms.not_an_integer"),
    "decimal": (lambda text: bool(_DECIMAL.fullmatch(text)), "forms.not_a_number"),
    "date": (_is_day, "forms.not_a_date"),
    "time": (_is_time, "forms.not_a_time"),
    "datetime": (_is_moment, "forms.not_a_moment"),
    "acknowledge": (lambda text: text == "OK", "forms.not_an_acknowledgement"),
    "geopoint": (is_point, "forms.not_a_point"),
    "geotrace": (_is_line, "forms.not_a_line"),
    "geoshape": (_is_shape, "forms.not_a_shape"),
    "image": (_is_file_name, "forms.not_a_file_name"),
    "audio": (_is_file_name, "forms.not_a_file_name"),
    "video": (_is_file_name, "forms.not_a_file_name"),
    "file": (_is_file_name, "forms.not_a_file_name"),
}
