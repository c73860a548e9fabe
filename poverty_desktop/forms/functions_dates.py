"""Date and time functions (ODK XForms specification, "XPath Functions": Date and Time Functions).

A moment without an offset is on the laptop's clock; one with another offset is turned to it before its day or hour is read, as a
phone does. What is no date gives empty text or NaN, so that a calculation from an unfinished answer is empty.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime

from poverty_desktop.forms.focus import Surroundings, zone_of
from poverty_desktop.forms.moments import day_of_number, days_of, fraction_of, local_moment, moment_of_number, time_of
from poverty_desktop.forms.nodes import Value, number_of, text_of

# Short names as the Unicode locale data (CLDR) has them. Months from January, days from Monday.
_MONTHS = {
    "vi": tuple(f"thg {month}" for month in range(1, 13)),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_DAYS = {
    "vi": ("Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def _language(around: Surroundings) -> str:
    return "vi" if around.language.lower().startswith(("vi", "tiếng việt")) else "en"


def today(around: Surroundings) -> str:
    return around.today()


def now(around: Surroundings) -> str:
    """The laptop's local date and time with its offset, not turned to UTC: the data type dateTime of the specification."""
    return _written(_clock(around))


def _clock(around: Surroundings) -> datetime:
    return around.now().replace(tzinfo=zone_of(around))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def to_date(around: Surroundings, value: Value) -> str:
    """`date`: a moment's own day; a number of days since 1970; anything else is empty."""
    moment = None if isinstance(value, bool) else _moment(around, value)
    return "" if moment is None else moment.date().isoformat()


def to_date_time(around: Surroundings, value: Value) -> str:
    """`date-time` (JavaRosa): the moment of a text, or of a number of days since 1970 UTC, on the laptop's clock."""
    number = number_of(value) if isinstance(value, float) else math.nan
    moment = _moment(around, value) if math.isnan(number) else moment_of_number(number, zone_of(around))
    return "" if moment is None else _written(moment)


def _moment(around: Surroundings, value: Value) -> datetime | None:
    """A date, a moment, or a number of days (also as text, for a node that holds the result of a calculation)."""
    text = "" if isinstance(value, float) else text_of(value)
    number = value if isinstance(value, float) else number_of(text)
    zone = zone_of(around)
    if "-" in text.strip()[1:]:
        return local_moment(text, zone)
    return day_of_number(number, zone) if math.isfinite(number) else None


def decimal_date_time(value: Value) -> float:
    """Days since 1970-01-01 UTC, with their fraction; a number is that already."""
    return value if isinstance(value, float) else days_of(text_of(value).strip())


def decimal_time(around: Surroundings, value: Value) -> float:
    """The part of the day on the laptop's clock: of a time, of a moment, or the fraction of a number of days."""
    if isinstance(value, float):
        return value - math.floor(value) if math.isfinite(value) else math.nan
    moment = _time(around, value) or local_moment(text_of(value), zone_of(around))
    return math.nan if moment is None else fraction_of(moment.time())


def _time(around: Surroundings, value: Value) -> datetime | None:
    if isinstance(value, float):
        return None
    return time_of(text_of(value), zone_of(around), date.fromisoformat(around.today()))


_FORMATS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda day: f"{day.year:04d}",
    "y": lambda day: f"{day.year % 100:02d}",
    "m": lambda day: f"{day.month:02d}",
    "n": lambda day: str(day.month),
    "d": lambda day: f"{day.day:02d}",
    "e": lambda day: str(day.day),
    "H": lambda day: f"{day.hour:02d}",
    "h": lambda day: str(day.hour),
    "M": lambda day: f"{day.minute:02d}",
    "S": lambda day: f"{day.second:02d}",
    "3": lambda day: f"{day.microsecond // 1000:03d}",
    "W": lambda day: str(day.isocalendar().week),  # JavaRosa
    "%": lambda day: "%",
}


def format_date(around: Surroundings, value: Value, pattern: Value) -> str:
    """`format-date` and `format-date-time`. A time alone (JavaRosa) is one of today; an unknown sign stays as it is."""
    moment = _time(around, value) or _moment(around, value)
    if moment is None:
        return ""
    language, shown = _language(around), moment

    def part(found: re.Match[str]) -> str:
        sign = found[1]
        if sign in ("a", "b"):
            return _DAYS[language][shown.weekday()] if sign == "a" else _MONTHS[language][shown.month - 1]
        return _FORMATS[sign](shown) if sign in _FORMATS else found[0]

    return re.sub("%(.)", part, text_of(pattern))
