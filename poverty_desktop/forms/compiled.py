"""Expressions as Python functions: from elementpath's syntax tree to closures over the tree of `nodes.py`."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from poverty_desktop.forms.functions import FUNCTIONS
from poverty_desktop.forms.nodes import Node, Value, number_of, text_of, truth_of
from poverty_desktop.forms.xpath import BrokenExpression, parse_expression


class Surroundings(Protocol):
    """What an expression may ask beyond its tree."""

    @property
    def document(self) -> Node: ...

    @property
    def instances(self) -> Mapping[str, Node]: ...

    def today(self) -> str: ...

    def now(self) -> datetime: ...

    def choice_label(self, path: tuple[str, ...], value: str) -> str: ...


@dataclass(slots=True)
class Focus:
    """The node an expression stands on; `origin` is where the whole expression started (`current()`)."""

    node: Node
    origin: Node
    around: Surroundings
    position: int = 1
    size: int = 1

    def at(self, node: Node, position: int = 1, size: int = 1) -> Focus:
        return Focus(node, self.origin, self.around, position, size)


Run = Callable[[Focus], Value]


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
    if symbol in _STEPS:
        return _STEPS[symbol](token)
    if symbol in _SPECIAL and token.label == "function":
        return _SPECIAL[symbol](token)
    if symbol in FUNCTIONS and token.label == "function":
        return _call(FUNCTIONS[symbol][2], [build(part) for part in token])
    raise BrokenExpression(str(token.source), f"{symbol} is not part of XForms")


def nodes(run: Run, focus: Focus) -> list[Node]:
    value = run(focus)
    return value if isinstance(value, list) else []


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


# --- paths ---------------------------------------------------------------------------------------------------------


def _name(token: Any) -> Run:
    name = token.value
    return lambda focus: list(focus.node.by_name.get(name, ()))


def _parent(focus: Focus) -> list[Node]:
    return [focus.node.parent] if focus.node.parent else []


def _path(token: Any) -> Run:
    last = build(token[-1]) if len(token) else None
    if len(token) < 2:
        return lambda focus: nodes(last, focus.at(focus.around.document)) if last else [focus.around.document]
    first = build(token[0])

    def run(focus: Focus) -> Value:
        start = nodes(first, focus)
        if len(start) == 1:
            return last(focus.at(start[0])) if last else start
        found = {id(node): node for place, one in enumerate(start, 1) for node in nodes(last, focus.at(one, place, len(start)))}  # type: ignore[arg-type]
        return list(found.values())

    return run


def _anywhere(token: Any) -> Run:
    last = build(token[-1])
    first = build(token[0]) if len(token) == 2 else None

    def run(focus: Focus) -> Value:
        tops = nodes(first, focus) if first else [focus.around.document]
        return [node for top in tops for inner in top.walk() for node in nodes(last, focus.at(inner))]

    return run


def _filter(token: Any) -> Run:
    base, test = build(token[0]), build(token[1])

    def run(focus: Focus) -> Value:
        found = nodes(base, focus)
        return [node for place, node in enumerate(found, 1) if _passes(test(focus.at(node, place, len(found))), place)]

    return run


def _passes(value: Value, place: int) -> bool:
    return value == place if isinstance(value, float) else truth_of(value)


def _union(token: Any) -> Run:
    left, right = build(token[0]), build(token[1])
    return lambda focus: list({id(node): node for node in [*nodes(left, focus), *nodes(right, focus)]}.values())


def _self_axis(token: Any) -> Run:
    return _named(token, lambda focus: [focus.node])


def _parent_axis(token: Any) -> Run:
    return _named(token, _parent)


def _named(token: Any, select: Callable[[Focus], list[Node]]) -> Run:
    """An axis with a name test; `*` and node() take every node."""
    name = token[0].value if token[0].symbol == "(name)" else None
    return lambda focus: [node for node in select(focus) if name is None or node.name == name]


_STEPS: dict[str, Callable[[Any], Run]] = {
    "(name)": _name,
    "*": lambda token: lambda focus: list(focus.node.children),
    ".": lambda token: lambda focus: [focus.node],
    "..": lambda token: _parent,
    "/": _path,
    "//": _anywhere,
    "[": _filter,
    "|": _union,
    "child": lambda token: build(token[0]),
    "self": _self_axis,
    "parent": _parent_axis,
}


# --- functions that need the node, the form or the day ----------------------------------------------------------------


def _if(token: Any) -> Run:
    test, yes, no = (build(part) for part in token)
    return lambda focus: yes(focus) if truth_of(test(focus)) else no(focus)


def _coalesce(token: Any) -> Run:
    options = [build(part) for part in token]
    return lambda focus: next((text for option in options if (text := text_of(option(focus)))), "")


def _once(token: Any) -> Run:
    calculation = build(token[0])
    return lambda focus: focus.origin.raw or text_of(calculation(focus))


def _position(token: Any) -> Run:
    if not len(token):
        return lambda focus: float(focus.position)
    target = build(token[0])

    def run(focus: Focus) -> Value:
        found = nodes(target, focus)
        return _place(found[0]) if found else math.nan

    return run


def _place(node: Node) -> float:
    """The 1-based place of a node among its brothers of the same name."""
    brothers = node.parent.by_name[node.name] if node.parent else [node]
    return float(next(place for place, brother in enumerate(brothers, 1) if brother is node))


def _instance(token: Any) -> Run:
    name = build(token[0])

    def run(focus: Focus) -> Value:
        found = focus.around.instances.get(text_of(name(focus)))
        return [found] if found else []

    return run


def _pulldata(token: Any) -> Run:
    """pulldata(instance, wanted, by, value): one value of a secondary instance."""
    parts = [build(part) for part in token]

    def run(focus: Focus) -> Value:
        name, wanted, by, value = (text_of(part(focus)) for part in parts)
        top = focus.around.instances.get(name)
        rows = top.below((*top.path, "root", "item")) if top else []
        hits = (row for row in rows if any(cell.text == value for cell in row.by_name.get(by, ())))
        return next((text_of(list(row.by_name.get(wanted, ()))) for row in hits), "")

    return run


def _indexed_repeat(token: Any) -> Run:
    wanted = build(token[0])
    repeats = [(build(token[place]), build(token[place + 1])) for place in range(1, len(token) - 1, 2)]

    def run(focus: Focus) -> Value:
        found = nodes(wanted, focus)
        for repeat, index in repeats:
            place = number_of(index(focus))
            chosen = {id(node) for node in nodes(repeat, focus) if _place(node) == place}
            found = [node for node in found if _is_under(node, chosen)]
        return found[:1]

    return run


def _is_under(node: Node | None, chosen: set[int]) -> bool:
    while node:
        if id(node) in chosen:
            return True
        node = node.parent
    return False


def _choice_name(token: Any) -> Run:
    """The label of a choice. The second argument is the path of the question as text (ODK specification)."""
    value = build(token[0])
    if token[1].symbol != "(string)":
        raise BrokenExpression(str(token.source), "jr:choice-name needs the question's path as literal text")
    question = build(parse_expression(token[1].value))

    def run(focus: Focus) -> Value:
        found = nodes(question, focus)
        return focus.around.choice_label(found[0].path, text_of(value(focus))) if found else ""

    return run


def _of_node(convert: Callable[[Value], Value]) -> Callable[[Any], Run]:
    def make(token: Any) -> Run:
        argument: Run = build(token[0]) if len(token) else (lambda focus: [focus.node])
        return lambda focus: convert(argument(focus))

    return make


_SPECIAL: dict[str, Callable[[Any], Run]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "position": _position,
    "last": lambda token: lambda focus: float(focus.size),
    "current": lambda token: lambda focus: [focus.origin],
    "instance": _instance,
    "pulldata": _pulldata,
    "indexed-repeat": _indexed_repeat,
    "jr-choice-name": _choice_name,
    "string": _of_node(text_of),
    "number": _of_node(number_of),
    "normalize-space": _of_node(lambda value: " ".join(text_of(value).split())),
    "today": lambda token: lambda focus: focus.around.today(),
    "now": lambda token: lambda focus: focus.around.now().isoformat(timespec="seconds"),
}
