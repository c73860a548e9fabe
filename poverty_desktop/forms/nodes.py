"""The tree that expressions see, and the conversions between its values.

Values of expressions are text, numbers (float), truth values and lists of nodes, as in XPath 1.0. A date is its ISO text;
where a number is wanted it becomes the days since 1970-01-01 (ODK XForms specification, function `number`, and `moments.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal

from poverty_desktop.forms.moments import days_of, days_of_both

_NUMBER = re.compile(r"-?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
TINY = 1e-12  # what is nearer than this is equal, as in JavaRosa: 0.1 + 0.2 = 0.3


class Node:
    """One element. `raw` is what is stored or computed, `text` what expressions see: empty while it is not relevant.

    `path` names the elements from the root of the instance down, without instances; `key` is the answer key. `columns` holds the
    lookups of `lookups.py`, on the parents of the rows of a list; `home` is the innermost repeat instance it stands in or is.
    """

    __slots__ = (
        "by_name",
        "children",
        "columns",
        "home",
        "instance",
        "key",
        "name",
        "own",
        "parent",
        "path",
        "raw",
        "relevant",
        "text",
    )

    def __init__(self, name: str, parent: Node | None, instance: str = "") -> None:
        self.name = name
        self.parent = parent
        self.instance = instance
        self.home: Node | None = self if instance else parent.home if parent else None
        self.path: tuple[str, ...] = (*parent.path, name) if parent else ()
        step = f"{name}/{instance}" if instance else name
        self.key: str = f"{parent.key}/{step}" if parent and len(self.path) > 2 else (step if len(self.path) > 1 else "")
        self.children: list[Node] = []
        self.by_name: dict[str, list[Node]] = {}
        self.columns: dict[tuple[str, str], dict[str | float, list[Node]]] | None = None
        self.raw = ""
        self.text = ""
        self.own = True
        self.relevant = True

    def attach(self, child: Node) -> Node:
        self.children.append(child)
        self.by_name.setdefault(child.name, []).append(child)
        return child

    def detach(self, child: Node) -> None:
        self.children.remove(child)
        self.by_name[child.name].remove(child)

    def above(self, depth: int) -> Node:
        """The node itself or the one above it whose path has `depth` names."""
        node = self
        while len(node.path) > depth and node.parent:
            node = node.parent
        return node

    def below(self, path: tuple[str, ...]) -> list[Node]:
        """All nodes with this full path under this node (itself when it is its own path)."""
        found = [self]
        for name in path[len(self.path) :]:
            found = [child for node in found for child in node.by_name.get(name, ())]
        return found

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


Value = str | float | bool | list[Node]


def text_of(value: Value) -> str:
    """XPath `string`: the first node's text, "true"/"false", numbers without a needless point.

    Nodes that are not relevant are passed over, here and wherever nodes are compared or counted: they are not in the form
    (ODK XForms specification, "Bind Attributes"; JavaRosa takes them out of every node-set).
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return next((node.text for node in value if node.relevant), "")
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def number_text(number: float) -> str:
    """XPath 1.0, 4.2: no exponent, no point for whole numbers. What is nearly whole is whole, as in JavaRosa."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    whole = round(number)
    return str(whole) if abs(number - whole) < TINY else format(Decimal(repr(float(number))), "f")


def number_of(value: Value) -> float:
    """ODK `number`: as XPath 1.0, and dates become days since 1970. Empty text is NaN.

    A comma may stand for the point, as in JavaRosa: files from Vietnamese spreadsheets have it.
    """
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return float(value)
    text = text_of(value)
    if text.isdecimal() and text.isascii():  # most answers
        return float(text)
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    return days_of(text)


def numbers_of(one: Value, other: Value) -> tuple[float, float]:
    """Both sides of a comparison or a difference as numbers; a day and a moment meet as `days_of_both` says."""
    if isinstance(one, str | list) and isinstance(other, str | list):
        first, second = text_of(one), text_of(other)
        both = days_of_both(first, second) if "T" in first or "T" in second else None
        return both or (number_of(first), number_of(second))
    return number_of(one), number_of(other)


def truth_of(value: Value) -> bool:
    """XPath `boolean`: a number that is neither zero nor NaN, text that is not empty.

    A node goes through its text ("XPath Functions", note on booleans; JavaRosa): an empty or hidden answer is false, where
    XPath 1.0 would ask only whether the node is there. A group or a row of a list is true when it is there.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return abs(value) >= TINY  # false for NaN
    if isinstance(value, list):
        return any(node.relevant and (node.children or node.text) for node in value)
    return bool(value)


def texts_of(value: Value) -> list[str]:
    """All texts of a value: of each node that counts (is relevant), or of the one value itself."""
    if isinstance(value, list):
        return [node.text for node in value if node.relevant]
    return [text_of(value)]
