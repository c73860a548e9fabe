"""The OpenAPI document: what each route takes, what it gives, and every code with which it may refuse (sync.md 3.25)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from poverty_desktop.protocol import messages as m
from poverty_desktop.server import handlers, watching, whole_states
from poverty_desktop.server.refusals import STATUS

JSON, PROBLEM, BYTES, PACKET = "application/json", "application/problem+json", "application/octet-stream", "application/qlx"
_REF = "#/components/schemas/{model}"
_ANY = ("internal", "too_large", "full")
_OPEN = ("unauthorised", "revoked", "restored")
_DEVICE = (*_OPEN, "locked")
_STREAM = (*_DEVICE, "forbidden")
_PUSH = (*_OPEN, "forbidden", "bad_request", "digest", "packet_refused", "gap", "fork", "greet", "busy", "not_found")

Parameter = dict[str, Any]


def _parameter(place: str, name: str, words: str, schema: dict[str, Any], *, required: bool = False) -> Parameter:
    said = {"in": place, "name": name, "description": words, "schema": schema}
    return said | {"required": True} if required or place == "path" else said


def _number(name: str, words: str, *, required: bool = True) -> Parameter:
    return _parameter("query", name, words, {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}, required=required)


_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_NONCE = _parameter("header", "X-Nonce", "Comes back in the signed answer", {"type": "string", "pattern": "^[!-~]{1,128}$"})
_ASKED = _parameter("query", "nonce", "The same, where a header cannot be set", {"type": "string", "pattern": "^[!-~]{1,128}$"})
_SID = _parameter("path", "sid", "The stream of a commune", {"type": "string", "format": "uuid"})
_SHA = _parameter("path", "sha", "SHA-256 of the whole, hex", _HASH)
_ID = _parameter("path", "id", "SHA-256 of header and body, hex", _HASH)
_DIGEST = {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"}
_CONTENT_DIGEST = _parameter("header", "Content-Digest", "RFC 9530, over the body", _DIGEST)
_MUST_DIGEST = _parameter("header", "Content-Digest", "RFC 9530, over the body", _DIGEST, required=True)
_CURSOR = _parameter(
    "header", "X-Cursor", "epoch.rev.chain: the log after it comes with the ack",
    {"type": "string", "pattern": "^[0-9]{1,9}\\.[0-9]{1,15}\\.[0-9a-f]{64}$"},
)  # fmt: skip
_OFFSET = _parameter(
    "header", "Upload-Offset", "Where these bytes begin", {"type": "integer", "minimum": 0, "maximum": 10**12 - 1}, required=True
)
_COMPLETE = _parameter("header", "Upload-Complete", "?1: these bytes end it", {"type": "string", "enum": ["?0", "?1"]})
_RANGE = _parameter("header", "Range", "Go on here", {"type": "string", "pattern": "^bytes=[0-9]{1,12}-([0-9]{1,12})?$"})


@dataclass(frozen=True)
class Described:
    """One route. `takes`: media type and model (None: bytes) of the body. `gives`: status, media type, model of the answers."""

    codes: Sequence[str] = ()
    takes: Mapping[str, type[BaseModel] | None] | None = None
    gives: Sequence[tuple[int, str, type[BaseModel] | None]] = ()
    parameters: Sequence[Parameter] = ()
    is_open: bool = False  # needs no token


def _gives(model: type[BaseModel]) -> tuple[tuple[int, str, type[BaseModel] | None], ...]:
    return ((200, JSON, model),)


_JSON_ASKED = ("bad_request",)
_UPLOAD = ((200, "", None),)
DESCRIBED: dict[str, Described] = {
    "GET /metrics": Described(("not_found",), gives=((200, "text/plain", None),), is_open=True),
    "GET /v1/health": Described(gives=_gives(handlers.Health), parameters=[_ASKED], is_open=True),
    "GET /v1/health/live": Described(gives=_gives(watching.Live), parameters=[_ASKED], is_open=True),
    "GET /v1/health/ready": Described(
        gives=(*_gives(watching.Ready), (503, JSON, watching.Ready)), parameters=[_ASKED], is_open=True
    ),
    "GET /v1/time": Described(gives=_gives(m.TimeAnswer), parameters=[_ASKED], is_open=True),
    "POST /v1/auth/challenge": Described(_JSON_ASKED, {JSON: m.ChallengeRequest}, _gives(m.ChallengeResponse), is_open=True),
    "POST /v1/auth/token": Described((*_JSON_ASKED, *_OPEN), {JSON: m.TokenRequest}, _gives(m.TokenResponse), is_open=True),
    "POST /v1/enrol": Described(
        (*_JSON_ASKED, "restored", "code_refused", "too_many", "digest"), {JSON: m.EnrolRequest}, _gives(m.EnrolResponse),
        [_CONTENT_DIGEST], is_open=True,
    ),
    "POST /v1/hello": Described(
        (*_JSON_ASKED, *_OPEN, "forbidden", "upgrade", "digest"), {JSON: m.HelloRequest}, _gives(m.HelloResponse),
        [_CONTENT_DIGEST],
    ),
    "POST /v1/packets": Described(
        _PUSH, {PACKET: None, JSON: m.PacketPosted}, _gives(m.PushAnswer), [_MUST_DIGEST, _CURSOR]
    ),
    "GET /v1/packets/{id}": Described((*_OPEN, "not_found"), gives=_gives(m.PushAnswer), parameters=[_ID]),
    "HEAD /v1/chunks/{sha}": Described((*_OPEN, "bad_request", "not_found"), gives=_UPLOAD, parameters=[_SHA]),
    "PUT /v1/chunks/{sha}": Described(
        (*_OPEN, "bad_request", "offset", "digest"), {BYTES: None}, ((204, "", None),), [_SHA, _OFFSET, _COMPLETE]
    ),
    "GET /v1/streams/{sid}/log": Described(
        (*_STREAM, "bad_request", "rewound"), gives=_gives(m.LogAnswer),
        parameters=[_SID, _number("epoch", "Of the cursor"), _number("after", "Its revision"),
                    _number("max", "About how many bytes", required=False)],
    ),
    "GET /v1/streams/{sid}/snapshot": Described(_STREAM, gives=_gives(m.ManifestAnswer), parameters=[_SID]),
    "GET /v1/streams/{sid}/snapshot/{sha}": Described(
        (*_STREAM, "bad_request", "not_found", "range"), parameters=[_SID, _SHA, _RANGE],
        gives=((200, "application/zstd", None), (206, "application/zstd", None)),
    ),
    "GET /v1/streams/{sid}/digest": Described(
        (*_STREAM, "bad_request"), gives=_gives(m.SumsAnswer), parameters=[_SID, _number("rev", "Where the laptop stands")]
    ),
    "POST /v1/streams/{sid}/rows": Described(
        (*_STREAM, *_JSON_ASKED, "digest"), {JSON: whole_states.RowsRequest}, _gives(m.RowsAnswer), [_SID, _CONTENT_DIGEST]
    ),
    "POST /v1/streams/{sid}/salvage": Described(
        (*_STREAM, "digest", "packet_refused", "busy"), {PACKET: None}, _gives(m.SalvagePosted), [_SID, _MUST_DIGEST]
    ),
}  # fmt: skip


def document(summaries: Mapping[str, str], version: str) -> dict[str, Any]:
    """The whole document. `summaries`: of every route of the application, by "METHOD path"."""
    models = {model for one in DESCRIBED.values() for model in _models(one)} | {m.Problem}
    asked = sorted(((model, "validation") for model in models), key=lambda pair: pair[0].__name__)
    schemas = models_json_schema(asked, ref_template=_REF)[1]["$defs"]  # type: ignore[arg-type]
    for model in models:
        if issubclass(model, m.Signed):
            schemas[model.__name__] = _with_signature(schemas[model.__name__])
    paths: dict[str, dict[str, Any]] = {}
    for route, summary in summaries.items():
        method, _, path = route.partition(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(DESCRIBED[route], summary, method)
    bearer = {"type": "http", "scheme": "bearer", "description": "From /v1/auth/token, for half an hour"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Province", "version": version},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"device": bearer}},
    }


def _models(one: Described) -> list[type[BaseModel]]:
    return [model for model in [*(one.takes or {}).values(), *(model for _, _, model in one.gives)] if model is not None]


def _with_signature(schema: dict[str, Any]) -> dict[str, Any]:
    """As it travels: canonical JSON with the province's signature over the rest."""
    signature = {"type": "string", "description": "Ed25519 by the province, base64, over the canonical form of the rest"}
    properties = schema["properties"] | {"sig": signature}
    return schema | {"properties": properties, "required": sorted({*schema.get("required", ()), "nonce", "sig"})}


