"""A whole state taken in page by page: the store, the rows that an officer sees and the sums, with a few statements a page
(sync.md 3.14, 3.23).

What own operations stand on, conflicts, and what is not plain (`columns`) goes record by record through `Showing`, as what comes
by the log does; the rows are the same either way.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

import sqlcipher3.dbapi2 as driver

from poverty_desktop.protocol.digests import BUCKETS, Sums, bucket_of, hashes_of_texts
from poverty_desktop.protocol.messages import SnapRow
from poverty_desktop.protocol.patches import patched
from poverty_desktop.protocol.snap_pages import SnapPage, read, written
from poverty_desktop.storage.columns import NotPlain, statement, table_rows
from poverty_desktop.storage.confirmed import (
    CONFLICT,
    INSERT,
    PUT,
    Confirmed,
    ConfirmedRecords,
    hash_bytes,
    stored_sums,
    write_sums,
)
from poverty_desktop.storage.showing import Showing
from poverty_desktop.storage.tables import BY_ENTITY

_MARKS = """
SELECT rec_id, entity, rev, hash, last_op FROM sync_rec WHERE rec_id IN (SELECT value FROM json_each(?))"""
_TOUCHED = "SELECT rec_id, kind, body FROM sync_op WHERE state < 4"


class Loading:
    """Makes the store of one stream be the records of some pages, in all buckets or in `buckets` only, inside
    `Database.applying`. `finish` must be its last call; the rows of what is left to `showing` are made by that."""

    def __init__(self, connection: Any, sid: str, showing: Showing, buckets: Collection[int] | None = None) -> None:
        self._connection, self._sid, self._showing = connection, sid, showing
        self._buckets = frozenset(range(BUCKETS) if buckets is None else buckets)
        self._stored = stored_sums(connection, sid)
        self._sums = Sums()
        self._own = _under_own_operations(connection)
        self._seen: set[str] | None = set()
        if connection.execute("SELECT 1 FROM sync_rec LIMIT 1").fetchone() is None:
            self._seen = None  # nothing was here: nothing can be missing, nothing need be compared

    def take(self, page: SnapPage) -> None:
        if page.entity == CONFLICT:
            page = _one_spelling(page)
            hashes = [hash_bytes(_conflict_of(page, place).hash(page.ids[place])) for place in range(len(page))]
        else:
            hashes = hashes_of_texts(page.entity, page.ids, page.bases, page.gone)
        self._sums.add(page.ids, hashes)
        if self._seen is not None:
            self._seen.update(page.ids)
            changed = self._changed(page, hashes)
            page, hashes = page.only(changed), [hashes[place] for place in changed]
        if page.ids:
            self._connection.executemany(INSERT if self._seen is None else PUT, _store_rows(self._sid, page, hashes))
            self._show(page)

    @property
    def digest(self) -> str:
        """Of the whole store as `finish` will leave it."""
        kept = {bucket: self._stored[bucket] for bucket in range(BUCKETS) if bucket not in self._buckets}
        taken = {bucket: self._sums[bucket] for bucket in self._buckets}
        return Sums(kept | taken).digest

    def finish(self) -> None:
        """What was here and is in no page goes; the sums are written."""
        gone = [] if self._seen is None else self._gone(self._seen)
        self._connection.executemany("DELETE FROM sync_rec WHERE rec_id = ?", [(record_id,) for record_id, _ in gone])
        self._showing.touch_all(dict(gone))
        write_sums(self._connection, self._sid, {bucket: self._sums[bucket] for bucket in self._buckets})

    def _gone(self, seen: set[str]) -> list[tuple[str, str]]:
        here = self._connection.execute("SELECT rec_id, entity FROM sync_rec")
        return [(key, entity) for key, entity in here if key not in seen and bucket_of(key) in self._buckets]

    def _changed(self, page: SnapPage, hashes: list[bytes]) -> list[int]:
        here = {row[0]: row[1:] for row in self._connection.execute(_MARKS, (json.dumps(page.ids),))}
        there = zip(page.ids, page.revs, hashes, page.last_ops, strict=True)
        return [place for place, (key, *marks) in enumerate(there) if here.get(key) != (page.entity, *marks)]

    # --- rows --------------------------------------------------------------------------------------------------------------

    def _show(self, page: SnapPage) -> None:
        if page.entity == CONFLICT or page.entity not in BY_ENTITY:
            self._one_by_one(page.entity, page.ids)
            return
        apart = [place for place, record_id in enumerate(page.ids) if record_id in self._own]
        self._one_by_one(page.entity, [page.ids[place] for place in apart])
        plain = page.only([place for place, record_id in enumerate(page.ids) if record_id not in self._own])
        if plain.ids and not self._written(plain):
            self._one_by_one(page.entity, plain.ids)

    def _written(self, page: SnapPage) -> bool:
        """Whether all rows are written; if not, those that are will be written again as they are."""
        fresh = self._seen is None
        try:
            rows = list(table_rows(page))
            self._showing.touch_rows_before(page.entity, page.ids, fresh=fresh)
            self._connection.executemany(statement(page.entity, fresh=fresh), rows)
        except (NotPlain, driver.IntegrityError):
            return False
        self._showing.touch_rows(page.entity, rows)
        return True

    def _one_by_one(self, entity: str, ids: Iterable[str]) -> None:
        self._showing.touch_all(dict.fromkeys(ids, entity))


class Creating(Loading):
    """Records that the log makes, many at once: they are not here yet, and no own operation stands on them."""

    def __init__(self, connection: Any, sid: str, showing: Showing, store: ConfirmedRecords) -> None:
        super().__init__(connection, sid, showing)
        self._store, self._seen = store, None

    def is_new(self, ids: Collection[str]) -> frozenset[str]:
        """Those of these records that may be made here."""
        here = self._connection.execute(_MARKS, (json.dumps(list(ids)),))
        return frozenset(ids) - self._own - {row[0] for row in here}

    def make(self, rows: Iterable[SnapRow]) -> None:
        for page in read(written(rows)):
            hashes = hashes_of_texts(page.entity, page.ids, page.bases, page.gone)
            self._store.add(page.ids, hashes)
            self._connection.executemany(INSERT, _store_rows(self._sid, page, hashes))
            self._show(page)


def _under_own_operations(connection: Any) -> frozenset[str]:
    """Records that look otherwise than the province has them, for now."""
    ids: set[str] = set()
    for record_id, kind, body in connection.execute(_TOUCHED):
        ids.add(record_id)
        ids.update(json.loads(body).get("cl", ()) if kind == "r" else ())
    return frozenset(ids)


def _one_spelling(page: SnapPage) -> SnapPage:
    """The bodies of conflicts as the applier of the log writes them."""
    bodies = [patched({}, {name: value for name, value in json.loads(base).items() if name != "id"}) for base in page.bases]
    return page.with_bodies(bodies)


def _conflict_of(page: SnapPage, place: int) -> Confirmed:
    return Confirmed(CONFLICT, body=json.loads(page.bases[place]))


def _store_rows(sid: str, page: SnapPage, hashes: list[bytes]) -> Iterable[tuple[Any, ...]]:
    count = len(page)
    deleted = [int(bool(gone)) for gone in page.gone]
    reasons = [page.why(place) for place in range(count)] if any(page.gone) else [None] * count
    return zip(
        [sid] * count, page.ids, hashes, [page.entity] * count, page.revs, page.bases, page.metas, deleted, reasons,
        page.last_ops, page.users, page.ats, strict=True,
    )  # fmt: skip
