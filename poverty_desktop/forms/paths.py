"""The steps of paths as Python functions: names, axes, predicates, unions.

XPath 1.0, 2; ODK XForms specification, "XPath Paths" and "XPath Predicates".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poverty_desktop.forms.axes import AXES, REVERSE, axis, in_order, parents
from poverty_desktop.forms.focus import Build, Focus, Maker, Run, nodes
from poverty_desktop.forms.functions import BUILT_IN, VOLATILE
from poverty_desktop.forms.lookups import candidates, is_list
from poverty_desktop.forms.nodes import Node, Value, truth_of
from poverty_desktop.forms.operators import equality_sides
from poverty_desktop.forms.xpath import BrokenExpression

_NODE_FUNCTIONS = frozenset({"current", "instance", "randomize", "indexed-repeat"})


def is_node_set(token: Any) -> bool:
    """Whether an expression selects nodes, whatever the answers are."""
    if token.symbol == "(":
        return len(token) == 1 and is_node_set(token[0])
    if token.symbol == "if" and len(token) == 3:
        return is_node_set(token[1]) and is_node_set(token[2])
    return token.symbol in _NODE_FUNCTIONS or (token.symbol in STEPS and not (token.symbol == "*" and len(token)))


def required_node_set(token: Any) -> Any:
    if not is_node_set(token):
        raise BrokenExpression(str(token.source), f"{token.source} is a value where a path is needed")
    return token


def _name(token: Any, build: Build) -> Run:
    name = token.value
    return lambda focus: list(focus.node.by_name.get(name, ()))


def _all_children(token: Any, build: Build) -> Run:
    return lambda focus: list(focus.node.children)


def _path(token: Any, build: Build) -> Run:
    plain = _plain_steps(token)
    if plain is not None:
        return _plain_path(*plain)
    last = build(token[-1]) if len(token) else None
    if last is None:
        return lambda focus: [focus.around.document]
    step = last
    if len(token) == 1:
        return lambda focus: nodes(step, focus.at(focus.around.document))
    first = build(required_node_set(token[0]))
    sort = _innermost(token[-1]).symbol in AXES

    def run(focus: Focus) -> Value:
        start = nodes(first, focus)
        if len(start) == 1:
            return step(focus.at(start[0]))
        found = {id(node): node for one in start for node in nodes(step, focus.at(one))}
        return in_order(found.values()) if sort else list(found.values())

    return run


_STARTS: dict[str, Callable[[Focus], Node]] = {
    "/": lambda focus: focus.around.document,
    "current": lambda focus: focus.origin,
    "": lambda focus: focus.node,
}


def _plain_steps(token: Any) -> tuple[str, list[str]] | None:
    """The start and the steps of a path of names, `.` and `..` alone, as most are: they run without a focus for each step."""
    steps: list[str] = []
    while token.symbol == "/" and len(token):
        steps.append(_plain_step(token[-1]))
        if len(token) == 1:
            return ("/", steps[::-1]) if all(steps) else None
        token = token[0]
    if token.symbol == "current":
        return ("current", steps[::-1]) if all(steps) else None
    steps.append(_plain_step(token))
    return ("", steps[::-1]) if all(steps) else None


def _plain_step(token: Any) -> str:
    return str(token.value) if token.symbol == "(name)" else token.symbol if token.symbol in (".", "..") else ""


def _plain_path(start: str, steps: list[str]) -> Run:
    if start == "/" and ".." not in steps:
        return _own_path(tuple(step for step in steps if step != "."))
    ups = steps.count("..")
    if not start and ups and "." not in steps and ".." not in steps[ups:] and len(steps) > ups + 1:
        return _tested_path(ups, steps)
    return _whole_path(start, steps)


def _tested_path(ups: int, steps: list[str]) -> Run:
    """`../m/age` within a predicate on `../m`, as converters write `${m}[${age} >= 18]` in a repeat around m: the age of the very
    instance that is tested, as for a path from the root. Elsewhere it is everybody's."""
    names, whole = steps[ups:], _whole_path("", steps)

    def run(focus: Focus) -> Value:
        tested, depth = focus.node, len(focus.node.path) - ups
        if tested is focus.origin or not tested.instance or tested.path[depth:] != tuple(names[:ups]) or len(names) <= ups:
            return whole(focus)
        found = [tested]
        for step in names[ups:]:
            found = _children(found, step)
        return list(found)

    return run


def _own_path(full: tuple[str, ...]) -> Run:
    """A path from the root, seen from within a repeat: into the very instance one stands in, not into all of them.

    So does JavaRosa (`TreeReference.contextualize`: a step without a predicate takes the instance of the context, the last one
    and the argument of `sum` too), and forms count on it: `count(${member}[${age} >= 18])` tests each member's own age, and the
    `sum(/data/member/loan/amount)` of a member is of the own loans. All are meant by a path up and down, `../../member`.
    """

    def run(focus: Focus) -> Value:
        home = focus.node.home or focus.origin.home
        while home and home.path != full[: len(home.path)]:
            home = home.parent.home if home.parent else None
        found = [home or focus.around.document]
        for step in full[len(home.path) if home else 0 :]:
            found = found[0].by_name.get(step, []) if len(found) == 1 else _children(found, step)
        return list(found)

    return run


