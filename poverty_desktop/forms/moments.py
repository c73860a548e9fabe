"""Dates, times and numbers of days (ODK XForms specification, "Data Types" and the functions `number`, `decimal-date-time`).

A date is its ISO text; as a number it is the whole days since 1970-01-01, as on every calendar. A date and time that bears its
offset is an instant: as a number it is the days and the part of a day since 1970-01-01 UTC, as the specification says. One
without an offset has no zone to be converted from and counts as it stands. Where a day meets an instant (`. <= now()`), both
are read from the calendar: JavaRosa compares them by whole local days, so that "not later than now" never refuses today.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

EPOCH = date(1970, 1, 1)
VIETNAM = timezone(timedelta(hours=7))  # one zone, the whole year: where the caller tells no offset
_DAY = timedelta(days=1)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?")
_LOOSE_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(T.+)?")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?")


def parse_moment(text: str) -> datetime | None:
    """The date (at midnight) or date and time that a text says; without a zone where the text has no offset."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def days_of(text: str) -> float:
    """Days since 1970-01-01: of an instant in UTC, of any other date or date and time as it stands; NaN for other text."""
    moment = parse_moment(text)
    if moment is None:
        return math.nan
    return _days(moment.astimezone(UTC) if moment.tzinfo else moment)


def days_of_both(one: str, other: str) -> tuple[float, float] | None:
    """Two dates or moments as numbers that can be compared: as instants where both are, else by the calendar as written.

    None where one of them is neither.
    """
    first, second = parse_moment(one), parse_moment(other)
    if first is None or second is None:
        return None
    if first.tzinfo and second.tzinfo:
        return _days(first.astimezone(UTC)), _days(second.astimezone(UTC))
    return _days(first), _days(second)


def _days(moment: datetime) -> float:
    return (moment.date() - EPOCH).days + fraction_of(moment.time())


def fraction_of(moment: time) -> float:
    """The part of the day that has passed: noon is 0.5."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (seconds * 1_000_000 + moment.microsecond) / 86_400_000_000


def local_moment(text: str, zone: tzinfo) -> datetime | None:
    """The moment of a text on the clock of `zone`. Days and months may have one digit, as in JavaRosa."""
    loose = _LOOSE_DAY.fullmatch(text.strip())
    if not loose:
        return None
    year, month, day, rest = loose.groups("")
    moment = parse_moment(f"{year}-{month:0>2}-{day:0>2}{rest}")
    return None if moment is None else _on_clock(moment, zone)


def _on_clock(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def moment_of_number(days: float, zone: tzinfo) -> datetime | None:
    """The instant that lies so many days after 1970-01-01 UTC, on the clock of `zone`; None outside of the calendar."""
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + days * _DAY).astimezone(zone)
    except (OverflowError, ValueError):
        return None


def day_of_number(days: float, zone: tzinfo) -> datetime | None:
    """A whole number is a day, at midnight; any other is an instant."""
    if not days.is_integer():
        return moment_of_number(days, zone)
    try:
        return datetime.combine(EPOCH + int(days) * _DAY, time(), zone)
    except (OverflowError, ValueError):
        return None


def time_of(text: str, zone: tzinfo, day: date) -> datetime | None:
    """A time of day ("08:30", "08:30:00.000+07:00") as a moment of `day` on the clock of `zone`; None for other text."""
    if not _TIME.fullmatch(text.strip()):
        return None
    try:
        return _on_clock(datetime.combine(day, time.fromisoformat(text.strip())), zone)
    except (ValueError, OverflowError):
        return None
