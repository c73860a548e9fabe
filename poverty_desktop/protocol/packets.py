"""The packet: the one sealed form in which operations travel, whatever the road (sync.md 3.11, 3.0 A2)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.canonical import NotCanonical, canonical, parse
from poverty_desktop.protocol.carriage import group_lines, ungroup

__all__ = ["MAX_RAW", "MAX_SEALED", "PacketHeader", "PacketRefused", "SealedPacket", "group_lines", "open_packet", "peek",
           "seal", "ungroup"]  # fmt: skip

MAGIC = b"QLX1"
MAX_SEALED = 1 << 20  # sealed packets aim at this (A2); a single larger Save may pass it up to MAX_RAW
MAX_RAW = 8 << 20
_LENGTH = struct.Struct(">I")
_HASH, _SIGNATURE = 32, 64
_MAX_HEADER = 64 << 10


class PacketRefused(ValueError):
    """The bytes are no packet. `reason` is a short code: cut, damaged, header, signature, too_large, codec."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class PacketHeader:
    """Who continues which lane (or log) from where to where. Chains are hex text of 32 bytes."""

    kind: str  # push | log | snap | salvage | ack
    sid: str
    dev: str
    inc: str
    lane_from: int = 0
    lane_to: int = 0
    prev: str = ""  # lane chain before lane_from
    tail: str = ""  # lane chain at lane_to
    epoch: int = 0
    rev_from: int = 0
    rev_to: int = 0
    n: int = 0  # operations (not lines)
    codec: str = "zstd"  # zstd (of newline-separated JSON) | none
    raw: int = 0  # bytes before compression, set by seal
    sv: int = 0
    dictionary: int = 0
    parent: str = ""  # the incarnation that this lane continues, named by its first packet (sync.md 3.19)
    parent_seq: int = 0

    def wire(self) -> dict[str, Any]:
        values = dict(self.__dict__)
        for name, key in _KEYS.items():
            values[key] = values.pop(name)
        return {key: value for key, value in values.items() if value or key not in _OPTIONAL}

    @classmethod
    def from_wire(cls, wire: Any) -> PacketHeader:
        """Unknown keys are ignored (a newer program wrote them; the hash covers them). Raises `PacketRefused("header")`."""
        if not isinstance(wire, dict):
            raise PacketRefused("header")
        keys = {name: _KEYS.get(name, name) for name in cls.__dataclass_fields__}
        values: dict[str, Any] = {name: wire.get(key, _OPTIONAL.get(key)) for name, key in keys.items()}
        for name, value in values.items():
            if not (isinstance(value, str) if name in _TEXTS else type(value) is int and value >= 0):
                raise PacketRefused("header")
        return cls(**values)


_TEXTS = ("kind", "sid", "dev", "inc", "prev", "tail", "codec", "parent")
_OPTIONAL: dict[str, Any] = {"parent": "", "parent_seq": 0}  # absent where there is none
_KEYS = {"rev_from": "from", "rev_to": "to", "dictionary": "dict"}


@dataclass(frozen=True)
class SealedPacket:
    """A packet as it is stored and sent; retries send identical bytes. `id` is the hex SHA-256 of header ‖ body."""

    id: str
    data: bytes


def seal(header: PacketHeader, lines: Sequence[bytes], sign: Callable[[bytes], bytes], *, level: int = 9) -> SealedPacket:
    """Close a packet over `lines`. Raises `PacketRefused("too_large")` above 8 MiB before compression."""
    raw = b"\n".join(lines)
    if len(raw) > MAX_RAW:
        raise PacketRefused("too_large")
    head = canonical(replace(header, raw=len(raw)).wire())
    body = _compress(header.codec, raw, level)
    digest = hashlib.sha256(head + body).digest()
    length = _LENGTH.pack(len(head))
    signature = sign(signatures.PACKET + length + digest)
    return SealedPacket(digest.hex(), MAGIC + length + head + body + digest + signature)


def peek(data: bytes) -> tuple[str, PacketHeader]:
    """Id and header of a whole packet, its hash checked, its signature not (what a courier may know)."""
    packet_id, header, _ = _split(data)
    return packet_id, header


def open_packet(data: bytes, verify: Callable[[bytes, bytes], bool]) -> tuple[PacketHeader, list[bytes]]:
    """Header and lines of a packet. `verify(message, signature)` answers for the maker's key. Raises `PacketRefused`."""
    _, header, body = _split(data)
    length, digest = data[4:8], data[-_HASH - _SIGNATURE : -_SIGNATURE]
    if not verify(signatures.PACKET + length + digest, data[-_SIGNATURE:]):
        raise PacketRefused("signature")
    if header.raw > MAX_RAW:
        raise PacketRefused("too_large")
    raw = _decompress(header.codec, body, header.raw)
    return header, raw.split(b"\n") if raw else []


def _split(data: bytes) -> tuple[str, PacketHeader, bytes]:
    if len(data) < 8 + _HASH + _SIGNATURE or data[:4] != MAGIC:
        raise PacketRefused("cut")
    size = _LENGTH.unpack(data[4:8])[0]
    content, digest = data[8 : -_HASH - _SIGNATURE], data[-_HASH - _SIGNATURE : -_SIGNATURE]
    if hashlib.sha256(content).digest() != digest:
        raise PacketRefused("damaged")
    if size > min(len(content), _MAX_HEADER):
        raise PacketRefused("header")
    try:
        header = PacketHeader.from_wire(parse(content[:size]))
    except NotCanonical as error:
        raise PacketRefused("header") from error
    return digest.hex(), header, content[size:]


def _compress(codec: str, raw: bytes, level: int) -> bytes:
    if codec == "none":
        return raw
    if codec != "zstd":
        raise PacketRefused("codec")
    from backports import zstd

    return zstd.compress(raw, level=level)


def _decompress(codec: str, body: bytes, size: int) -> bytes:
    if codec == "none":
        raw = body
    elif codec == "zstd":
        raw = _unzstd(body, size)
    else:
        raise PacketRefused("codec")
    if len(raw) != size:
        raise PacketRefused("damaged")
    return raw


def _unzstd(body: bytes, size: int) -> bytes:
    """Never makes more than `size` + 1 bytes, whatever the body promises (bomb)."""
    from backports import zstd

    unpacker = zstd.ZstdDecompressor()
    try:
        raw = unpacker.decompress(body, max_length=size + 1)
    except zstd.ZstdError as error:
        raise PacketRefused("damaged") from error
    if len(raw) > size or not unpacker.eof or unpacker.unused_data:
        raise PacketRefused("damaged")
    return raw