def _children(found: list[Node], name: str) -> list[Node]:
    return [child for node in found for child in node.by_name.get(name, ())]


def _whole_path(start: str, steps: list[str]) -> Run:
    first, rest = _STARTS[start], [step for step in steps if step != "."]

    def run(focus: Focus) -> Value:
        found = [first(focus)]
        for step in rest:
            if step == "..":
                found = list({id(node.parent): node.parent for node in found if node.parent}.values())
            elif len(found) == 1:
                found = found[0].by_name.get(step, [])
            else:
                found = _children(found, step)
        return list(found)

    return run


def _anywhere(token: Any, build: Build) -> Run:
    last = build(token[-1])
    first = build(required_node_set(token[0])) if len(token) == 2 else None

    def run(focus: Focus) -> Value:
        tops = nodes(first, focus) if first else [focus.around.document]
        found = (node for top in tops for inner in top.walk() for node in nodes(last, focus.at(inner)))
        return list({id(node): node for node in found}.values())

    return run


def _union(token: Any, build: Build) -> Run:
    left, right = (build(required_node_set(part)) for part in token)
    return lambda focus: in_order({id(node): node for node in [*nodes(left, focus), *nodes(right, focus)]}.values())


# --- predicates ----------------------------------------------------------------------------------------------------


def _filtered(token: Any, build: Build) -> Run:
    """A step with its predicates, in the order of the form; places are counted in the order of the axis."""
    run = _filter(token, build)
    if _innermost(token).symbol in REVERSE:
        return lambda focus: nodes(run, focus)[::-1]
    return run


def _innermost(token: Any) -> Any:
    while token.symbol == "[":
        token = token[0]
    return token


def _filter(token: Any, build: Build) -> Run:
    base, test = _base(required_node_set(token[0]), build), build(token[1])
    rows = _rows(token, base, build)

    def run(focus: Focus) -> Value:
        found = nodes(rows, focus)
        return [node for place, node in enumerate(found, 1) if _passes(test(focus.at(node, place, len(found))), place)]

    return run


def _base(token: Any, build: Build) -> Run:
    if token.symbol == "[":
        return _filter(token, build)
    return axis(token) if token.symbol in REVERSE else build(token)


def _passes(value: Value, place: int) -> bool:
    return value == place if isinstance(value, float) else truth_of(value)


def _rows(token: Any, base: Run, build: Build) -> Run:
    """What a predicate tests: all nodes of its step, or by a lookup those rows of a list that can pass at all."""
    step = token[0][0] if token[0].symbol == "child" else token[0]
    if step.symbol != "(name)" or any(part.symbol in ("position", "last") for part in token[1].iter()):
        return base
    for side, wanted in equality_sides(token[1]):
        column = _column(side)
        if column is not None and _is_steady(wanted):
            return _looked_up(step.value, column, build(wanted), base)
    return base


def _looked_up(name: str, column: str, wanted: Run, base: Run) -> Run:
    def run(focus: Focus) -> Value:
        if is_list(focus.node, focus.around.document):
            return candidates(focus.node, name, column, wanted(focus))
        return base(focus)

    return run


def _column(token: Any) -> str | None:
    """The name of a child that a side of an equation is: `name`, `./name`, `child::name`."""
    if token.symbol == "/" and len(token) == 2 and token[0].symbol == ".":
        token = token[1]
    if token.symbol == "child":
        token = token[0]
    return str(token.value) if token.symbol == "(name)" else None


_UNSTEADY = (VOLATILE - {"now", "today"}) | {"once", "position", "last"}


def _is_steady(token: Any) -> bool:
    """Whether an expression is the same for all rows that a predicate is run on."""
    symbol = token.symbol
    if symbol in ("/", "//"):
        return len(token) < 2 or _is_steady(token[0])
    if symbol == "[":
        return _is_steady(token[0])
    if symbol in ("current", "(string)", "(integer)", "(float)", "(decimal)"):
        return True
    if symbol in _UNSTEADY or (symbol in STEPS and symbol != "|" and not (symbol == "*" and len(token))):
        return False
    if symbol in BUILT_IN and not len(token):  # string(), number(), … read the row
        return False
    return all(_is_steady(part) for part in token)


def in_form_order(token: Any, build: Build) -> Run:
    run = axis(token)
    return (lambda focus: nodes(run, focus)[::-1]) if token.symbol in REVERSE else run


STEPS: dict[str, Maker] = {
    "(name)": _name,
    "*": _all_children,
    "node": _all_children,
    ".": lambda token, build: lambda focus: [focus.node],
    "..": lambda token, build: lambda focus: parents(focus.node),
    "/": _path,
    "//": _anywhere,
    "[": _filtered,
    "|": _union,
    **dict.fromkeys(AXES, in_form_order),
}
