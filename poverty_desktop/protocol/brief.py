"""Answers in few bytes: packed against what both ends know of them before (sync.md 3.0 A4, for answers).

Not canon: what comes out is the signed answer to the bit. Hex, ids and signatures are bytes instead of letters; what the question
foretells (its nonce, its packet, the log as it goes on where nobody else writes) is referred to. A change of what is foretold
needs another media type, for both ends must foretell the same.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.packets import PacketHeader

if TYPE_CHECKING:
    from backports.zstd import ZstdDict

MEDIA_TYPE = "application/qlx"
_WORDS = re.compile(
    rb'"(?:([0-9a-f]{64})|([0-9a-f]{32})|([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})'
    rb'|([A-Za-z0-9+/]{85}[AQgw]==))"'
)
_BYTES = re.compile(rb"\x01(.{32})|\x02(.{16})|\x03(.{16})|\x04(.{64})", re.DOTALL)  # canonical text has no such characters
_LEVEL = 19


def pack(text: bytes, known: bytes) -> bytes:
    """Canonical text in few bytes, for whoever knows `known`."""
    from backports import zstd

    return zstd.compress(_in_bytes(text), level=_LEVEL, zstd_dict=_dictionary(known))


def unpack(data: bytes, known: bytes, most: int) -> bytes:
    """The text. Raises ValueError for what `pack` did not write, and for more than `most` bytes."""
    from backports import zstd

    unpacker = zstd.ZstdDecompressor(zstd_dict=_dictionary(known))
    try:
        packed = unpacker.decompress(data, max_length=most)
    except zstd.ZstdError as error:
        raise ValueError("not a packed answer") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not a whole packed answer")
    return _BYTES.sub(_in_words, packed)


def foretold_still(nonce: str) -> bytes:
    return canonical({"nonce": nonce, "same": True, "sig": "", "time": "2026-11-24T00:00:00Z"})


def foretold_push(packet: str, header: PacketHeader, cursor: tuple[int, int, str], nonce: str) -> bytes:
    """The answer to a packet that simply applies, where nobody else wrote."""
    epoch, rev, chain = cursor
    run = [header.lane_from, header.lane_to, rev + 1]
    ack = {
        "epoch": epoch, "kind": "ack", "lane": {"chain": header.tail, "last": header.lane_to, "no": 1}, "nonce": nonce,
        "packet": packet, "res": [], "runs": [[*run, "applied"]], "rx": "2026-11-24T00:00:00Z", "sid": header.sid, "sig": "",
        "stable": None,
    }  # fmt: skip
    to = rev + header.n
    log = {
        "after": rev, "d": "", "entries": [], "epoch": epoch, "head": to, "lane": 1, "own": [run], "prev": chain,
        "sid": header.sid, "tail": "", "to": to,
    }  # fmt: skip
    return canonical({"ack": ack, "cursor": "ok", "log": log, "nonce": nonce, "sig": ""})


def _dictionary(known: bytes) -> ZstdDict:
    from backports import zstd

    return zstd.ZstdDict(_in_bytes(known), is_raw=True)


def _in_bytes(text: bytes) -> bytes:
    return _WORDS.sub(_short, text)


def _short(found: re.Match[bytes]) -> bytes:
    chain, digest, record, signature = found.groups()
    if signature is not None:
        return b"\x04" + base64.b64decode(signature)
    if record is not None:
        return b"\x03" + bytes.fromhex(record.replace(b"-", b"").decode())
    return b"\x01" + bytes.fromhex(chain.decode()) if chain is not None else b"\x02" + bytes.fromhex(digest.decode())


def _in_words(found: re.Match[bytes]) -> bytes:
    chain, digest, record, signature = found.groups()
    if signature is not None:
        return b'"' + base64.b64encode(signature) + b'"'
    text = (chain or digest or record).hex().encode()
    if record is not None:
        text = b"-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    return b'"' + text + b'"'
