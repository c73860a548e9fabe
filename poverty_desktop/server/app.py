"""The province as an ASGI application (sync.md 3.25)."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from poverty_desktop.server import chunks, handlers, watching, whole_states
from poverty_desktop.server.calls import Call, Handler, clean_nonce, endpoint, problem
from poverty_desktop.server.describing import document
from poverty_desktop.server.province import Province, open_province
from poverty_desktop.server.refusals import Refused
from poverty_desktop.server.settings import Settings
from poverty_desktop.server.snapshot_keeper import SnapshotKeeper

SMALL = 256 << 10  # bytes a JSON request may have

_ROUTES: tuple[tuple[str, str, Handler, int, str], ...] = (
    ("GET", "/v1/health", handlers.health, 0, "Whether the province works"),
    ("GET", "/v1/health/live", watching.live, 0, "That the process answers"),
    ("GET", "/v1/health/ready", watching.ready, 0, "Whether laptops are served, and why not"),
    ("GET", "/metrics", watching.metrics, 0, "Figures for the operator's monitor, in Prometheus' text format"),
    ("GET", "/v1/time", handlers.time, 0, "Signed time; needs no token"),
    ("POST", "/v1/auth/challenge", handlers.challenge, SMALL, "A challenge to sign"),
    ("POST", "/v1/auth/token", handlers.token, SMALL, "A bearer token for half an hour"),
    ("POST", "/v1/hello", handlers.hello, SMALL, "Negotiation and positions"),
    ("POST", "/v1/packets", handlers.push, handlers.LARGEST_PACKET, "Push, and the log after the cursor"),
    ("GET", "/v1/packets/{id}", handlers.packet_outcome, 0, "The outcome of a packet, again"),
    ("HEAD", "/v1/chunks/{sha}", handlers.chunk_state, 0, "How much of an upload has arrived"),
    ("PUT", "/v1/chunks/{sha}", handlers.chunk_append, chunks.MOST_BYTES, "Go on with an upload"),
    ("GET", "/v1/streams/{sid}/log", handlers.log, 0, "Pull"),
    ("GET", "/v1/streams/{sid}/snapshot", whole_states.manifest, 0, "The newest snapshot, as this device sees it"),
    ("GET", "/v1/streams/{sid}/snapshot/{sha}", whole_states.part, 0, "A part of it; `Range` goes on where it was cut"),
    ("GET", "/v1/streams/{sid}/digest", whole_states.digest, 0, "The sums of the buckets at a revision"),
    ("POST", "/v1/streams/{sid}/rows", whole_states.rows, SMALL, "The records of some buckets"),
    ("POST", "/v1/streams/{sid}/salvage", whole_states.salvage, handlers.LARGEST_PACKET, "What a restored province lacks"),
)


def create_app(settings: Settings) -> FastAPI:
    """The province of this data folder, its database opened and migrated."""
    province = open_province(settings)
    province.guard.shorten()
    return app_of(province, SnapshotKeeper(province))


def app_of(province: Province, keeper: SnapshotKeeper | None = None) -> FastAPI:
    """The application around a province; closes it when the server ends. `keeper` works as long as the server does."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if keeper is not None:
            keeper.start()
        yield
        if keeper is not None:
            keeper.stop()
        province.close()

    app = FastAPI(title="Province", version="1", openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None, lifespan=lifespan)
    routes = (*_ROUTES, ("POST", "/v1/enrol", _guarded(handlers.enrol), SMALL, "A device for a one-time code"))
    for method, path, handler, limit, summary in routes:
        _add(app, province, method, path, handler, limit, summary)
    summaries = {f"{method} {path}": summary for method, path, _, _, summary in routes}
    app.openapi = functools.cache(lambda: document(summaries, app.version))  # type: ignore[method-assign]
    app.add_exception_handler(HTTPException, _not_ours(province))
    return app


def _add(app: FastAPI, province: Province, method: str, path: str, handler: Handler, limit: int, summary: str) -> None:
    serve = endpoint(province, f"{method} {path}", handler, limit)
    app.add_api_route(path, serve, methods=[method], summary=summary, response_class=Response, name=f"{method} {path}")


def _not_ours(province: Province) -> Callable[[Request, Exception], Response]:
    """Unknown paths and methods answer as signed problems too."""

    def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        code = {404: "not_found", 405: "method"}.get(status, "bad_request")
        province.metrics.request("unknown", status, 0.0, code)
        return problem(province, clean_nonce(request.headers.get("x-nonce")), Refused(code))

    return answer


class _Failures:
    """Wrong codes by address: ten in ten minutes, then a wait. In memory: a guess costs more than a restart gives back."""

    MOST, SECONDS = 10, 600

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_host: dict[str, list[float]] = {}

    def check(self, host: str) -> None:
        with self._lock:
            recent = [moment for moment in self._by_host.get(host, []) if moment > time.monotonic() - self.SECONDS]
            self._by_host[host] = recent
        if len(recent) >= self.MOST:
            raise Refused("too_many", retry_after=self.SECONDS)

    def add(self, host: str) -> None:
        with self._lock:
            self._by_host.setdefault(host, []).append(time.monotonic())


def _guarded(handler: Handler) -> Handler:
    failures = _Failures()

    def guarded(province: Province, call: Call) -> object:
        failures.check(call.host)
        try:
            return handler(province, call)
        except Refused as refusal:
            if refusal.code == "code_refused":
                failures.add(call.host)
            raise

    return guarded  # type: ignore[return-value]
