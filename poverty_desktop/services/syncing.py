"""Synchronising with the province: enrolment, rounds, and the conflicts a person settles (sync.md 3, steps S1 and S2).
"""

from __future__ import annotations

import random
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.backoff import (
    PORTAL_SECONDS,
    Retry,
    after_failure,
    after_link,
    after_portal,
    after_request_to_wait,
    after_start,
)
from poverty_desktop.protocol.laptop import (
    Enrolled,
    PlaceName,
    Places,
    Receipt,
    RoundOutcome,
    RoundReport,
    Standing,
    StorageCall,
    SyncStore,
)
from poverty_desktop.protocol.link import ProvinceLink, Traffic
from poverty_desktop.protocol.rounds import Round
from poverty_desktop.protocol.tally import Progress, Stopped, Tally
from poverty_desktop.services.attending import Attending
from poverty_desktop.services.enrolling import PLAIN_HTTP, Enrolling, refuse_open_road
from poverty_desktop.services.ports import OWN_CODE_WANTED, Clock, Settings
from poverty_desktop.services.sync_brake import Brake
from poverty_desktop.services.sync_conflicts import ConflictSheet, Settling
from poverty_desktop.services.sync_receipts import ReceiptSheet, receipt_sheet
from poverty_desktop.services.sync_reports import Span, bytes_a_second, report_of

ProgressHeard = Callable[[Progress], None]
FOLLOWS_LINK = "sync.follows_link"
_PORTAL = ("sync.not_our_server", "sync.practice_mismatch")
_CUT = ("sync.cut", "sync.no_link", "sync.wrong_address")
_NEW_CODE = ("sync.unknown_here", "sync.revoked")


@dataclass(frozen=True)
class SyncState:
    """What the sync screen and the indicator show, in one read of the store."""

    server: str | None  # None: not enrolled
    practice: bool
    standing: Standing
    places: Places
    conflicts_open: int
    rounds: tuple[RoundReport, ...]  # newest first
    wait_seconds: float  # until the next try by itself; 0: due now
    follows_link: bool = True  # a link that appears leads to a round by itself
    kept_aside: int = 0  # Saves in the province's custody that need a person
    copied: bool = False  # the data of an enrolled laptop was brought to this machine: it wants a code of its own

    @property
    def wants_code(self) -> bool:
        """Whether the next thing to do is to type a code."""
        last = next((line for line in self.rounds if line.ended), None)
        return self.server is None or self.copied or (last is not None and last.problem in _NEW_CODE)

    @property
    def last_success(self) -> str | None:
        """When a round last ended complete (UTC instant)."""
        return next((line.ended for line in self.rounds if line.outcome == "done"), None)

    @property
    def receipt(self) -> Receipt | None:
        """The newest receipt."""
        return next((line.receipt for line in self.rounds if line.receipt), None)

    @property
    def bytes_a_second(self) -> float | None:
        """As the newest rounds measured it; None where none did."""
        return bytes_a_second(self.rounds)


