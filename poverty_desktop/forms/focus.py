"""Where an expression stands while it runs, and what it may ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from random import Random
from typing import Any, Protocol

from poverty_desktop.forms.moments import VIETNAM
from poverty_desktop.forms.nodes import Node, Value


class Surroundings(Protocol):
    """What an expression may ask beyond its tree.

    `random` is the only source of chance, so that a seed makes a session repeatable; `draws` keeps what was drawn from it (see
    `dice`). `properties` are the metadata of `property()` ("username", "deviceid" …), `version` is that of the form.
    """

    @property
    def document(self) -> Node: ...

    @property
    def instances(self) -> Mapping[str, Node]: ...

    @property
    def language(self) -> str: ...

    @property
    def random(self) -> Random: ...

    @property
    def draws(self) -> MutableMapping[tuple[str, str], int]: ...

    @property
    def properties(self) -> Mapping[str, str]: ...

    @property
    def version(self) -> str: ...

    def today(self) -> str: ...

    def now(self) -> datetime: ...

    def choice_label(self, path: tuple[str, ...], value: str) -> str: ...

    def itext(self, identifier: str) -> str: ...


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


SESSION = ("", "")
"""Where `draws` keeps the number that tells one session's chance from another's."""

Run = Callable[[Focus], Value]
Build = Callable[[Any], Run]
Maker = Callable[[Any, Build], Run]
"""Makes the function of one kind of token; `Build` makes those of its parts."""


def nodes(run: Run, focus: Focus) -> list[Node]:
    value = run(focus)
    return value if isinstance(value, list) else []


def dice(call: str, focus: Focus) -> Random:
    """The chance of one call at one node: the same whenever it is asked again in a session.

    So an expression draws once, not at every repaint, and answers given in another order lead to the same form. Sessions differ:
    their number is drawn from `random`.
    """
    draws = focus.around.draws
    if SESSION not in draws:
        draws[SESSION] = focus.around.random.getrandbits(63)
    place = f"{draws[SESSION]}|{focus.origin.key}|{focus.node.key}|{focus.position}|{call}"
    return Random(place)


def zone_of(around: Surroundings) -> tzinfo:
    """The zone of the laptop's clock, as the session was told it."""
    return around.now().tzinfo or VIETNAM
