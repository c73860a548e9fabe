"""The first screen: what is done, who is missing, what waits for the officer. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from poverty_desktop.gui.presenters.frame import Frame, SyncSign
from poverty_desktop.services.overview import Overview, WorkOverview
from poverty_desktop.services.ports import Draft, Tasks, VillageProgress


@dataclass(frozen=True)
class Waiting:
    """One line of what waits: a kind (`work.wait_<kind>`), how many, and where to settle it."""

    kind: str
    count: int
    place: str


@dataclass(frozen=True)
class WorkScreenState:
    overview: WorkOverview | None = None

    @property
    def is_empty(self) -> bool:
        return self.overview is not None and not self.overview.work.household_count

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Only what there is; what a person must settle comes first."""
        if self.overview is None:
            return ()
        work = self.overview.work
        lines = (
            Waiting("conflicts", work.conflicts_open, "conflicts"),
            Waiting("refused", work.quarantined, "attention"),
            Waiting("handovers", work.shares_pending, "support"),
            Waiting("absent", work.shares_absent, "support"),
            Waiting("unsent", work.waiting, "sync"),
        )
        return tuple(line for line in lines if line.count)

    @property
    def last_success(self) -> datetime | None:
        text = self.overview.work.last_success if self.overview else None
        return datetime.fromisoformat(text) if text else None

    @property
    def finished(self) -> int:
        return sum(village.finished for village in self._villages)

    @property
    def to_review(self) -> int:
        return sum(whole(village) for village in self._villages)

    @property
    def _villages(self) -> list[VillageProgress]:
        return self.overview.work.villages if self.overview else []


def whole(village: VillageProgress) -> int:
    """How many households count as the whole of a village: its list, or what was surveyed beyond it."""
    return max(village.to_review, village.finished + village.drafts)


class WorkView(Protocol):
    def render(self, state: WorkScreenState) -> None: ...


class WorkPresenter:
    """Reads anew each time the screen is opened."""

    def __init__(self, overview: Overview, tasks: Tasks, frame: Frame) -> None:
        self._overview, self._tasks, self._frame = overview, tasks, frame
        self.view: WorkView | None = None
        self.state = WorkScreenState()

    def opened(self) -> None:
        self._tasks.storage(self._overview.work, self._came)

    def open_village(self, village_id: str | None) -> None:
        self._frame.go("households", **({"village_id": village_id} if village_id else {}))

    def open_draft(self, draft: Draft) -> None:
        if draft.kind == "survey":
            self._frame.go("survey", household_id=str(draft.notes.get("household_id") or draft.subject_id))
        elif draft.kind == "double_entry":
            self._frame.go("blind_survey", household_id=str(draft.notes["household_id"]))
        else:
            self._frame.go("household", household_id=draft.subject_id)

    def open_waiting(self, line: Waiting) -> None:
        self._frame.go(line.place)

    def begin(self) -> None:
        """The main act: go on with the review, or enter the first household."""
        if self.state.is_empty:
            self._frame.go("household", household_id=None)
        else:
            self._frame.go("review")

    def _came(self, overview: WorkOverview) -> None:
        self.state = WorkScreenState(overview)
        work = overview.work
        needs = work.conflicts_open + work.quarantined
        self._frame.synced(SyncSign(work.waiting, needs, self.state.last_success))
        if self.view is not None:
            self.view.render(self.state)
