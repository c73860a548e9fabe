"""One round with the province: PROBE → AUTH → HELLO → PUSH → PULL (sync.md 3.27).

Every step can be left at any point, by a cut, a kill or the officer's stop: what the province signed and what was taken in is
on disk, all else is as it was. Restored and cloned laptops and a restored province are recognised here (GAP beyond our
lane, FORK, rewound cursor) and end the round with one sentence and nothing changed; their recovery is the next step, S2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.messages import Ack, HelloRequest, LaneState, LogBatch, StreamPosition
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.services.ports import Clock
from poverty_desktop.services.sync_log import as_entries, in_transactions
from poverty_desktop.services.sync_ports import (
    Enrolled,
    HistoryDiffers,
    Outgoing,
    ProvinceLink,
    Pushed,
    Standing,
    StorageCall,
    SyncStore,
    TakenIn,
)

SCHEMA_VERSION = 2
PACKET_BYTES = 1 << 20
PAGE_BYTES = 1 << 20

Phase = Literal["probe", "auth", "hello", "push", "pull", "done"]


@dataclass(frozen=True)
class Progress:
    """Counted progress: `done` of `total` operations in this phase, and the bytes so far."""

    phase: Phase
    done: int = 0
    total: int = 0
    up: int = 0
    down: int = 0


class Stopped(Exception):
    """The officer asked to stop; what is done is kept."""


@dataclass
class Tally:
    """What a round has achieved so far; true at every moment, also when it is cut."""

    sent: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    received: int = 0
    conflicts: int = 0
    unprojected: int = 0
    acks: list[Ack] = field(default_factory=list)
    proof: list[str] = field(default_factory=list)
    next_after_s: int = 0
    skew: int | None = None  # wall clock of this laptop minus the province's, in seconds


class Round:
    """The steps of one round. Runs where the network may be waited for; the store is asked only through `call`."""

    def __init__(
        self,
        link: ProvinceLink,
        store: SyncStore,
        call: StorageCall,
        clock: Clock,
        nonce: Callable[[], str],
        progress: Callable[[Progress], None],
        stop: Callable[[], bool],
    ) -> None:
        self.tally = Tally()
        self._link, self._store, self._call = link, store, call
        self._clock, self._nonce = clock, nonce
        self._progress, self._stop = progress, stop
        self._head = 0
        self._packet_bytes = PACKET_BYTES

    def run(self, enrolled: Enrolled) -> None:
        """The whole round. Raises `KnownProblem` (a link or a refusal) or `Stopped`; `tally` holds what was done until then."""
        if not self._link.has_session(enrolled):
            self._probe(enrolled)
            self._say("auth")
            self._link.authenticate(enrolled, self._nonce())
        self._hello(enrolled)
        try:
            self._push(enrolled)
            self._pull(enrolled)
        except HistoryDiffers as error:
            raise KnownProblem("sync.history_differs") from error
        self._say("done")

    # --- steps -----------------------------------------------------------------------------------------------------

    def _probe(self, enrolled: Enrolled) -> None:
        """PROBE: only a time signed over our nonce by the pinned key is our server; all else is a portal (3.18)."""
        self._say("probe")
        answer = self._link.time(enrolled.server, enrolled.province_key, self._nonce())
        if answer.practice != enrolled.practice:
            raise KnownProblem("sync.practice_mismatch")

    def _hello(self, enrolled: Enrolled) -> None:
        """HELLO: compare positions. The lane position is a cumulative ack and settles every lost answer (3.12)."""
        self._say("hello")
        standing = self._call(self._store.standing)
        answer = self._link.hello(self._greeting(enrolled, standing))
        if answer.practice != enrolled.practice:
            raise KnownProblem("sync.practice_mismatch")
        stream = next((state for state in answer.streams if state.sid == enrolled.stream), None)
        if stream is None:
            raise KnownProblem("sync.revoked")
        if stream.cursor != "ok" or (stream.epoch != standing.cursor.epoch and standing.cursor.rev):
            raise KnownProblem("sync.history_differs")
        self._settle_lane(stream.lane, standing)
        self._head = stream.head
        self._packet_bytes = min(PACKET_BYTES, answer.policy.max_packet)
        self.tally.next_after_s = answer.policy.next_after_s
        self.tally.skew = round((self._clock.now() - datetime.fromisoformat(answer.time)).total_seconds())

    def _greeting(self, enrolled: Enrolled, standing: Standing) -> HelloRequest:
        cursor = standing.cursor
        position = StreamPosition(
            sid=enrolled.stream,
            cursor=(cursor.epoch, cursor.rev, cursor.chain.hex()),
            lane=(standing.lane_last, standing.lane_chain.hex()),
            pending=(standing.waiting, standing.oldest_waiting and standing.oldest_waiting[:10]),
        )
        return HelloRequest(
            schema_version=SCHEMA_VERSION,
            device=enrolled.device,
            incarnation=enrolled.incarnation,
            nonce=self._nonce(),
            wall=self._clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            up_s=max(0, int(self._clock.monotonic())),
            streams=[position],
        )

    def _settle_lane(self, lane: LaneState, standing: Standing) -> None:
        chain = self._call(lambda: self._store.lane_chain(lane.last))
        if lane.state == "fork" or chain is None or chain.hex() != lane.chain:
            raise KnownProblem("sync.history_differs")
        if lane.last < standing.acknowledged:  # the province forgot what it had signed for: restored (S2 refills it)
            raise KnownProblem("sync.history_differs")
        self.tally.sent += self._call(lambda: self._store.reached(lane.last))

    def _push(self, enrolled: Enrolled) -> None:
        """PUSH: sealed packets one by one, each until the province has signed for exactly that one."""
        signer = Signer(enrolled.private_key)
        done, total = 0, self._call(self._store.standing).waiting
        while packet := self._call(lambda: self._store.next_packet(signer.sign, self._packet_bytes)):
            self._say("push", done, total)
            self._leave_if_asked()
            done += self._send(enrolled, packet)
            self._say("push", min(done, total), total)

    def _send(self, enrolled: Enrolled, packet: Outgoing) -> int:
        cursor = self._call(self._store.standing).cursor
        nonce = self._nonce()
        try:
            pushed = self._link.push(packet, cursor, nonce)
        except KnownProblem as problem:
            if problem.code != "sync.gap":
                raise
            return self._close_gap(problem)
        self._check(enrolled, packet, pushed, nonce)
        counts = self._call(lambda: self._store.accepted(packet.id, pushed.ack))
        self._count(pushed, counts)
        if pushed.log is not None:
            self._take(enrolled, pushed.log)
        return packet.count

    def _check(self, enrolled: Enrolled, packet: Outgoing, pushed: Pushed, nonce: str) -> None:
        """Success is an ack naming my packet and my nonce, with my own chain at the end of the lane; nothing else is (3.18)."""
        ack = pushed.ack
        chain = self._call(lambda: self._store.lane_chain(ack.lane.last))
        right = (ack.kind, ack.packet, ack.nonce, ack.sid) == ("ack", packet.id, nonce, enrolled.stream)
        if not right or ack.lane.last < packet.lane_to or chain is None or chain.hex() != ack.lane.chain:
            raise KnownProblem("sync.answer_damaged")

    def _close_gap(self, problem: KnownProblem) -> int:
        """GAP: the province has less of the lane than the packet continues; send again from there (3.25)."""
        have = int(str(problem.facts.get("have", -1)))
        standing = self._call(self._store.standing)
        if not standing.acknowledged <= have < standing.lane_last:
            raise KnownProblem("sync.history_differs")
        self._call(lambda: self._store.send_again_from(have))
        return 0

    def _pull(self, enrolled: Enrolled) -> None:
        """PULL: pages of the log from the cursor to the head of this round."""
        start = self._call(self._store.standing).cursor.rev
        while True:
            cursor = self._call(self._store.standing).cursor
            self._say("pull", cursor.rev - start, max(self._head - start, 0))
            if cursor.rev >= self._head:
                return
            self._leave_if_asked()
            batch = self._link.log(enrolled.stream, cursor, PAGE_BYTES, self._nonce())
            self._take(enrolled, batch)
            if batch.to <= cursor.rev:
                raise KnownProblem("sync.answer_damaged")

    # --- taking in ---------------------------------------------------------------------------------------------------

    def _take(self, enrolled: Enrolled, batch: LogBatch) -> None:
        """Apply a page: it must follow the cursor, rev by rev and chain by chain (3.13)."""
        if batch.sid != enrolled.stream:
            raise KnownProblem("sync.answer_damaged")
        self._head = max(self._head, batch.head)
        cursor = self._call(self._store.standing).cursor
        if batch.after != cursor.rev or batch.prev != cursor.chain.hex():
            raise HistoryDiffers("the page does not follow the cursor")
        entries = as_entries(batch, lambda first, last: self._call(lambda: self._store.own_operations(first, last)))
        for part in in_transactions(entries):
            self._add(self._call(lambda part=part: self._store.take_in(batch.epoch, part)))  # type: ignore[misc]

    def _add(self, taken: TakenIn) -> None:
        self.tally.received += taken.foreign
        self.tally.conflicts += taken.conflicts
        self.tally.unprojected += taken.unprojected

    def _count(self, pushed: Pushed, counts: dict[str, int]) -> None:
        self.tally.counts.update(counts)
        self.tally.sent += sum(counts.values())
        self.tally.acks.append(pushed.ack)
        self.tally.proof.append(pushed.proof)

    def _leave_if_asked(self) -> None:
        if self._stop():
            raise Stopped

    def _say(self, phase: Phase, done: int = 0, total: int = 0) -> None:
        traffic = self._link.traffic
        self._progress(Progress(phase, done, total, traffic.up, traffic.down))
