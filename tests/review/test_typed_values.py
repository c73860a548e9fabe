"""What is typed from paper is understood, and what is not understood is kept as it was typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.gui.presenters.typed_values import choose, still_possible, to_lexical, to_shown


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("integer", "1.500.000", "1500000"),
        ("integer", "007", "7"),
        ("integer", "12 000", "12000"),
        ("integer", "mười", "mười"),
        ("decimal", "45,5", "45.5"),
        ("decimal", "45.5", "45.5"),
        ("decimal", "1.250,75", "1250.75"),
        ("decimal", "45", "45"),
        ("decimal", "1 250,7 5", "1250.75"),
        ("decimal", "1,234.5", "1,234.5"),
        ("date", "2/9/2026", "2026-09-02"),
        ("date", "02092026", "2026-09-02"),
        ("date", "020987", "1987-09-02"),
        ("date", "31/02/2026", "31/02/2026"),
        ("text", "Đinh  Thị  Hường ", "Đinh Thị Hường"),
    ],
)
def test_what_is_typed_is_kept_in_the_form_of_the_answer(kind: str, typed: str, kept: str) -> None:
    assert to_lexical(kind, typed) == kept


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_a_whole_number_reads_back_as_itself(number: int) -> None:
    assert to_lexical("integer", to_shown("integer", str(number))) == str(number)


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_a_decimal_reads_back_as_itself(number: object) -> None:
    assert to_lexical("decimal", to_shown("decimal", str(number))) == str(number)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_reads_back_as_itself(day: date) -> None:
    assert to_lexical("date", to_shown("date", day.isoformat())) == day.isoformat()


def test_a_digit_chooses_the_option_with_that_number_and_letters_the_word() -> None:
    labels = ["Nước máy", "Giếng khoan", "Nước mưa", "Đào, giếng không bảo vệ"]
    numbers = ["1", "2", "3", "4"]
    assert choose("2", labels, numbers) == 1
    assert choose("dao", labels, numbers) == 3
    assert choose("mua", labels, numbers) == 2
    assert choose("9", labels, numbers) is None


def test_one_waits_for_a_second_digit_only_where_one_can_follow() -> None:
    assert still_possible("1", ["1", "2", "12"])
    assert not still_possible("2", ["1", "2", "12"])
