"""Bytes to and from a server over HTTP by `requests`, counted; the failures of a link as known problems (sync.md 3.18).

Retries of the library are off: the schedule is ours (`protocol/backoff.py`). Redirects are never followed: a portal's login
page must not look like an answer, and nothing of ours may go to another host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.link import Traffic

if TYPE_CHECKING:
    import requests

CONNECT_SECONDS = 20
READ_SECONDS = 60  # between bytes; there is no limit on the whole
SKIPPED = "@@@SKIP_HEADER@@@"  # what urllib3 leaves out, also of its own
LARGEST_ANSWER = 32 << 20  # bytes; what is longer is not our server

Taking = Callable[[int, Mapping[str, str]], "bytearray | None"]
"""Told status and headers (names in lower case) before the body: the bytes of the body are added to what it gives, as they
arrive, also when the line is cut; None: the body is an answer like any other."""


@dataclass(frozen=True)
class Answer:
    """One whole answer: status, media type without parameters, headers in lower case, body (empty when it was taken)."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes
    taken: bool = False


def address(text: str) -> str:
    """The address of a server without a slash at its end. `https` is assumed. Raises `KnownProblem("sync.wrong_address")`."""
    typed = text.strip()
    full = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(full)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        raise KnownProblem("sync.wrong_address", address=typed) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_right or " " in full:
        raise KnownProblem("sync.wrong_address", address=typed)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


class Transport:
    """One kept connection. Used by one thread at a time; `close` ends it."""

    def __init__(self, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        self.traffic = Traffic()
        self._timeouts = (connect_seconds, read_seconds)
        self._session: requests.Session | None = None
        self._pinned: bytes | None = None

    def send(
        self,
        method: str,
        url: str,
        *,
        pinned: bytes | None,
        params: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        taking: Taking | None = None,
    ) -> Answer:
        """One request and its whole answer; under https the other end must hold a certificate of the province whose key is
        `pinned` (None: of anybody, before enrolment). Raises `KnownProblem` sync.no_link, wrong_address, not_our_server, cut."""
        import requests
        from urllib3.exceptions import HTTPError

        try:
            session = self._opened(pinned)
            sent = {"Accept-Encoding": "zstd", "User-Agent": SKIPPED} | dict(headers or {})
            prepared = session.prepare_request(requests.Request(method, url, params=params, data=body, headers=sent))
            self.traffic.up += _request_size(prepared)
            self.traffic.round_trips += 1
            return self._received(session, prepared, taking)
        except requests.exceptions.RequestException as error:
            self.close()
            raise _problem(error, url) from error
        except HTTPError as error:  # urllib3's own, raised while the body is read: the answer was cut
            self.close()
            raise KnownProblem("sync.cut") from error
        except KnownProblem:
            self.close()
            raise

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _opened(self, pinned: bytes | None) -> requests.Session:
        """The kept connection; another one where another province is to be met."""
        import requests
        from requests.adapters import HTTPAdapter

        from poverty_desktop.sync.tls import ProvinceAdapter

        if self._session is not None and pinned != self._pinned:
            self.close()
        if self._session is None:
            self._session, self._pinned = requests.Session(), pinned
            self._session.headers.clear()  # what says nothing to our province is not sent
            self._session.mount("http://", HTTPAdapter(max_retries=0))
            self._session.mount("https://", ProvinceAdapter(pinned))
        return self._session

    def _received(self, session: requests.Session, prepared: requests.PreparedRequest, taking: Taking | None) -> Answer:
        settings = session.merge_environment_settings(prepared.url or "", {}, True, True, None)
        settings["verify"] = True  # what is trusted is `pinned`, whatever the environment says
        with session.send(prepared, timeout=self._timeouts, allow_redirects=False, **settings) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            self.traffic.down += 17 + sum(len(name) + len(value) + 4 for name, value in headers.items())
            into = taking(response.status_code, headers) if taking else None
            body = bytearray() if into is None else into
            self._read(response, body)
        media_type = headers.get("content-type", "").split(";")[0].strip().lower()
        if into is not None:
            return Answer(response.status_code, media_type, headers, b"", taken=True)
        if not body and _was_cut(prepared.method or "", response.status_code, headers):
            raise KnownProblem("sync.cut")
        whole = _decoded(bytes(body), headers.get("content-encoding", ""))
        return Answer(response.status_code, media_type, headers, whole)

    def _read(self, response: requests.Response, into: bytearray) -> None:
        """The body as it came over the line. The length that was promised must arrive."""
        for part in response.raw.stream(64 << 10, decode_content=False):
            self.traffic.down += len(part)
            into += part
            if len(into) > LARGEST_ANSWER:
                raise KnownProblem("sync.not_our_server")


def _was_cut(method: str, status: int, headers: Mapping[str, str]) -> bool:
    """Whether an empty answer is the rest of a cut one: `http.client` goes on with a cut header, and then reads no body."""
    if status == 204 or 300 <= status < 400:
        return False
    return (status < 300 and method != "HEAD") or not headers.keys() & {"content-length", "transfer-encoding"}


def _decoded(body: bytes, encoding: str) -> bytes:
    """The body unpacked, never more than `LARGEST_ANSWER` bytes; what we did not ask for is not our server."""
    if encoding in ("", "identity") or not body:
        return body
    from backports import zstd

    unpacker = zstd.ZstdDecompressor()
    try:
        whole = unpacker.decompress(body, max_length=LARGEST_ANSWER) if encoding == "zstd" else b""
    except zstd.ZstdError:
        whole = b""
    if not unpacker.eof:
        raise KnownProblem("sync.not_our_server")
    return whole


def _request_size(prepared: requests.PreparedRequest) -> int:
    """Bytes of the request as HTTP/1.1 writes it."""
    body = prepared.body or b""
    lines = sum(len(str(name)) + len(str(value)) + 4 for name, value in prepared.headers.items() if value != SKIPPED)
    host = len(urlsplit(prepared.url or "").netloc) + 8
    return len(prepared.method or "") + len(prepared.path_url) + 12 + host + lines + 2 + len(body)


def _problem(error: requests.exceptions.RequestException, url: str) -> KnownProblem:
    """What a failure of the link means to an officer."""
    from requests import exceptions

    from poverty_desktop.sync.tls import was_refused

    if isinstance(error, exceptions.InvalidURL | exceptions.MissingSchema | exceptions.InvalidSchema):
        return KnownProblem("sync.wrong_address", address=url)
    if isinstance(error, exceptions.SSLError):
        return KnownProblem("sync.not_our_server" if was_refused(error) else "sync.cut")
    if isinstance(error, exceptions.ContentDecodingError | exceptions.TooManyRedirects):
        return KnownProblem("sync.not_our_server")
    if isinstance(error, exceptions.ChunkedEncodingError | exceptions.ReadTimeout):
        return KnownProblem("sync.cut")
    if isinstance(error, exceptions.ConnectionError) and not _never_connected(error):
        return KnownProblem("sync.cut")
    return KnownProblem("sync.no_link")


def _never_connected(error: BaseException) -> bool:
    """Whether no connection was made at all (name, route, refusal, time), told from one that was cut."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

    cause: object = error.args[0] if error.args else error
    if isinstance(error, ConnectTimeout):
        return True
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(cause, NewConnectionError) and not isinstance(cause, ProtocolError)
