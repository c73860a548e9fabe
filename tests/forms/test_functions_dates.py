"""ODK XForms specification, "XPath Functions", Date and Time Functions; "Data Types" for their text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forms.standing import Around, number, text

DATES = st.dates(date(1, 1, 2), date(9999, 12, 30))
FIRST, LAST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2100-01-01")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))]))


def test_today_and_now_are_those_of_the_laptop() -> None:
    """fn:today: a local date. fn:now: a local moment with its offset, not turned to UTC; thousandths as in JavaRosa."""
    assert text("today()") == "2026-11-23"
    assert text("now()") == "2026-11-23T08:30:15.250+07:00"


def test_a_clock_without_a_zone_is_that_of_vietnam() -> None:
    """Data types, dateTime: the offset is required."""
    around = Around()
    around.moment = datetime.fromisoformat("2026-11-23T08:30")
    assert text("now()", around) == "2026-11-23T08:30:00.000+07:00"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("date('2026-11-22')", "2026-11-22"),
        ("date('2012-1-2')", "2012-01-02"),
        ("date('2026-11-22T10:00:00')", "2026-11-22"),
        ("date('2026-11-22T20:00:00Z')", "2026-11-23"),
        ("date(0)", "1970-01-01"),
        ("date(-1)", "1969-12-31"),
        ("date(6.5)", "1970-01-07"),
        ("date('14127')", "2008-09-05"),
        ("date(../d + 1)", "2026-11-23"),
        ("date(now() + 1)", "2026-11-24"),
        ("date('')", ""),
        ("date(../b)", ""),
        ("date(number(''))", ""),
        ("date('1983-09-31')", ""),
        ("date('never')", ""),
        ("date(true())", ""),
        ("date(1000000000000)", ""),
        ("date(1 div 0)", ""),
    ],
)
def test_date(expression: str, result: str) -> None:
    """fn:date: the local day; a number is days since 1970; what is no date is empty."""
    assert text(expression) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("date-time('2026-11-22')", "2026-11-22T00:00:00.000+07:00"),
        ("date-time('2026-11-22T20:00:00Z')", "2026-11-23T03:00:00.000+07:00"),
        ("date-time(0)", "1970-01-01T07:00:00.000+07:00"),
        ("date-time('')", ""),
        ("date-time('x')", ""),
        ("date-time(1 div 0)", ""),
    ],
)
def test_date_time(expression: str, result: str) -> None:
    """JavaRosa's date-time: the instant of a text or of a number of days since 1970 UTC, on the laptop's clock."""
    assert text(expression) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("decimal-date-time('1970-01-01T00:00:00Z')", "0"),
        ("decimal-date-time('1969-12-31T12:00:00Z')", "-0.5"),
        ("decimal-date-time('1970-01-02T01:00:00.000+07:00')", "0.75"),
        ("decimal-date-time('1970-01-02')", "1"),
        ("decimal-date-time(2.5)", "2.5"),
        ("decimal-date-time('')", "NaN"),
        ("decimal-date-time('soon')", "NaN"),
        ("decimal-time('12:00:00.000+07:00')", "0.5"),
        ("decimal-time('18:00')", "0.75"),
        ("decimal-time('11:00:00Z')", "0.75"),
        ("decimal-time('2026-11-22T06:00:00.000+07:00')", "0.25"),
        ("decimal-time(3.25)", "0.25"),
        ("decimal-time('')", "NaN"),
        ("decimal-time('25:00')", "NaN"),
        ("decimal-time(1 div 0)", "NaN"),
    ],
)
def test_decimal_date_time_and_decimal_time(expression: str, result: str) -> None:
    """fn:decimal-date-time: days since 1970 UTC. fn:decimal-time: the part of the day on the device's clock; noon is 0.5."""
    assert text(expression) == result


@given(day=DATES)
def test_a_date_survives_being_a_number(day: date) -> None:
    """fn:number, fn:date: whole days since 1970, both ways."""
    assert number(f"number('{day.isoformat()}')") == (day - date(1970, 1, 1)).days
    assert text(f"date(number('{day.isoformat()}'))") == day.isoformat()
    assert text(f"date('{day.isoformat()}' + 1)") == (day + timedelta(days=1)).isoformat()


