"""Number functions (ODK XForms specification, "XPath Functions": Number Functions).

What cannot be reckoned is NaN, never an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, localcontext

from poverty_desktop.forms.nodes import Value, number_of

_MOST_PLACES = 30  # JavaRosa: beyond that, rounding is NaN


def reckoned(function: Callable[..., float]) -> Callable[..., Value]:
    """A function of numbers; outside of its domain NaN, too large infinite."""

    def run(*arguments: Value) -> Value:
        try:
            return float(function(*map(number_of, arguments)))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan

    return run


def whole(value: Value) -> float:
    """`int`: the fraction is cut off."""
    number = number_of(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def floor(number: float) -> float:
    return float(math.floor(number)) if math.isfinite(number) else number


def ceiling(number: float) -> float:
    return float(math.ceil(number)) if math.isfinite(number) else number


def rounded(value: Value, places: Value = 0.0) -> float:
    """XPath 1.0, 4.4, with places: halves go up (-2.5 is -2). Decimal digits as written, not as stored in binary (JavaRosa)."""
    number, wanted = number_of(value), number_of(places)
    if math.isnan(wanted) or abs(wanted) > _MOST_PLACES:
        return math.nan
    if not math.isfinite(number):
        return number
    with localcontext(prec=400):
        step = Decimal(1).scaleb(-math.trunc(wanted))
        count = (Decimal(repr(number)) / step).quantize(Decimal(1), ROUND_HALF_DOWN if number < 0 else ROUND_HALF_UP)
        return float(count * step)


def power(base: float, exponent: float) -> float:
    """As Java and XPath 3.0 have it: 0 to a negative power is infinite."""
    if base == 0 and exponent < 0:
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf


def logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    """The logarithm of 0 is minus infinity (XPath 3.0), of a negative number NaN."""
    return lambda number: -math.inf if number == 0 else function(number)


def power_of_ten(exponent: float) -> float:
    return power(10.0, exponent)
