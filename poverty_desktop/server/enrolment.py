"""One-time codes and what they are exchanged for: a device with its grants (sync.md 3.19)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.codes import LETTERS, SECRET_LENGTH, full_code, secret_of
from poverty_desktop.protocol.identity import is_id
from poverty_desktop.protocol.messages import EnrolRequest, EnrolResponse, StreamGrant, enrolment_text
from poverty_desktop.protocol.signatures import ANSWER, verify
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import in_write
from poverty_desktop.server.province import Province
from poverty_desktop.server.refusals import Refused

LIFETIME = timedelta(hours=72)


def make_code(province: Province, connection: Connection, sid: str, account: str) -> str:
    """A fresh one-time code for one stream and one officer, as it is handed out; only the hash of its secret part is kept."""
    code = "".join(secrets.choice(LETTERS) for _ in range(SECRET_LENGTH))
    expires = (province.now() + LIFETIME).strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {"code_hash": _hash(code), "sid": sid, "account": account, "expires_at": expires}
    connection.execute(insert(t.enrolment_code), values)
    return full_code(code, province.signer.public)


def enrol(province: Province, request: EnrolRequest) -> EnrolResponse:
    """Exchange a code for a device. The same code with the same key gives the same device (a lost answer costs nothing). A laptop
    that proves which device it was goes on in that one's lanes: what they hold already is not taken twice.

    Raises `Refused` code_refused: unknown, expired or used by another key, which are not told apart.
    """
    public = _public_key(request.public_key)
    if province.restored():
        raise Refused("restored", retry_after=60)

    def work(connection: Connection) -> EnrolResponse:
        code = _valid_code(province, connection, request.code)
        known = None if code.dev is None else device_row(connection, code.dev)
        if known is not None and bytes(known.pub) != public:
            raise Refused("code_refused")
        dev = known.id if known is not None else _make_device(province, connection, code, request, public)
        return _response(province, connection, code, dev, request.nonce, public)

    return in_write(province.engine, work)


def device_row(connection: Connection, dev: str) -> Any:
    return connection.execute(select(t.device).where(t.device.c.id == dev)).one_or_none()


def _public_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Refused("bad_request")
    return key


def _valid_code(province: Province, connection: Connection, code: str) -> Any:
    query = select(t.enrolment_code).where(t.enrolment_code.c.code_hash == _hash(code)).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None or (row.dev is None and row.expires_at < province.instant()):
        raise Refused("code_refused")
    return row


def _make_device(province: Province, connection: Connection, code: Any, request: EnrolRequest, public: bytes) -> str:
    dev = province.new_id()
    values = {"id": dev, "pub": public, "state": "active", "account": code.account, "created_at": province.instant()}
    values |= {"fingerprint": request.fingerprint[:200], "name": request.name[:200], "app": request.app[:50]}
    values |= {"first": _first(connection, request)}
    connection.execute(insert(t.device), values)
    connection.execute(insert(t.device_grant), {"dev": dev, "sid": code.sid, "mode": "rw"})
    mine = t.enrolment_code.c.code_hash == code.code_hash
    connection.execute(update(t.enrolment_code).where(mine).values(dev=dev))
    return dev


def _first(connection: Connection, request: EnrolRequest) -> str | None:
    """The device whose name the laptop's lanes bear; None: they will bear that of the new one."""
    before = device_row(connection, request.before) if is_id(request.before) else None
    text = enrolment_text(request.code, request.public_key, request.before)
    if before is None or not verify(bytes(before.pub), text, _bytes(request.proof)):
        return None
    return str(before.first or before.id)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _response(province: Province, connection: Connection, code: Any, dev: str, nonce: str, public: bytes) -> EnrolResponse:
    account = connection.execute(select(t.account).where(t.account.c.id == code.account)).one()
    return EnrolResponse(
        nonce=nonce,
        device=dev,
        keys=[province.signer.public.hex()],
        certificate=_certificate(province, dev, public),
        officer=account.name,
        account=account.id,
        role=account.role,
        streams=stream_grants(connection, dev),
        practice=province.settings.practice,
        time=province.instant(),
    )


def stream_grants(connection: Connection, dev: str) -> list[StreamGrant]:
    s, g = t.stream.c, t.device_grant.c
    query = select(s.sid, s.commune_code, s.name, s.epoch, s.kind, g.mode).join(t.device_grant, g.sid == s.sid)
    return [
        StreamGrant(sid=row.sid, commune_code=row.commune_code, name=row.name, grant=row.mode, epoch=row.epoch, kind=row.kind)
        for row in connection.execute(query.where(g.dev == dev).order_by(s.sid))
    ]


def _certificate(province: Province, dev: str, public: bytes) -> str:
    text = canonical({"dev": dev, "pub": public.hex()})
    return base64.b64encode(text + b"\n" + province.signer.sign(ANSWER + text)).decode()


def _hash(code: str) -> bytes:
    """The code as it is looked up."""
    return hashlib.sha256(b"qlx code\n" + secret_of(code).encode()).digest()
