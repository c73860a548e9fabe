"""The header of a packet in bytes instead of words: 130 instead of 420, which is most of a packet with one edit (sync.md 3.11).

Only carriage: the fields are those of `PacketHeader`. A header that has no such form travels in words.
"""

from __future__ import annotations

import re
import struct
from typing import Any

from poverty_desktop.protocol.identity import is_id

_KINDS = ("push", "log", "snap", "salvage", "ack")
_CODECS = ("none", "zstd", "columns")
_CHAIN = re.compile("[0-9a-f]{64}")
_FIXED = struct.Struct(">BB16s16s16s32s32s")
_NUMBERS = ("lane_from", "lane_to", "epoch", "rev_from", "rev_to", "n", "raw", "sv", "dictionary")
_PARENT = 0x80  # bit of the first byte: a parent follows


class NoShortForm(ValueError):
    """A header in words only, or bytes that are no short header."""


def short(values: dict[str, Any]) -> bytes:
    """The bytes of a header's fields. Raises `NoShortForm`."""
    texts = [values[name] for name in ("sid", "dev", "inc", "prev", "tail")]
    parent: str = values["parent"]
    numbers = [*(values[name] for name in _NUMBERS), values["parent_seq"]]
    fits = all(map(is_id, texts[:3])) and all(map(_CHAIN.fullmatch, texts[3:])) and (not parent or is_id(parent))
    if not fits or values["kind"] not in _KINDS or values["codec"] not in _CODECS or not all(0 <= n < 1 << 63 for n in numbers):
        raise NoShortForm
    first = _KINDS.index(values["kind"]) | (_PARENT if parent else 0)
    fixed = _FIXED.pack(first, _CODECS.index(values["codec"]), *(bytes.fromhex(text.replace("-", "")) for text in texts))
    return fixed + b"".join(map(_number, numbers)) + bytes.fromhex(parent.replace("-", ""))


def long(data: bytes) -> dict[str, Any]:
    """The fields of a header. Raises `NoShortForm` for bytes that `short` would not have written."""
    try:
        first, codec, *given = _FIXED.unpack_from(data)
        values: dict[str, Any] = {"kind": _KINDS[first & ~_PARENT], "codec": _CODECS[codec]}
        place = _FIXED.size
        for name in (*_NUMBERS, "parent_seq"):
            values[name], place = _number_at(data, place)
        values |= {name: _id(given[at]) for at, name in enumerate(("sid", "dev", "inc"))}
        values |= {"prev": given[3].hex(), "tail": given[4].hex(), "parent": _id(data[place:]) if first & _PARENT else ""}
        if short(values) != data:
            raise NoShortForm
    except (struct.error, IndexError, ValueError) as error:
        raise NoShortForm from error
    return values


def _id(data: bytes) -> str:
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the last byte has no eighth."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _number_at(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise NoShortForm
