"""The axes of paths (XPath 1.0, 2.2).

The ODK specification ("XPath Axes") promises only child, parent and self; the others cost little and are here. Answers have no
attributes and no text nodes of their own, so `attribute::`, `namespace::` and `text()` are refused when a form is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from poverty_desktop.forms.focus import Focus, Run
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.xpath import BrokenExpression

Axis = Callable[[Node], Iterable[Node]]


def _self(node: Node) -> Iterator[Node]:
    yield node


def parents(node: Node) -> list[Node]:
    return [node.parent] if node.parent else []


def _ancestors(node: Node) -> Iterator[Node]:
    while node.parent:
        node = node.parent
        yield node


def _ancestors_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from _ancestors(node)


def _descendants(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield from child.walk()


def _place(node: Node) -> tuple[list[Node], int]:
    """A node's brothers and its place among them."""
    brothers = node.parent.children if node.parent else [node]
    return brothers, next(place for place, brother in enumerate(brothers) if brother is node)


def _after(node: Node) -> list[Node]:
    brothers, place = _place(node)
    return brothers[place + 1 :]


def _before(node: Node) -> list[Node]:
    brothers, place = _place(node)
    return brothers[:place][::-1]


def _following(node: Node) -> Iterator[Node]:
    for one in _ancestors_or_self(node):
        for brother in _after(one):
            yield from brother.walk()


def _preceding(node: Node) -> Iterator[Node]:
    for one in _ancestors_or_self(node):
        for brother in _before(one):
            yield from [*brother.walk()][::-1]


AXES: dict[str, Axis] = {
    "child": lambda node: node.children,
    "self": _self,
    "parent": parents,
    "ancestor": _ancestors,
    "ancestor-or-self": _ancestors_or_self,
    "descendant": _descendants,
    "descendant-or-self": Node.walk,
    "following-sibling": _after,
    "preceding-sibling": _before,
    "following": _following,
    "preceding": _preceding,
}
REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding-sibling", "preceding"})
"""Axes that count their places backwards from the node (XPath 1.0, 2.4)."""


def name_test(token: Any) -> str | None:
    """The name that a step wants, None for any; `*` and node() take every one. Raises BrokenExpression."""
    if token.symbol == "(name)":
        return str(token.value)
    if token.symbol in ("*", "node") and not len(token):
        return None
    raise BrokenExpression(str(token.source), f"{token.symbol} cannot stand after an axis")


def axis(token: Any) -> Run:
    """The nodes of an axis, in its own order."""
    select, wanted = AXES[token.symbol], name_test(token[0])
    elements = token[0].symbol != "node"  # the document above the root is a node, but no element

    def run(focus: Focus) -> list[Node]:
        return [
            node
            for node in select(focus.node)
            if (wanted is None or node.name == wanted) and (node.parent or not elements)
        ]

    return run


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """The nodes as they stand in the form."""
    return sorted(nodes, key=_path_of)


def _path_of(node: Node) -> list[int]:
    return [_place(one)[1] for one in _ancestors_or_self(node)][::-1]
