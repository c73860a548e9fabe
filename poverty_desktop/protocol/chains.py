"""Running hashes: the identity of a history, of a lane as of a stream (sync.md, words)."""

from __future__ import annotations

import hashlib

EMPTY = b"\0" * 32


def step(chain: bytes, entry: bytes) -> bytes:
    """The chain after one more entry: SHA-256(chain ‖ SHA-256(canonical bytes of the entry))."""
    return hashlib.sha256(chain + hashlib.sha256(entry).digest()).digest()
