"""The screen of synchronising: what waits, where everything is, how the rounds went, and the enrolment of this laptop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.sync_runner import SyncRunner
from poverty_desktop.gui.presenters.sync_words import (
    CANONICAL_TO_LINE,
    moment,
    number,
    problem_of,
    receipt_words,
    round_words,
    size,
    time_words,
    traffic_words,
)
from poverty_desktop.protocol.laptop import RoundReport
from poverty_desktop.protocol.tally import Progress
from poverty_desktop.services.syncing import SyncState

_PASSING = ("sync.no_link", "sync.cut", "sync.busy", "sync.not_our_server", "sync.server_failed")
PLACES = ("on_laptop", "handed_on", "in_province", "safe")


@dataclass(frozen=True)
class Place:
    """One of the four states: its word, its count, what it means."""

    name: str
    label: str
    count: str
    hint: str


@dataclass(frozen=True)
class RoundView:
    id: int
    when: str
    words: str
    traffic: str
    problem: str
    outcome: str
    has_receipt: bool = False


@dataclass(frozen=True)
class SyncView:
    """Everything the screen shows."""

    loaded: bool = False
    enrolled: bool = False
    wants_code: bool = False  # the first one, or a new one
    address: str = ""  # of the server that it is connected to
    server: str = ""
    waiting: str = ""
    time: str = ""  # how long it will take
    since: str = ""
    last_success: str = ""
    follows_link: bool | None = None  # None: the system does not tell when a link appears
    next_try: str = ""
    places: tuple[Place, ...] = ()
    conflicts: int = 0
    kept_aside: int = 0
    deletes: str = ""  # how many deletions wait for a person's yes
    rounds: tuple[RoundView, ...] = ()
    receipt: str = ""
    running: bool = False
    stopping: bool = False
    phase: str = ""
    done: int = 0
    total: int = 0
    enrolling: bool = False
    address_problem: str = ""
    code_problem: str = ""


class SyncScreenView(Protocol):
    def render(self, state: SyncView) -> None: ...


class SyncPresenter:
    def __init__(
        self, runner: SyncRunner, frame: Frame, texts: Texts, print_receipt: Callable[[int], None] = lambda round_id: None
    ) -> None:
        """`print_receipt` prints the receipt of a round."""
        self.print_receipt = print_receipt
        self._runner, self._frame, self._texts = runner, frame, texts
        self.view: SyncScreenView | None = None
        self._problems = ("", "")  # of address, of code
        self.state = SyncView()
        runner.listeners.append(self._changed)

    def load(self) -> None:
        self._runner.refresh()

    def sync_now(self) -> None:
        self._runner.start(self._failed)

    def allow_deletes(self) -> None:
        """A person has said yes to the deletions that the round before stopped at."""
        self._runner.start(self._failed, allow_deletes=True)

    def follow_link(self, wanted: bool) -> None:
        self._runner.follow_link(wanted)

    def stop(self) -> None:
        self._runner.stop()

    def open_conflicts(self) -> None:
        self._frame.go("conflicts")

    def open_attention(self) -> None:
        self._frame.go("attention")

    def enrol(self, address: str, code: str) -> None:
        missing = (
            "" if address.strip() else self._texts("sync.address_missing"),
            "" if code.strip() else self._texts("sync.code_missing"),
        )
        self._problems = missing
        if any(missing):
            self._changed()
        else:
            self._runner.enrol(address, code, self._refused)

    def _refused(self, problem: Exception) -> None:
        """The sentence stands at the field that it is about."""
        known = problem if isinstance(problem, KnownProblem) else KnownProblem("bug")
        sentence = self._texts.problem(known)
        at_code = known.code in ("sync.code_refused", "sync.other_commune", "sync.other_province")
        self._problems = ("", sentence) if at_code else (sentence, "")
        self._changed()

    def _failed(self, problem: Exception) -> None:
        """Links fail: that informs, for there is nothing to mend. A refusal of the province asks for an act."""
        if isinstance(problem, KnownProblem) and problem.code in _PASSING:
            self._frame.tell("grey", self._texts.problem(problem))
        else:
            self._frame.problem(problem)

    # --- inside ----------------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.state = self._picture(self._runner.state)
        if self.view is not None:
            self.view.render(self.state)

    def _picture(self, state: SyncState | None) -> SyncView:
        if state is None:
            return SyncView(running=self._runner.running)
        texts, standing, progress = self._texts, state.standing, self._runner.progress
        wire = max(standing.waiting_bytes // CANONICAL_TO_LINE, 1)
        counted = texts("sync.waiting", count=number(standing.waiting))
        last = state.last_success
        address_problem, code_problem = self._problems
        return SyncView(
            loaded=True,
            enrolled=state.server is not None,
            wants_code=state.wants_code,
            address=state.server or "",
            follows_link=state.follows_link if self._runner.hears_links else None,
            server=texts("sync.server_is", server=state.server) if state.server else "",
            waiting=counted if standing.waiting else texts("sync.waiting_none"),
            time=time_words(texts, wire, state.bytes_a_second) if standing.waiting else "",
            since=texts("sync.waiting_since", moment=moment(standing.oldest_waiting)) if standing.oldest_waiting else "",
            last_success=texts("sync.last_success", moment=moment(last)) if last else texts("sync.never"),
            next_try=self._next_try(state),
            places=tuple(self._place(state, name) for name in PLACES),
            conflicts=state.conflicts_open,
            kept_aside=state.kept_aside,
            deletes=self._deletes(state),
            rounds=tuple(self._round(line) for line in state.rounds if not self._is_running(line)),
            receipt=receipt_words(texts, state.receipt),
            running=self._runner.running,
            stopping=self._runner.stopping,
            phase=self._phase(progress),
            done=progress.done if progress else 0,
            total=progress.total if progress else 0,
            enrolling=self._runner.enrolling,
            address_problem=address_problem,
            code_problem=code_problem,
        )

    def _is_running(self, line: RoundReport) -> bool:
        """The round that runs now has no end yet; an older one without an end was killed."""
        state = self._runner.state
        return self._runner.running and line.ended is None and state is not None and line is state.rounds[0]

    def _deletes(self, state: SyncState) -> str:
        last = next((line for line in state.rounds if not self._is_running(line)), None)
        if self._runner.running or last is None or last.problem != "sync.many_deletes":
            return ""
        return number(int(str(last.facts.get("count", 0))))

    def _next_try(self, state: SyncState) -> str:
        if self._runner.running or state.server is None or not state.wait_seconds:
            return ""
        return self._texts("sync.next_attempt", minutes=max(1, round(state.wait_seconds / 60)))

    def _place(self, state: SyncState, name: str) -> Place:
        texts = self._texts
        count = number(getattr(state.places, name))
        return Place(name, texts(f"sync.state.{name}"), count, texts(f"sync.state.{name}_hint"))

    def _round(self, line: RoundReport) -> RoundView:
        problem = problem_of(line)
        return RoundView(
            id=line.id,
            has_receipt=line.receipt is not None,
            when=moment(line.started),
            words=round_words(self._texts, line),
            traffic=traffic_words(self._texts, line) if line.round_trips else "",
            problem=self._texts.problem(problem) if problem else "",
            outcome=line.outcome,
        )

    def _phase(self, progress: Progress | None) -> str:
        if self._runner.stopping:
            return self._texts("sync.stopping")
        if progress is None:
            return self._texts("sync.phase.probe") if self._runner.running else ""
        words = self._texts(f"sync.phase.{progress.phase}", done=number(progress.done), total=number(progress.total))
        if not progress.up + progress.down:
            return words
        return f"{words} · {self._texts('sync.carried', up=size(progress.up), down=size(progress.down))}"
