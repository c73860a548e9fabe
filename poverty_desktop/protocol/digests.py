"""State digests: whether two stores hold the same records, and in which part they do not (sync.md 3.23).

Each record has a hash of 16 bytes; a bucket is their sum modulo 2^128 over the records whose id ends in its byte. Sums change
in constant time and need no neighbours; a person can never make two of them agree by chance.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from poverty_desktop.protocol.canonical import canonical

BUCKETS = 256
_MODULUS = 1 << 128


def record_hash(entity: str, record_id: str, body: Mapping[str, Any], deleted: bool) -> int:
    """The first 128 bits of SHA-256 over what the province confirmed of a record."""
    return _first128(canonical([entity, record_id, dict(body), deleted]))


def hashes_of_texts(entity: str, ids: Sequence[str], bodies: Sequence[str], deleted: Sequence[object]) -> list[bytes]:
    """As `record_hash`, of canonical texts of bodies, as the 16 bytes."""
    head, sha = f"[{json.dumps(entity, ensure_ascii=False)},\"", hashlib.sha256
    return [
        sha(f'{head}{record_id}",{body},{"true" if gone else "false"}]'.encode()).digest()[:16]
        for record_id, body, gone in zip(ids, bodies, deleted, strict=True)
    ]


def conflict_hash(cid: str, is_open: bool) -> int:
    """Of a conflict only whether it is settled: its words follow from the log."""
    return _first128(canonical(["conflict", cid, is_open]))


def bucket_of(record_id: str) -> int:
    """0 to 255: the last byte of the id."""
    return int(record_id[-2:], 16)


def _first128(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest()[:16], "big")


class Sums:
    """Sums by bucket. Absent buckets are zero, so that two stores without a record in them agree."""

    def __init__(self, sums: Mapping[int, int] | None = None) -> None:
        self._sums = {bucket: value for bucket, value in (sums or {}).items() if value}

    def change(self, record_id: str, before: int, after: int) -> int:
        """Replace a record's hash (0: it was not, or is no more, here). The bucket that changed."""
        bucket = bucket_of(record_id)
        value = (self._sums.get(bucket, 0) - before + after) % _MODULUS
        if value:
            self._sums[bucket] = value
        else:
            self._sums.pop(bucket, None)
        return bucket

    def add(self, ids: Sequence[str], hashes: Sequence[bytes]) -> None:
        """Records that were not here."""
        sums, number = self._sums, int.from_bytes
        for record_id, value in zip(ids, hashes, strict=True):
            bucket = int(record_id[-2:], 16)
            sums[bucket] = sums.get(bucket, 0) + number(value, "big")
        self._sums = {bucket: rest for bucket, value in sums.items() if (rest := value % _MODULUS)}

    def __getitem__(self, bucket: int) -> int:
        return self._sums.get(bucket, 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sums) and self._sums == other._sums

    __hash__ = None  # type: ignore[assignment]

    def differing(self, other: Sums) -> list[int]:
        """The buckets in which the two do not agree, in order."""
        return [bucket for bucket in range(BUCKETS) if self[bucket] != other[bucket]]

    def wire(self) -> dict[str, str]:
        return {f"{bucket:02x}": f"{value:032x}" for bucket, value in sorted(self._sums.items())}

    @classmethod
    def from_wire(cls, wire: Mapping[str, str]) -> Sums:
        """Raises ValueError for what `wire()` did not write."""
        return cls({int(bucket, 16): int(value, 16) for bucket, value in wire.items()})

    @property
    def digest(self) -> str:
        """The sum of all buckets, 32 hex digits: what an answer carries."""
        return f"{sum(self._sums.values()) % _MODULUS:032x}"


def sums_of(hashes: Iterable[tuple[str, int]]) -> Sums:
    """The sums of (record id, hash)."""
    sums = Sums()
    for record_id, value in hashes:
        sums.change(record_id, 0, value)
    return sums
