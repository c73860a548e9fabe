"""A laptop's requests without a socket between: the province's handlers on the calling thread, as a child process that is to
die at a chosen statement needs them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import requests
from requests.structures import CaseInsensitiveDict
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.routing import compile_path

from poverty_desktop.protocol.messages import signed
from poverty_desktop.server import calls, handlers, whole_states
from poverty_desktop.server.calls import Call
from poverty_desktop.server.province import Province
from poverty_desktop.server.refusals import Refused

ROUTES = [
    (method, compile_path(path)[0], handler)
    for method, path, handler in (
        ("POST", "/v1/enrol", handlers.enrol),
        ("POST", "/v1/auth/challenge", handlers.challenge),
        ("POST", "/v1/auth/token", handlers.token),
        ("POST", "/v1/hello", handlers.hello),
        ("POST", "/v1/packets", handlers.push),
        ("PUT", "/v1/chunks/{sha}", handlers.chunk_append),
        ("GET", "/v1/streams/{sid}/log", handlers.log),
        ("GET", "/v1/streams/{sid}/snapshot", whole_states.manifest),
        ("POST", "/v1/streams/{sid}/salvage", whole_states.salvage),
    )
]


class Direct:
    """The part of `requests.Session` that the tests' laptop uses, answered by `province`."""

    def __init__(self, province: Province) -> None:
        self.province = province

    def get(self, url: str, **how: Any) -> requests.Response:
        return self._asked("GET", url, **how)

    def post(self, url: str, **how: Any) -> requests.Response:
        return self._asked("POST", url, **how)

    def put(self, url: str, **how: Any) -> requests.Response:
        return self._asked("PUT", url, **how)

    def _asked(
        self, method: str, url: str, *, data: bytes = b"", headers: Any = None, params: Any = None, timeout: int = 0, **more: Any
    ) -> requests.Response:
        said = Headers({**(headers or {}), **({"content-type": "application/json"} if "json" in more else {})})
        body = json.dumps(more["json"]).encode() if "json" in more else data
        handler, path = next((h, found) for m, regex, h in ROUTES if m == method and (found := regex.fullmatch(url)))
        call = Call(said, QueryParams(urlencode(params or {})), path.groupdict(), "127.0.0.1", body)
        call.nonce = calls.clean_nonce(said.get("x-nonce"))
        return _plain(self._answered(handler, call))

    def _answered(self, handler: Any, call: Call) -> Response:
        try:
            answer = handler(self.province, call)
        except Refused as refusal:
            return calls.problem(self.province, call.nonce, refusal)
        return answer if isinstance(answer, Response) else Response(signed(answer, self.province.signer.sign))


def _plain(answer: Response) -> requests.Response:
    plain = requests.Response()
    plain.status_code, plain._content = answer.status_code, bytes(answer.body)
    plain.headers = CaseInsensitiveDict(answer.headers.items())
    return plain
