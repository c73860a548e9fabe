"""Identities: one random id a Save, all else derived from it (sync.md 3.0 A1, 3.2)."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable

_RAND_A = 0xFFF
_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def op_id(group: str, number: int) -> str:
    """The id of the `number`-th operation of Save `group`, and of the record it creates: a UUIDv8 from their SHA-256."""
    given = bytes.fromhex(group.replace("-", ""))
    if len(given) != 16:
        raise ValueError("not the id of a group")
    text = hashlib.sha256(given + number.to_bytes(4, "big")).hexdigest()
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:32]}"


def derived_id(*parts: str) -> str:
    """A UUIDv8 made from texts, for what the province makes without randomness (conflict ids)."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return _with_version(int.from_bytes(digest[:16], "big"), 8)


def is_id(text: object) -> bool:
    """Whether `text` is a UUID in the one spelling of the wire: 36 characters, lower case, hyphens."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


class UuidClock:
    """UUIDv7 that never run backwards, even when the wall clock does (sync.md 3.2). Not for use by two threads at once."""

    def __init__(self, random: Callable[[int], bytes], millis: Callable[[], int]) -> None:
        """`random(n)` gives n random bytes, `millis()` the wall clock in milliseconds since 1970."""
        self._random = random
        self._millis = millis
        self._last = (0, 0)

    def uuid7(self) -> str:
        moment, counter = self._next()
        self._last = (moment, counter)
        tail = int.from_bytes(self._random(8), "big") & (2**62 - 1)
        return _with_version((moment << 80) | (counter << 64) | tail, 7)

    def _next(self) -> tuple[int, int]:
        now = self._millis()
        last, counter = self._last
        if now > last:
            return now, int.from_bytes(self._random(2), "big") & (_RAND_A >> 1)
        return (last, counter + 1) if counter < _RAND_A else (last + 1, 0)


def _with_version(number: int, version: int) -> str:
    number = (number & ~(0xF << 76)) | (version << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=number & (2**128 - 1)))
