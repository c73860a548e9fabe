"""What the province confirmed: each record as it has it, with every field, also of a newer schema (sync.md 3.3, 3.23).

Beside each record stands its hash, and beside the store the sums of the hashes by bucket: whoever writes a record keeps both, so
that a store is compared with the province's by reading 256 numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.digests import Sums, conflict_hash, record_hash

CONFLICT = "conflict"
_COLUMNS = "entity, rev, base, meta, deleted, deleted_reason, last_op, changed_by, changed_at"
INSERT = f"INSERT INTO sync_rec (sid, rec_id, hash, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
PUT = f"""{INSERT}
ON CONFLICT (rec_id) DO UPDATE SET rev = excluded.rev, base = excluded.base, meta = excluded.meta, deleted = excluded.deleted,
 deleted_reason = excluded.deleted_reason, last_op = excluded.last_op, changed_by = excluded.changed_by,
 changed_at = excluded.changed_at, hash = excluded.hash, proj_error = NULL"""
"""A record with the values of `Confirmed.row`; what kept it from being shown is told again by whoever shows it."""
_SUM = """
INSERT INTO sync_bucket (sid, b, sum) VALUES (?, ?, ?) ON CONFLICT (sid, b) DO UPDATE SET sum = excluded.sum"""


@dataclass(frozen=True)
class Confirmed:
    """A record as the province has it, a conflict too. `meta`: "*" the revision of its creation, and exceptions per field."""

    entity: str
    rev: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, int] = field(default_factory=dict)
    deleted: bool = False
    reason: str | None = None
    last_op: str = ""
    user: str = ""
    at: str = ""

    def hash(self, record_id: str) -> int:
        """128 bits; of a conflict only whether it is open."""
        if self.entity == CONFLICT:
            return conflict_hash(record_id, self.body.get("state") == "open")
        return record_hash(self.entity, record_id, self.body, self.deleted)

    def row(self, sid: str, record_id: str) -> tuple[Any, ...]:
        texts = canonical(dict(self.body)).decode(), canonical(dict(self.meta)).decode()
        state = (int(self.deleted), self.reason, self.last_op, self.user, self.at)
        return (sid, record_id, hash_bytes(self.hash(record_id)), self.entity, self.rev, *texts, *state)


class ConfirmedRecords:
    """The store of one stream inside a transaction. `settle` must be its last call: it writes the sums."""

    def __init__(self, connection: Any, sid: str) -> None:
        self._connection, self._sid = connection, sid
        self._stored = stored_sums(connection, sid)
        self._sums = Sums.from_wire(self._stored.wire())

    def read(self, record_id: str) -> Confirmed | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM sync_rec WHERE rec_id = ?", (record_id,)).fetchone()
        if row is None:
            return None
        entity, rev, base, meta, deleted, reason, last_op, user, at = row
        body, revs = json.loads(base or "{}"), json.loads(meta or "{}")
        return Confirmed(entity, rev, body, revs, bool(deleted), reason, last_op or "", user or "", at or "")

    def put(self, record_id: str, record: Confirmed) -> None:
        row = record.row(self._sid, record_id)
        self._sums.change(record_id, self._hash(record_id), int.from_bytes(row[2], "big"))
        self._connection.execute(PUT, row)

    def add(self, ids: Sequence[str], hashes: Sequence[bytes]) -> None:
        """Records that were not here, and are written by somebody else."""
        self._sums.add(ids, hashes)

    def _hash(self, record_id: str) -> int:
        row = self._connection.execute("SELECT hash FROM sync_rec WHERE rec_id = ?", (record_id,)).fetchone()
        return int.from_bytes(row[0] or b"", "big") if row else 0

    @property
    def digest(self) -> str:
        return self._sums.digest

    def settle(self) -> None:
        write_sums(self._connection, self._sid, {b: self._sums[b] for b in self._sums.differing(self._stored)})


def write_sums(connection: Any, sid: str, sums: Mapping[int, int]) -> None:
    connection.executemany(_SUM, [(sid, bucket, hash_bytes(value)) for bucket, value in sums.items()])


def stored_sums(connection: Any, sid: str) -> Sums:
    found = connection.execute("SELECT b, sum FROM sync_bucket WHERE sid = ?", (sid,))
    return Sums({bucket: int.from_bytes(value, "big") for bucket, value in found})


def counted_sums(connection: Any, sid: str) -> tuple[Sums, list[str]]:
    """The sums as the records themselves give them, and the ids of those whose hash is not theirs: for the whole check."""
    counted, wrong = Sums(), []
    found = connection.execute("SELECT rec_id, entity, base, deleted, hash FROM sync_rec WHERE sid = ?", (sid,))
    for record_id, entity, base, deleted, kept in found:
        value = Confirmed(entity, body=json.loads(base or "{}"), deleted=bool(deleted)).hash(record_id)
        counted.change(record_id, 0, value)
        if kept is None or int.from_bytes(kept, "big") != value:
            wrong.append(record_id)
    return counted, wrong


def hash_bytes(value: int) -> bytes:
    return value.to_bytes(16, "big")