def _operation(one: Described, summary: str, method: str) -> dict[str, Any]:
    said: dict[str, Any] = {"summary": summary, "parameters": [_NONCE, *one.parameters]}
    if one.takes is not None:
        said["requestBody"] = {"required": True, "content": {media: _content(model) for media, model in one.takes.items()}}
    said["responses"] = {str(status): _answer(media, model) for status, media, model in one.gives}
    for status, codes in _by_status((*one.codes, *_ANY)).items():
        answers = said["responses"]
        words = ", ".join(sorted(codes))
        if str(status) in answers:
            continue
        answers[str(status)] = {"description": words} if method == "HEAD" else _problem(status, words, codes)
    return said if one.is_open else said | {"security": [{"device": []}]}


def _by_status(codes: Sequence[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        found.setdefault(STATUS[code], []).append(code)
    return dict(sorted(found.items()))


def _content(model: type[BaseModel] | None) -> dict[str, Any]:
    return {} if model is None else {"schema": {"$ref": _REF.format(model=model.__name__)}}


def _answer(media: str, model: type[BaseModel] | None) -> dict[str, Any]:
    said: dict[str, Any] = {"description": "Signed by the province" if model else "As asked"}
    return said | {"content": {media: _content(model)}} if media else said


def _problem(status: int, words: str, codes: list[str]) -> dict[str, Any]:
    narrow = {"properties": {"code": {"enum": codes}, "status": {"const": status}}, "required": ["code", "status", "title"]}
    schema = {"allOf": [{"$ref": _REF.format(model="Problem")}, narrow]}
    return {"description": words, "content": {PROBLEM: {"schema": schema}}}
