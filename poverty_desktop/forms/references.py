"""What an expression depends on, read from its syntax tree without evaluating it.

A dependency may be told that is none (a whole repeat where one instance is read), never the reverse: answers are computed anew
only where a reference leads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from poverty_desktop.forms.functions import VOLATILE
from poverty_desktop.forms.operators import is_binary
from poverty_desktop.forms.xpath import parse_expression

Path = tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A path that an expression reads. The first `anchor` names are the very nodes above the expression's own node.

    "../age" seen from data/roster/work is data/roster/age with anchor 2: the same member's age. "/data/roster/age" has anchor 0:
    everybody's. `path` None is a place outside of the answers (a choice list).
    """

    path: Path | None
    anchor: int = 0

    def child(self, name: str) -> Reference:
        return self if self.path is None else Reference((*self.path, name), self.anchor)

    def up(self) -> Reference:
        if self.path is None:
            return self
        return Reference(self.path[:-1], min(self.anchor, max(len(self.path) - 1, 0)))


def references(expression: str, at: Path, paths: Iterable[Path]) -> set[Reference]:
    """What `expression`, standing on the node of path `at`, reads; `paths` are all paths of the form (for axes, `*` and `//`).

    Raises BrokenExpression.
    """
    reader = _Reader(Reference(at, len(at)), paths)
    reader.use(parse_expression(expression), reader.origin)
    return reader.found


def places(expression: str, at: Path, paths: Iterable[Path]) -> list[Reference]:
    """The places that an expression selects, standing on the node of path `at`, whatever its predicates say."""
    reader = _Reader(Reference(at, len(at)), paths)
    return reader.locate(parse_expression(expression), reader.origin)


def is_volatile(expression: str) -> bool:
    """Whether an expression gives another result in another session from the same answers: it asks chance or the clock."""
    return any(token.symbol in VOLATILE and token.label == "function" for token in parse_expression(expression).iter())


class _Reader:
    def __init__(self, origin: Reference, paths: Iterable[Path]) -> None:
        self.origin = origin
        self.found: set[Reference] = set()
        self._known = paths

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """All paths with the root; asked for by axes, `*` and `//` alone, since a form has hundreds of expressions and paths."""
        return tuple(dict.fromkeys(((self.origin.path or ())[:1], *self._known)))

    @cached_property
    def inside(self) -> dict[Path, list[Path]]:
        """The children of each path."""
        found: dict[Path, list[Path]] = {}
        for path in self.paths:
            found.setdefault(path[:-1], []).append(path)
        return found

    def use(self, token: Any, here: Reference) -> None:
        """Record what a part of an expression reads. Chains of operators are followed in a loop: they may be long."""
        while is_binary(token):
            self.use(token[1], here)
            token = token[0]
        if token.symbol in _USERS and token.label == "function":
            _USERS[token.symbol](self, token, here)
        elif token.symbol in _LOCATORS or (token.symbol == "*" and not len(token)) or _is_name(token):
            self.record(self.locate(token, here))
        else:
            for part in token:
                self.use(part, here)

    def record(self, places: Iterable[Reference]) -> None:
        self.found.update(place for place in places if place.path is not None)

    def locate(self, token: Any, here: Reference) -> list[Reference]:
        """The places a path selects; what its predicates read is recorded on the way."""
        if _is_name(token):
            return [here.child(token.value)]
        if token.symbol in ("*", "node") and not len(token):
            return self.children(here)
        locator = _LOCATORS.get(token.symbol)
        if locator:
            return locator(self, token, here)
        self.use(token, here)
        return []

    def children(self, here: Reference) -> list[Reference]:
        if here.path is None:
            return [here]
        return [Reference(path, here.anchor) for path in self.inside.get(here.path, ())]

    def below(self, here: Reference) -> list[Reference]:
        """All places under a place."""
        if here.path is None:
            return [here]
        return [Reference(path, here.anchor) for path in self._below(here.path)]

    def _below(self, path: Path) -> Iterator[Path]:
        for child in self.inside.get(path, ()):
            yield child
            yield from self._below(child)

    def path(self, token: Any, here: Reference) -> list[Reference]:
        if not len(token):
            return [Reference(())]
        starts = self.locate(token[0], here) if len(token) == 2 else [Reference(())]
        return [place for start in starts for place in self.locate(token[-1], start)]

    def anywhere(self, token: Any, here: Reference) -> list[Reference]:
        """`//step`: the step from every place under the start, and from the start itself."""
        starts = self.locate(token[0], here) if len(token) == 2 else [Reference(())]
        inner = [place for start in starts for place in (start, *self.below(start))]
        return [found for place in dict.fromkeys(inner) for found in self.locate(token[-1], place)]

    def predicate(self, token: Any, here: Reference) -> list[Reference]:
        places = self.locate(token[0], here)
        for place in places:
            self.use(token[1], place)
        return places

    def union(self, token: Any, here: Reference) -> list[Reference]:
        return [place for part in token for place in self.locate(part, here)]

    def axis(self, token: Any, here: Reference) -> list[Reference]:
        name = token[0].value if _is_name(token[0]) else None
        found = _AXES[token.symbol](self, here)
        return [place for place in found if place.path is None or name in (None, *place.path[-1:])]

    # --- functions that return or ask for nodes --------------------------------------------------------------------

    def outside(self, token: Any, here: Reference) -> list[Reference]:
        for part in token:
            self.use(part, here)
        return [Reference(None)]

    def shuffled(self, token: Any, here: Reference) -> list[Reference]:
        for part in token[1:]:
            self.use(part, here)
        return self.locate(token[0], here)

    def either(self, token: Any, here: Reference) -> list[Reference]:
        self.use(token[0], here)
        return [place for part in token[1:] for place in self.locate(part, here)]

    def indexed(self, token: Any, here: Reference) -> list[Reference]:
        """The answer and its repeats are those of all instances, wherever the expression stands."""
        for place in range(2, len(token), 2):
            self.use(token[place], here)
        paths = [token[0], *(token[place] for place in range(1, len(token), 2))]
        everywhere = [replace(found, anchor=0) for part in paths for found in self.locate(part, here)]
        self.record(everywhere)
        return everywhere[:1]

    # --- functions whose reading is not that of their arguments -----------------------------------------------------

    def use_choice_name(self, token: Any, here: Reference) -> None:
        """The question named in the second argument is not read, only its choices; an expression for its name is."""
        self.use(token[0], here)
        if token[1].symbol not in _LOCATORS and not _is_name(token[1]):
            self.use(token[1], here)

    def use_position(self, token: Any, here: Reference) -> None:
        """The place of a node depends on all its brothers."""
        places = self.locate(token[0], here) if len(token) else []
        self.record([*places, *(replace(place, anchor=place.up().anchor) for place in places)])

    def use_node(self, token: Any, here: Reference) -> None:
        """string(), number() …: without an argument the node itself."""
        if len(token):
            self.use(token[0], here)
        else:
            self.record([here])


