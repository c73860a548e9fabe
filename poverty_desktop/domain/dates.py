"""Partial ISO dates: what an officer types, what is stored, what is shown, and the one age rule.

A birth date is stored as "1987", "1987-05" or "1987-05-02" and so carries its own precision (design.md section 3).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from poverty_desktop.domain.problems import KnownProblem

Precision = Literal["year", "month", "day"]

OLDEST_YEAR = 1900
_STORED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TYPED = (
    re.compile(r"(?P<d>\d{1,2})[\s./-](?P<m>\d{1,2})[\s./-](?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})"),
    re.compile(r"(?P<m>\d{1,2})[\s./-](?P<y>\d{4})"),
    re.compile(r"(?P<m>\d{2})(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})(?:-(?P<d>\d{2}))?"),
)


def parse_typed(text: str, today: date) -> str:
    """The partial ISO date an officer meant by "2/5/1987", "02051987", "5/1987", "051987", "1987" or "1987-05-02".

    Raises `KnownProblem` "date.unreadable", "date.impossible" (30/02, month 13, before 1900) or "date.future".
    """
    typed = " ".join(text.split())
    found = next((match for shape in _TYPED if (match := shape.fullmatch(typed))), None)
    if found is None:
        raise KnownProblem("date.unreadable", typed=typed)
    parts = found.groupdict()
    stored = "-".join(
        f"{int(parts[name]):0{width}d}" for name, width in (("y", 4), ("m", 2), ("d", 2)) if parts.get(name) is not None
    )
    if not is_partial_date(stored):
        raise KnownProblem("date.impossible", typed=typed)
    if is_future(stored, today):
        raise KnownProblem("date.future", typed=typed)
    return stored


def is_partial_date(text: str) -> bool:
    """Whether `text` is a partial ISO date of a day that exists, in 1900 or later."""
    found = _STORED.fullmatch(text)
    if found is None or int(found[1]) < OLDEST_YEAR:
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True


def precision(partial: str) -> Precision:
    """ "year", "month" or "day" of a stored partial date."""
    names: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}
    return names[len(partial)]


def is_future(partial: str, today: date) -> bool:
    """Whether even the earliest day the partial date may mean lies after `today`."""
    return partial > today.isoformat()[: len(partial)]


def format_vietnamese(partial: str | None) -> str:
    """ "1987-05-02" -> "02/05/1987", "1987-05" -> "05/1987", "1987" -> "1987", None -> ""."""
    return "/".join(reversed(partial.split("-"))) if partial else ""


def long_vietnamese(day: str) -> str:
    """A full ISO day as official papers write it: "ngày 02 tháng 5 năm 2026", a nought before days 1-9 and months 1 and 2."""
    year, month, number = day.split("-")
    return f"ngày {number} tháng {month if month in ('01', '02') else int(month)} năm {year}"


def age_on(birth: str | None, day: date | str) -> int | None:
    """Completed years on `day`; None when the birth date is missing, unusable or after `day`.

    The one age rule (standards.md section 6): the full date if it is known, else the difference of the years only.
    `age_is_estimated` tells the second case, which must be shown.
    """
    if not birth or not is_partial_date(birth):
        return None
    on = day.isoformat() if isinstance(day, date) else day
    years = int(on[:4]) - int(birth[:4])
    if precision(birth) == "day" and on[5:] < birth[5:]:
        years -= 1
    return years if years >= 0 else None


def age_is_estimated(birth: str) -> bool:
    """Whether an age from this birth date rests on the year only."""
    return precision(birth) != "day"


def add_months(day: str, months: int) -> str:
    """The ISO day `months` later; the 31st becomes the last day of a shorter month."""
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for last in range(start.day, 27, -1):
        try:
            return date(year, month + 1, last).isoformat()
        except ValueError:
            continue
    return date(year, month + 1, start.day).isoformat()
