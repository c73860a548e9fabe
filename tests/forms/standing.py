"""A small tree of answers for expressions to stand on, without a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from random import Random

from poverty_desktop.forms.compiled import compile_expression
from poverty_desktop.forms.focus import Focus
from poverty_desktop.forms.nodes import Node, Value, text_of

NOW = "2026-11-23T08:30:15.250+07:00"
ANSWERS = {"a": "5", "b": "", "d": "2026-11-22", "many": "x y z", "text": "false", "cell": "", "at": NOW}


def listed(*rows: Mapping[str, str]) -> Node:
    """A secondary instance: root/item with a cell for each column."""
    top = Node("", None)
    root = top.attach(Node("root", top))
    for row in rows:
        item = root.attach(Node("item", root))
        for name, text in row.items():
            item.attach(Node(name, item)).text = text
    return top


class Around:
    """data/{a=5, b="", d=2026-11-22, many="x y z", …, roster×3/{age: 30, "", 8; loan: …}, cell} and one list.

    `asked` counts how often the day was asked for: a test in a predicate that asks it tells on how many rows it ran.
    """

    def __init__(self, language: str = "en", seed: int = 1) -> None:
        self.language = language
        self.moment = datetime.fromisoformat(NOW)
        self.random = Random(seed)
        self.draws: dict[tuple[str, str], int] = {}
        self.properties: Mapping[str, str] = {"username": "hong"}
        self.version = "2026.3"
        self.asked = 0
        self.document = Node("", None)
        data = self.document.attach(Node("data", self.document))
        for name, text in ANSWERS.items():
            data.attach(Node(name, data)).text = text
        for number, (age, loans) in enumerate((("30", ("10", "20")), ("", ()), ("8", ("7",))), 1):
            row = data.attach(Node("roster", data, f"k{number}"))
            row.attach(Node("age", row)).text = age
            for place, amount in enumerate(loans, 1):
                loan = row.attach(Node("loan", row, f"l{place}"))
                loan.attach(Node("amount", loan)).text = amount
        rows = ({"name": "x", "points": "10"}, {"name": "y", "points": "20"})
        self.instances: Mapping[str, Node] = {"list": listed(*rows), "__last-saved": Node("", None)}

    @property
    def data(self) -> Node:
        return self.document.children[0]

    def member(self, place: int) -> Node:
        return self.data.by_name["roster"][place - 1]

    def today(self) -> str:
        self.asked += 1
        return self.moment.date().isoformat()

    def now(self) -> datetime:
        return self.moment

    def choice_label(self, path: tuple[str, ...], value: str) -> str:
        return f"{'/'.join(path)}={value}"

    def itext(self, identifier: str) -> str:
        return f"[{identifier}:{self.language}]"


def run(expression: str, around: Around | None = None, node: Node | None = None) -> Value:
    """The value of an expression, standing on data/cell where no node is named."""
    around = around or Around()
    node = node or around.data.by_name["cell"][0]
    return compile_expression(expression)(Focus(node, node, around))


def text(expression: str, around: Around | None = None, node: Node | None = None) -> str:
    return text_of(run(expression, around, node))


def number(expression: str, around: Around | None = None) -> float:
    value = run(expression, around)
    assert isinstance(value, float)
    return value


@contextmanager
def hidden(*nodes: Node) -> Iterator[None]:
    """While these answers do not apply."""
    kept = [(node, node.text) for node in nodes]
    for node in nodes:
        node.relevant, node.text = False, ""
    yield
    for node, was in kept:
        node.relevant, node.text = True, was
