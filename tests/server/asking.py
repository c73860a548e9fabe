"""One request to every route of the province, about the real things of one commune; and who may ask it what."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol.packets import PacketHeader, seal
from tests.server.laptop import Laptop

Route = tuple[str, str]  # method, path as the application names it


def routes(app: FastAPI) -> set[Route]:
    """Every method of every path that the application serves."""
    return {(method, route.path) for route in app.routes for method in route.methods}  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Target:
    """Real things of a commune: its stream, a packet and an upload of its laptop, a part of its snapshot."""

    sid: str
    dev: str
    packet: str
    upload: str
    part: str
    code: str  # used already
    household: str = ""
    secrets: frozenset[str] = frozenset()  # what may stand in no answer to a stranger

    def elsewhere(self) -> Target:
        """The same of a commune that does not exist."""
        nothing = "01a209d3-9f58-72f0-b83a-414ebd1cc79f"
        packet, upload, part = (secrets.token_hex(32) for _ in range(3))
        return Target(nothing, nothing, packet, upload, part, "AAAAAAAAAA", nothing, self.secrets)


@dataclass(frozen=True)
class Asked:
    """A request as it goes out, without its authorisation."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def _digest(body: bytes) -> dict[str, str]:
    return {"Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"}


def _json(method: str, path: str, value: object) -> Asked:
    return Asked(method, path, json.dumps(value).encode(), {"Content-Type": "application/json"})


def _hello(who: Laptop, target: Target) -> Asked:
    position = m.StreamPosition(sid=target.sid, cursor=(1, 0, "00" * 32), lane=(0, "00" * 32))
    request = m.HelloRequest(device=who.dev, incarnation=who.inc, nonce="n", streams=[position])
    return _json("POST", "/v1/hello", request.wire())


def _push(who: Laptop, target: Target) -> Asked:
    who.save(("c", "household", None, {"commune_code": "21001", "note": "thử"}))
    sealed = who.packet(first=len(who.operations), sid=target.sid)
    del who.operations[-1], who.chains[-1]
    return Asked("POST", "/v1/packets", sealed.data, _digest(sealed.data) | {"X-Cursor": "1.0." + "00" * 32})


def _salvage(who: Laptop, target: Target) -> Asked:
    header = PacketHeader("salvage", target.sid, who.dev, who.inc, epoch=1, n=0, codec="none")
    data = seal(header, [], who.key.sign).data
    return Asked("POST", f"/v1/streams/{target.sid}/salvage", data, _digest(data))


def _token(who: Laptop, target: Target) -> Asked:
    """With a challenge that nobody gave, for the commune's own device."""
    signature = base64.b64encode(who.key.sign(m.session_text("00", target.dev, who.inc))).decode()
    request = m.TokenRequest(device=target.dev, incarnation=who.inc, challenge="00", nonce="n", signature=signature)
    return _json("POST", "/v1/auth/token", request.wire())


def _enrol(who: Laptop, target: Target) -> Asked:
    return _json("POST", "/v1/enrol", m.EnrolRequest(code=target.code, public_key="00" * 32, nonce="n").wire())


def _get(path: str) -> Callable[[Laptop, Target], Asked]:
    return lambda _who, target: Asked("GET", path.format(t=target))


ASK: dict[Route, Callable[[Laptop, Target], Asked]] = {
    ("GET", "/v1/openapi.json"): _get("/v1/openapi.json"),
    ("HEAD", "/v1/openapi.json"): lambda _who, _target: Asked("HEAD", "/v1/openapi.json"),
    ("GET", "/v1/health"): _get("/v1/health"),
    ("GET", "/v1/health/live"): _get("/v1/health/live"),
    ("GET", "/v1/health/ready"): _get("/v1/health/ready"),
    ("GET", "/metrics"): _get("/metrics"),
    ("GET", "/v1/time"): _get("/v1/time"),
    ("POST", "/v1/auth/challenge"): lambda _who, target: _json("POST", "/v1/auth/challenge", {"dev": target.dev, "nonce": "n"}),
    ("POST", "/v1/auth/token"): _token,
    ("POST", "/v1/enrol"): _enrol,
    ("POST", "/v1/hello"): _hello,
    ("POST", "/v1/packets"): _push,
    ("GET", "/v1/packets/{id}"): _get("/v1/packets/{t.packet}"),
    ("HEAD", "/v1/chunks/{sha}"): lambda _who, target: Asked("HEAD", f"/v1/chunks/{target.upload}"),
    ("PUT", "/v1/chunks/{sha}"): lambda _who, target: Asked("PUT", f"/v1/chunks/{target.upload}", b"z", {"Upload-Offset": "0"}),
    ("GET", "/v1/streams/{sid}/log"): _get("/v1/streams/{t.sid}/log?epoch=1&after=0"),
    ("GET", "/v1/streams/{sid}/snapshot"): _get("/v1/streams/{t.sid}/snapshot"),
    ("GET", "/v1/streams/{sid}/snapshot/{sha}"): _get("/v1/streams/{t.sid}/snapshot/{t.part}"),
    ("GET", "/v1/streams/{sid}/digest"): _get("/v1/streams/{t.sid}/digest?rev=1"),
    ("POST", "/v1/streams/{sid}/rows"): lambda _who, target: _json(
        "POST", f"/v1/streams/{target.sid}/rows", {"buckets": list(range(256))}
    ),
    ("POST", "/v1/streams/{sid}/salvage"): _salvage,
}


def words(headers: Any, body: bytes) -> str:
    """All that an answer says, in one text: compressed parts opened, chunks of JSON escapes as letters."""
    from backports import zstd

    data = zstd.decompress(body) if body.startswith(b"\x28\xb5\x2f\xfd") else body
    text = data.decode("utf-8", "replace")
    return "\n".join([*(f"{name}: {value}" for name, value in headers.items()), text])


def found_in(secrets_of: frozenset[str], text: str, asked: Asked) -> Iterator[str]:
    """The secrets that an answer holds and its question did not."""
    said = asked.path + asked.body.decode("utf-8", "replace")
    return (secret for secret in secrets_of if secret in text and secret not in said)
