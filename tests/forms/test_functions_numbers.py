"""ODK XForms specification, "XPath Functions", Number Functions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.forms.nodes import number_of, number_text
from tests.forms.standing import Around, hidden, number, run, text

NUMBERS = st.floats(-1e9, 1e9).map(lambda value: round(value, 6))


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("number('')", "NaN"),
        ("number('  ')", "NaN"),
        ("number(../b)", "NaN"),
        ("number('not a number')", "NaN"),
        ("number('- 17')", "NaN"),
        ("number('1.1e6')", "NaN"),
        ("number('34.56.7')", "NaN"),
        ("number('.')", "NaN"),
        ("number('Infinity')", "NaN"),
        ("number(' -12345.6789  ')", "-12345.6789"),
        ("number('0017.')", "17"),
        ("number('.1001')", "0.1001"),
        ("number('6,5')", "6.5"),
        ("number(true())", "1"),
        ("number('1970-01-01')", "0"),
        ("number('1970-01-02')", "1"),
        ("number('1969-12-31')", "-1"),
        ("number('2008-09-05')", "14127"),
        ("number('1970-01-02T00:00:00Z')", "1"),
        ("number('1970-01-01T07:00:00.000+07:00')", "0"),
        ("number('2026-02-30')", "NaN"),
        ("number('2026-02')", "NaN"),
        ("number(/data/roster/age)", "30"),
    ],
)
def test_number(expression: str, result: str) -> None:
    """fn:number: XPath 1.0, 4.4, and days since 1970 (UTC for a moment with its offset); a decimal comma as in JavaRosa."""
    assert text(expression) == result


@given(value=st.one_of(NUMBERS, st.integers(-(10**15), 10**15).map(float)))
def test_a_stored_number_is_read_back(value: float) -> None:
    """fn:string and fn:number undo each other: results are stored as text."""
    assert number_of(number_text(value)) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("int('7.9')", "7"),
        ("int(-7.9)", "-7"),
        ("int('')", "NaN"),
        ("int(1 div 0)", "Infinity"),
        ("int('2026-11-22')", "20779"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round('14.29123456789', 1)", "14.3"),
        ("round('14.29123456789', 1.5)", "14.3"),
        ("round(12345.15, 1)", "12345.2"),
        ("round(-12345.15, 1)", "-12345.1"),
        ("round(1.005, 2)", "1.01"),
        ("round('12345.12345', -1)", "12350"),
        ("round('12350.12345', -2)", "12400"),
        ("round(0.49999999999999994)", "0"),
        ("round(100000000000000000000, 10)", "100000000000000000000"),
        ("round(5, 31)", "NaN"),
        ("round('')", "NaN"),
        ("round(5, '')", "NaN"),
        ("round(1 div 0, 2)", "Infinity"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("floor(1 div 0)", "Infinity"),
        ("ceiling('')", "NaN"),
    ],
)
def test_whole_numbers_and_rounding(expression: str, result: str) -> None:
    """fn:int, fn:round (halves go up, decimals as written), floor and ceiling of XPath 1.0."""
    assert text(expression) == result


@given(value=NUMBERS, places=st.integers(-6, 6))
def test_rounding_moves_by_half_a_step_at_most(value: float, places: int) -> None:
    """fn:round."""
    rounded = number(f"round({number_text(value)}, {places})")
    assert abs(rounded - value) <= 0.5 * 10.0**-places + 1e-6
    assert rounded == number(f"round({number_text(rounded)}, {places})")


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("pow(2, 10)", 1024),
        ("pow(4, 0.5)", 2),
        ("pow(0, 0)", 1),
        ("pow(0, -1)", math.inf),
        ("pow(-8, 1 div 3)", math.nan),
        ("pow('', 2)", math.nan),
        ("pow(-10, 999)", -math.inf),
        ("log(1)", 0),
        ("log(0)", -math.inf),
        ("log(-1)", math.nan),
        ("log10(1000)", 3),
        ("exp(0)", 1),
        ("exp(1000)", math.inf),
        ("exp10(2)", 100),
        ("exp10(1000)", math.inf),
        ("sqrt(2.25)", 1.5),
        ("sqrt(-1)", math.nan),
        ("abs(-3.5)", 3.5),
        ("abs('')", math.nan),
        ("sin(pi() div 2)", 1),
        ("cos(pi())", -1),
        ("tan(pi() div 4)", 1),
        ("asin(1) * 2", math.pi),
        ("acos(-1)", math.pi),
        ("atan(1) * 4", math.pi),
        ("atan2(-1, -1) * 4", -3 * math.pi),
        ("asin(2)", math.nan),
        ("acos('x')", math.nan),
        ("sin(1 div 0)", math.nan),
        ("cos('')", math.nan),
    ],
)
def test_powers_logarithms_and_angles(expression: str, result: float) -> None:
    """fn:pow … fn:pi, as XPath 3.0: outside of the domain NaN, too large infinite, never an error."""
    assert number(expression) == pytest.approx(result, nan_ok=True)


@given(x=NUMBERS, y=NUMBERS)
def test_angles_and_roots_agree_with_the_library(x: float, y: float) -> None:
    """fn:sin, fn:cos, fn:atan2, fn:sqrt."""
    one, other = number_text(x), number_text(y)
    assert number(f"atan2({one}, {other})") == pytest.approx(math.atan2(float(one), float(other)))
    assert number(f"pow(sin({one}), 2) + pow(cos({one}), 2)") == pytest.approx(1)
    assert number(f"sqrt(abs({one}))") == pytest.approx(math.sqrt(abs(float(one))))


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("sum(/data/roster/age)", "38"),
        ("sum(/data/nobody)", "0"),
        ("sum(/data/b)", "0"),
        ("sum(/data/text | /data/a)", "5"),
        ("min(/data/roster/age)", "8"),
        ("max(/data/roster/age)", "30"),
        ("max(3, ../a, '4')", "5"),
        ("max(-3, -5)", "-3"),
        ("min(../b, 3)", "3"),
        ("min(/data/nobody)", "NaN"),
        ("max('')", "NaN"),
    ],
)
def test_sum_min_and_max(expression: str, result: str) -> None:
    """fn:sum, fn:min, fn:max: what is no number is passed over, as JavaRosa does; of nothing the sum is 0, the rest NaN."""
    assert text(expression) == result


def test_hidden_answers_do_not_count() -> None:
    """Binds, `relevant`."""
    around = Around()
    with hidden(around.member(1).children[0]):
        assert [text(f"{name}(/data/roster/age)", around) for name in ("sum", "max", "count")] == ["8", "8", "2"]


def test_random_is_drawn_once_for_each_call_and_node_and_repeats_with_its_seed() -> None:
    """fn:random: between 0 and 1, no argument. A repaint never draws anew."""
    around = Around(seed=7)
    first, second = around.member(1).children[0], around.member(2).children[0]
    drawn = run("random()", around, first)
    assert isinstance(drawn, float)
    assert 0 <= drawn < 1
    assert drawn == run("random()", around, first) == run("random()", Around(seed=7), first)
    assert drawn != run("random()", around, second)
    assert drawn != run("random()", Around(seed=8), first)
    assert text("random() = random()", around) == "false"
    assert number("count(/data/*[random() < 2])", around) == 10
