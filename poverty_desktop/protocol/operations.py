"""Operations: one saved change to one record (sync.md 3.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

from poverty_desktop.protocol.canonical import NotCanonical, canonical
from poverty_desktop.protocol.identity import is_id

Kind = Literal["c", "u", "d", "r", "z"]
KINDS = ("c", "u", "d", "r", "z")
_KEYS = frozenset(("op", "k", "e", "id", "b", "f", "o", "g", "n", "u", "at", "sk", "sv", "cl", "why"))


@dataclass(frozen=True)
class Operation:
    """A change as the device signed it. `fields` holds new values by field key ("phone", "answers.house/floor_area").

    Kinds: c create, u update, d delete, r resolve the conflicts in `closes` by writing the chosen values, z undelete.
    `seen` holds what the officer had on screen for these fields; `not_seen` counts the operations of the same lane that
    stand immediately before this one and were not yet on screen. `user`, `at`, `skew`, `schema` are evidence, never order.
    """

    op: str
    kind: Kind
    entity: str
    record_id: str
    base_epoch: int
    base_rev: int
    not_seen: int
    fields: dict[str, Any]
    seen: dict[str, Any] | None
    group: str
    number: int
    user: str
    at: str
    skew: int
    schema: int
    closes: tuple[str, ...] = ()
    reason: str = ""  # why a conflict was settled this way (wire key "why")
    more: Mapping[str, Any] = field(default_factory=dict)  # keys of a newer program, kept so that the hash stays the same

    def wire(self) -> dict[str, Any]:
        """The operation with the short keys of the wire. Absent: `ns` of 0, empty `f`, `o`, `cl` and `why`."""
        base = {"e": self.base_epoch, "r": self.base_rev} | ({"ns": self.not_seen} if self.not_seen else {})
        wire: dict[str, Any] = {**self.more, "op": self.op, "k": self.kind, "e": self.entity, "id": self.record_id, "b": base}
        wire |= {"g": self.group, "n": self.number, "u": self.user, "at": self.at, "sk": self.skew, "sv": self.schema}
        for key, value in (("f", self.fields), ("o", self.seen), ("cl", list(self.closes)), ("why", self.reason)):
            if value:
                wire[key] = value
        return wire

    def canonical(self) -> bytes:
        """The bytes that chains and digests are made of."""
        return self._canonical

    @cached_property
    def _canonical(self) -> bytes:
        return canonical(self.wire())

    @classmethod
    def of_text(cls, text: str) -> Operation:
        """The operation whose canonical text was stored, with these very bytes. Raises `NotCanonical` as `from_wire`."""
        operation = cls.from_wire(json.loads(text))
        operation.__dict__["_canonical"] = text.encode()  # where `cached_property` looks first
        return operation

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Operation:
        """The operation of a wire object. Raises `NotCanonical` when a key is missing or of the wrong type."""
        try:
            return cls._from(wire)
        except (KeyError, TypeError, AttributeError) as error:
            raise NotCanonical(f"not an operation: {error!r}") from error

    @classmethod
    def _from(cls, wire: Mapping[str, Any]) -> Operation:
        base = wire["b"]
        if "fr" in wire:
            raise NotCanonical("fr is a key of carriage only")
        return cls(
            op=_id(wire, "op"),
            kind=cast(Kind, _text(wire, "k")),
            entity=_text(wire, "e"),
            record_id=_id(wire, "id"),
            base_epoch=_count(base, "e"),
            base_rev=_count(base, "r"),
            not_seen=_count(base, "ns") if "ns" in base else 0,
            fields=_mapping(wire.get("f", {})),
            seen=_mapping(wire["o"]) if wire.get("o") else None,
            group=_id(wire, "g"),
            number=_count(wire, "n"),
            user=_text(wire, "u"),
            at=_text(wire, "at"),
            skew=_integer(wire, "sk"),
            schema=_count(wire, "sv"),
            closes=tuple(_closed(wire.get("cl", []))),
            reason=_text(wire, "why") if "why" in wire else "",
            more={key: value for key, value in wire.items() if key not in _KEYS},
        )


def _text(wire: Mapping[str, Any], key: str) -> str:
    if not isinstance(wire[key], str):
        raise TypeError(key)
    return cast(str, wire[key])


def _id(wire: Mapping[str, Any], key: str) -> str:
    if not is_id(wire[key]):
        raise TypeError(key)
    return cast(str, wire[key])


def _integer(wire: Mapping[str, Any], key: str) -> int:
    if not isinstance(wire[key], int) or isinstance(wire[key], bool):
        raise TypeError(key)
    return cast(int, wire[key])


def _count(wire: Mapping[str, Any], key: str) -> int:
    number = _integer(wire, key)
    if number < 0:
        raise TypeError(key)
    return number


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("mapping")
    return value


def _closed(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(is_id(cid) for cid in value):
        raise TypeError("cl")
    return value
