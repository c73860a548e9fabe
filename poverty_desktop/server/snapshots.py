"""The state of a stream at one revision, cut into parts that lie ready (sync.md 3.14)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from poverty_desktop.protocol.messages import Manifest, SnapRow, SnapshotMark
from poverty_desktop.protocol.snap_pages import FORMAT, written
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.province import Province
from poverty_desktop.server.snap_rows import snap_rows
from poverty_desktop.server.sql_stream import SqlStream

OLD_AFTER = 1000  # revisions: the log from there is short enough
PART_LETTERS, PART_ROWS = 2 << 20, 5000  # of values and of records: some 150 KiB compressed, and what a reader holds at once
KEPT = 2  # snapshots: a laptop may be in the midst of the one before
_LEVEL = 9  # 19 saves 6 % and takes 20 times as long (measured)
_RECORD_BYTES, _LOG_SHRINKS = 37, 10  # a record of a snapshot as it travels, and how many times less a log does (measured)


@dataclass
class _Parts:
    """Pages of rows as they are compressed."""

    found: dict[str, bytes]
    order: list[tuple[str, int]]
    rows: int = 0
    raw: int = 0

    def add(self, rows: list[SnapRow]) -> None:
        from backports import zstd

        raw = written(rows)
        data = zstd.compress(raw, level=_LEVEL)
        sha = hashlib.sha256(data).hexdigest()
        self.found[sha] = data
        self.order.append((sha, len(data)))
        self.rows += len(rows)
        self.raw += len(raw)


def manifest(province: Province, sid: str, dev: str) -> Manifest:
    """The newest snapshot as a device sees it, however old: the log goes on from it. Made now when there is none."""
    with reading(province.engine) as connection:
        stream = SqlStream.read(connection, sid)
        row = newest(connection, stream)
        if row is not None:
            return _manifest(connection, stream, row, dev)
    make(province, sid, behind=0)
    with reading(province.engine) as connection:
        stream = SqlStream.read(connection, sid)
        return _manifest(connection, stream, newest(connection, stream), dev)


def make_ready(province: Province, behind: int = OLD_AFTER) -> list[dict[str, Any]]:
    """A new snapshot of each stream that has gone on by more than `behind` revisions since its last one."""
    with reading(province.engine) as connection:
        streams = connection.execute(select(t.stream.c.sid, t.stream.c.commune_code).order_by(t.stream.c.commune_code)).all()
    made = ((row.commune_code, make(province, row.sid, behind)) for row in streams)
    return [{"commune": code, "rev": rev} for code, rev in made if rev is not None]


def make(province: Province, sid: str, behind: int) -> int | None:
    """A snapshot at the head, where the newest is more than `behind` revisions older: its revision; else None."""
    with province.building:
        return _build(province, sid, behind)


def newest(connection: Connection, stream: SqlStream) -> Any:
    """The newest snapshot of the present history, or None."""
    c, head = t.snapshot.c, stream.head()
    query = select(t.snapshot).where(c.sid == head.sid, c.epoch == head.epoch).order_by(c.rev.desc()).limit(1)
    return connection.execute(query).one_or_none()


def offered(connection: Connection, stream: SqlStream, after: int) -> tuple[SnapshotMark, int]:
    """The snapshot that a laptop gets if it asks, and about how much the log after its cursor weighs: both as they travel.
    Before there is one, a guess: it is made when it is asked for."""
    row, head = newest(connection, stream), stream.head()
    if row is None:
        mark = SnapshotMark(rev=head.rev, bytes=head.living * _RECORD_BYTES, id="", rows=head.living)
    else:
        mark = SnapshotMark(rev=row.rev, bytes=sum(size for _, size in row.parts), id=row.digest, rows=row.rows)
    return mark, (stream.row.weight - stream.weight_at(after)) // _LOG_SHRINKS


def part(connection: Connection, sid: str, sha: str) -> bytes | None:
    c = t.snapshot_part.c
    found = connection.execute(select(c.data).where(c.sid == sid, c.sha == sha)).scalar()
    return None if found is None else bytes(found)


def _manifest(connection: Connection, stream: SqlStream, row: Any, dev: str) -> Manifest:
    lanes = [lane for lane in stream.lanes.values() if lane.dev == dev]
    return Manifest(
        sid=row.sid, epoch=row.epoch, rev=row.rev, chain=bytes(row.chain).hex(), digest=row.digest, rows=row.rows,
        parts=[(sha, size) for sha, size in row.parts],
        lanes={lane.inc: stream.reached(lane, row.rev) for lane in lanes},
        custody=stream.without_effect([lane.number for lane in lanes], row.rev),
        withdrawn=stream.withdrawn([lane.number for lane in lanes], row.rev), format=FORMAT,
    )  # fmt: skip


def _build(province: Province, sid: str, behind: int) -> int | None:
    with reading(province.engine) as connection:
        stream = SqlStream.read(connection, sid)
        row = newest(connection, stream)
        head = stream.head()
        if head.rev - row.rev <= behind if row is not None else head.rev < behind:
            return None  # or somebody else was quicker
        parts = _compressed(snap_rows(connection, sid))
        values = {"sid": sid, "epoch": head.epoch, "rev": head.rev, "chain": head.chain, "digest": stream.sums().digest}
        values |= {"rows": parts.rows, "raw": parts.raw, "parts": [list(one) for one in parts.order]}
    in_write(province.engine, lambda connection: _keep(connection, values, parts.found))
    return head.rev


def _compressed(rows: Iterable[SnapRow]) -> _Parts:
    parts = _Parts({}, [])
    for page in _paged(rows):
        parts.add(page)
    return parts


def _paged(rows: Iterable[SnapRow]) -> Iterator[list[SnapRow]]:
    page: list[SnapRow] = []
    size = 0
    for row in rows:
        letters = _letters(row.body)
        if page and (size + letters > PART_LETTERS or len(page) >= PART_ROWS):
            yield page
            page, size = [], 0
        page.append(row)
        size += letters
    if page:
        yield page


def _letters(value: Any) -> int:
    """About how long it is."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_letters, value.values()))
    return sum(map(_letters, value)) if isinstance(value, list) else 4


def _keep(connection: Connection, values: dict[str, Any], parts: dict[str, bytes]) -> None:
    sid, c, p = values["sid"], t.snapshot.c, t.snapshot_part.c
    SqlStream.lock(connection, sid)  # two programs may have built at once
    if connection.execute(select(c.rev).where(c.sid == sid, c.epoch == values["epoch"], c.rev == values["rev"])).first():
        return
    connection.execute(insert(t.snapshot), values)
    here = set(connection.execute(select(p.sha).where(p.sid == sid)).scalars())
    fresh = [{"sid": sid, "sha": sha, "data": data} for sha, data in parts.items() if sha not in here]
    if fresh:
        connection.execute(insert(t.snapshot_part), fresh)
    _forget(connection, sid, here)


def _forget(connection: Connection, sid: str, here: set[str]) -> None:
    """Snapshots but the newest few, and the parts that only those had."""
    c, p = t.snapshot.c, t.snapshot_part.c
    rows = connection.execute(select(c.epoch, c.rev, c.parts).where(c.sid == sid).order_by(c.epoch.desc(), c.rev.desc())).all()
    for row in rows[KEPT:]:
        connection.execute(delete(t.snapshot).where(c.sid == sid, c.epoch == row.epoch, c.rev == row.rev))
    unused = here - {sha for row in rows[:KEPT] for sha, _ in row.parts}
    if unused:
        connection.execute(delete(t.snapshot_part).where(p.sid == sid, p.sha.in_(unused)))
