"""What the province says to a hello: where the laptop stands in a stream (sync.md 3.12, 3.26)."""

from __future__ import annotations

from sqlalchemy import Connection

from poverty_desktop.protocol.messages import StreamPosition, StreamState
from poverty_desktop.protocol.positions import cursor_state, lane_state
from poverty_desktop.server import snapshots
from poverty_desktop.server.sql_stream import SqlStream


def stream_state(
    connection: Connection, stream: SqlStream, dev: str, inc: str, position: StreamPosition, grant: str
) -> StreamState:
    """Positions of the cursor, the lane and the earlier lanes of one device in one stream."""
    head = stream.head()
    mark, log_bytes = snapshots.offered(connection, stream, position.cursor[1])
    values = {
        "sid": head.sid,
        "head": head.rev,
        "cursor": cursor_state(stream, position.cursor),
        "epoch": head.epoch,
        "lane": lane_state(stream, dev, inc, position.lane),
        "closed": [lane_state(stream, dev, one, (last, chain)) for one, last, chain in position.closed],
        "digest": stream.sums().digest,
        "stable_rev": stream.stable_rev(),
        "grant": grant,
        "quar": stream.in_custody(dev),
        "brake": "deletes" if stream.is_braked(dev) else None,
        "snap": mark,
        "log_bytes": log_bytes,
    }
    return StreamState.model_validate(values)
