"""One request as the handlers see it, and the signed bytes they answer with (sync.md 3.18, 3.25)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from poverty_desktop.protocol import brief, signatures
from poverty_desktop.protocol.canonical import NotCanonical, parse_loosely
from poverty_desktop.protocol.messages import Message, Problem, Signed, signed
from poverty_desktop.server.database import is_no_space
from poverty_desktop.server.province import Province
from poverty_desktop.server.refusals import Refused

log = logging.getLogger(__name__)
M = TypeVar("M", bound=Message)
JSON = "application/json"
PROBLEM = "application/problem+json"
WORTH_COMPRESSING = 500  # bytes
FULL_SECONDS = 15 * 60  # when to ask again a province whose disk is full: a person must come
_NONCE = re.compile("[!-~]{1,128}")


@dataclass
class Call:
    """A request with its body read. `nonce` goes into the answer: header X-Nonce or X-Ask, else query or body."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    path: Mapping[str, str]
    host: str
    body: bytes = b""
    nonce: str = ""
    cut: bool = False  # the connection ended before the body did
    answer_headers: dict[str, str] = field(default_factory=dict)
    known: bytes = b""  # what the laptop knows of the answer: it takes the shortest form (`protocol.brief`)

    @property
    def asked(self) -> tuple[str, str]:
        """Nonce and question of a laptop that did not greet: what X-Ask holds."""
        nonce, _, question = self.headers.get("x-ask", "").partition(" ")
        return nonce, question

    def json(self, model: type[M]) -> M:
        """The body as a message. Raises `Refused` bad_request."""
        try:
            value = parse_loosely(self.body)
            if not self.nonce and isinstance(value, dict):
                self.nonce = clean_nonce(value.get("nonce"))
            return model.model_validate(value)
        except (NotCanonical, ValidationError) as error:
            raise Refused("bad_request") from error

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number of the query. Raises `Refused` bad_request."""
        text = self.query.get(name)
        if text is None and default is not None:
            return default
        if text is None or not text.isascii() or not text.isdigit() or len(text) > 15:
            raise Refused("bad_request")
        return int(text)

    def check_digest(self, *, required: bool) -> None:
        """Content-Digest (RFC 9530) over the body. Raises `Refused` digest."""
        if not required and "content-digest" not in self.headers:
            return
        if self.announced_digest() != hashlib.sha256(self.body).digest():
            raise Refused("digest")

    def announced_digest(self) -> bytes:
        """The SHA-256 that Content-Digest promises of the whole body; nothing when there is none."""
        found = re.search(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):", self.headers.get("content-digest", ""))
        try:
            return base64.b64decode(found[1], validate=True) if found else b""
        except binascii.Error:
            return b""


Handler = Callable[[Province, Call], Signed | Response]


def endpoint(province: Province, route: str, handler: Handler, limit: int) -> Callable[[Request], Any]:
    """An ASGI endpoint around a handler: body within `limit` bytes, work in a thread, answer or problem signed, counted."""

    async def counted(request: Request) -> Response:
        started = monotonic()
        answer, refusal = await serve(request)
        province.metrics.request(route, answer.status_code, monotonic() - started, refusal)
        return answer

    async def serve(request: Request) -> tuple[Response, str | None]:
        call = Call(request.headers, request.query_params, request.path_params, request.client.host if request.client else "")
        call.nonce = clean_nonce(request.headers.get("x-nonce") or request.query_params.get("nonce") or call.asked[0])
        try:
            await _read_body(request, call, limit)
            answer = await run_in_threadpool(handler, province, call)
            return (answer if isinstance(answer, Response) else _answered(province, call, answer)), None
        except Refused as refusal:
            return problem(province, call.nonce, refusal), refusal.code
        except Exception as error:  # noqa: BLE001 - the edge: a bug answers 500, signed, and the log names no person
            log.error("%s %s: %s", request.method, request.scope.get("path"), _where(error))
            told = Refused("full", retry_after=FULL_SECONDS) if is_no_space(error) else Refused("internal")
            return problem(province, call.nonce, told), told.code

    return counted


def problem(province: Province, nonce: str, refusal: Refused) -> Response:
    """A refusal as RFC 9457, signed in the body (`sig`) and over the body (X-Signature)."""
    message = Problem(nonce=nonce, title=refusal.code, status=refusal.status, code=refusal.code, **refusal.facts)
    body = signed(message, province.signer.sign)
    headers = {"X-Signature": signature_of(province, body), "Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return Response(body, status_code=refusal.status, media_type=PROBLEM, headers=headers)


def signature_of(province: Province, text: bytes) -> str:
    return base64.b64encode(province.signer.sign(signatures.ANSWER + text)).decode()


def clean_nonce(given: object) -> str:
    """The nonce if it is 1-128 visible ASCII letters, else nothing: it goes into a signed answer."""
    return given if isinstance(given, str) and _NONCE.fullmatch(given) else ""


def _answered(province: Province, call: Call, answer: Signed) -> Response:
    body = signed(answer, province.signer.sign)
    if call.known:
        return Response(brief.pack(body, call.known), headers={"Content-Type": brief.MEDIA_TYPE})  # of a POST nobody keeps a copy
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding", **call.answer_headers}
    if len(body) > WORTH_COMPRESSING and re.search(r"\bzstd\b", call.headers.get("accept-encoding", "")):
        from backports import zstd

        body = zstd.compress(body, level=6)
        headers["Content-Encoding"] = "zstd"
    return Response(body, media_type=JSON, headers=headers)


async def _read_body(request: Request, call: Call, limit: int) -> None:
    """Never keeps more than `limit` bytes, whatever Content-Length promises."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise Refused("too_large", max=limit)
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise Refused("too_large", max=limit)
            parts.append(part)
    except ClientDisconnect:
        call.cut = True
    call.body = b"".join(parts)


def _where(error: BaseException) -> str:
    """Type and place of a bug: never its message, which may hold what somebody typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"
