"""Where an expression stands while it runs, and what it may ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from poverty_desktop.forms.nodes import Node, Value


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
Build = Callable[[Any], Run]
Maker = Callable[[Any, Build], Run]
"""Makes the function of one kind of token; `Build` makes those of its parts."""


def nodes(run: Run, focus: Focus) -> list[Node]:
    value = run(focus)
    return value if isinstance(value, list) else []
