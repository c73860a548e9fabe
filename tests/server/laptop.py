"""The least laptop that keeps the protocol: a key, a lane, a cursor, and the records it learnt from the log."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
import uuid
from typing import Any, TypeVar

import requests

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.identity import UuidClock, op_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader, SealedPacket, group_lines, seal
from poverty_desktop.protocol.patches import patched

S = TypeVar("S", bound=m.Signed)


class Laptop:
    def __init__(self, url: str, sid: str, commune: str) -> None:
        self.url, self.sid, self.commune = url, sid, commune
        self.http = requests.Session()
        self.http.trust_env = False
        self.key = signatures.Signer.new()
        self.clock = UuidClock(secrets.token_bytes, lambda: time.time_ns() // 1_000_000)
        self.inc = str(uuid.uuid4())
        self.dev = self.token = self.user = ""
        self.province = b""
        self.operations: list[Operation] = []
        self.chains = [EMPTY]
        self.acked = 0
        self.epoch, self.rev, self.chain = 1, 0, EMPTY
        self.records: dict[str, dict[str, Any]] = {}
        self.deleted: set[str] = set()
        self.conflicts: dict[str, m.ConflictEntry] = {}

    # --- session

    def enrol(self, code: str) -> m.EnrolResponse:
        request = m.EnrolRequest(code=code, public_key=self.key.public.hex(), nonce=secrets.token_hex(8))
        answer = self.http.post(f"{self.url}/v1/enrol", json=request.wire(), timeout=20)
        answer.raise_for_status()
        self.province = bytes.fromhex(answer.json()["keys"][0])
        enrolled = self.opened(m.EnrolResponse, answer, request.nonce)
        self.dev, self.user = enrolled.device, enrolled.account
        return enrolled

    def login(self) -> None:
        nonce = secrets.token_hex(8)
        asked = m.ChallengeRequest(device=self.dev, nonce=nonce)
        challenge = self.http.post(f"{self.url}/v1/auth/challenge", json=asked.wire(), timeout=20)
        text = self.opened(m.ChallengeResponse, challenge, nonce).challenge
        signature = base64.b64encode(self.key.sign(m.session_text(text, self.dev, self.inc))).decode()
        proof = m.TokenRequest(device=self.dev, incarnation=self.inc, challenge=text, nonce=nonce, signature=signature)
        self.token = self.opened(
            m.TokenResponse, self.http.post(f"{self.url}/v1/auth/token", json=proof.wire(), timeout=20), nonce
        ).token

    def opened(self, model: type[S], answer: requests.Response, nonce: str) -> S:
        return m.opened(model, answer.content, lambda text, sig: signatures.verify(self.province, text, sig), nonce=nonce)

    def headers(self, **more: str) -> dict[str, str]:
        self.nonce = secrets.token_hex(8)
        return {"Authorization": f"Bearer {self.token}", "X-Nonce": self.nonce, **more}

    # --- writing

    def save(self, *changes: tuple[str, str, str | None, dict[str, Any]], **evidence: Any) -> list[str]:
        """One Save of (kind, entity, record id or None for a new one, fields); the ids of its records."""
        group = self.clock.uuid7()
        ids = []
        for number, (kind, entity, record_id, fields) in enumerate(changes, start=1):
            op = op_id(group, number)
            values = {"base_epoch": self.epoch, "base_rev": self.rev, "not_seen": 0, "seen": None} | evidence
            place = {"op": op, "kind": kind, "entity": entity, "record_id": record_id or op, "group": group, "number": number}
            said = {"user": self.user, "at": "2026-11-20T08:00:00Z", "skew": 0, "schema": 1}
            self.add(Operation(fields=fields, **place, **said, **values))
            ids.append(record_id or op)
        return ids

    def add(self, operation: Operation) -> None:
        self.operations.append(operation)
        self.chains.append(step(self.chains[-1], operation.canonical()))

    def household(self, **fields: Any) -> str:
        return self.save(("c", "household", None, {"commune_code": self.commune} | fields))[0]

    def edit(self, record_id: str, fields: dict[str, Any], **evidence: Any) -> None:
        self.save(("u", "household", record_id, fields), **evidence)

    # --- rounds

    def packet(self, first: int | None = None, last: int | None = None, **header: Any) -> SealedPacket:
        first = self.acked + 1 if first is None else first
        last = len(self.operations) if last is None else last
        operations = self.operations[first - 1 : last]
        values: dict[str, Any] = {
            "kind": "push", "sid": self.sid, "dev": self.dev, "inc": self.inc, "lane_from": first, "lane_to": last,
            "prev": self.chains[first - 1].hex(), "tail": self.chains[last].hex(), "n": len(operations),
        }  # fmt: skip
        return seal(PacketHeader(**values | header), group_lines(operations), self.key.sign)

    def post(self, data: bytes, **more: str) -> requests.Response:
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        cursor = f"{self.epoch}.{self.rev}.{self.chain.hex()}"
        headers = self.headers(**{"Content-Digest": f"sha-256=:{digest}:", "X-Cursor": cursor, "Content-Type": "application/qlx"})
        return self.http.post(f"{self.url}/v1/packets", data=data, headers=headers | more, timeout=60)

    def push(self) -> m.Ack:
        """Send what waits, take the ack and the log that came with it."""
        answer = self.post(self.packet().data)
        assert answer.status_code == 200, answer.text
        pushed = self.opened(m.PushAnswer, answer, self.nonce)
        ack = m.opened(m.Ack, canonical(pushed.ack), lambda t, s: signatures.verify(self.province, t, s), nonce=self.nonce)
        assert ack.lane.chain == self.chains[ack.lane.last].hex()
        self.acked = ack.lane.last
        if pushed.log is not None:
            self.take(pushed.log)
        return ack

    def pull(self, most: int = 1 << 20) -> m.LogBatch:
        query = {"epoch": self.epoch, "after": self.rev, "max": most}
        answer = self.http.get(f"{self.url}/v1/streams/{self.sid}/log", params=query, headers=self.headers(), timeout=60)
        assert answer.status_code == 200, answer.text
        batch = self.opened(m.LogAnswer, answer, self.nonce).log
        self.take(batch)
        return batch

    def take(self, batch: m.LogBatch) -> None:
        """Own positions become entries again; revisions are dense and the chain ends where the province says."""
        assert batch.after == self.rev
        assert batch.prev == self.chain.hex()
        for entry in sorted([*batch.entries, *self._own(batch)], key=lambda entry: entry.rev):
            assert entry.rev == self.rev + 1
            self.rev, self.chain = entry.rev, step(self.chain, entry.canonical())
            self._project(entry)
        assert (self.rev, self.chain.hex()) == (batch.to, batch.tail)

    def _own(self, batch: m.LogBatch) -> list[m.LogEntry]:
        return [
            m.plain_entry(self.operations[seq - 1], lane=batch.lane or 0, seq=seq, rev=rev + seq - first)
            for first, last, rev in batch.own
            for seq in range(first, last + 1)
        ]

    def _project(self, entry: m.LogEntry) -> None:
        if entry.effect or (entry.kind == "c" and entry.outcome == "applied"):
            self.records[entry.record_id] = patched(self.records.get(entry.record_id, {}), entry.effect)
        if entry.deleted is not None:
            (self.deleted.add if entry.deleted else self.deleted.discard)(entry.record_id)
        for conflict in entry.conflicts:
            self.conflicts[conflict.cid] = conflict
        for cid in entry.closed:
            del self.conflicts[cid]

    def hello(self, **more: Any) -> requests.Response:
        pending = (len(self.operations) - self.acked, None)
        position = m.StreamPosition(
            sid=self.sid,
            cursor=(self.epoch, self.rev, self.chain.hex()),
            lane=(len(self.operations), self.chains[-1].hex()),
            pending=pending,
        )
        headers = self.headers()
        request = {"device": self.dev, "incarnation": self.inc, "nonce": self.nonce, "streams": [position]} | more
        return self.http.post(f"{self.url}/v1/hello", json=m.HelloRequest(**request).wire(), headers=headers, timeout=20)

    def state(self) -> m.StreamState:
        return self.opened(m.HelloResponse, self.hello(), self.nonce).streams[0]

    def problem(self, answer: requests.Response) -> m.Problem:
        """The signed problem of a refused request."""
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        signature = base64.b64decode(answer.headers["X-Signature"])
        assert signatures.verify(self.province, signatures.ANSWER + answer.content, signature)
        found = m.opened(m.Problem, answer.content, lambda text, sig: signatures.verify(self.province, text, sig))
        assert found.status == answer.status_code
        return found
