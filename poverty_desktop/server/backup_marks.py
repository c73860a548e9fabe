"""What each verified backup in rotation holds of a stream (sync.md 3.20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

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
