"""The OpenAPI document says what the province does: whatever is asked by it is answered by it, with no crash and no hang (T15).

`QLX_API_EXAMPLES=2000` asks longer, and other questions each time.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis import checks as ask

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol import signatures
from poverty_desktop.server.app import app_of
from poverty_desktop.server.describing import DESCRIBED, document
from poverty_desktop.server.province import open_province
from poverty_desktop.server.refusals import STATUS
from poverty_desktop.server.settings import Settings
from tests.server.asking import routes
from tests.server.conftest import COMMUNE, Running, serve
from tests.server.laptop import Laptop

MORE = os.environ.get("QLX_API_EXAMPLES")
EXAMPLES = int(MORE or 10)
CHECKS = (
    ask.not_a_server_error,
    ask.status_code_conformance,
    ask.content_type_conformance,
    ask.response_headers_conformance,
    ask.response_schema_conformance,
)
KEYS = {key for schema in document({}, "")["components"]["schemas"].values() for key in schema["properties"]}
KEYS |= {parameter["name"] for one in DESCRIBED.values() for parameter in one.parameters}
BYTES = ("application/qlx", "application/octet-stream")
for media in BYTES:
    schemathesis.openapi.media_type(media, st.binary(max_size=300))
schemathesis.serializer.alias("application/qlx", "application/octet-stream")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Laptop, dict[str, Any]]]:
    """One province for all questions, with a record and a snapshot, a laptop that may ask about it, and what it would name."""
    for running in serve(open_province(Settings(tmp_path_factory.mktemp("document") / "province"))):
        laptop = running.enrolled(COMMUNE, "Hồ Thị Lan")
        laptop.household(note="thử")
        laptop.push()
        whole = laptop.http.get(f"{laptop.url}/v1/streams/{laptop.sid}/snapshot", headers=laptop.headers(), timeout=20)
        part = laptop.opened(m.ManifestAnswer, whole, laptop.nonce).manifest.parts[0][0]
        real = {"sid": laptop.sid, "dev": laptop.dev, "inc": laptop.inc, "before": laptop.dev, "proto": [1, 1], "sha": part}
        yield running, laptop, real | {"id": laptop.packet(1).id, "epoch": 1, "after": 0, "rev": 1}
        laptop.http.close()


def documented(running: Running) -> dict[str, Any]:
    return app_of(running.province).openapi()


def test_every_route_is_described_and_every_code_is_known(served):
    paths = documented(served[0])["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert described | {("GET", "/v1/openapi.json"), ("HEAD", "/v1/openapi.json")} == routes(app_of(served[0].province))
    assert {code for one in DESCRIBED.values() for code in one.codes} == set(STATUS) - {"method", "internal", "too_large", "full"}


def mostly(draw: Any) -> bool:
    return draw(st.integers(0, 3)) != 3


def settled(value: Any, real: dict[str, Any], draw: Any) -> Any:
    """The same, and where it names something of a laptop mostly what exists: so that questions get past the door."""
    if isinstance(value, list):
        return [settled(one, real, draw) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: one for key, one in value.items() if key in KEYS or not mostly(draw)}
    return {key: real[key] if key in real and mostly(draw) else settled(one, real, draw) for key, one in kept.items()}


def prepared(case: Case, laptop: Laptop, real: dict[str, Any], draw: Any) -> dict[str, str]:
    """The headers to send beside those of the case, whose names are settled and whose digest is mostly that of its body."""
    case.path_parameters = settled(dict(case.path_parameters or {}), real, draw)
    case.query = settled(dict(case.query or {}), real, draw)
    case.body = settled(case.body, real, draw)
    if isinstance(case.body, dict) and case.body.get("streams") == []:
        case.body["streams"] = [m.StreamPosition(sid=laptop.sid, cursor=(1, 0, "00" * 32), lane=(0, "00" * 32)).wire()]
    headers = {"Authorization": f"Bearer {laptop.token}"} if mostly(draw) or mostly(draw) else {}
    if case.media_type not in BYTES and mostly(draw):
        case.headers.pop("Content-Digest", None)
    elif case.media_type in BYTES and mostly(draw):
        case.body = draw(st.sampled_from([laptop.packet(1).data, laptop.packet(1, kind="salvage", n=0).data, b"", b"x"]))
        headers["Content-Digest"] = f"sha-256=:{base64.b64encode(hashlib.sha256(case.body).digest()).decode()}:"
    return headers


def known(answer: Any, laptop: Laptop) -> None:
    """A refusal is a signed problem with a code of ours, and every other JSON is signed too."""
    media = answer.headers.get("content-type", [""])[0]
    if answer.request.method == "HEAD" or "json" not in media:
        return
    verified = m.verified(answer.content, lambda text, sig: signatures.verify(laptop.province, text, sig))
    if answer.status_code >= 400 and media == "application/problem+json":
        assert STATUS[verified["code"]] == answer.status_code
        signature = base64.b64decode(answer.headers["x-signature"][0])
        assert signatures.verify(laptop.province, signatures.ANSWER + answer.content, signature)


@pytest.mark.parametrize("route", sorted(DESCRIBED))
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as said", "not as said"])
def test_what_is_asked_by_the_document_is_answered_by_it(served, route, mode):
    running, laptop, real = served
    method, _, path = route.partition(" ")
    operation = schemathesis.openapi.from_dict(documented(running))[path][method]

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=not MORE, phases=[Phase.generate, Phase.shrink],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def each(case: Case, data: st.DataObject) -> None:
        headers = prepared(case, laptop, real, data.draw)
        answer = case.call(base_url=running.url, headers=headers, timeout=20)
        case.validate_response(answer, checks=CHECKS)
        known(answer, laptop)

    each()
