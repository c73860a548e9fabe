"""Expressions as Python functions: from elementpath's syntax tree to closures over the tree of `nodes.py`."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from poverty_desktop.forms.focus import Focus, Run
from poverty_desktop.forms.functions import FUNCTIONS
from poverty_desktop.forms.nodes import Value, number_of, text_of, truth_of
from poverty_desktop.forms.paths import STEPS
from poverty_desktop.forms.special import SPECIAL
from poverty_desktop.forms.xpath import BrokenExpression, parse_expression


def compile_expression(expression: str) -> Run:
    """The function of an expression. Raises BrokenExpression."""
    try:
        return build(parse_expression(expression))
    except BrokenExpression as error:
        raise BrokenExpression(expression, error.reason) from error


def build(token: Any) -> Run:
    symbol = token.symbol
    if symbol in ("(string)", "(integer)", "(float)", "(decimal)"):
        return _literal(token.value)
    if symbol == "(":
        return build(token[0])
    if symbol in _COMPARISONS:
        return _comparison(symbol, build(token[0]), build(token[1]))
    if symbol in _OPERATORS and (symbol != "*" or len(token) == 2):
        return _operation(symbol, [build(part) for part in token])
    if symbol in STEPS:
        return STEPS[symbol](token, build)
    if symbol in SPECIAL and token.label == "function":
        return SPECIAL[symbol](token, build)
    if symbol in FUNCTIONS and token.label == "function":
        return _call(FUNCTIONS[symbol][2], [build(part) for part in token])
    raise BrokenExpression(str(token.source), f"{symbol} is not part of XForms")


def _literal(value: object) -> Run:
    constant: Value = value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
    return lambda focus: constant


def _call(function: Callable[..., Value], arguments: list[Run]) -> Run:
    if len(arguments) == 1:
        only = arguments[0]
        return lambda focus: function(only(focus))
    return lambda focus: function(*[argument(focus) for argument in arguments])


# --- operators -----------------------------------------------------------------------------------------------------

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _comparison(symbol: str, left: Run, right: Run) -> Run:
    compare = _COMPARISONS[symbol]
    ordered = symbol not in ("=", "!=")

    def run(focus: Focus) -> Value:
        one, other = left(focus), right(focus)
        if isinstance(one, bool) or isinstance(other, bool):
            return compare(truth_of(one), truth_of(other))
        numeric = ordered or isinstance(one, float) or isinstance(other, float)
        convert: Callable[[Value], Any] = number_of if numeric else text_of
        return any(compare(convert(a), convert(b)) for a in _each(one) for b in _each(other))

    return run


def _each(value: Value) -> list[Value]:
    """The values to compare one by one; no node at all compares as empty text, as in ODK Collect."""
    return [node.text for node in value] or [""] if isinstance(value, list) else [value]


def _divide(one: float, other: float) -> float:
    if other != 0:
        return one / other
    return math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one) * math.copysign(1, other)


def _remainder(one: float, other: float) -> float:
    return math.nan if other == 0 or not math.isfinite(one) else math.fmod(one, other)


_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divide,
    "mod": _remainder,
    "and": lambda one, other: 0.0,  # built by _operation; here for its name
    "or": lambda one, other: 0.0,
}


def _operation(symbol: str, parts: list[Run]) -> Run:
    left, right = parts[0], parts[-1]
    if symbol == "and":
        return lambda focus: truth_of(left(focus)) and truth_of(right(focus))
    if symbol == "or":
        return lambda focus: truth_of(left(focus)) or truth_of(right(focus))
    if len(parts) == 1:
        sign = -1.0 if symbol == "-" else 1.0
        return lambda focus: sign * number_of(left(focus))
    apply = _OPERATORS[symbol]
    return lambda focus: apply(number_of(left(focus)), number_of(right(focus)))
