"""The store made what the province says, whole or in part, and what is given back to it (sync.md 3.14, 3.20, 3.23).

Functions on the connection of `Database.applying`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from poverty_desktop.protocol.laptop import HistoryDiffers, Parts
from poverty_desktop.protocol.messages import LogEntry, Manifest, SnapRow
from poverty_desktop.protocol.snap_pages import read, written
from poverty_desktop.storage import own_lanes
from poverty_desktop.storage.custody_marks import withdraw
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.loading import Loading
from poverty_desktop.storage.showing import Showing

_GIVEN_UP = "op_id IN (SELECT op_id FROM sync_custody WHERE given_up_at IS NOT NULL)"
_NOT_IN_CUSTODY = "state = 3 AND coalesce(outcome, '') NOT IN ('held', 'quarantined') AND coalesce(rev, 0) <= ?"


def take_snapshot(connection: Any, sid: str, manifest: Manifest, parts: Parts, common: Mapping[str, int]) -> int:
    """As `SyncStore.take_snapshot`. How many records could not be shown."""
    showing = Showing(connection)
    loading = Loading(connection, sid, showing)
    for page in chain.from_iterable(parts):
        loading.take(page)
    if loading.digest != manifest.digest:
        raise HistoryDiffers("the rows do not give the digest")
    loading.finish()
    _stand_at(connection, sid, manifest)
    own_lanes.settle(connection, {inc: min(at, manifest.lanes.get(inc, 0)) for inc, at in common.items()}, showing)
    _what_the_province_made(connection, manifest, showing)
    showing.finish()
    return showing.unprojected


def _stand_at(connection: Any, sid: str, manifest: Manifest) -> None:
    """The cursor; and what was received: of the same history what lies before it, of a dead one everything, until a backup holds
    what became of it (sync.md 3.20)."""
    (epoch,) = connection.execute("SELECT epoch FROM sync_stream WHERE sid = ?", (sid,)).fetchone()
    if epoch == manifest.epoch:
        connection.execute("DELETE FROM sync_inlog WHERE sid = ? AND until IS NULL AND rev > ?", (sid, manifest.rev))
    else:
        connection.execute("UPDATE sync_inlog SET until = ? WHERE sid = ?", (manifest.rev, sid))
    connection.execute(
        "UPDATE sync_stream SET epoch = ?, rev = ?, chain = ?, stable_rev = min(stable_rev, ?) WHERE sid = ?",
        (manifest.epoch, manifest.rev, bytes.fromhex(manifest.chain), manifest.rev, sid),
    )


def _what_the_province_made(connection: Any, manifest: Manifest, showing: Showing) -> None:
    """Own operations that are in the snapshot leave the top of the store, but for those in the province's custody."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS in_custody (op_id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM in_custody")
    connection.executemany("INSERT OR IGNORE INTO in_custody VALUES (?)", [(op,) for op in manifest.custody])
    held = "op_id IN (SELECT op_id FROM in_custody)"
    flips = f"(state = 3 AND NOT {held}) OR (state > 3 AND {held})"
    showing.touch_operations(own_lanes.operations_of(connection, flips, ()))
    _withdraw(connection, manifest, showing)
    connection.execute(f"UPDATE sync_op SET state = 3, outcome = 'quarantined' WHERE state >= 3 AND {held}")
    connection.execute(
        "UPDATE sync_op SET state = 4,"
        " outcome = CASE WHEN coalesce(outcome, '') IN ('', 'held', 'quarantined') THEN 'applied' ELSE outcome END"
        f" WHERE state = 3 AND NOT {held} AND NOT {_GIVEN_UP}"
    )


def _withdraw(connection: Any, manifest: Manifest, showing: Showing) -> None:
    """Own operations that will never have an effect: as when the entry that says so is taken in."""
    for op, by, said, at in manifest.withdrawn:
        found = own_lanes.operations_of(connection, "op_id = ? AND state >= 3", (op,))
        if found:
            withdraw(connection, op, by, said, at)
            showing.touch_operations(found)
            connection.execute("UPDATE sync_op SET state = 3, outcome = 'quarantined' WHERE op_id = ?", (op,))


def caught_up(connection: Any, rev: int) -> None:
    """As `SyncStore.caught_up`."""
    showing = Showing(connection)
    showing.touch_operations(own_lanes.operations_of(connection, _NOT_IN_CUSTODY, (rev,)))
    connection.execute(f"UPDATE sync_op SET state = 4 WHERE {_NOT_IN_CUSTODY}", (rev,))
    showing.finish()


def caught_up_already(connection: Any, rev: int) -> bool:
    return connection.execute(f"SELECT 1 FROM sync_op WHERE {_NOT_IN_CUSTODY} LIMIT 1", (rev,)).fetchone() is None


def replace(connection: Any, sid: str, buckets: Sequence[int], rows: Sequence[SnapRow]) -> None:
    """As `SyncStore.replace`, where the cursor stands as it should."""
    showing = Showing(connection)
    loading = Loading(connection, sid, showing, buckets)
    for page in read(written(rows)):
        loading.take(page)
    loading.finish()
    showing.finish()


def received(database: Database, most_bytes: int) -> Iterator[tuple[int, list[LogEntry]]]:
    """As `SyncStore.salvage`. Between two parts nothing is held open, so that the officer may work meanwhile."""
    epoch, rev = -1, -1
    while True:
        part: list[LogEntry] = []
        size, of = 0, None
        for row in _entries_after(database, epoch, rev, most_bytes):
            if part and (row[0] != of or size + len(row[2]) > most_bytes):
                break
            epoch, rev, text = row
            of, size = epoch, size + len(text)
            part.append(LogEntry.model_validate(json.loads(text)))
        if not part:
            return
        yield epoch, part


def _entries_after(database: Database, epoch: int, rev: int, most_bytes: int) -> list[tuple[int, int, str]]:
    """Enough for one part; an entry is seldom shorter than 256 bytes."""
    return database.rows(
        "SELECT epoch, rev, entry FROM sync_inlog WHERE (epoch, rev) > (?, ?) ORDER BY epoch, rev LIMIT ?",
        (epoch, rev, max(1, most_bytes // 256)),
    )
