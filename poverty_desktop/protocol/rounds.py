"""One round with the province: the laptop's state machine (sync.md 3.27).

PROBE → AUTH → HELLO → PUSH → PULL → VERIFY, and where the histories differ ROTATE, REWIND, SNAPSHOT or REPAIR and HELLO again.
Every step can be left at any point, by a cut, a kill or the officer's stop: what the province signed and what was taken in is
on disk, all else is as it was. There is no "sync in progress" that could stay set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.greeting import greeting
from poverty_desktop.protocol.laptop import (
    Clock,
    Cursor,
    Enrolled,
    HistoryDiffers,
    Outgoing,
    Standing,
    StorageCall,
    SyncStore,
)
from poverty_desktop.protocol.link import ProvinceLink, Pushed
from poverty_desktop.protocol.messages import HelloResponse, LaneState, LogBatch, StreamState
from poverty_desktop.protocol.packets import COLUMNS
from poverty_desktop.protocol.pages import NotMine, as_entries, in_transactions
from poverty_desktop.protocol.recovery import OwnLane, Plan, plan
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.protocol.snap_choosing import Stoppable, snapshot_is_better
from poverty_desktop.protocol.snap_pages import FORMAT, SnapPage
from poverty_desktop.protocol.still import mark_there
from poverty_desktop.protocol.tally import Phase, Progress, Stopped, Tally

PACKET_BYTES = 1 << 20
PAGE_BYTES = 1 << 20
SALVAGE_BYTES = 1 << 20
SENT_UNASKED = 256 << 10  # canonical bytes that are sent before hello; of more, its round trip is nothing
MOST_HELLOS = 4  # a rewind, a rotation and a stream that went on can all happen in one round


class Round:
    """The steps of one round. Runs where the network may be waited for; the store is asked only through `call`."""

    def __init__(
        self,
        link: ProvinceLink,
        store: SyncStore,
        call: StorageCall,
        clock: Clock,
        nonce: Callable[[], str],
        new_incarnation: Callable[[], str],
        progress: Callable[[Progress], None],
        stop: Callable[[], bool],
    ) -> None:
        self.tally = Tally()
        self._link, self._store, self._call = link, store, call
        self._clock, self._nonce, self._new_incarnation = clock, nonce, new_incarnation
        self._progress, self._stop = progress, stop
        self._head = 0
        self._digest: str | None = None  # of the province's state at the head
        self._packet_bytes = PACKET_BYTES
        self._taken: Sequence[str] = ()  # codecs of packets beside lines
        self._expected = False  # the next packet is to be taken only where hello would find nothing to mend

    def run(self, enrolled: Enrolled) -> None:
        """The whole round. Raises `KnownProblem` (a link or a refusal) or `Stopped`; `tally` holds what was done until then."""
        try:
            if self._without_hello(enrolled):
                self._say("done")
                return
            for _ in range(MOST_HELLOS):
                enrolled = self._session(self._call(self._store.enrolled) or enrolled)
                if self._hello(enrolled) and self._exchange(enrolled):
                    self._say("done")
                    return
        except HistoryDiffers as error:
            raise KnownProblem("sync.history_differs") from error
        raise KnownProblem("sync.history_differs")  # three recoveries in one round, and still not one history

    def _without_hello(self, enrolled: Enrolled) -> bool:
        """One round trip where a session lives and nothing is open between both ends (`still.py`). False: hello tells more."""
        greeted = self._link.greeted if self._link.has_session(enrolled) else None
        standing = self._call(self._store.standing)
        if greeted is None or COLUMNS not in greeted.taken or standing.between or len(self._call(self._store.lanes)) != 1:
            return False
        self._greeted(greeted)
        if not standing.waiting:
            return self._is_still(enrolled, standing)
        if standing.waiting_bytes > SENT_UNASKED:
            return False
        self._expected = True
        try:
            return self._exchange(enrolled)
        finally:
            self._expected = False

    def _is_still(self, enrolled: Enrolled, standing: Standing) -> bool:
        self._say("hello")
        digest = self._call(self._store.sums).digest
        answer = self._link.still(mark_there(enrolled, standing, digest), self._nonce())
        self.tally.set_skew(self._clock.now(), answer.time)
        return answer.same

    def _greeted(self, answer: HelloResponse) -> None:
        """What holds for the rest of the session."""
        self._packet_bytes = min(PACKET_BYTES, answer.policy.max_packet)
        self._taken = answer.taken
        self.tally.next_after_s = answer.policy.next_after_s

    def _session(self, enrolled: Enrolled) -> Enrolled:
        if not self._link.has_session(enrolled):
            self._probe(enrolled)
            self._say("auth")
            self._link.authenticate(enrolled, self._nonce())
        return enrolled

    def _exchange(self, enrolled: Enrolled) -> bool:
        """PUSH, PULL, VERIFY. False: the province's history is another than hello said, greet again."""
        try:
            self._push(enrolled)
            self._pull(enrolled)
        except NotMine:
            return False
        except KnownProblem as problem:
            if problem.code not in ("sync.gap", "sync.fork", "sync.rewound", "sync.greet"):
                raise
            return False
        return self._verify(enrolled)

    # --- steps -----------------------------------------------------------------------------------------------------

    def _probe(self, enrolled: Enrolled) -> None:
        """PROBE: only a time signed over our nonce by the pinned key is our server; all else is a portal (3.18)."""
        self._say("probe")
        answer = self._link.time(enrolled.server, enrolled.province_key, self._nonce())
        if answer.practice != enrolled.practice:
            raise KnownProblem("sync.practice_mismatch")

    def _hello(self, enrolled: Enrolled) -> bool:
        """HELLO: compare positions. The lane position is a cumulative ack and settles every lost answer (3.12). False: a
        difference was mended (REWIND, ROTATE, SNAPSHOT), greet again."""
        self._say("hello")
        standing, lanes = self._call(self._store.standing), self._call(self._store.lanes)
        answer = self._link.hello(greeting(enrolled, standing, lanes, self._nonce(), self._clock))
        if answer.practice != enrolled.practice:
            raise KnownProblem("sync.practice_mismatch")
        stream = next((state for state in answer.streams if state.sid == enrolled.stream), None)
        if stream is None:
            raise KnownProblem("sync.revoked")
        states = [*stream.closed, stream.lane]
        found = self._call(lambda: plan(lanes, states, self._store.chain_at))
        if self._differs(stream, standing.cursor):
            self._rewind(enrolled, found)
            return False
        if found.rotate:
            self._rotate(found)
            return False
        self._settle(found, lanes, states, stream)
        self._head, self._digest = stream.head, stream.digest
        self._greeted(answer)
        self.tally.set_skew(self._clock.now(), answer.time)
        if snapshot_is_better(stream, standing.cursor.rev):
            self._take_snapshot(enrolled, found)
        return True

    def _differs(self, stream: StreamState, cursor: Cursor) -> bool:
        """Whether what was received here is not what the province has."""
        return stream.cursor != "ok" or stream.epoch != cursor.epoch

    def _rotate(self, found: Plan) -> None:
        """ROTATE: this file was restored or cloned, or the province lacks what an older lane held (3.19)."""
        self._say("rotate")
        incarnation = self._new_incarnation()
        self._call(lambda: self._store.rotate(found.common, incarnation))
        self.tally.rotations += 1

    def _settle(self, found: Plan, lanes: Sequence[OwnLane], states: Sequence[LaneState], stream: StreamState) -> None:
        self.tally.sent += self._call(lambda: self._store.settle(found.common))
        if stream.stable_rev is not None:
            positions = {lane.inc: state.stable_seq or 0 for lane, state in zip(lanes, states, strict=True)}
            self._call(lambda: self._store.keep_stable(stream.stable_rev or 0, positions))

    def _rewind(self, enrolled: Enrolled, found: Plan) -> None:
        """REWIND: the province has another history than was received here: it was restored. What was received goes back to
        it, the store is made anew, and what it lacks of our own is sent again (3.20)."""
        parts = self._store.salvage(SALVAGE_BYTES)
        while (part := self._call(lambda: next(parts, None))) is not None:
            self._say("salvage")
            self._leave_if_asked()
            self.tally.salvaged += self._link.salvage(enrolled.stream, *part, self._nonce())
        self._take_snapshot(enrolled, found)

    def _take_snapshot(self, enrolled: Enrolled, found: Plan) -> None:
        """SNAPSHOT: the state of the stream at one revision; the log goes on from there, by number (3.14)."""
        self._say("snapshot")
        manifest = self._link.manifest(enrolled.stream, self._nonce())
        if manifest.format != FORMAT:
            raise KnownProblem("sync.upgrade")
        parts: list[Iterable[SnapPage]] = []
        for part in self._link.snapshot_parts(enrolled.stream, manifest):
            parts.append(Stoppable(part, self._leave_if_asked))
            self._say("snapshot", manifest.rows * len(parts) // max(len(parts), len(manifest.parts)), manifest.rows)
            self._leave_if_asked()
        self._call(lambda: self._store.take_snapshot(manifest, parts, found.common))

    def _verify(self, enrolled: Enrolled) -> bool:
        """VERIFY, REPAIR: the store is compared with the province's, and where they differ its rows are put in (3.23). False:
        the stream went on meanwhile, greet again."""
        cursor = self._call(self._store.cursor)
        if cursor.rev != self._head:
            return True
        self._call(lambda: self._store.caught_up(cursor.rev))
        if not self._digest:
            return True
        ours = self._call(self._store.sums)
        if ours.digest == self._digest:
            return True
        self._say("repair")
        theirs = self._link.sums(enrolled.stream, cursor.rev, self._nonce())
        if theirs is None:
            return False
        buckets = ours.differing(theirs)
        answer = self._link.rows(enrolled.stream, buckets, self._nonce())
        if answer.rev != cursor.rev or answer.chain != cursor.chain.hex():
            return False
        self._call(lambda: self._store.replace(cursor.rev, buckets, answer.rows))
        self.tally.repaired += len(answer.rows)
        return True

    def _push(self, enrolled: Enrolled) -> None:
        """PUSH: sealed packets one by one, each until the province has signed for exactly that one."""
        signer = Signer(enrolled.private_key)
        done, total = 0, self._call(self._store.standing).waiting
        while packet := self._call(lambda: self._store.next_packet(signer.sign, self._packet_bytes, self._taken)):
            self._say("push", done, total)
            self._leave_if_asked()
            done += self._send(enrolled, packet)
            self._say("push", min(done, total), total)

    def _send(self, enrolled: Enrolled, packet: Outgoing) -> int:
        cursor = self._call(self._store.cursor)
        nonce = self._nonce()
        pushed = self._link.push(packet, cursor, nonce, if_expected=self._expected)
        self._expected = False
        self._check(enrolled, packet, pushed, nonce)
        counts = self._call(lambda: self._store.accepted(packet.id, pushed.ack))
        self.tally.count(pushed, counts)
        if pushed.log is not None:
            self._take(enrolled, pushed.log)
        return packet.count

    def _check(self, enrolled: Enrolled, packet: Outgoing, pushed: Pushed, nonce: str) -> None:
        """Success is an ack naming my packet and my nonce, with my own chain at the end of the lane; nothing else is (3.18)."""
        ack = pushed.ack
        if (ack.kind, ack.packet, ack.nonce, ack.sid) != ("ack", packet.id, nonce, enrolled.stream):
            raise KnownProblem("sync.answer_damaged")
        chain = self._call(lambda: self._store.lane_chain(ack.lane.last))
        if ack.lane.last < packet.lane_to or chain is None or chain.hex() != ack.lane.chain:
            raise NotMine("the lane goes on beyond what was made here")

    def _pull(self, enrolled: Enrolled) -> None:
        """PULL: pages of the log from the cursor to the head of this round."""
        start = self._call(self._store.cursor).rev
        while True:
            cursor = self._call(self._store.cursor)
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
        self._digest = batch.digest
        cursor = self._call(self._store.cursor)
        if batch.after != cursor.rev or batch.prev != cursor.chain.hex():
            raise HistoryDiffers("the page does not follow the cursor")
        entries = as_entries(batch, lambda first, last: self._call(lambda: self._store.own_operations(first, last)))
        for part in in_transactions(entries):
            self.tally.add(self._call(lambda part=part: self._store.take_in(batch.epoch, part)))  # type: ignore[misc]

    def _leave_if_asked(self) -> None:
        if self._stop():
            raise Stopped

    def _say(self, phase: Phase, done: int = 0, total: int = 0) -> None:
        traffic = self._link.traffic
        self._progress(Progress(phase, done, total, traffic.up, traffic.down))
