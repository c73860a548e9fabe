"""Functions that find nodes: of the form, of its repeats, of its lists (ODK XForms specification, "XPath Functions")."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from poverty_desktop.forms.focus import Build, Focus, Maker, Run, nodes
from poverty_desktop.forms.lookups import candidates
from poverty_desktop.forms.nodes import Node, Value, number_of, text_of
from poverty_desktop.forms.paths import is_node_set, required_node_set
from poverty_desktop.forms.xpath import BrokenExpression, parse_expression

Path = tuple[str, ...]


def _position(token: Any, build: Build) -> Run:
    """With a node its place among its brothers of the same name, without one the place within the predicate."""
    if not len(token):
        return lambda focus: float(focus.position)
    target = build(required_node_set(token[0]))

    def run(focus: Focus) -> Value:
        found = nodes(target, focus)
        return _place(found[0]) if found else math.nan

    return run


def _place(node: Node) -> float:
    brothers = node.parent.by_name[node.name] if node.parent else [node]
    return float(next(place for place, brother in enumerate(brothers, 1) if brother is node))


def _instance(token: Any, build: Build) -> Run:
    """A secondary instance; one that is not there (a file that was not given, `__last-saved`) is empty."""
    name = build(token[0])

    def run(focus: Focus) -> Value:
        found = focus.around.instances.get(text_of(name(focus)))
        return [found] if found else []

    return run


def _pulldata(token: Any, build: Build) -> Run:
    """pulldata(instance, wanted, by, value) is instance(instance)/root/item[by = value]/wanted."""
    parts = [build(part) for part in token]

    def run(focus: Focus) -> Value:
        name, wanted, by, value = (text_of(part(focus)) for part in parts)
        top = focus.around.instances.get(name)
        roots = top.by_name.get("root", ()) if top else ()
        rows = (row for root in roots for row in candidates(root, "item", by, value))
        return next((text_of(list(row.by_name.get(wanted, ()))) for row in rows), "")

    return run


def _indexed_repeat(token: Any, build: Build) -> Run:
    """One answer of a chosen instance: indexed-repeat(answer, repeat, place, inner repeat, place, …).

    The paths name questions, not nodes: where they are relative, the instances meant are still those of the whole repeat. Repeats
    that are not named stay those of the expression's own node. A place that is blank or below 1 is the first (JavaRosa).
    """
    if len(token) % 2 == 0:
        raise BrokenExpression(str(token.source), "indexed-repeat needs a place for each repeat")
    wanted = _named(token[0], build)
    pairs = [(_named(token[at], build), build(token[at + 1])) for at in range(1, len(token), 2)]

    def run(focus: Focus) -> Value:
        chosen = {path: number_of(place(focus)) for repeat, place in pairs for path in repeat(focus)}
        return [node for path in wanted(focus) for node in _descend(focus, path, chosen)[:1]]

    return run


def _named(token: Any, build: Build) -> Callable[[Focus], list[Path]]:
    """The path of the question or repeat that an argument names: as it is written, else that of the first node it selects."""
    run, names, step = build(required_node_set(token)), list[str](), token
    while step.symbol == "/" and len(step) and step[-1].symbol == "(name)":
        names.append(step[-1].value)
        if len(step) == 1:
            full = tuple(reversed(names))
            return lambda focus: [full]
        step = step[0]
    return lambda focus: [node.path for node in nodes(run, focus)[:1]]


def _descend(focus: Focus, path: Path, chosen: dict[Path, float]) -> list[Node]:
    if not chosen:
        return []
    first = min(chosen, key=len)
    common = sum(1 for depth in range(1, len(first)) if focus.origin.path[:depth] == first[:depth])
    found = [focus.origin.above(common) if common else focus.around.document]
    for depth in range(common + 1, len(path) + 1):
        found = [child for node in found for child in node.by_name.get(path[depth - 1], ())]
        if path[:depth] in chosen:
            place = chosen[path[:depth]]
            at = int(place) if place >= 1 and math.isfinite(place) else 1
            found = found[at - 1 : at]
    return found


def _choice_name(token: Any, build: Build) -> Run:
    """The label of a choice. The second argument names the question: its path as text, plain, or an expression."""
    value, question = build(token[0]), token[1]
    if question.symbol == "(string)":
        return _labelled(value, _question(question.value, build))
    if is_node_set(question):
        return _labelled(value, build(question))
    named = build(question)
    made = lru_cache(maxsize=64)(lambda text: _question(text, build))

    def run(focus: Focus) -> Value:
        try:
            return _labelled(value, made(text_of(named(focus))))(focus)
        except BrokenExpression:
            return ""

    return run


def _question(path: str, build: Build) -> Run:
    return build(required_node_set(parse_expression(path)))


def _labelled(value: Run, question: Run) -> Run:
    def run(focus: Focus) -> Value:
        found = nodes(question, focus)
        return focus.around.choice_label(found[0].path, text_of(value(focus))) if found else ""

    return run


NODE_FUNCTIONS: dict[str, Maker] = {
    "position": _position,
    "last": lambda token, build: lambda focus: float(focus.size),
    "current": lambda token, build: lambda focus: [focus.origin],
    "instance": _instance,
    "pulldata": _pulldata,
    "indexed-repeat": _indexed_repeat,
    "jr-choice-name": _choice_name,
}
