"""Expressions as Python functions: from elementpath's syntax tree to closures over the tree of `nodes.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poverty_desktop.forms.focus import Run
from poverty_desktop.forms.functions import ASKING, FUNCTIONS, NODE_SET_ARGUMENT
from poverty_desktop.forms.functions_text import ALGORITHMS, ENCODINGS, compiled_pattern
from poverty_desktop.forms.nodes import Value
from poverty_desktop.forms.operators import COMPARISONS, comparison, is_binary, operation
from poverty_desktop.forms.paths import STEPS, required_node_set
from poverty_desktop.forms.special import SPECIAL
from poverty_desktop.forms.xpath import BrokenExpression, parse_expression

_LITERALS = frozenset({"(string)", "(integer)", "(float)", "(decimal)"})


def compile_expression(expression: str) -> Run:
    """The function of an expression. Raises BrokenExpression."""
    try:
        return build(parse_expression(expression))
    except BrokenExpression as error:
        raise BrokenExpression(expression, error.reason) from error
    except (RecursionError, OverflowError) as error:
        raise BrokenExpression(expression, "the expression is nested too deeply or holds too large a number") from error


def build(token: Any) -> Run:
    symbol = token.symbol
    if symbol in _LITERALS:
        return _literal(token.value)
    if symbol == "(" and len(token) == 1:
        return build(token[0])
    if symbol in COMPARISONS:
        return comparison(symbol, build(token[0]), build(token[1]))
    if is_binary(token) or (symbol in "+-" and len(token) == 1):
        return operation(token, build)
    if symbol in STEPS:
        return STEPS[symbol](token, build)
    if token.label == "function":
        return _function(symbol, token)
    raise BrokenExpression(str(token.source), f"{symbol} is not part of XForms")


def _literal(value: object) -> Run:
    constant: Value = value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
    return lambda focus: constant


def _function(name: str, token: Any) -> Run:
    if name in NODE_SET_ARGUMENT:
        required_node_set(token[0])
    if name in SPECIAL:
        return SPECIAL[name](token, build)
    _check_literals(name, token)
    if name in FUNCTIONS:
        return _call(FUNCTIONS[name][2], [build(part) for part in token])
    if name in ASKING:
        return _asking_call(ASKING[name][2], [build(part) for part in token])
    raise BrokenExpression(str(token.source), f"{name} is not part of XForms")


def _check_literals(name: str, token: Any) -> None:
    """What is written out in the form and can never work is refused when the form is read."""
    texts = [part.value if part.symbol == "(string)" else None for part in token]
    if name == "regex" and texts[1] is not None and compiled_pattern(texts[1]) is None:
        raise BrokenExpression(str(token.source), f"{texts[1]} is not a regular expression")
    if name == "digest" and texts[1] is not None and texts[1] not in ALGORITHMS:
        raise BrokenExpression(str(token.source), f"{texts[1]} is not one of {', '.join(ALGORITHMS)}")
    if name == "digest" and len(texts) == 3 and texts[2] is not None and texts[2] not in ENCODINGS:
        raise BrokenExpression(str(token.source), f"{texts[2]} is not one of {', '.join(ENCODINGS)}")
    if name == "weighted-checklist" and len(token) % 2:
        raise BrokenExpression(str(token.source), "weighted-checklist needs a weight for each answer")


def _call(function: Callable[..., Value], arguments: list[Run]) -> Run:
    if len(arguments) == 1:
        only = arguments[0]
        return lambda focus: function(only(focus))
    return lambda focus: function(*[argument(focus) for argument in arguments])


def _asking_call(function: Callable[..., Value], arguments: list[Run]) -> Run:
    return lambda focus: function(focus.around, *[argument(focus) for argument in arguments])
