"""The sums of the buckets in the database, changed with the records that they are made of (sync.md 3.23)."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from poverty_desktop.protocol.digests import BUCKETS, Sums
from poverty_desktop.server import tables as t


def read(connection: Connection, sid: str) -> Sums:
    c = t.bucket.c
    rows = connection.execute(select(c.b, c.sum).where(c.sid == sid))
    return Sums({row.b: int.from_bytes(row.sum, "big") for row in rows})


def write(connection: Connection, sid: str, *, before: Sums, after: Sums) -> Sums:
    """Only what changed. Gives `after`."""
    changed = [bucket for bucket in range(BUCKETS) if before[bucket] != after[bucket]]
    if changed:
        c = t.bucket.c
        connection.execute(delete(t.bucket).where(c.sid == sid, c.b.in_(changed)))
        rows = [{"sid": sid, "b": bucket, "sum": after[bucket].to_bytes(16, "big")} for bucket in changed if after[bucket]]
        if rows:
            connection.execute(insert(t.bucket), rows)
    return after
