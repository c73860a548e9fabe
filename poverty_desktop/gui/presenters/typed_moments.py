"""Days and times as they stand on paper, and as a form keeps them (XForms date, time, dateTime).

02/09/2026, 2.9.26 and 02092026 are one day; 0730, 7:30 and 7h30 one time. Where a form asks a month or a year only (appearances
`month-year` and `year`), the day that is kept is the first of it. A moment that is typed is Vietnam's.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, time

ZONE = "+07:00"
_DAY = re.compile(r"(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{2}|\d{4})")
_DAY_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/\-. ](\d{4})|(\d{2})(\d{4})")
_YEAR = re.compile(r"\d{4}")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"(\d{1,2})\s*[:hg.]\s*(\d{1,2})?(?:\s*[:m.]\s*(\d{1,2}))?", re.IGNORECASE)
_TIME_DIGITS = re.compile(r"(\d{1,2})(\d{2})")
_ISO_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")


def day_lexical(text: str, century_end: int, looks: Collection[str] = ()) -> str:
    """`text` as YYYY-MM-DD, or as it was typed when it is no day. Two-digit years end at `century_end`."""
    if "year" in looks and _YEAR.fullmatch(text):
        return f"{text}-01-01" if int(text) else text
    if "month-year" in looks and (month := _MONTH.fullmatch(text)):
        number, year = (int(part) for part in month.groups() if part)
        return _day(year, number, 1) or text
    found = _DAY.fullmatch(text) or _DAY_DIGITS.fullmatch(text)
    if found is None:
        return text
    day, number, year = (int(part) for part in found.groups())
    if len(found[3]) == 2:
        year += 2000 if year + 2000 <= century_end else 1900
    first = "month-year" in looks or "year" in looks
    known = _day(year, number, day)
    return text if not known else f"{year:04}-{1 if 'year' in looks else number:02}-01" if first else known


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def day_shown(value: str, looks: Collection[str] = ()) -> str:
    """dd/mm/yyyy, mm/yyyy or yyyy, as much as the form asks; what is no day stays as it is."""
    found = _ISO_DAY.fullmatch(value)
    if found is None:
        return value
    year, month, day = found.groups()
    if "year" in looks:
        return year
    return f"{month}/{year}" if "month-year" in looks else f"{day}/{month}/{year}"


def time_lexical(text: str) -> str:
    """`text` as HH:MM:SS.sss+07:00, or as it was typed when it is no time of the day."""
    found = _TIME.fullmatch(text) or _TIME_DIGITS.fullmatch(text)
    if found is None:
        return text
    hour, minute, second = (int(part or 0) for part in (*found.groups(), None)[:3])
    try:
        return f"{time(hour, minute, second).isoformat('milliseconds')}{ZONE}"
    except ValueError:
        return text


def time_shown(value: str) -> str:
    """HH:MM, with seconds when there are any."""
    found = _ISO_TIME.fullmatch(value)
    if found is None:
        return value
    hour, minute, second = found.groups()
    return f"{hour}:{minute}:{second}" if second and int(second) else f"{hour}:{minute}"


def moment_lexical(text: str, century_end: int) -> str:
    """A day and a time with a blank between them, as ISO text; as it was typed when it is not both."""
    words = text.replace(",", " ").split()
    for cut in range(1, len(words)):
        day, clock = day_lexical(" ".join(words[:cut]), century_end), time_lexical(" ".join(words[cut:]))
        if _ISO_DAY.fullmatch(day) and _ISO_TIME.fullmatch(clock):
            return f"{day}T{clock}"
    return text


def moment_shown(value: str) -> str:
    """dd/mm/yyyy HH:MM."""
    day, _, clock = value.partition("T")
    if not (_ISO_DAY.fullmatch(day) and _ISO_TIME.fullmatch(clock)):
        return value
    return f"{day_shown(day)} {time_shown(clock)}"
