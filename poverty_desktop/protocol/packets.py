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
from poverty_desktop.protocol.columns import NoColumns, from_columns, to_columns
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.short_headers import NoShortForm, long, short

__all__ = ["COLUMNS", "MAX_RAW", "MAX_SEALED", "PacketHeader", "PacketRefused", "SealedPacket", "group_lines", "open_operations",
           "open_packet", "peek", "seal", "seal_operations", "ungroup"]  # fmt: skip

MAGIC = b"QLX1"
MAGIC_SHORT = b"QLX2"  # header in bytes, no hash at the end: the signature is over it
COLUMNS = "columns"
"""Codec: columns, packed by zstd. Also the word by which a province says that it takes them and short headers."""
MAX_SEALED = 1 << 20  # sealed packets aim at this (A2); a single larger Save may pass it up to MAX_RAW
MAX_RAW = 8 << 20
_LENGTH = struct.Struct(">I")
_HASH, _SIGNATURE = 32, 64
_MAX_HEADER = 64 << 10
_LEVEL, _LEVEL_OF_FEW, _FEW = 9, 19, 64 << 10  # of zstd; and for bodies up to so many bytes, where the time is nothing


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
    codec: str = "zstd"  # zstd (of newline-separated JSON) | columns | none
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
    return _seal_raw(header, b"\n".join(lines), sign, level, brief=False)


def seal_operations(
    header: PacketHeader, operations: Sequence[Operation], sign: Callable[[bytes], bytes], taken: Sequence[str] = ()
) -> SealedPacket:
    """Close a packet over operations, in the best form of those that the province says it takes; lines it takes always.

    Level 9 for much: twice the time of level 6 for 4 % fewer bytes, where 19 takes twenty times as long for 15 %."""
    if COLUMNS in taken:
        try:
            raw = to_columns(operations)
        except NoColumns:
            pass
        else:
            level = _LEVEL_OF_FEW if len(raw) <= _FEW else _LEVEL
            return _seal_raw(replace(header, codec=COLUMNS), raw, sign, level, brief=True)
    return _seal_raw(header, b"\n".join(group_lines(operations)), sign, _LEVEL, brief=False)


def _seal_raw(header: PacketHeader, raw: bytes, sign: Callable[[bytes], bytes], level: int, *, brief: bool) -> SealedPacket:
    if len(raw) > MAX_RAW:
        raise PacketRefused("too_large")
    header = replace(header, raw=len(raw))
    body = _compress(header.codec, raw, level)
    head = short(vars(header)) if brief else canonical(header.wire())
    digest = hashlib.sha256(head + body).digest()
    length = _LENGTH.pack(len(head))
    signature = sign(signatures.PACKET + length + digest)
    start, end = (MAGIC_SHORT, b"") if brief else (MAGIC, digest)
    return SealedPacket(digest.hex(), start + length + head + body + end + signature)


def peek(data: bytes) -> tuple[str, PacketHeader]:
    """Id and header of a whole packet, its hash (where it has one) checked, its signature not (what a courier may know)."""
    packet_id, header, _ = _split(data)
    return packet_id, header


def open_packet(data: bytes, verify: Callable[[bytes, bytes], bool]) -> tuple[PacketHeader, list[bytes]]:
    """Header and lines of a packet. `verify(message, signature)` answers for the maker's key. Raises `PacketRefused`."""
    header, raw = _open_raw(data, verify)
    if header.codec == COLUMNS:
        raise PacketRefused("codec")
    return header, raw.split(b"\n") if raw else []


def open_operations(data: bytes, verify: Callable[[bytes, bytes], bool]) -> tuple[PacketHeader, list[Operation]]:
    """Header and operations of a packet in any codec. Raises `PacketRefused`, with "lines" for a body that none wrote."""
    header, raw = _open_raw(data, verify)
    try:
        if header.codec == COLUMNS:
            return header, from_columns(raw)
        return header, ungroup(raw.split(b"\n") if raw else [])
    except NotCanonical as error:
        raise PacketRefused("lines") from error


def _open_raw(data: bytes, verify: Callable[[bytes, bytes], bool]) -> tuple[PacketHeader, bytes]:
    packet_id, header, body = _split(data)
    length, digest = data[4:8], bytes.fromhex(packet_id)
    if not verify(signatures.PACKET + length + digest, data[-_SIGNATURE:]):
        raise PacketRefused("signature")
    if header.raw > MAX_RAW:
        raise PacketRefused("too_large")
    return header, _decompress(header.codec, body, header.raw)


def _split(data: bytes) -> tuple[str, PacketHeader, bytes]:
    brief = data[:4] == MAGIC_SHORT
    end = _SIGNATURE if brief else _HASH + _SIGNATURE
    if len(data) < 8 + end or not (brief or data[:4] == MAGIC):
        raise PacketRefused("cut")
    size = _LENGTH.unpack(data[4:8])[0]
    content = data[8:-end]
    digest = hashlib.sha256(content).digest()
    if not brief and digest != data[-_HASH - _SIGNATURE : -_SIGNATURE]:
        raise PacketRefused("damaged")
    if size > min(len(content), _MAX_HEADER):
        raise PacketRefused("header")
    try:
        header = PacketHeader(**long(content[:size])) if brief else PacketHeader.from_wire(parse(content[:size]))
    except (NotCanonical, NoShortForm) as error:
        raise PacketRefused("header") from error
    return digest.hex(), header, content[size:]


def _compress(codec: str, raw: bytes, level: int) -> bytes:
    if codec == "none":
        return raw
    if codec not in ("zstd", COLUMNS):
        raise PacketRefused("codec")
    from backports import zstd

    return zstd.compress(raw, level=level)


def _decompress(codec: str, body: bytes, size: int) -> bytes:
    if codec == "none":
        raw = body
    elif codec in ("zstd", COLUMNS):
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