class Syncing:
    """`enrol` and `round` wait for the network and reach the file only through `call`; all other methods run on the lane that
    owns the file and never wait."""

    def __init__(
        self,
        link: ProvinceLink,
        store: SyncStore,
        settings: Settings,
        settling: Settling,
        attending: Attending,
        clock: Clock,
        call: StorageCall,
        nonce: Callable[[], str] = lambda: secrets.token_urlsafe(16),
        chance: Callable[[], float] = random.random,
        new_incarnation: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        """`settings` bears `practice` and `commune_code` of the workspace."""
        self.attending = attending
        self._new_incarnation = new_incarnation
        self._link, self._store, self._settings, self._settling = link, store, settings, settling
        self._enrolling = Enrolling(link, store, settings, settling, call, nonce, new_incarnation)
        self._clock, self._call, self._nonce, self._chance = clock, call, nonce, chance
        self._linked = float("-inf")  # when a link last appeared
        self._spread = False  # whether the first try by itself has its place in the two minutes after the start

    # --- where we stand ------------------------------------------------------------------------------------------------

    def state(self, rounds: int = 50) -> SyncState:
        enrolled = self._store.enrolled()
        return SyncState(
            server=enrolled.server if enrolled else None,
            practice=bool(self._settings.get("practice", False)),
            standing=self._store.standing(),
            places=self._store.places(),
            conflicts_open=self._settling.count(),
            kept_aside=self.attending.count(),
            copied=enrolled is not None and bool(self._settings.get(OWN_CODE_WANTED, False)),
            rounds=tuple(self._store.rounds(rounds)),
            wait_seconds=self._store.retry().remaining(self._clock.monotonic()),
            follows_link=bool(self._settings.get(FOLLOWS_LINK, True)),
        )

    def place_of(self, record_ids: Sequence[str]) -> PlaceName:
        """Where what was saved here of these records is; "in_province" also for records that came from there."""
        return self._store.place_of(record_ids)

    def link_appeared(self) -> None:
        """A round comes soon, unless the officer does not want that. Not again within a minute: a line may come and go."""
        now = self._clock.monotonic()
        if not self._settings.get(FOLLOWS_LINK, True) or now < self._linked + PORTAL_SECONDS:
            return
        self._linked = now
        self._store.keep_retry(after_link(self._store.retry(), now, self._chance))

    def follow_link(self, wanted: bool) -> None:
        self._settings.put(FOLLOWS_LINK, wanted)

    def due(self) -> bool:
        """Whether a round may start by itself now: enrolled, and no wait is running. The first one after a start is spread."""
        if self._store.enrolled() is None:
            return False
        now = self._clock.monotonic()
        if not self._spread:
            self._spread = True
            self._store.keep_retry(after_start(self._store.retry(), now, self._chance))
        return not self._store.retry().remaining(now)

    # --- enrolment -------------------------------------------------------------------------------------------------------

    def enrol(self, url: str, code: str) -> Enrolled:
        """Connect this laptop with a one-time code, or connect it anew (`services.enrolling`)."""
        return self._enrolling.enrol(url, code)

    def moved(self, url: str) -> None:
        """The province's server has another address from now on. Its pinned key stays: another server there is refused. Raises
        `KnownProblem` sync.not_enrolled, sync.plain_http."""
        if self._store.enrolled() is None:
            raise KnownProblem("sync.not_enrolled")
        refuse_open_road(url, self._settings)
        self._store.move(url.strip())

    def allow_plain_http(self) -> None:
        """For practice on a network of one's own; of other workspaces it changes nothing."""
        self._settings.put(PLAIN_HTTP, True)

    # --- rounds ----------------------------------------------------------------------------------------------------------

    def round(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
        *,
        allow_deletes: bool = False,
    ) -> RoundReport:
        """One whole round. A cut, a portal or a refusal is told in the report, together with what was done until then; so is a
        stop, which is obeyed between packets and pages. `allow_deletes`: a person has said yes to the many deletions that an
        earlier round stopped at (`sync.many_deletes`). Raises `KnownProblem` sync.not_enrolled, sync.plain_http,
        and sync.busy while the province has asked to be left alone."""
        enrolled = self._call(self._store.enrolled)
        if enrolled is None:
            raise KnownProblem("sync.not_enrolled")
        self._call(lambda: refuse_open_road(enrolled.server, self._settings))
        self._honour_request_to_wait(self._call(self._store.retry))
        self._call(self.attending.send_corrected)
        started = self._now()
        session = self._call(lambda: self._store.begin_round(started))
        before, begun = Traffic(**vars(self._link.traffic)), self._clock.monotonic()
        store = Brake.before(self._store, self._settings, released=allow_deletes)
        steps = Round(self._link, store, self._call, self._clock, self._nonce, self._new_incarnation, progress, stop)
        outcome, problem = self._outcome(steps, enrolled)
        span = Span(session, started, self._now(), self._clock.monotonic() - begun)
        report = report_of(span, outcome, steps.tally, before, self._link.traffic, problem)
        self._call(lambda: self._end(report, steps.tally, problem))
        return report

    def _honour_request_to_wait(self, retry: Retry) -> None:
        """ "Sync now" does not wait for our own backoff, but does for what the province asked (sync.md 3.18)."""
        wait = retry.remaining(self._clock.monotonic())
        if retry.asked and wait > 0:
            raise KnownProblem("sync.busy", seconds=int(wait), minutes=max(1, round(wait / 60)))

    def _outcome(self, steps: Round, enrolled: Enrolled) -> tuple[RoundOutcome, KnownProblem | None]:
        try:
            steps.run(enrolled)
        except Stopped:
            return "stopped", None
        except KnownProblem as problem:
            if problem.code in _PORTAL:
                return "portal", problem
            return ("cut" if problem.code in _CUT else "refused"), problem
        return "done", None

    def _end(self, report: RoundReport, tally: Tally, problem: KnownProblem | None) -> None:
        self._store.end_round(report)
        if tally.skew is not None:
            self._settings.put("sync.skew", tally.skew)  # operations made from now on bear it as evidence
        self._store.keep_retry(self._next_try(self._store.retry(), tally, report.outcome, problem))

    def _next_try(self, retry: Retry, tally: Tally, outcome: RoundOutcome, problem: KnownProblem | None) -> Retry:
        now = self._clock.monotonic()
        if problem is None:
            wait = tally.next_after_s * (0.8 + 0.4 * self._chance()) if outcome == "done" else 0.0
            return Retry(0, now + wait)
        if problem.code in ("sync.busy", "sync.restored", "sync.province_full"):
            return after_request_to_wait(retry, now, float(str(problem.facts.get("seconds", 60))), self._chance)
        if outcome == "portal":
            return after_portal(retry, now)
        return after_failure(retry, now, self._chance)

    def _now(self) -> str:
        return _instant(self._clock.now())

    def close(self) -> None:
        """End the connection to the province; the next round opens another."""
        self._link.close()

    def receipt(self, round_id: int) -> ReceiptSheet:
        """What the province signed for in a round. Raises `KnownProblem` sync.no_receipt, sync.receipt_not_genuine."""
        return receipt_sheet(self._store, round_id)

    # --- conflicts -------------------------------------------------------------------------------------------------------

    def conflicts(self) -> list[ConflictSheet]:
        """What two people wrote without seeing each other, oldest first."""
        return self._settling.sheets()

    def settle(self, conflict_id: str, value: object, reason: str) -> datetime:
        """Write `value` and close the conflict, in one Save; the loser stays in the history. Says when it was committed.
        Raises `KnownProblem("conflict.gone")` when it is settled already."""
        return self._settling.settle(conflict_id, value, reason)

    def understood(self, conflict_id: str, typed: str) -> object:
        """A typed third value as the field holds it. Raises `KnownProblem("conflict.bad_value")`."""
        return self._settling.understood(conflict_id, typed)


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
