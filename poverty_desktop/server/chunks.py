"""Uploads that go on where they were cut (sync.md 3.12): bytes addressed by their hash, kept per device."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from poverty_desktop.protocol.packets import MAX_RAW
from poverty_desktop.server import tables as t
from poverty_desktop.server.refusals import Refused

MOST_BYTES = MAX_RAW + (1 << 20)
MOST_PER_DEVICE = 64 << 20
FORGOTTEN_AFTER_SECONDS = 14 * 24 * 3600


@dataclass(frozen=True)
class Upload:
    """How much of a chunk has arrived."""

    offset: int
    complete: bool


def upload_state(connection: Connection, dev: str, sha: str) -> Upload | None:
    row = _row(connection, dev, sha)
    return None if row is None else Upload(len(row.data), row.complete)


def append(connection: Connection, dev: str, sha: str, offset: int, data: bytes, *, last: bool, now: int) -> Upload:
    """Add bytes at `offset`. `last`: the sender says that these end the chunk, so that a wrong hash can be told.

    Raises `Refused` offset{have}, too_large{max}, digest (the whole is not what its hash says; it was dropped).
    """
    row = _row(connection, dev, sha)
    have = b"" if row is None else bytes(row.data)
    if row is not None and row.complete:
        return Upload(len(have), True)
    if offset != len(have):
        raise Refused("offset", have=len(have))
    whole = have + data
    if len(whole) > MOST_BYTES or _held(connection, dev) + len(data) > MOST_PER_DEVICE:
        raise Refused("too_large", max=MOST_BYTES)
    complete = hashlib.sha256(whole).hexdigest() == sha
    _drop(connection, dev, [sha], now)
    if last and not complete:
        return Upload(0, False)
    connection.execute(insert(t.chunk), {"dev": dev, "sha": sha, "data": whole, "complete": complete, "at": now})
    return Upload(len(whole), complete)


def assembled(connection: Connection, dev: str, shas: list[str]) -> bytes:
    """The bytes of complete chunks in order. Raises `Refused` not_found when one is missing or not complete."""
    parts = []
    for sha in shas:
        row = _row(connection, dev, sha)
        if row is None or not row.complete:
            raise Refused("not_found")
        parts.append(bytes(row.data))
    return b"".join(parts)


def forget(connection: Connection, dev: str, shas: list[str], now: int) -> None:
    _drop(connection, dev, shas, now)


def _row(connection: Connection, dev: str, sha: str) -> Any:
    c = t.chunk.c
    return connection.execute(select(t.chunk).where(c.dev == dev, c.sha == sha)).one_or_none()


def _held(connection: Connection, dev: str) -> int:
    c = t.chunk.c
    return int(connection.execute(select(func.coalesce(func.sum(func.length(c.data)), 0)).where(c.dev == dev)).scalar() or 0)


def _drop(connection: Connection, dev: str, shas: list[str], now: int) -> None:
    c = t.chunk.c
    old = c.at < now - FORGOTTEN_AFTER_SECONDS
    connection.execute(delete(t.chunk).where(c.dev == dev, c.sha.in_(shas) | old))
