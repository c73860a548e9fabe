"""The steps of paths as Python functions: names, parents, predicates, unions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poverty_desktop.forms.focus import Build, Focus, Maker, Run, nodes
from poverty_desktop.forms.nodes import Node, Value, truth_of


def _name(token: Any, build: Build) -> Run:
    name = token.value
    return lambda focus: list(focus.node.by_name.get(name, ()))


def _parent(focus: Focus) -> list[Node]:
    return [focus.node.parent] if focus.node.parent else []


def _path(token: Any, build: Build) -> Run:
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


def _anywhere(token: Any, build: Build) -> Run:
    last = build(token[-1])
    first = build(token[0]) if len(token) == 2 else None

    def run(focus: Focus) -> Value:
        tops = nodes(first, focus) if first else [focus.around.document]
        return [node for top in tops for inner in top.walk() for node in nodes(last, focus.at(inner))]

    return run


def _filter(token: Any, build: Build) -> Run:
    base, test = build(token[0]), build(token[1])

    def run(focus: Focus) -> Value:
        found = nodes(base, focus)
        return [node for place, node in enumerate(found, 1) if _passes(test(focus.at(node, place, len(found))), place)]

    return run


def _passes(value: Value, place: int) -> bool:
    return value == place if isinstance(value, float) else truth_of(value)


def _union(token: Any, build: Build) -> Run:
    left, right = build(token[0]), build(token[1])
    return lambda focus: list({id(node): node for node in [*nodes(left, focus), *nodes(right, focus)]}.values())


def _self_axis(token: Any, build: Build) -> Run:
    return _named(token, lambda focus: [focus.node])


def _parent_axis(token: Any, build: Build) -> Run:
    return _named(token, _parent)


def _named(token: Any, select: Callable[[Focus], list[Node]]) -> Run:
    """An axis with a name test; `*` and node() take every node."""
    name = token[0].value if token[0].symbol == "(name)" else None
    return lambda focus: [node for node in select(focus) if name is None or node.name == name]


STEPS: dict[str, Maker] = {
    "(name)": _name,
    "*": lambda token, build: lambda focus: list(focus.node.children),
    ".": lambda token, build: lambda focus: [focus.node],
    "..": lambda token, build: _parent,
    "/": _path,
    "//": _anywhere,
    "[": _filter,
    "|": _union,
    "child": lambda token, build: build(token[0]),
    "self": _self_axis,
    "parent": _parent_axis,
}
