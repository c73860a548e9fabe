"""What each endpoint does (sync.md 3.25). Every one that needs a device asks `_session` first, every stream `grant_of`."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import Literal

from sqlalchemy import Connection, select, text, update
from starlette.responses import Response

from poverty_desktop.protocol import brief, messages
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.identity import is_id
from poverty_desktop.protocol.packets import COLUMNS, MAX_RAW, PacketHeader, PacketRefused, peek
from poverty_desktop.protocol.positions import cursor_state
from poverty_desktop.protocol.stream_store import Arrived
from poverty_desktop.server import chunks, enrolment, sessions
from poverty_desktop.server import tables as t
from poverty_desktop.server.calls import JSON, Call, signature_of
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.greeting import stream_state
from poverty_desktop.server.logs import DEFAULT_BYTES, read_log
from poverty_desktop.server.province import Province
from poverty_desktop.server.refusals import Refused
from poverty_desktop.server.sql_stream import SqlStream
from poverty_desktop.server.stillness import still
from poverty_desktop.server.taking import opened_operations, take

SCHEMA_VERSIONS = [1, 3]
_CURSOR = re.compile(r"(\d{1,9})\.(\d{1,15})\.([0-9a-f]{64})")
_SHA = re.compile("[0-9a-f]{64}")


class Health(messages.Signed):
    status: Literal["ok", "restored"] = "ok"
    practice: bool
    time: str


def health(province: Province, call: Call) -> messages.Signed:
    with reading(province.engine) as connection:
        connection.execute(text("SELECT 1"))
    status: Literal["ok", "restored"] = "restored" if province.restored() else "ok"
    return Health(nonce=call.nonce, status=status, practice=province.settings.practice, time=province.instant())


def time(province: Province, call: Call) -> messages.Signed:
    key = province.signer.public.hex()
    return messages.TimeAnswer(nonce=call.nonce, time=province.instant(), practice=province.settings.practice, key=key)


def enrol(province: Province, call: Call) -> messages.Signed:
    call.check_digest(required=False)
    return enrolment.enrol(province, call.json(messages.EnrolRequest))


def challenge(province: Province, call: Call) -> messages.Signed:
    return sessions.challenge(province, call.json(messages.ChallengeRequest))


def token(province: Province, call: Call) -> messages.Signed:
    return sessions.open_session(province, call.json(messages.TokenRequest))


def hello(province: Province, call: Call) -> messages.Signed:
    session = _session(province, call, handing_over=True)
    call.check_digest(required=False)
    if call.asked[1]:
        return still(province, session, call)
    request = call.json(messages.HelloRequest)
    if (request.device, request.incarnation) != (session.dev, session.inc):
        raise Refused("forbidden")
    if len(request.proto) != 2 or not request.proto[0] <= messages.PROTOCOL <= request.proto[1]:
        raise Refused("upgrade", min=messages.PROTOCOL)
    in_write(province.engine, lambda connection: _note_contact(province, connection, request))
    with reading(province.engine) as connection:
        streams = [_greeted(connection, session, position) for position in request.streams]
    return messages.HelloResponse(
        nonce=request.nonce,
        time=province.instant(),
        schema_versions=SCHEMA_VERSIONS,
        practice=province.settings.practice,
        streams=streams,
        taken=[COLUMNS],
        commands=_orders(province, session, request.nonce),
    )


def push(province: Province, call: Call) -> messages.Signed:
    session = _session(province, call, handing_over=True)
    if call.cut:
        _keep_beginning(province, session, call)
    asked = _unasked(call)
    call.check_digest(required=asked is None)
    cursor = _cursor(call.headers.get("x-cursor")) if asked is None else asked
    posted = _posted(province, session, call)
    data = call.body if posted is None else posted[0]
    expected = cursor if call.headers.get("x-if") == "expected" else asked
    arrived, ack = _apply(province, session, data, expected)
    if asked is not None:
        call.known = brief.foretold_push(arrived.id, peek(data)[1], asked, call.nonce)
    if posted is not None:
        in_write(province.engine, lambda connection: chunks.forget(connection, session.dev, posted[1], province.seconds()))
    return _push_answer(province, call, session, arrived.header, ack, cursor)


def _keep_beginning(province: Province, session: sessions.Session, call: Call) -> None:
    """What arrived of a packet whose connection ended: the laptop goes on from there (sync.md 3.0 A2)."""
    sha = call.announced_digest().hex()
    if not call.body or not _SHA.fullmatch(sha):
        return
    in_write(
        province.engine,
        lambda connection: chunks.append(connection, session.dev, sha, 0, call.body, last=False, now=province.seconds()),
    )


def packet_outcome(province: Province, call: Call) -> messages.Signed:
    """The ack of a packet that this device sent before."""
    session = _session(province, call, handing_over=True)
    c, g = t.packet.c, t.device_grant.c
    query = select(c.answer).join(t.device_grant, (g.sid == c.sid) & (g.dev == session.dev))
    with reading(province.engine) as connection:
        found = connection.execute(query.where(c.packet == call.path["id"], c.dev == session.owner)).scalar()
    if found is None:
        raise Refused("not_found")
    return messages.PushAnswer(nonce=call.nonce, ack=_signed_ack(province, call, messages.Ack.model_validate(found)))


def log(province: Province, call: Call) -> messages.Signed:
    session = _session(province, call)
    sid = call.path["sid"]
    epoch, after = call.number("epoch"), call.number("after")
    most = call.number("max", DEFAULT_BYTES)
    with reading(province.engine) as connection:
        sessions.grant_of(connection, session.dev, sid)
        stream = SqlStream.read(connection, sid)
        return messages.LogAnswer(nonce=call.nonce, log=read_log(connection, stream, epoch=epoch, after=after, most=most))


def chunk_state(province: Province, call: Call) -> Response:
    session = _session(province, call, handing_over=True)
    with reading(province.engine) as connection:
        state = chunks.upload_state(connection, session.dev, _sha(call))
    if state is None:
        raise Refused("not_found")
    return _upload_answer(province, call, state, 200)


def chunk_append(province: Province, call: Call) -> Response:
    session = _session(province, call, handing_over=True)
    sha, offset = _sha(call), call.headers.get("upload-offset", "")
    if not offset.isdigit() or len(offset) > 12:
        raise Refused("bad_request")
    last = call.headers.get("upload-complete") == "?1" and not call.cut

    def work(connection: Connection) -> chunks.Upload:
        now = province.seconds()
        return chunks.append(connection, session.dev, sha, int(offset), call.body, last=last, now=now)

    state = in_write(province.engine, work)
    if last and not state.complete:
        raise Refused("digest")
    return _upload_answer(province, call, state, 204)


def _session(province: Province, call: Call, *, handing_over: bool = False) -> sessions.Session:
    return sessions.session_of(province, call.headers.get("authorization"), handing_over=handing_over)


def _note_contact(province: Province, connection: Connection, request: messages.HelloRequest) -> None:
    pending = sum(position.pending[0] for position in request.streams)
    oldest = min((position.pending[1] for position in request.streams if position.pending[1]), default=None)
    values = {
        "seen_at": province.instant(),
        "app": request.app[:50],
        "pending": pending,
        "oldest_pending": oldest and oldest[:32],
    }
    connection.execute(update(t.device).where(t.device.c.id == request.device).values(**values))


def _greeted(connection: Connection, session: sessions.Session, position: messages.StreamPosition) -> messages.StreamState:
    grant = sessions.grant_of(connection, session.dev, position.sid)
    stream = SqlStream.read(connection, position.sid)
    state = stream_state(connection, stream, session.owner, session.inc, position, grant)
    if session.order is None:
        return state
    return state.model_copy(update={"digest": None, "snapshot": None, "log_bytes": 0})  # its own lane, to hand over; no more


def _orders(province: Province, session: sessions.Session, nonce: str) -> list[dict[str, object]]:
    """What the administrator wants of this device. Signed on its own: it names the device and the nonce of its question."""
    if session.order is None:
        return []
    order = messages.Order(nonce=nonce, device=session.dev, kind=session.order[0], unsent_too=session.order[1])
    return [messages.signed_object(order.wire(), province.signer.sign)]


def _unasked(call: Call) -> tuple[int, int, str] | None:
    """The cursor of a laptop that did not greet; None of one that did."""
    start, _, chain = call.asked[1].rpartition(".")
    if not start:
        return None
    try:
        return _cursor(f"{start}.{base64.urlsafe_b64decode(chain + '=').hex()}")
    except binascii.Error as error:
        raise Refused("bad_request") from error


def _cursor(text: str | None) -> tuple[int, int, str] | None:
    if text is None:
        return None
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise Refused("bad_request")
    return int(found[1]), int(found[2]), found[3]


def _posted(province: Province, session: sessions.Session, call: Call) -> tuple[bytes, list[str]] | None:
    """Packet and chunks of a JSON body that names what was uploaded; None for a packet in the body itself."""
    if call.headers.get("content-type", "").partition(";")[0].strip() != JSON:
        return None
    request = call.json(messages.PacketPosted)
    if not all(_SHA.fullmatch(sha) for sha in request.chunks) or len(request.chunks) > 4096:
        raise Refused("bad_request")
    with reading(province.engine) as connection:
        data = chunks.assembled(connection, session.dev, request.chunks)
    try:
        named = peek(data)[0]
    except PacketRefused as error:
        raise Refused("packet_refused", reason=error.reason) from error
    if named != request.id:
        raise Refused("packet_refused", reason="damaged")
    return data, request.chunks


def _apply(
    province: Province, session: sessions.Session, data: bytes, expected: tuple[int, int, str] | None
) -> tuple[Arrived, messages.Ack]:
    packet_id, header, operations = opened_operations(session, data)
    if header.kind != "push" or header.dev != session.dev or not is_id(header.inc):
        raise Refused("forbidden")
    with reading(province.engine) as connection:
        grant = sessions.standing(connection, session, header.sid)
    arrived = Arrived(packet_id, replace(header, dev=session.owner), operations, grant, province.instant())
    return arrived, take(province, arrived, session, expected)


def _push_answer(
    province: Province,
    call: Call,
    session: sessions.Session,
    header: PacketHeader,
    ack: messages.Ack,
    cursor: tuple[int, int, str] | None,
) -> messages.Signed:
    signed_ack = _signed_ack(province, call, ack)
    if cursor is None:
        return messages.PushAnswer(nonce=call.nonce, ack=signed_ack)
    with reading(province.engine) as connection:
        if sessions.standing(connection, session, header.sid) == sessions.CUSTODY:
            return messages.PushAnswer(nonce=call.nonce, ack=signed_ack)  # a locked device is told nothing of the stream
        stream = SqlStream.read(connection, header.sid)
        if cursor_state(stream, cursor) != "ok":
            return messages.PushAnswer(nonce=call.nonce, ack=signed_ack, cursor="rewound")
        batch = read_log(connection, stream, epoch=cursor[0], after=cursor[1], own_lane=ack.lane.number)
    return messages.PushAnswer(nonce=call.nonce, ack=signed_ack, log=batch, cursor="ok")


def _signed_ack(province: Province, call: Call, ack: messages.Ack) -> dict[str, object]:
    wire = ack.model_copy(update={"nonce": call.nonce}).wire()
    return messages.signed_object(wire, province.signer.sign)


def _sha(call: Call) -> str:
    if not _SHA.fullmatch(call.path["sha"]):
        raise Refused("bad_request")
    return call.path["sha"]


def _upload_answer(province: Province, call: Call, state: chunks.Upload, status: int) -> Response:
    """No body; X-Signature is over the canonical form of {nonce, sha, offset, complete}."""
    said = {"nonce": call.nonce, "sha": call.path["sha"], "offset": state.offset, "complete": state.complete}
    headers = {
        "Upload-Offset": str(state.offset),
        "Upload-Complete": "?1" if state.complete else "?0",
        "X-Signature": signature_of(province, canonical(said)),
    }
    return Response(status_code=status, headers=headers)


LARGEST_PACKET = MAX_RAW + (1 << 20)
