"""What an expression depends on, read from its syntax tree without evaluating it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

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
    """What `expression`, standing on the node of path `at`, reads; `paths` are all paths of the form (for `*` and `//`)."""
    reader = _Reader(Reference(at, len(at)), tuple(paths))
    reader.use(parse_expression(expression), reader.origin)
    return reader.found


def places(expression: str, at: Path, paths: Iterable[Path]) -> list[Reference]:
    """The places that an expression selects, standing on the node of path `at`, whatever its predicates say."""
    reader = _Reader(Reference(at, len(at)), tuple(paths))
    token = parse_expression(expression)
    return reader.locate(token[0] if token.symbol == "randomize" and len(token) else token, reader.origin)


class _Reader:
    def __init__(self, origin: Reference, paths: tuple[Path, ...]) -> None:
        self.origin = origin
        self.paths = paths
        self.found: set[Reference] = set()

    def use(self, token: Any, here: Reference) -> None:
        """Record what a part of an expression reads."""
        if token.symbol == "jr-choice-name" and len(token):
            self.use(token[0], here)
        elif token.symbol in _LOCATORS or (token.symbol == "*" and not len(token)) or _is_name(token):
            self.found.update(place for place in self.locate(token, here) if place.path is not None)
        else:
            for part in token:
                self.use(part, here)

    def locate(self, token: Any, here: Reference) -> list[Reference]:
        """The places a path selects; what its predicates read is recorded on the way."""
        if _is_name(token):
            return [here.child(token.value)]
        if token.symbol == "*":
            return [here.child(path[-1]) for path in self.paths if here.path is not None and path[:-1] == here.path]
        locator = _LOCATORS.get(token.symbol)
        if locator:
            return locator(self, token, here)
        self.use(token, here)
        return []

    def path(self, token: Any, here: Reference) -> list[Reference]:
        if not len(token):
            return [Reference(())]
        starts = self.locate(token[0], here) if len(token) == 2 else [Reference(())]
        return [place for start in starts for place in self.locate(token[-1], start)]

    def anywhere(self, token: Any, here: Reference) -> list[Reference]:
        if token[-1].symbol != "(name)":
            return [Reference(path) for path in self.paths]
        return [Reference(path) for path in self.paths if path[-1] == token[-1].value]

    def predicate(self, token: Any, here: Reference) -> list[Reference]:
        places = self.locate(token[0], here)
        for place in places:
            self.use(token[1], place)
        return places

    def union(self, token: Any, here: Reference) -> list[Reference]:
        return [place for part in token for place in self.locate(part, here)]

    def outside(self, token: Any, here: Reference) -> list[Reference]:
        for part in token:
            self.use(part, here)
        return [Reference(None)]


def _is_name(token: Any) -> bool:
    return bool(token.symbol == "(name)")


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
    "child": lambda reader, token, here: reader.locate(token[0], here),
    "self": lambda reader, token, here: [here],
    "parent": lambda reader, token, here: [here.up()],
}
