"""The tree that expressions see, and the conversions between its values.

Values of expressions are text, numbers (float), truth values and lists of nodes, as in XPath 1.0. A date is its ISO text;
where a number is wanted it becomes the days since 1970-01-01 (ODK XForms specification, function `number`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?")
EPOCH = date(1970, 1, 1)


class Node:
    """One element. `raw` is what is stored or computed, `text` what expressions see: empty while it is not relevant.

    `path` names the elements from the root of the instance down, without instances; `key` is the answer key.
    """

    __slots__ = ("by_name", "children", "instance", "key", "name", "own", "parent", "path", "raw", "relevant", "text")

    def __init__(self, name: str, parent: Node | None, instance: str = "") -> None:
        self.name = name
        self.parent = parent
        self.instance = instance
        self.path: tuple[str, ...] = (*parent.path, name) if parent else ()
        step = f"{name}/{instance}" if instance else name
        self.key: str = f"{parent.key}/{step}" if parent and len(self.path) > 2 else (step if len(self.path) > 1 else "")
        self.children: list[Node] = []
        self.by_name: dict[str, list[Node]] = {}
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
    """XPath `string`: the first node's text, "true"/"false", numbers without a needless point."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].text if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def number_text(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return str(int(number)) if number == int(number) else repr(number)


def number_of(value: Value) -> float:
    """ODK `number`: as XPath 1.0, and dates become days since 1970. Empty text is NaN."""
    if isinstance(value, bool | int | float):
        return float(value)
    text = text_of(value).strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    return days_of(text)


def days_of(text: str) -> float:
    """Days since 1970-01-01 of an ISO date or date and time (its wall clock), NaN for any other text."""
    if not _DATE.fullmatch(text):
        return math.nan
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return math.nan
    return (moment.date() - EPOCH).days + fraction_of(moment.time())


def fraction_of(moment: time) -> float:
    return (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400


def truth_of(value: Value) -> bool:
    """XPath `boolean`: a number that is neither zero nor NaN, text that is not empty, a list with nodes."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return value != 0 and not math.isnan(value)
    return bool(value)


def texts_of(value: Value) -> list[str]:
    """All texts of a value: of each node that counts (is relevant), or of the one value itself."""
    if isinstance(value, list):
        return [node.text for node in value if node.relevant]
    return [text_of(value)]
