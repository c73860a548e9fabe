"""The question of a laptop that has everything and of which everything is here: has anything changed (`protocol.still`)."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from poverty_desktop.protocol import brief, messages
from poverty_desktop.protocol.still import mark_here
from poverty_desktop.server import sessions
from poverty_desktop.server import tables as t
from poverty_desktop.server.calls import Call
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.province import Province
from poverty_desktop.server.sql_stream import SqlStream


def still(province: Province, session: sessions.Session, call: Call) -> messages.StillAnswer:
    """Whether all that a hello would compare is alike (`protocol.still`)."""
    call.known = brief.foretold_still(call.nonce)
    in_write(province.engine, lambda connection: _note_still(province, connection, session))
    g = t.device_grant.c
    with reading(province.engine) as connection:
        sids = connection.execute(select(g.sid).where(g.dev == session.dev)).scalars().all()
        streams = [SqlStream.read(connection, sid) for sid in sids] if session.order is None else []
        marks = {mark_here(stream, session.owner, session.inc, stream.stable_rev()) for stream in streams}
    return messages.StillAnswer(nonce=call.nonce, same=call.asked[1] in marks, time=province.instant())


def _note_still(province: Province, connection: Connection, session: sessions.Session) -> None:
    """A laptop asks this only where nothing waits."""
    values = {"seen_at": province.instant(), "pending": 0, "oldest_pending": None}
    connection.execute(update(t.device).where(t.device.c.id == session.dev).values(**values))
