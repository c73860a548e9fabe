"""The log of a stream as laptops read it (sync.md 3.13)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.log import LogBatch, LogEntry
from poverty_desktop.server import tables as t
from poverty_desktop.server.applying import runs
from poverty_desktop.server.refusals import Refused

DEFAULT_BYTES = 256 << 10
MOST_BYTES = 4 << 20


def chain_of_rev(connection: Connection, sid: str, rev: int) -> bytes | None:
    """The stream's chain after `rev`; None for a rev it does not have."""
    if rev == 0:
        return EMPTY
    c = t.change_log.c
    found = connection.execute(select(c.chain).where(c.sid == sid, c.rev == rev)).scalar()
    return None if found is None else bytes(found)


def stream_row(connection: Connection, sid: str) -> Any:
    return connection.execute(select(t.stream).where(t.stream.c.sid == sid)).one()


def cursor_state(connection: Connection, sid: str, cursor: tuple[int, int, str]) -> str:
    """ "ok", or "rewound" when the laptop's history is not ours."""
    epoch, rev, chain = cursor
    ours = chain_of_rev(connection, sid, rev)
    same = ours is not None and ours.hex() == chain
    return "ok" if same and epoch == stream_row(connection, sid).epoch else "rewound"


def read_log(
    connection: Connection, sid: str, *, epoch: int, after: int, most: int = DEFAULT_BYTES, own_lane: int | None = None
) -> LogBatch:
    """Entries after a cursor, up to about `most` bytes, ending where a Save ends.

    `own_lane`: operations of this lane that applied as sent come as positions (A3). Raises `Refused` rewound.
    """
    stream = stream_row(connection, sid)
    before = chain_of_rev(connection, sid, after)
    if before is None or epoch != stream.epoch or after > stream.head:
        raise Refused("rewound")
    entries, own, to, tail = _collect(connection, sid, after, min(most, MOST_BYTES), own_lane)
    return LogBatch(
        sid=sid, epoch=epoch, after=after, to=to, head=max(stream.head, to), prev=before.hex(), tail=(tail or before).hex(),
        lane=own_lane, own=runs(own), entries=entries,
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