@given(moment=MOMENTS)
def test_a_moment_survives_being_a_number(moment: datetime) -> None:
    """fn:decimal-date-time, date-time: the same instant, to the thousandth of a second."""
    back = datetime.fromisoformat(text(f"date-time(decimal-date-time('{moment.isoformat()}'))"))
    assert abs(back - moment) <= timedelta(milliseconds=2)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        (". <= today()", "false"),
        ("../d <= today()", "true"),
        ("../d <= now()", "true"),
        ("today() <= now()", "true"),
        ("now() >= ../at", "true"),
        ("'2026-11-23T01:00:00.000+07:00' >= today()", "true"),
        ("'2026-11-23T01:30:15Z' < now()", "true"),
        ("'2026-11-23T10:00:00Z' > '2026-11-23T16:00:00.000+07:00'", "true"),
        ("today() - ../d", "1"),
        ("int(now() - ../d)", "1"),
        ("'2026-11-23' = today()", "true"),
        ("../d = '2026-11-22'", "true"),
        ("../d + 1 = number(today())", "true"),
        ("'2026-11' <= today()", "false"),
    ],
)
def test_days_and_moments_are_compared(expression: str, result: str) -> None:
    """XPath Operators: dates compare and subtract as numbers. A day and a moment meet on the calendar, so that the first hours
    of a day in Vietnam (the day before in UTC) are not "later than today"."""
    assert text(expression) == result


def test_early_in_the_morning_today_is_not_after_now() -> None:
    """XPath Operators."""
    around = Around()
    around.moment = datetime.fromisoformat("2026-11-23T00:30:00+07:00")
    assert text("today() <= now()", around) == "true"
    assert text("now() - today() < 1", around) == "true"
    assert text("date(now())", around) == "2026-11-23"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("format-date(../d, '%Y|%y|%m|%n|%d|%e')", "2026|26|11|11|22|22"),
        ("format-date('2026-03-04', '%m|%n|%d|%e')", "03|3|04|4"),
        ("format-date(../d, '%b %a')", "Nov Sun"),
        ("format-date(../d, '100 %% %q')", "100 % %q"),
        ("format-date(20000, '%Y-%m-%d')", "2024-10-04"),
        ("format-date('', '%Y')", ""),
        ("format-date('x', '%Y')", ""),
        ("format-date(number(''), '%Y')", ""),
        ("format-date-time('2018-01-02T03:04:05.678', '%H|%h|%M|%S|%3')", "03|3|04|05|678"),
        ("format-date-time('2018-01-02T20:00:00Z', '%d %H:%M')", "03 03:00"),
        ("format-date-time(now(), '%Y-%m-%dT%H:%M')", "2026-11-23T08:30"),
        ("format-date-time('07:05:09.000+07:00', '%H:%M')", "07:05"),
        ("format-date-time('', '%H')", ""),
    ],
)
def test_format_date_and_format_date_time(expression: str, result: str) -> None:
    """fn:format-date, fn:format-date-time: each sign of the table, empty values, numbers of days."""
    assert text(expression) == result


def test_months_and_days_are_named_in_the_language_of_the_form() -> None:
    """fn:format-date: %a and %b in the form's locale."""
    assert text("format-date('2026-11-22', '%a %e %b')", Around("vi")) == "CN 22 thg 11"
    assert text("format-date('2026-11-23', '%a')", Around("Tiếng Việt (vi)")) == "Th 2"
    assert text("format-date('2026-11-22', '%a %e %b')", Around("en")) == "Sun 22 Nov"


@given(day=DATES)
def test_any_date_is_formatted(day: date) -> None:
    """fn:format-date, for every day of the calendar."""
    shown = text(f"format-date('{day.isoformat()}', '%Y-%m-%d %a %b %y %n %e')")
    assert shown == f"{day.isoformat()} {day:%a} {day:%b} {day.year % 100:02d} {day.month} {day.day}"
    assert re.fullmatch(r"(Th [2-7]|CN) thg ([1-9]|1[0-2])", text(f"format-date('{day.isoformat()}', '%a %b')", Around("vi")))