def _is_name(token: Any) -> bool:
    return bool(token.symbol == "(name)")


def _above(here: Reference) -> list[Reference]:
    found = []
    while here.path:
        here = here.up()
        found.append(here)
    return found


def _beside(reader: _Reader, here: Reference) -> list[Reference]:
    return reader.children(here.up())


def _everywhere(reader: _Reader, here: Reference) -> list[Reference]:
    return [here] if here.path is None else [Reference(path) for path in reader.paths]


_AXES: dict[str, Callable[[_Reader, Reference], list[Reference]]] = {
    "child": lambda reader, here: reader.children(here),
    "self": lambda reader, here: [here],
    "parent": lambda reader, here: [here.up()],
    "ancestor": lambda reader, here: _above(here),
    "ancestor-or-self": lambda reader, here: [here, *_above(here)],
    "descendant": lambda reader, here: reader.below(here),
    "descendant-or-self": lambda reader, here: [here, *reader.below(here)],
    "following-sibling": _beside,
    "preceding-sibling": _beside,
    "following": _everywhere,
    "preceding": _everywhere,
}

_LOCATORS: dict[str, Callable[[_Reader, Any, Reference], list[Reference]]] = {
    "/": _Reader.path,
    "//": _Reader.anywhere,
    "[": _Reader.predicate,
    "|": _Reader.union,
    "(": _Reader.union,
    ".": lambda reader, token, here: [here],
    "..": lambda reader, token, here: [here.up()],
    "current": lambda reader, token, here: [reader.origin],
    "instance": _Reader.outside,
    "randomize": _Reader.shuffled,
    "if": _Reader.either,
    "indexed-repeat": _Reader.indexed,
    **dict.fromkeys(_AXES, _Reader.axis),
}

_USERS: dict[str, Callable[[_Reader, Any, Reference], None]] = {
    "jr-choice-name": _Reader.use_choice_name,
    "position": _Reader.use_position,
    **dict.fromkeys(("string", "string-length", "number", "normalize-space", "name", "local-name"), _Reader.use_node),
}
