"""The one who runs rounds while the window lives: on request or when due, one at a time, with the sign in the status line.

Screens come and go; the round does not care. Nothing is ever disabled because of a remembered state of the network: every
click probes (peers.md section 2, complaint 8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.presenters.frame import Backstage, Frame, SyncSign
from poverty_desktop.protocol.laptop import Enrolled, RoundReport
from poverty_desktop.protocol.tally import Progress
from poverty_desktop.services.syncing import Syncing, SyncState


class Links(Protocol):
    """The system's word about links; a hint, never a reason to refuse anything."""

    def listen(self, heard: Callable[[], None]) -> bool:
        """`heard` is called on the GUI thread when a link appears; False where the system tells nothing."""
        ...


class SyncRunner:
    """Built once a window; `listeners` hear after every change of state, progress or running (GUI thread)."""

    def __init__(self, backstage: Backstage, frame: Frame, syncing: Syncing) -> None:
        self._backstage, self._frame, self._syncing = backstage, frame, syncing
        self.listeners: list[Callable[[], None]] = []
        self.state: SyncState | None = None
        self.progress: Progress | None = None
        self._first: Progress | None = None  # of this round
        self.running = False
        self.enrolling = False
        self.stopping = False
        self.closed = False
        self.hears_links = False

    # --- what a person asks --------------------------------------------------------------------------------------------

    def start(self, failed: Callable[[Exception], None] | None = None, *, allow_deletes: bool = False) -> None:
        """Synchronise now. While a round runs this changes nothing. `allow_deletes`: a person has said yes to the many deletions
        that the round before stopped at."""
        self._begin(failed or self._frame.problem, allow_deletes=allow_deletes)

    def stop(self) -> None:
        """Stop after the packet or page that is on its way; what is done is kept."""
        if self.running:
            self.stopping = True
            self._tell()

    def enrol(self, address: str, code: str, failed: Callable[[Exception], None]) -> None:
        """Connect this laptop, then synchronise for the first time."""
        if self.enrolling:
            return
        self.enrolling = True
        self._tell()

        def done(_: Enrolled) -> None:
            self.enrolling = False
            self.start()

        def refused(problem: Exception) -> None:
            self.enrolling = False
            failed(problem)
            self.refresh()

        self._backstage.network(lambda: self._syncing.enrol(address, code), done, refused)

    # --- what happens by itself ----------------------------------------------------------------------------------------

    def tick(self) -> None:
        """From a timer: start a round when one is due. Its failures are told in the log of rounds, not over the work."""
        if not self.running and not self.enrolling and not self.closed:
            self._backstage.storage(self._syncing.due, lambda due: self._begin(_quietly) if due else None, _quietly)

    def hear(self, links: Links) -> None:
        self.hears_links = links.listen(self._link_appeared)

    def follow_link(self, wanted: bool) -> None:
        """Whether a link that appears leads to a round by itself."""
        self._backstage.storage(lambda: self._syncing.follow_link(wanted), lambda _: self.refresh())

    def _link_appeared(self) -> None:
        if not self.closed:
            self._backstage.storage(self._syncing.link_appeared, lambda _: self.tick(), _quietly)

    def refresh(self) -> None:
        """Read where we stand (after a Save, on opening a screen) and show it in the status line."""
        if not self.closed:
            self._backstage.storage(self._syncing.state, self._keep)

    def close(self) -> None:
        """The file is being locked: stop after the packet or page on its way, and speak no more."""
        self.stopping = self.closed = True
        self.listeners.clear()

    # --- inside ----------------------------------------------------------------------------------------------------------

    def _begin(self, failed: Callable[[Exception], None], *, allow_deletes: bool = False) -> None:
        if self.running or self.closed:
            return
        self.running, self.stopping, self.progress, self._first = True, False, None, None
        self._tell()

        def ended(report: RoundReport) -> None:
            if report.problem and not self.closed:
                failed(KnownProblem(report.problem, **report.facts))
            self._ended()

        def refused(problem: Exception) -> None:
            if not self.closed:
                failed(problem)
            self._ended()

        def work() -> RoundReport:
            return self._syncing.round(self._heard, self._asked_to_stop, allow_deletes=allow_deletes)

        self._backstage.network(work, ended, refused)

    def _asked_to_stop(self) -> bool:
        return self.stopping or self._backstage.stopping()

    def _heard(self, progress: Progress) -> None:
        """On the network lane."""
        self._backstage.post(lambda: self._show(progress))

    def _show(self, progress: Progress) -> None:
        """The line counts its bytes since the window was opened; told are those since the round began."""
        first = self._first = self._first or progress
        self.progress = replace(progress, up=progress.up - first.up, down=progress.down - first.down)
        self._tell()

    def _ended(self) -> None:
        self.running = False
        self.stopping = self.closed
        self.progress = None
        self.refresh()

    def _keep(self, state: SyncState) -> None:
        self.state = state
        self._tell()

    def _tell(self) -> None:
        if self.closed:
            return
        self._frame.synced(sign(self.state, self.running))
        for listener in list(self.listeners):
            listener()


def sign(state: SyncState | None, running: bool) -> SyncSign:
    """The quiet indicator of the status line."""
    if state is None:
        return SyncSign(running=running)
    last = state.last_success
    return SyncSign(
        waiting=state.standing.waiting,
        needs_you=state.conflicts_open + state.kept_aside,
        last_success=datetime.fromisoformat(last) if last else None,
        running=running,
    )


def _quietly(_: Exception) -> None:
    """What failed by itself is tried again by itself."""
