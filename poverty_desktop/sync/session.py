"""Questions to the province, and whether what answers is the province (sync.md 3.18, 3.19).

Only an answer signed by the pinned key over the nonce of this question leaves this module.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import brief, messages, signatures
from poverty_desktop.protocol.canonical import NotCanonical, canonical, parse
from poverty_desktop.protocol.laptop import Enrolled
from poverty_desktop.protocol.signatures import Signer, verify
from poverty_desktop.sync.problems import known_problem
from poverty_desktop.sync.transport import LARGEST_ANSWER, SKIPPED, Answer, Taking, Transport, address

M = TypeVar("M", bound=messages.Signed)
T = TypeVar("T")

JSON = "application/json"
PROBLEM = "application/problem+json"
PACKET = "application/vnd.qlx.packet"
MARGIN_SECONDS = 30  # a token is renewed this long before it ends


@dataclass(frozen=True)
class Question:
    """One request within a session. `path` begins with a slash and follows the server's address."""

    method: str
    path: str
    nonce: str
    params: Mapping[str, str | int] | None = None
    body: bytes | None = None
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    taking: Taking | None = None
    known: bytes = b""  # what is known of the answer: the shortest form both ways (`protocol.brief`)


@dataclass(frozen=True)
class _Token:
    enrolled: Enrolled
    text: str
    good_until: float  # monotonic seconds


class Session:
    """The right to ask, and everything that is asked with it. Used by one thread at a time."""

    def __init__(self, transport: Transport, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.transport, self.monotonic = transport, monotonic
        self._token: _Token | None = None

    @property
    def enrolled(self) -> Enrolled:
        if self._token is None:
            raise KnownProblem("sync.no_link")
        return self._token.enrolled

    @property
    def token(self) -> object | None:
        """The session that lives, told from any other by `is`."""
        return self._token

    def is_good(self, enrolled: Enrolled) -> bool:
        token = self._token
        return token is not None and token.enrolled == enrolled and self.monotonic() < token.good_until

    def close(self) -> None:
        self._token = None
        self.transport.close()

    def authenticate(self, enrolled: Enrolled, nonce: str) -> None:
        server, key = address(enrolled.server), enrolled.province_key
        asked = messages.ChallengeRequest(device=enrolled.device, nonce=nonce)
        answer = self.post(f"{server}/v1/auth/challenge", asked, nonce, key)
        challenge = opened(messages.ChallengeResponse, answer, key, nonce).challenge
        text = messages.session_text(challenge, enrolled.device, enrolled.incarnation)
        proof = messages.TokenRequest(
            device=enrolled.device,
            incarnation=enrolled.incarnation,
            challenge=challenge,
            nonce=nonce,
            signature=base64.b64encode(Signer(enrolled.private_key).sign(text)).decode(),
        )
        token = self._token_for(proof, server, key)
        self._token = _Token(enrolled, token.token, self.monotonic() + token.expires_s - MARGIN_SECONDS)

    def _token_for(self, proof: messages.TokenRequest, server: str, key: bytes) -> messages.TokenResponse:
        """Raises `KnownProblem("sync.unknown_here")`: the challenge is fresh, so it is the device that is not known."""
        try:
            return opened(messages.TokenResponse, self.post(f"{server}/v1/auth/token", proof, proof.nonce, key), key, proof.nonce)
        except KnownProblem as problem:
            if problem.code != "sync.session_over":
                raise
            raise KnownProblem("sync.unknown_here") from problem

    def post(self, url: str, message: messages.Message, nonce: str, pinned: bytes) -> Answer:
        """A message outside of a session."""
        headers = {"Content-Type": JSON, "X-Nonce": nonce}
        return self.transport.send("POST", url, pinned=pinned, body=canonical(message.wire()), headers=headers)

    def answer(self, model: type[M], question: Question) -> M:
        """The signed answer to a question."""
        return self.ask(question, lambda answer, key: opened(model, answer, key, question.nonce))

    def ask(self, question: Question, understood: Callable[[Answer, bytes], T]) -> T:
        """What `understood(answer, pinned key)` makes of the answer; a token that the province calls over is renewed once."""
        for renewed in (False, True):
            answer = self._sent(question)
            try:
                return understood(answer, self.enrolled.province_key)
            except KnownProblem as problem:
                if problem.code != "sync.session_over" or renewed:
                    raise
            self.authenticate(self.enrolled, question.nonce)
        raise AssertionError("unreachable")

    def _sent(self, question: Question) -> Answer:
        enrolled = self.enrolled
        assert self._token is not None
        sent = {"Authorization": f"Bearer {self._token.text}", **question.headers}
        if question.known:
            sent["Accept-Encoding"] = SKIPPED
        else:
            sent["X-Nonce"] = question.nonce
        if question.media_type:
            sent["Content-Type"] = question.media_type
        url = f"{address(enrolled.server)}{question.path}"
        answer = self.transport.send(
            question.method, url, pinned=enrolled.province_key, params=question.params, body=question.body, headers=sent,
            taking=question.taking,
        )  # fmt: skip
        return _unpacked(answer, question.known) if answer.media_type == brief.MEDIA_TYPE else answer


def _unpacked(answer: Answer, known: bytes) -> Answer:
    """The same as JSON. Raises `KnownProblem("sync.not_our_server")`."""
    try:
        return replace(answer, media_type=JSON, body=brief.unpack(answer.body, known, LARGEST_ANSWER))
    except ValueError as error:
        raise KnownProblem("sync.not_our_server") from error


def opened(model: type[M], answer: Answer, key: bytes, nonce: str) -> M:
    """The signed answer as `model`; a signed problem as the `KnownProblem` it means; all else is `sync.not_our_server`."""
    refusal = refusal_in(answer, key, nonce)
    if refusal is not None:
        raise known_problem(refusal, answer)
    if answer.status >= 300 or answer.media_type != JSON:
        raise KnownProblem("sync.not_our_server")
    try:
        return messages.opened(model, answer.body, checker(key), nonce=nonce)
    except messages.NotOurServer as error:
        raise KnownProblem("sync.not_our_server") from error


def refusal_in(answer: Answer, key: bytes, nonce: str) -> messages.Problem | None:
    """The signed problem, if the answer calls itself one. Raises `KnownProblem("sync.not_our_server")` when it is not signed."""
    if answer.media_type != PROBLEM:
        return None
    try:
        return messages.opened(messages.Problem, answer.body, checker(key), nonce=nonce)
    except messages.NotOurServer as error:
        raise KnownProblem("sync.not_our_server") from error


def checker(key: bytes) -> Callable[[bytes, bytes], bool]:
    return lambda text, signature: verify(key, text, signature)


def said_in_headers(answer: Answer, key: bytes, said: Mapping[str, Any]) -> bool:
    """Whether X-Signature is the province's under `said`: of answers that have no body."""
    try:
        signature = base64.b64decode(answer.headers.get("x-signature", ""), validate=True)
    except binascii.Error:
        return False
    return verify(key, signatures.ANSWER + canonical(dict(said)), signature)


def key_named_in(answer: Answer) -> bytes:
    """The key that an answer claims; worth something only at enrolment, where the one-time code says which it must be."""
    try:
        wire: Any = parse(answer.body)
        return bytes.fromhex(wire["key"])
    except (NotCanonical, KeyError, TypeError, ValueError) as error:
        raise KnownProblem("sync.not_our_server") from error
