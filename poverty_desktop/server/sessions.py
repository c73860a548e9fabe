"""Sessions: a challenge without clocks, then a bearer token for half an hour (sync.md 3.19)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select

from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.identity import is_id
from poverty_desktop.protocol.messages import ChallengeRequest, ChallengeResponse, TokenRequest, TokenResponse, session_text
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.enrolment import device_row
from poverty_desktop.server.province import Province
from poverty_desktop.server.refusals import Refused

TOKEN_SECONDS = 30 * 60
CHALLENGE_SECONDS = 5 * 60
_CONTENT, _SEAL = 37, 16  # bytes of a token; 128 bits of seal
RESTORED_SECONDS = 60  # when to ask again while the operator has not adopted what was put back


CUSTODY = "q"  # what a locked device may: hand over what it holds, without effect until a person decides (sync.md 3.19)
Order = tuple[Literal["lock", "wipe"], bool]  # the bool: wipe even what was not handed over
_ORDERS: dict[str, Order | None] = {
    "active": None,
    "locked": ("lock", False),
    "wiping": ("wipe", False),
    "wiping_all": ("wipe", True),
}  # a device in any other state is revoked


@dataclass(frozen=True)
class Session:
    """Who asks: a device in one incarnation. `owner`: the device whose name its lanes bear, which is another one where the laptop
    has enrolled again (sync.md 3.19). With an `order` (kind, unsent too) it may only hand over what it holds, and hear of it."""

    dev: str
    inc: str
    public: bytes
    owner: str
    order: Order | None = None


def challenge(province: Province, request: ChallengeRequest) -> ChallengeResponse:
    """A fresh challenge; also for devices that do not exist, so that nobody learns which do."""
    text = secrets.token_hex(32)

    def work(connection: Connection) -> None:
        connection.execute(delete(t.challenge).where(t.challenge.c.expires < province.seconds()))
        values = {"challenge": text, "dev": request.device, "expires": province.seconds() + CHALLENGE_SECONDS}
        connection.execute(insert(t.challenge), values)

    if not is_id(request.device):
        raise Refused("bad_request")
    in_write(province.engine, work)
    return ChallengeResponse(nonce=request.nonce, challenge=text, time=province.instant())


def open_session(province: Province, request: TokenRequest) -> TokenResponse:
    """A token for a device that signed its challenge. Raises `Refused` unauthorised, revoked."""
    if province.restored():
        raise Refused("restored", retry_after=RESTORED_SECONDS)
    if not is_id(request.device) or not is_id(request.incarnation):
        raise Refused("bad_request")
    known = in_write(province.engine, lambda connection: _use_challenge(province, connection, request))
    with reading(province.engine) as connection:
        device = device_row(connection, request.device)
    text = session_text(request.challenge, request.device, request.incarnation)
    if not known or device is None or not signatures.verify(bytes(device.pub), text, _signature(request.signature)):
        raise Refused("unauthorised")
    _order(device)
    expires = province.seconds() + TOKEN_SECONDS
    token = sealed_token(province.signer, (request.device, request.incarnation, expires))
    return TokenResponse(nonce=request.nonce, token=token, expires_s=TOKEN_SECONDS, time=province.instant())


def session_of(province: Province, authorization: str | None, *, handing_over: bool = False) -> Session:
    """The session of a bearer token; the device is looked up each time, so that revocation is immediate. `handing_over`: asked
    where a locked device may go on.

    Raises `Refused` unauthorised, revoked, locked, restored.
    """
    if province.restored():
        raise Refused("restored", retry_after=RESTORED_SECONDS)
    dev, inc, expires = _token_content(province, authorization)
    with reading(province.engine) as connection:
        device = device_row(connection, dev)
    if device is None or expires < province.seconds():
        raise Refused("unauthorised")
    order = _order(device)
    if order is not None and not handing_over:
        raise Refused("locked")
    return Session(dev, inc, bytes(device.pub), device.first or dev, order)


def standing(connection: Connection, session: Session, sid: str) -> str:
    """What the device of a session may do in a stream at this moment: "rw", "r" or `CUSTODY`. Asked again under the stream's
    lock: what is revoked or locked while a request waits for its turn counts. Raises `Refused` revoked, forbidden."""
    device = device_row(connection, session.dev)
    mode = grant_of(connection, session.dev, sid)
    return CUSTODY if _order(device) else mode


def grant_of(connection: Connection, dev: str, sid: str) -> str:
    """ "rw" or "r". Raises `Refused` forbidden, the same for a stream of others and for one that does not exist."""
    if not is_id(sid):
        raise Refused("forbidden")
    g = t.device_grant.c
    mode = connection.execute(select(g.mode).where(g.dev == dev, g.sid == sid)).scalar()
    if mode is None:
        raise Refused("forbidden")
    return str(mode)


def _order(device: Any) -> Order | None:
    """Raises `Refused` revoked."""
    if device is None or device.state not in _ORDERS:
        raise Refused("revoked")
    return _ORDERS[device.state]


def _use_challenge(province: Province, connection: Connection, request: TokenRequest) -> bool:
    """A challenge answers once."""
    c = t.challenge.c
    here = (c.challenge == request.challenge) & (c.dev == request.device) & (c.expires >= province.seconds())
    return connection.execute(delete(t.challenge).where(here)).rowcount == 1


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _seal(signer: Signer, text: bytes) -> bytes:
    key = hashlib.sha256(b"qlx token\n" + signer.private).digest()
    return hmac.digest(key, text, "sha256")[:_SEAL]


def sealed_token(signer: Signer, content: tuple[str, str, int]) -> str:
    """The bearer token of (device, incarnation, until when in seconds by the server's clock)."""
    dev, inc, until = content
    text = uuid.UUID(dev).bytes + uuid.UUID(inc).bytes + until.to_bytes(5, "big")
    return base64.urlsafe_b64encode(text + _seal(signer, text)).decode().rstrip("=")


def _token_content(province: Province, authorization: str | None) -> tuple[str, str, int]:
    scheme, _, token = (authorization or "").partition(" ")
    try:
        data = base64.urlsafe_b64decode(token.encode("ascii") + b"==="[: -len(token) % 4])
    except (binascii.Error, ValueError):
        data = b""
    text, seal = data[:_CONTENT], data[_CONTENT:]
    if scheme.lower() != "bearer" or len(text) != _CONTENT or not hmac.compare_digest(_seal(province.signer, text), seal):
        raise Refused("unauthorised")
    dev, inc = (str(uuid.UUID(bytes=part)) for part in (text[:16], text[16:32]))
    return dev, inc, int.from_bytes(text[32:], "big")
