"""Birth dates as officers type them, and the age rule of standards.md section 6."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.dates import (
    add_months,
    age_is_estimated,
    age_on,
    format_vietnamese,
    is_partial_date,
    long_vietnamese,
    parse_typed,
    precision,
)
from poverty_desktop.domain.problems import KnownProblem

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("02/05/1987", "1987-05-02"),
        ("2/5/1987", "1987-05-02"),
        ("2-5-1987", "1987-05-02"),
        ("2.5.1987", "1987-05-02"),
        ("02051987", "1987-05-02"),
        ("1987-05-02", "1987-05-02"),
        ("5/1987", "1987-05"),
        ("051987", "1987-05"),
        (" 1987 ", "1987"),
        ("23/11/2026", "2026-11-23"),
    ],
)
def test_officer_may_type_a_date_as_the_paper_has_it(typed: str, stored: str) -> None:
    assert parse_typed(typed, TODAY) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("30/02/1987", "date.impossible"),
        ("13/1987", "date.impossible"),
        ("1/1/1850", "date.impossible"),
        ("24/11/2026", "date.future"),
        ("2027", "date.future"),
        ("mùa mưa", "date.unreadable"),
        ("2/5/87", "date.unreadable"),
        ("", "date.unreadable"),
    ],
)
def test_impossible_and_future_dates_are_refused_by_name(typed: str, code: str) -> None:
    with pytest.raises(KnownProblem) as problem:
        parse_typed(typed, TODAY)
    assert problem.value.code == code


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(["day", "month", "year"]))
def test_what_is_shown_can_be_typed_again(day: date, how: str) -> None:
    stored = day.isoformat()[: {"day": 10, "month": 7, "year": 4}[how]]
    assert is_partial_date(stored)
    assert precision(stored) == how
    assert parse_typed(format_vietnamese(stored), TODAY) == stored


def test_age_counts_completed_years_when_the_full_date_is_known() -> None:
    assert age_on("2010-11-23", TODAY) == 16
    assert age_on("2010-11-24", "2026-11-23") == 15
    assert age_on("2026-11-23", TODAY) == 0


def test_age_by_year_only_is_flagged() -> None:
    assert age_on("2010", TODAY) == 16
    assert age_on("2010-12", TODAY) == 16
    assert age_is_estimated("2010")
    assert age_is_estimated("2010-12")
    assert not age_is_estimated("2010-12-01")


@pytest.mark.parametrize("birth", [None, "", "1987-02-30", "abc", "2030"])
def test_no_age_without_a_usable_birth_date(birth: str | None) -> None:
    assert age_on(birth, TODAY) is None


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 3000))
def test_age_never_falls(birth: date, days: int) -> None:
    earlier, later = date(2020, 1, 1), date(2020, 1, 1) + timedelta(days=days)
    assert (age_on(birth.isoformat(), earlier) or 0) <= (age_on(birth.isoformat(), later) or 0)


def test_month_arithmetic_ends_on_real_days() -> None:
    assert add_months("2023-12-31", 2) == "2024-02-29"
    assert add_months("2026-11-15", -36) == "2023-11-15"


def test_official_papers_write_the_day_in_words() -> None:
    assert long_vietnamese("2026-05-02") == "ngày 02 tháng 5 năm 2026"
    assert long_vietnamese("2026-02-12") == "ngày 12 tháng 02 năm 2026"
