"""Whole states at the province: snapshot, sums and rows for a repair, and what laptops give back (sync.md 3.14, 3.20, 3.23)."""

from __future__ import annotations

import re

from pydantic import Field, ValidationError
from starlette.responses import Response

from poverty_desktop.protocol import messages
from poverty_desktop.protocol.canonical import NotCanonical, check_depth, parse
from poverty_desktop.protocol.digests import BUCKETS
from poverty_desktop.protocol.identity import is_id
from poverty_desktop.protocol.salvaging import take_salvage
from poverty_desktop.server import sessions, snapshots
from poverty_desktop.server.calls import Call
from poverty_desktop.server.database import reading
from poverty_desktop.server.province import RULES, Province
from poverty_desktop.server.refusals import Refused
from poverty_desktop.server.snap_rows import snap_rows
from poverty_desktop.server.sql_stream import SqlStream
from poverty_desktop.server.taking import checks_of, in_stream, opened_packet

_SHA = re.compile("[0-9a-f]{64}")
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?")
_MOST_REVS = 1 << 40


class RowsRequest(messages.Message):
    buckets: list[int] = Field(max_length=BUCKETS)


def manifest(province: Province, call: Call) -> messages.Signed:
    session, sid, _ = _asked(province, call)
    return messages.ManifestAnswer(nonce=call.nonce, manifest=snapshots.manifest(province, sid, session.owner))


def part(province: Province, call: Call) -> Response:
    """Bytes of one part: all of them, or those from the offset of `Range`. Their hash stands in the signed manifest."""
    _, sid, _ = _asked(province, call)
    sha = call.path["sha"]
    if not _SHA.fullmatch(sha):
        raise Refused("bad_request")
    with reading(province.engine) as connection:
        data = snapshots.part(connection, sid, sha)
    if data is None:
        raise Refused("not_found")
    return _ranged(call, data, f'"{sha}"')


def _ranged(call: Call, data: bytes, tag: str) -> Response:
    headers = {"ETag": tag, "Accept-Ranges": "bytes", "Cache-Control": "private, immutable", "X-Nonce": call.nonce}
    found = _RANGE.fullmatch(call.headers.get("range", ""))
    if found is None or call.headers.get("if-range", tag) != tag:
        return Response(data, media_type="application/zstd", headers=headers)
    first, last = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    if first > last:
        raise Refused("range", max=len(data))
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], status_code=206, media_type="application/zstd", headers=headers)


def digest(province: Province, call: Call) -> messages.Signed:
    """The sums at `rev`, none when the stream has gone on."""
    _, sid, _ = _asked(province, call)
    rev = call.number("rev")
    with reading(province.engine) as connection:
        stream = SqlStream.read(connection, sid)
        head = stream.head().rev
        return messages.SumsAnswer(nonce=call.nonce, rev=head, sums=stream.sums().wire() if rev == head else None)


def rows(province: Province, call: Call) -> messages.Signed:
    _, sid, _ = _asked(province, call)
    call.check_digest(required=False)
    buckets = call.json(RowsRequest).buckets
    with reading(province.engine) as connection:
        head = SqlStream.read(connection, sid).head()
        found = list(snap_rows(connection, sid, set(buckets)))
    return messages.RowsAnswer(nonce=call.nonce, rev=head.rev, chain=head.chain.hex(), rows=found)


def salvage(province: Province, call: Call) -> messages.Signed:
    """Entries of a dead history. A device that may only read gives nothing back."""
    session, sid, _ = _asked(province, call)
    call.check_digest(required=True)
    _, header, lines = opened_packet(session, call.body)
    if (header.kind, header.dev, header.sid) != ("salvage", session.dev, sid):
        raise Refused("forbidden")
    entries = [_entry(line) for line in lines]
    if len(entries) != header.n:
        raise Refused("packet_refused", reason="header")

    def work(stream: SqlStream) -> int:
        if sessions.standing(stream.connection, session, sid) != "rw":
            return 0
        epoch = 0 if header.epoch == stream.head().epoch else header.epoch  # of the living history its numbers prove nothing
        stream.load_places(entry.op for entry in entries)
        return take_salvage(stream, epoch, entries, province.instant(), RULES, checks_of(stream))

    return messages.SalvagePosted(nonce=call.nonce, kept=in_stream(province, sid, work))


def _entry(line: bytes) -> messages.LogEntry:
    try:
        wire = parse(line)
        check_depth(wire)
        entry = messages.LogEntry.model_validate(wire)
    except (NotCanonical, ValidationError) as error:
        raise Refused("packet_refused", reason="lines") from error
    ids = [entry.op, entry.group, entry.record_id, *entry.closed]
    if not all(is_id(one) for one in ids) or not 0 < entry.rev < _MOST_REVS:
        raise Refused("packet_refused", reason="lines")
    return entry


def _asked(province: Province, call: Call) -> tuple[sessions.Session, str, str]:
    """Who asks, about which stream, and what it may do there."""
    session = sessions.session_of(province, call.headers.get("authorization"))
    sid = call.path["sid"]
    with reading(province.engine) as connection:
        return session, sid, sessions.grant_of(connection, session.dev, sid)
