"""The operators of expressions (ODK XForms specification, "XPath Operators"; XPath 1.0, 3.4 and 3.5).

Where JavaRosa, which runs in ODK Collect, differs from XPath 1.0, it is followed: numbers nearer than 1e-12 are equal, and no
node at all compares as empty text. Long chains ("a + b + c + …" over a whole form) run in a loop, not nested.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

from poverty_desktop.forms.focus import Build, Focus, Run
from poverty_desktop.forms.nodes import TINY, Value, number_of, numbers_of, text_of, truth_of

Compare = Callable[[Any, Any], bool]


def _same(one: float, other: float) -> bool:
    return one == other or abs(one - other) < TINY


_ORDER: dict[str, Compare] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_NUMERIC: dict[str, Compare] = {**_ORDER, "=": _same, "!=": lambda one, other: not _same(one, other)}
_TEXTUAL: dict[str, Compare] = {"=": operator.eq, "!=": operator.ne}
COMPARISONS = frozenset(_NUMERIC)
LOGIC = frozenset({"and", "or"})


def comparison(symbol: str, left: Run, right: Run) -> Run:
    compare = _NUMERIC[symbol]
    ordered = symbol in _ORDER
    textual: Compare = _TEXTUAL.get(symbol, operator.eq)

    def run(focus: Focus) -> Value:
        one, other = left(focus), right(focus)
        if isinstance(one, bool) or isinstance(other, bool):
            return _with_truth(one, other, compare, ordered)
        numeric = ordered or isinstance(one, float) or isinstance(other, float)
        one, other = _alone(one), _alone(other)
        if isinstance(one, list) or isinstance(other, list):
            pairs = ((a, b) for a in _each(one) for b in _each(other))
            return any(compare(*numbers_of(a, b)) if numeric else textual(a, b) for a, b in pairs)
        return compare(*numbers_of(one, other)) if numeric else textual(one, other)

    return run


def _alone(value: Value) -> Value:
    """The text of a single node; no node at all compares as empty text, as in JavaRosa."""
    if not isinstance(value, list):
        return value
    texts = [node.text for node in value if node.relevant]
    return value if len(texts) > 1 else texts[0] if texts else ""


def _with_truth(one: Value, other: Value, compare: Compare, ordered: bool) -> bool:
    """XPath 1.0, 3.4: equality with a truth value compares truth values; order compares numbers."""
    return compare(number_of(one), number_of(other)) if ordered else compare(truth_of(one), truth_of(other))


def _each(value: Value) -> list[Any]:
    return [node.text for node in value if node.relevant] if isinstance(value, list) else [value]


def _divide(one: float, other: float) -> float:
    if other != 0:
        return one / other
    return math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one) * math.copysign(1, other)


def _remainder(one: float, other: float) -> float:
    return math.nan if other == 0 or not math.isfinite(one) else math.fmod(one, other)


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divide,
    "mod": _remainder,
}


def is_binary(token: Any) -> bool:
    """An operator with two sides: `*` may be a step of a path, `-` may be a sign."""
    return len(token) == 2 and (token.symbol in ARITHMETIC or token.symbol in LOGIC or token.symbol in COMPARISONS)


def spine(token: Any, symbols: frozenset[str] | dict[str, Any]) -> Iterator[Any]:
    """The operators of a chain that leans to the left, from the last one inwards."""
    while token.symbol in symbols and len(token) == 2:
        yield token
        token = token[0]


def operation(token: Any, build: Build) -> Run:
    """The function of an arithmetic or logical operator with its whole chain."""
    if len(token) == 1:
        return _signed(token.symbol, build(token[0]))
    if token.symbol in LOGIC:
        chain = [*spine(token, frozenset({token.symbol}))]
        parts = [build(chain[-1][0]), *(build(link[1]) for link in reversed(chain))]
        return _all_of(parts) if token.symbol == "and" else _any_of(parts)
    chain = [*spine(token, ARITHMETIC)]
    return _arithmetic(build(chain[-1][0]), [(ARITHMETIC[link.symbol], build(link[1])) for link in reversed(chain)])


def _signed(symbol: str, part: Run) -> Run:
    sign = -1.0 if symbol == "-" else 1.0
    return lambda focus: sign * number_of(part(focus))


def _all_of(parts: list[Run]) -> Run:
    return lambda focus: all(truth_of(part(focus)) for part in parts)


def _any_of(parts: list[Run]) -> Run:
    return lambda focus: any(truth_of(part(focus)) for part in parts)


def _arithmetic(first: Run, rest: list[tuple[Callable[[float, float], float], Run]]) -> Run:
    def run(focus: Focus) -> Value:
        total: Value = first(focus)
        for apply, part in rest:
            total = apply(*numbers_of(total, part(focus)))
        return total

    return run


def equality_sides(token: Any) -> Iterator[tuple[Any, Any]]:
    """The sides of every `=` that must hold for the whole test to hold, both ways round (for `lookups.py`)."""
    if token.symbol == "(" and len(token) == 1:
        yield from equality_sides(token[0])
    elif token.symbol == "and":
        for part in token:
            yield from equality_sides(part)
    elif token.symbol == "=":
        yield token[0], token[1]
        yield token[1], token[0]


def key_of(value: Value) -> str | float | None:
    """What to look up for `column = value`: a text, a whole number, or None where only comparing row by row is exact."""
    if isinstance(value, list):
        return text_of(value) if len(value) < 2 else None
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        return None
    return value
