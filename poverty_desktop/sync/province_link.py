"""The road over HTTP to the province (`protocol.link.ProvinceLink`; sync.md 3.12-3.14, 3.18-3.20, 3.23, 3.25).

Only an answer signed by the pinned key over the nonce of this request leaves this module. A login page, a proxy's 502, a
redirect, an old answer played again: all are `sync.not_our_server`, and change nothing.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages
from poverty_desktop.protocol.brief import foretold_push, foretold_still
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.laptop import Cursor, Enrolled, Outgoing
from poverty_desktop.protocol.link import Pushed, Traffic
from poverty_desktop.protocol.packets import PacketHeader, peek, seal
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.protocol.snap_pages import SnapPage
from poverty_desktop.sync.parts import Parts
from poverty_desktop.sync.session import JSON, PACKET, Question, Session, checker, key_named_in, opened
from poverty_desktop.sync.transport import Transport, address
from poverty_desktop.sync.uploading import Uploads

SMALL_ENOUGH = 8 << 10  # bytes of a packet that is sent whole again after a cut
PARTS_FOLDER = "sync-parts"
"""Inside a workspace: what has arrived of a snapshot."""


class HttpProvinceLink:
    """One laptop's connection to its province; kept open between rounds. Used by one thread at a time. `parts`: a folder for
    what has arrived of a snapshot, so that a killed program goes on with it."""

    def __init__(
        self, transport: Transport | None = None, monotonic: Callable[[], float] = time.monotonic, parts: Path | None = None
    ) -> None:
        self._session = Session(transport or Transport(), monotonic)
        self._uploads = Uploads(self._session)
        self._parts = Parts(self._session, parts)
        self._greeted: tuple[object | None, messages.HelloResponse | None] = (None, None)

    @property
    def traffic(self) -> Traffic:
        return self._session.transport.traffic

    def close(self) -> None:
        self._session.close()

    # --- before a session --------------------------------------------------------------------------------------------

    def time(self, server: str, province_key: bytes | None, nonce: str) -> messages.TimeAnswer:
        url = f"{address(server)}/v1/time"
        answer = self._session.transport.send("GET", url, pinned=province_key, params={"nonce": nonce})
        key = province_key or key_named_in(answer)
        return opened(messages.TimeAnswer, answer, key, nonce)

    def enrol(self, server: str, province_key: bytes, request: messages.EnrolRequest) -> messages.EnrolResponse:
        answer = self._session.post(f"{address(server)}/v1/enrol", request, request.nonce, province_key)
        return opened(messages.EnrolResponse, answer, province_key, request.nonce)

    def has_session(self, enrolled: Enrolled) -> bool:
        return self._session.is_good(enrolled)

    def authenticate(self, enrolled: Enrolled, nonce: str) -> None:
        self._session.authenticate(enrolled, nonce)

    # --- positions, push, pull ---------------------------------------------------------------------------------------

    def hello(self, request: messages.HelloRequest) -> messages.HelloResponse:
        question = Question("POST", "/v1/hello", request.nonce, body=canonical(request.wire()), media_type=JSON)
        answer = self._session.answer(messages.HelloResponse, question)
        self._greeted = (self._session.token, answer)
        return answer

    @property
    def greeted(self) -> messages.HelloResponse | None:
        token, answer = self._greeted
        return answer if token is not None and token is self._session.token else None

    def still(self, mark: str, nonce: str) -> messages.StillAnswer:
        question = Question("POST", "/v1/hello", nonce, headers={"X-Ask": f"{nonce} {mark}"}, known=foretold_still(nonce))
        return self._session.answer(messages.StillAnswer, question)

    def push(self, packet: Outgoing, cursor: Cursor, nonce: str, *, if_expected: bool = False) -> Pushed:
        self._parts.forget()
        try:
            answer = self._pushed(packet, cursor, nonce, if_expected)
        except KnownProblem as problem:
            self._greeted = (None, None)  # whether it arrived is for hello to say
            if problem.code in ("sync.cut", "sync.no_link"):
                self._uploads.failed(packet)
            raise
        proof = canonical(answer.ack)
        try:
            ack = messages.opened(messages.Ack, proof, checker(self._session.enrolled.province_key), nonce=nonce)
        except messages.NotOurServer as error:
            raise KnownProblem("sync.not_our_server") from error
        return Pushed(ack, proof.decode(), answer.log)

    def _pushed(self, packet: Outgoing, cursor: Cursor, nonce: str, if_expected: bool) -> messages.PushAnswer:
        uploaded = self._uploads.send(packet, nonce)
        body, media_type = packet.data, PACKET
        if uploaded is not None:
            body, media_type = canonical(messages.PacketPosted(id=packet.id, chunks=uploaded).wire()), JSON
        started = self._session.monotonic()
        if if_expected and uploaded is None:
            question = _unasked(packet, cursor, nonce)
        else:
            headers = _digest(body) | {"X-Cursor": f"{cursor.epoch}.{cursor.rev}.{cursor.chain.hex()}"}
            headers |= {"X-If": "expected"} if if_expected else {}
            question = Question("POST", "/v1/packets", nonce, body=body, media_type=media_type, headers=headers)
        answer = self._session.answer(messages.PushAnswer, question)
        if uploaded is None:
            self._uploads.posted(packet, self._session.monotonic() - started)
        return answer

    def log(self, stream: str, cursor: Cursor, most_bytes: int, nonce: str) -> messages.LogBatch:
        self._parts.forget()
        params: dict[str, str | int] = {"epoch": cursor.epoch, "after": cursor.rev, "max": most_bytes, "nonce": nonce}
        return self._session.answer(messages.LogAnswer, Question("GET", f"/v1/streams/{stream}/log", nonce, params)).log

    # --- whole states and what a restored province lacks ---------------------------------------------------------------

    def manifest(self, stream: str, nonce: str) -> messages.Manifest:
        question = Question("GET", f"/v1/streams/{stream}/snapshot", nonce)
        manifest = self._session.answer(messages.ManifestAnswer, question).manifest
        if manifest.sid != stream:
            raise KnownProblem("sync.answer_damaged")
        return manifest

    def snapshot_parts(self, stream: str, manifest: messages.Manifest) -> Iterator[Iterable[SnapPage]]:
        return self._parts.fetched(stream, manifest)

    def salvage(self, stream: str, epoch: int, entries: Sequence[messages.LogEntry], nonce: str) -> int:
        enrolled = self._session.enrolled
        header = PacketHeader(
            "salvage", stream, enrolled.device, enrolled.incarnation, epoch=epoch, n=len(entries),
            rev_from=entries[0].rev if entries else 0, rev_to=entries[-1].rev if entries else 0,
        )  # fmt: skip
        sealed = seal(header, [entry.canonical() for entry in entries], Signer(enrolled.private_key).sign)
        question = Question(
            "POST", f"/v1/streams/{stream}/salvage", nonce, body=sealed.data, media_type=PACKET, headers=_digest(sealed.data)
        )
        return self._session.answer(messages.SalvagePosted, question).kept

    def sums(self, stream: str, rev: int, nonce: str) -> Sums | None:
        question = Question("GET", f"/v1/streams/{stream}/digest", nonce, {"rev": rev})
        answer = self._session.answer(messages.SumsAnswer, question)
        if answer.sums is None or answer.rev != rev:
            return None
        try:
            return Sums.from_wire(answer.sums)
        except ValueError as error:
            raise KnownProblem("sync.answer_damaged") from error

    def rows(self, stream: str, buckets: Sequence[int], nonce: str) -> messages.RowsAnswer:
        body = canonical({"buckets": list(buckets)})
        question = Question("POST", f"/v1/streams/{stream}/rows", nonce, body=body, media_type=JSON)
        return self._session.answer(messages.RowsAnswer, question)


def _unasked(packet: Outgoing, cursor: Cursor, nonce: str) -> Question:
    """A packet before any hello, in the shortest form. What is small enough to be sent again needs no hash of its own: the packet
    is signed."""
    chain = base64.urlsafe_b64encode(cursor.chain).decode().rstrip("=")
    headers = {"X-Ask": f"{nonce} {cursor.epoch}.{cursor.rev}.{chain}"}
    if len(packet.data) > SMALL_ENOUGH:
        headers |= _digest(packet.data)
    known = foretold_push(packet.id, peek(packet.data)[1], (cursor.epoch, cursor.rev, cursor.chain.hex()), nonce)
    return Question("POST", "/v1/packets", nonce, body=packet.data, headers=headers, known=known)


def _digest(body: bytes) -> dict[str, str]:
    return {"Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"}
