"""The road over HTTP to the province (`protocol.laptop.ProvinceLink`; sync.md 3.12, 3.13, 3.18, 3.19, 3.25).

Only an answer signed by the pinned key over the nonce of this request leaves this module. A login page, a proxy's 502, a
redirect, an old answer played again: all are `sync.not_our_server`, and change nothing.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.laptop import Cursor, Enrolled, Outgoing, Pushed, Traffic
from poverty_desktop.protocol.signatures import Signer, verify
from poverty_desktop.sync.problems import known_problem
from poverty_desktop.sync.transport import Answer, Transport, address

M = TypeVar("M", bound=messages.Signed)

JSON = "application/json"
PROBLEM = "application/problem+json"
PACKET = "application/vnd.qlx.packet"
MARGIN_SECONDS = 30  # a token is renewed this long before it ends


@dataclass(frozen=True)
class _Session:
    enrolled: Enrolled
    token: str
    good_until: float  # monotonic seconds


class HttpProvinceLink:
    """One laptop's connection to its province; kept open between rounds. Used by one thread at a time."""

    def __init__(self, transport: Transport | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._transport = transport or Transport()
        self._monotonic = monotonic
        self._session: _Session | None = None

    @property
    def traffic(self) -> Traffic:
        return self._transport.traffic

    def close(self) -> None:
        self._session = None
        self._transport.close()

    # --- before a session --------------------------------------------------------------------------------------------

    def time(self, server: str, province_key: bytes | None, nonce: str) -> messages.TimeAnswer:
        answer = self._transport.send("GET", f"{address(server)}/v1/time", params={"nonce": nonce})
        key = province_key or _key_named_in(answer)
        return _opened(messages.TimeAnswer, answer, key, nonce)

    def enrol(self, server: str, province_key: bytes, request: messages.EnrolRequest) -> messages.EnrolResponse:
        answer = self._post(f"{address(server)}/v1/enrol", request, request.nonce)
        return _opened(messages.EnrolResponse, answer, province_key, request.nonce)

    def has_session(self, enrolled: Enrolled) -> bool:
        session = self._session
        return session is not None and session.enrolled == enrolled and self._monotonic() < session.good_until

    def authenticate(self, enrolled: Enrolled, nonce: str) -> None:
        server, key = address(enrolled.server), enrolled.province_key
        asked = messages.ChallengeRequest(device=enrolled.device, nonce=nonce)
        answer = self._post(f"{server}/v1/auth/challenge", asked, nonce)
        challenge = _opened(messages.ChallengeResponse, answer, key, nonce).challenge
        text = messages.session_text(challenge, enrolled.device, enrolled.incarnation)
        proof = messages.TokenRequest(
            device=enrolled.device,
            incarnation=enrolled.incarnation,
            challenge=challenge,
            nonce=nonce,
            signature=base64.b64encode(Signer(enrolled.private_key).sign(text)).decode(),
        )
        token = _opened(messages.TokenResponse, self._post(f"{server}/v1/auth/token", proof, nonce), key, nonce)
        self._session = _Session(enrolled, token.token, self._monotonic() + token.expires_s - MARGIN_SECONDS)

    # --- within a session --------------------------------------------------------------------------------------------

    def hello(self, request: messages.HelloRequest) -> messages.HelloResponse:
        body = canonical(request.wire())
        return self._asked(messages.HelloResponse, "POST", "/v1/hello", request.nonce, body=body, media_type=JSON)

    def push(self, packet: Outgoing, cursor: Cursor, nonce: str) -> Pushed:
        digest = base64.b64encode(hashlib.sha256(packet.data).digest()).decode()
        headers = {"Content-Digest": f"sha-256=:{digest}:", "X-Cursor": f"{cursor.epoch}.{cursor.rev}.{cursor.chain.hex()}"}
        answer = self._asked(
            messages.PushAnswer, "POST", "/v1/packets", nonce, body=packet.data, media_type=PACKET, headers=headers
        )
        proof = canonical(answer.ack)
        try:
            ack = messages.opened(messages.Ack, proof, self._pinned(), nonce=nonce)
        except messages.NotOurServer as error:
            raise KnownProblem("sync.not_our_server") from error
        return Pushed(ack, proof.decode(), answer.log)

    def log(self, stream: str, cursor: Cursor, most_bytes: int, nonce: str) -> messages.LogBatch:
        params: dict[str, str | int] = {"epoch": cursor.epoch, "after": cursor.rev, "max": most_bytes, "nonce": nonce}
        return self._asked(messages.LogAnswer, "GET", f"/v1/streams/{stream}/log", nonce, params=params).log

    # --- inside ------------------------------------------------------------------------------------------------------

    def _asked(
        self,
        model: type[M],
        method: str,
        path: str,
        nonce: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        media_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> M:
        """One question within the session; a token that the province calls over is renewed once."""
        for renewed in (False, True):
            session = self._in_session()
            sent = {"Authorization": f"Bearer {session.token}", "X-Nonce": nonce, **(headers or {})}
            if media_type:
                sent["Content-Type"] = media_type
            url = f"{address(session.enrolled.server)}{path}"
            answer = self._transport.send(method, url, params=params, body=body, headers=sent)
            try:
                return _opened(model, answer, session.enrolled.province_key, nonce)
            except KnownProblem as problem:
                if problem.code != "sync.session_over" or renewed:
                    raise
            self.authenticate(session.enrolled, nonce)
        raise AssertionError("unreachable")

    def _in_session(self) -> _Session:
        if self._session is None:
            raise KnownProblem("sync.no_link")
        return self._session

    def _pinned(self) -> Callable[[bytes, bytes], bool]:
        key = self._in_session().enrolled.province_key
        return lambda text, signature: verify(key, text, signature)

    def _post(self, url: str, message: messages.Message, nonce: str) -> Answer:
        headers = {"Content-Type": JSON, "X-Nonce": nonce}
        return self._transport.send("POST", url, body=canonical(message.wire()), headers=headers)


def _opened(model: type[M], answer: Answer, key: bytes, nonce: str) -> M:
    """The signed answer as `model`; a signed problem as the `KnownProblem` it means."""

    def pinned(text: bytes, signature: bytes) -> bool:
        return verify(key, text, signature)

    try:
        if answer.media_type == PROBLEM:
            refusal = messages.opened(messages.Problem, answer.body, pinned, nonce=nonce)
            raise known_problem(refusal, answer)
        if answer.status >= 300 or answer.media_type != JSON:
            raise KnownProblem("sync.not_our_server")
        return messages.opened(model, answer.body, pinned, nonce=nonce)
    except messages.NotOurServer as error:
        raise KnownProblem("sync.not_our_server") from error


def _key_named_in(answer: Answer) -> bytes:
    """The key that an answer claims; trusted only at enrolment, where the one-time code vouches for the server."""
    from poverty_desktop.protocol.canonical import NotCanonical, parse

    try:
        wire: Any = parse(answer.body)
        return bytes.fromhex(wire["key"])
    except (NotCanonical, KeyError, TypeError, ValueError) as error:
        raise KnownProblem("sync.not_our_server") from error
