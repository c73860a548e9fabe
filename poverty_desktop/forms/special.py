"""Functions that decide which arguments to run, that draw by chance, or that stand on the node (ODK XForms specification)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from poverty_desktop.forms.focus import Build, Focus, Maker, Run, dice, nodes
from poverty_desktop.forms.functions_sets import ParkMiller, seed_of, shuffled
from poverty_desktop.forms.functions_text import identifier, normalize_space, uuid
from poverty_desktop.forms.nodes import Value, number_of, text_of, truth_of
from poverty_desktop.forms.special_nodes import NODE_FUNCTIONS


def _if(token: Any, build: Build) -> Run:
    """Only the branch that is taken runs."""
    test, yes, no = (build(part) for part in token)
    return lambda focus: yes(focus) if truth_of(test(focus)) else no(focus)


def _coalesce(token: Any, build: Build) -> Run:
    """The first value that is not empty; what cannot be reckoned is no value either (JavaRosa)."""
    options = [build(part) for part in token]

    def run(focus: Focus) -> Value:
        return next((value for option in options if not _is_empty(value := option(focus))), "")

    return run


def _is_empty(value: Value) -> bool:
    return math.isnan(value) if isinstance(value, float) else text_of(value) == ""


def _once(token: Any, build: Build) -> Run:
    calculation = build(token[0])
    return lambda focus: focus.origin.raw or text_of(calculation(focus))


def _call(token: Any) -> str:
    """What tells one call in a form from another: its expression and its place there."""
    return f"{token.parser.source}|{token.span}"


def _random(token: Any, build: Build) -> Run:
    call = _call(token)
    return lambda focus: dice(call, focus).random()


def _uuid(token: Any, build: Build) -> Run:
    call = _call(token)
    if not len(token):
        return lambda focus: uuid(dice(call, focus))
    length = build(token[0])
    return lambda focus: identifier(dice(call, focus), length(focus))


def _randomize(token: Any, build: Build) -> Run:
    """With a seed by the generator of the specification; without one in an order that stays for the session."""
    call, rows = _call(token), build(token[0])
    if len(token) == 1:
        return lambda focus: shuffled(nodes(rows, focus), dice(call, focus))
    seed = build(token[1])
    return lambda focus: shuffled(nodes(rows, focus), ParkMiller(seed_of(seed(focus))))


def _of_node(convert: Callable[[Value], Value]) -> Maker:
    """A function that takes the node itself where it gets no argument."""

    def make(token: Any, build: Build) -> Run:
        argument: Run = build(token[0]) if len(token) else (lambda focus: [focus.node])
        return lambda focus: convert(argument(focus))

    return make


def _name_of(value: Value) -> str:
    return value[0].name if isinstance(value, list) and value else ""


SPECIAL: dict[str, Maker] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "random": _random,
    "uuid": _uuid,
    "randomize": _randomize,
    "string": _of_node(text_of),
    "string-length": _of_node(lambda value: float(len(text_of(value)))),
    "number": _of_node(number_of),
    "normalize-space": _of_node(normalize_space),
    "name": _of_node(_name_of),
    "local-name": _of_node(_name_of),
    **NODE_FUNCTIONS,
}
