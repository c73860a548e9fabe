"""A packet goes up in pieces and goes on where it was cut (sync.md 3.12, 3.0 A2).

What a line carries in about ten seconds is one request. A packet that fits is posted whole: one round trip. A larger one, and
one that was cut before, is put piece by piece under its hash, from where the province says that it has it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages
from poverty_desktop.protocol.laptop import Outgoing
from poverty_desktop.sync.problems import known_problem
from poverty_desktop.sync.session import Question, Session, refusal_in, said_in_headers
from poverty_desktop.sync.transport import Answer

SMALL = 64 << 10  # bytes that are posted whole on any line
LEAST, MOST = 4 << 10, 1 << 20  # bytes of a piece
SECONDS_A_PIECE = 10.0
QUICKEST_GROWTH = 4  # times the last size, however quick that was
WORTH_MEASURING = 16 << 10  # bytes; what is smaller measures the round trip
_MOST_DETOURS = 3  # answers that bring an upload no further before it is given up


class Pace:
    """How large a piece may be: what the line carries in ten seconds, half of it after a cut."""

    def __init__(self) -> None:
        self.size = SMALL

    def went(self, count: int, seconds: float) -> None:
        if count >= WORTH_MEASURING:
            carried = count / max(seconds, 1e-6) * SECONDS_A_PIECE
            self.size = int(min(max(carried, LEAST), self.size * QUICKEST_GROWTH, MOST))

    def was_cut(self) -> None:
        self.size = max(LEAST, self.size // 2)


@dataclass(frozen=True)
class _Held:
    """How much of an upload the province has."""

    offset: int
    complete: bool


class Uploads:
    """What is being sent over one session. Forgets nothing that matters when the program ends: the province knows the offset."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pace = Pace()
        self._cut: set[str] = set()
        self._asked = False

    def send(self, packet: Outgoing, nonce: str) -> list[str] | None:
        """Upload the packet: the hashes under which the province has it. None: small enough to be posted whole, now."""
        if len(packet.data) <= max(SMALL, self._pace.size) and packet.id not in self._cut:
            return None
        return [_Upload(self._session, self._pace, packet.data, nonce).whole(ask_first=self._may_be_there(packet))]

    def posted(self, packet: Outgoing, seconds: float) -> None:
        """It went in one request."""
        self._pace.went(len(packet.data), seconds)
        self._cut.discard(packet.id)

    def failed(self, packet: Outgoing) -> None:
        """The line was cut under it: next time it goes on where it was."""
        self._cut.add(packet.id)
        self._pace.was_cut()

    def _may_be_there(self, packet: Outgoing) -> bool:
        """Asked after a failure only; the first packet of a program's life may have failed in its life before."""
        first, self._asked = not self._asked, True
        return first or packet.id in self._cut


class _Upload:
    def __init__(self, session: Session, pace: Pace, data: bytes, nonce: str) -> None:
        self._session, self._pace, self._data, self._nonce = session, pace, data, nonce
        self._sha = hashlib.sha256(data).hexdigest()
        self._questions = 0

    def whole(self, *, ask_first: bool) -> str:
        """Put what is missing; the hash of it all."""
        held = self._asked() if ask_first else _Held(0, False)
        detours = 0
        while not held.complete:
            if held.offset >= len(self._data):
                raise KnownProblem("sync.answer_damaged")
            before, held = held, self._put(held.offset)
            detours += held.offset <= before.offset and not held.complete
            if detours > _MOST_DETOURS:
                raise KnownProblem("sync.answer_damaged")
        return self._sha

    def _asked(self) -> _Held:
        nonce = self._next_nonce()

        def understood(answer: Answer, key: bytes) -> _Held:
            if answer.status == 404 and "x-signature" in answer.headers:
                return _Held(0, False)  # cannot be proved without a body; the next answer must be
            if answer.status == 401:
                raise KnownProblem("sync.session_over")
            return self._held(answer, key, nonce)

        return self._session.ask(Question("HEAD", self._path(), nonce), understood)

    def _put(self, offset: int) -> _Held:
        nonce = self._next_nonce()
        piece = self._data[offset : offset + self._pace.size]
        last = offset + len(piece) == len(self._data)
        headers = {"Upload-Offset": str(offset), "Upload-Complete": "?1" if last else "?0"}
        started = self._session.monotonic()
        question = Question("PUT", self._path(), nonce, body=piece, media_type="application/octet-stream", headers=headers)

        def understood(answer: Answer, key: bytes) -> _Held:
            refusal = refusal_in(answer, key, nonce)
            if refusal is not None:
                return self._after(refusal, answer)
            return self._held(answer, key, nonce)

        held = self._session.ask(question, understood)
        self._pace.went(len(piece), self._session.monotonic() - started)
        return held

    def _after(self, refusal: messages.Problem, answer: Answer) -> _Held:
        """The province has another part than was thought: no error. What was damaged on the way begins again."""
        if refusal.code == "offset" and refusal.have is not None:
            return _Held(refusal.have, False)
        if refusal.code == "digest":
            return _Held(0, False)
        raise known_problem(refusal, answer)

    def _held(self, answer: Answer, key: bytes, nonce: str) -> _Held:
        offset, complete = answer.headers.get("upload-offset", ""), answer.headers.get("upload-complete", "")
        if answer.status not in (200, 204) or not offset.isdigit() or len(offset) > 12:
            raise KnownProblem("sync.not_our_server")
        held = _Held(int(offset), complete == "?1")
        said = {"nonce": nonce, "sha": self._sha, "offset": held.offset, "complete": held.complete}
        if not said_in_headers(answer, key, said):
            raise KnownProblem("sync.not_our_server")
        return held

    def _path(self) -> str:
        return f"/v1/chunks/{self._sha}"

    def _next_nonce(self) -> str:
        """Each question has its own, so that no answer of this upload passes for a later one."""
        self._questions += 1
        return f"{self._nonce}.{self._questions}"
