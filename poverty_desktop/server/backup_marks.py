"""What each verified backup in rotation holds of a stream (sync.md 3.20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from poverty_desktop.server import tables as t


@dataclass(frozen=True)
class BackupMark:
    """What a verified backup holds of one stream. `lanes`: {"device incarnation": [last, chain]}."""

    mark: str
    sid: str
    at: str
    epoch: int
    rev: int
    lanes: dict[str, tuple[int, str]]

    def row(self) -> dict[str, Any]:
        return {**vars(self), "lanes": {key: list(value) for key, value in self.lanes.items()}}


def marks_of(connection: Connection, sid: str) -> list[BackupMark]:
    c = t.backup_mark.c
    rows = connection.execute(select(t.backup_mark).where(c.sid == sid).order_by(c.at, c.mark))
    return [BackupMark(**row._mapping) for row in rows]


def mark_of(connection: Connection, row: Any, mark: str, at: str) -> BackupMark:
    """What this database holds of one stream."""
    lane = t.lane.c
    lanes = connection.execute(select(lane.dev, lane.inc, lane.last_seq, lane.chain).where(lane.sid == row.sid))
    reached = {f"{one.dev} {one.inc}": (one.last_seq, bytes(one.chain).hex()) for one in lanes}
    return BackupMark(mark, row.sid, at, row.epoch, row.head, reached)


def missing_here(connection: Connection, marks: Iterable[BackupMark]) -> list[BackupMark]:
    """Those of `marks` that this database does not know, of streams that it has: whoever wrote them down outside died before
    he came to the database."""
    b = t.backup_mark.c
    known = {(row.mark, row.sid) for row in connection.execute(select(b.mark, b.sid))}
    streams = set(connection.execute(select(t.stream.c.sid)).scalars())
    return [mark for mark in marks if (mark.mark, mark.sid) not in known and mark.sid in streams]


def add_marks(connection: Connection, marks: Iterable[BackupMark]) -> None:
    rows = [mark.row() for mark in marks]
    if rows:
        connection.execute(insert(t.backup_mark), rows)
