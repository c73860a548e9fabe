"""Days, times and places as they stand on paper come into the form in its own words, and back without a loss."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from poverty_desktop.gui.presenters.typed_values import to_lexical, to_shown

LETTERS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
KINDS = ("text", "integer", "decimal", "date", "time", "datetime", "geopoint", "geotrace", "geoshape", "barcode", "image")


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("time", "0730", "07:30:00.000+07:00"),
        ("time", "7:30", "07:30:00.000+07:00"),
        ("time", "7h30", "07:30:00.000+07:00"),
        ("time", "730", "07:30:00.000+07:00"),
        ("time", "19h", "19:00:00.000+07:00"),
        ("time", "2561", "2561"),
        ("datetime", "2/9/2026 7:30", "2026-09-02T07:30:00.000+07:00"),
        ("datetime", "02092026 0730", "2026-09-02T07:30:00.000+07:00"),
        ("datetime", "02/09/2026", "02/09/2026"),
        ("decimal", "1.250.000", "1250000"),
        ("decimal", ",5", "0.5"),
        ("decimal", "-12.500,75", "-12500.75"),
        ("geopoint", "15.1234, 108.7921", "15.1234 108.7921 0 0"),
        ("geopoint", "15,1234 108,7921", "15.1234 108.7921 0 0"),
        ("geopoint", "15,1234; 108,7921", "15.1234 108.7921 0 0"),
        ("geopoint", "15.1234,108.7921", "15.1234 108.7921 0 0"),
        ("geopoint", "15°30'00\"N 108°45'36\"E", "15.5 108.76 0 0"),
        ("geopoint", "15°30′B, 108°45′36″Đ", "15.5 108.76 0 0"),
        ("geopoint", "-15.5, 108.7, 120, 5", "-15.5 108.7 120 5"),
        ("geopoint", "15,12", "15,12"),
        ("geopoint", "108.7, 15.1", "108.7, 15.1"),
        ("geotrace", "15.1, 108.1\n15.2, 108.2\n", "15.1 108.1 0 0;15.2 108.2 0 0"),
        ("geoshape", "15.1, 108.1\n15.2, 108.2\n15.3, 108.1", "15.1 108.1 0 0;15.2 108.2 0 0;15.3 108.1 0 0;15.1 108.1 0 0"),
        ("geotrace", "15.1, 108.1\nbên suối", "15.1, 108.1\nbên suối"),
        ("text", "dòng một \n\n dòng  ba\n", "dòng một\n\ndòng ba"),
        ("text", "H\u01b0o\u031b\u0300ng", "H\u01b0\u1eddng"),
        ("barcode", " A  B ", "A  B"),
    ],
)
def test_what_is_typed_from_paper_is_kept_as_the_form_keeps_it(kind: str, typed: str, kept: str) -> None:
    assert to_lexical(kind, typed) == kept


@pytest.mark.parametrize(
    ("appearance", "typed", "kept", "shown"),
    [
        ("month-year", "5/2020", "2020-05-01", "05/2020"),
        ("month-year", "052020", "2020-05-01", "05/2020"),
        ("month-year", "17/5/2020", "2020-05-01", "05/2020"),
        ("year", "2020", "2020-01-01", "2020"),
        ("year", "17/5/2020", "2020-01-01", "2020"),
        ("", "2020", "2020", "2020"),
        ("month-year", "13/2020", "13/2020", "13/2020"),
    ],
)
def test_a_partial_day_is_asked_where_the_form_says_so(appearance: str, typed: str, kept: str, shown: str) -> None:
    assert to_lexical("date", typed, appearance=appearance) == kept
    assert to_shown("date", kept, appearance) == shown


@given(kind=st.sampled_from(KINDS), typed=LETTERS)
@example(kind="geoshape", typed=";")
def test_whatever_is_typed_what_is_shown_afterwards_means_the_same(kind: str, typed: str) -> None:
    kept = to_lexical(kind, typed)
    shown = to_shown(kind, kept)
    assert to_lexical(kind, shown) == kept
    assert to_shown(kind, to_lexical(kind, shown)) == shown


@given(st.times())
def test_a_time_reads_back_to_the_minute_and_second(moment: time) -> None:
    kept = to_lexical("time", moment.strftime("%H:%M:%S"))
    assert to_lexical("time", to_shown("time", kept)) == kept


@given(DAYS, st.times())
def test_a_day_with_its_time_reads_back_as_itself(day: date, clock: time) -> None:
    kept = f"{day:%Y-%m-%d}T{clock:%H:%M:%S}.000+07:00"
    assert to_lexical("datetime", to_shown("datetime", kept)) == kept


@given(DAYS, st.sampled_from(["", "month-year", "year"]))
def test_a_day_of_any_precision_reads_back_as_itself(day: date, appearance: str) -> None:
    kept = to_lexical("date", f"{day:%d/%m/%Y}", appearance=appearance)
    assert to_lexical("date", to_shown("date", kept, appearance), appearance=appearance) == kept


COORDINATES = st.tuples(
    st.decimals(-90, 90, places=6), st.decimals(-180, 180, places=6), st.integers(0, 3000), st.integers(0, 100)
).map(lambda parts: " ".join(format(part, "f") if not isinstance(part, int) else str(part) for part in parts))


@given(COORDINATES)
def test_a_point_keeps_its_height_and_accuracy(point: str) -> None:
    assert to_lexical("geopoint", to_shown("geopoint", point)) == point


@given(st.lists(COORDINATES, min_size=1, max_size=6), st.sampled_from(["geotrace", "geoshape"]))
def test_a_line_and_an_area_keep_their_points(points: list[str], kind: str) -> None:
    kept = to_lexical(kind, "\n".join(to_shown("geopoint", point) for point in points))
    assert to_lexical(kind, to_shown(kind, kept)) == kept


@given(st.decimals(-(10**12), 10**12, places=3))
def test_a_decimal_of_any_size_reads_back_as_itself(number: object) -> None:
    kept = to_lexical("decimal", str(number).replace(".", ","))
    assert to_lexical("decimal", to_shown("decimal", kept)) == kept
