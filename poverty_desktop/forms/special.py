"""The functions of XForms that need the node, the form or the day (ODK XForms specification)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from poverty_desktop.forms.focus import Build, Focus, Maker, Run, nodes
from poverty_desktop.forms.nodes import Node, Value, number_of, text_of, truth_of
from poverty_desktop.forms.xpath import BrokenExpression, parse_expression


def _if(token: Any, build: Build) -> Run:
    test, yes, no = (build(part) for part in token)
    return lambda focus: yes(focus) if truth_of(test(focus)) else no(focus)


def _coalesce(token: Any, build: Build) -> Run:
    options = [build(part) for part in token]
    return lambda focus: next((text for option in options if (text := text_of(option(focus)))), "")


def _once(token: Any, build: Build) -> Run:
    calculation = build(token[0])
    return lambda focus: focus.origin.raw or text_of(calculation(focus))


def _position(token: Any, build: Build) -> Run:
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


def _instance(token: Any, build: Build) -> Run:
    name = build(token[0])

    def run(focus: Focus) -> Value:
        found = focus.around.instances.get(text_of(name(focus)))
        return [found] if found else []

    return run


def _pulldata(token: Any, build: Build) -> Run:
    """pulldata(instance, wanted, by, value): one value of a secondary instance."""
    parts = [build(part) for part in token]

    def run(focus: Focus) -> Value:
        name, wanted, by, value = (text_of(part(focus)) for part in parts)
        top = focus.around.instances.get(name)
        rows = top.below((*top.path, "root", "item")) if top else []
        hits = (row for row in rows if any(cell.text == value for cell in row.by_name.get(by, ())))
        return next((text_of(list(row.by_name.get(wanted, ()))) for row in hits), "")

    return run


def _indexed_repeat(token: Any, build: Build) -> Run:
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


def _choice_name(token: Any, build: Build) -> Run:
    """The label of a choice. The second argument is the path of the question as text (ODK specification)."""
    value = build(token[0])
    if token[1].symbol != "(string)":
        raise BrokenExpression(str(token.source), "jr:choice-name needs the question's path as literal text")
    question = build(parse_expression(token[1].value))

    def run(focus: Focus) -> Value:
        found = nodes(question, focus)
        return focus.around.choice_label(found[0].path, text_of(value(focus))) if found else ""

    return run


def _of_node(convert: Callable[[Value], Value]) -> Maker:
    def make(token: Any, build: Build) -> Run:
        argument: Run = build(token[0]) if len(token) else (lambda focus: [focus.node])
        return lambda focus: convert(argument(focus))

    return make


SPECIAL: dict[str, Maker] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "position": _position,
    "last": lambda token, build: lambda focus: float(focus.size),
    "current": lambda token, build: lambda focus: [focus.origin],
    "instance": _instance,
    "pulldata": _pulldata,
    "indexed-repeat": _indexed_repeat,
    "jr-choice-name": _choice_name,
    "string": _of_node(text_of),
    "number": _of_node(number_of),
    "normalize-space": _of_node(lambda value: " ".join(text_of(value).split())),
    "today": lambda token, build: lambda focus: focus.around.today(),
    "now": lambda token, build: lambda focus: focus.around.now().isoformat(timespec="seconds"),
}
