"""The log of a stream as laptops read it (sync.md 3.13)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from poverty_desktop.protocol.application import runs
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.log import LogBatch, LogEntry
from poverty_desktop.server import tables as t
from poverty_desktop.server.refusals import Refused
from poverty_desktop.server.sql_stream import SqlStream

DEFAULT_BYTES = 256 << 10
MOST_BYTES = 4 << 20


def read_log(
    connection: Connection, stream: SqlStream, *, epoch: int, after: int, most: int = DEFAULT_BYTES, own_lane: int | None = None
) -> LogBatch:
    """Entries after a cursor, up to about `most` bytes, ending where a Save ends.

    `own_lane`: operations of this lane that applied as sent come as positions (A3). Raises `Refused` rewound.
    """
    head = stream.head()
    before = stream.chain_of_rev(after)
    if before is None or epoch != head.epoch or after > head.rev:
        raise Refused("rewound")
    entries, own, to, tail = _collect(connection, head.sid, after, min(most, MOST_BYTES), own_lane)
    return LogBatch(
        sid=head.sid, epoch=epoch, after=after, to=to, head=max(head.rev, to), prev=before.hex(), tail=(tail or before).hex(),
        lane=own_lane, own=runs(own), entries=entries, digest=stream.sums().digest if to == head.rev else None,
    )  # fmt: skip


def _collect(
    connection: Connection, sid: str, after: int, most: int, own_lane: int | None
) -> tuple[list[LogEntry], list[tuple[int, int]], int, bytes | None]:
    c = t.change_log.c
    query = select(c.rev, c.grp, c.lane, c.seq, c.plain, c.entry, c.chain, c.rx).where(c.sid == sid, c.rev > after)
    entries: list[LogEntry] = []
    own: list[tuple[int, int]] = []
    to, size, group, tail = after, 0, None, None
    with connection.execute(query.order_by(c.rev).execution_options(yield_per=500)) as rows:
        for row in rows:
            if size >= most and row.grp != group:
                break
            if row.lane == own_lane and row.plain:
                own.append((row.seq, row.rev))
                size += 8
            else:
                entries.append(LogEntry.model_validate(row.entry | {"rx": row.rx}))
                size += len(canonical(row.entry))
            to, group, tail = row.rev, row.grp, bytes(row.chain)
    return entries, own, to, tail
