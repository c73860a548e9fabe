"""The list of support batches. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from poverty_desktop.domain.money import format_dong
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.support_fields import shown_day
from poverty_desktop.services.ports import Tasks
from poverty_desktop.services.support_overview import BatchSummary

RECEIPTS = ("pending", "absent", "signed", "fingerprint")


@dataclass(frozen=True)
class BatchLine:
    """One line of the list, in words."""

    id: str
    number: str
    name: str
    decided_on: str
    households: str
    value: str
    receipts: str
    open: bool  # something is still to be handed over


@dataclass(frozen=True)
class SupportState:
    lines: tuple[BatchLine, ...] = ()
    selected_id: str | None = None
    loaded: bool = False
    total: str = ""


class SupportView(Protocol):
    def render(self, state: SupportState) -> None: ...


class SupportPresenter:
    """Reads anew each time the list is opened; the chosen line stays chosen."""

    def __init__(self, summaries: Callable[[], list[BatchSummary]], tasks: Tasks, frame: Frame, texts: Texts) -> None:
        self._summaries, self._tasks, self._frame, self._texts = summaries, tasks, frame, texts
        self._begun = 0
        self.view: SupportView | None = None
        self.state = SupportState()

    def opened(self) -> None:
        self._tasks.storage(self._summaries, self._came, self._frame.problem)

    def select(self, batch_id: str | None) -> None:
        self.state = replace(self.state, selected_id=batch_id)

    def open(self, batch_id: str) -> None:
        self.select(batch_id)
        self._frame.go("support_batch", batch_id=batch_id)

    def new(self) -> None:
        """Each form bears a number, so that the way back leads to the batch it became."""
        self._begun += 1
        self._frame.go("support_batch", new=f"form {self._begun}")

    def _came(self, found: list[BatchSummary]) -> None:
        lines = tuple(self._line(one) for one in found)
        ids = [line.id for line in lines]
        chosen = self.state.selected_id if self.state.selected_id in ids else (ids[0] if ids else None)
        value = format_dong(sum(one.value for one in found))
        self.state = SupportState(lines, chosen, True, self._texts("support.total", batches=len(lines), amount=value))
        if self.view is not None:
            self.view.render(self.state)

    def _line(self, one: BatchSummary) -> BatchLine:
        batch, counts = one.batch, one.receipts
        words = [self._texts(f"support.count_{name}", count=counts[name]) for name in RECEIPTS if counts.get(name)]
        return BatchLine(
            batch.id,
            batch.batch_no,
            batch.name,
            shown_day(batch.decided_on),
            format_dong(one.households),
            format_dong(one.value),
            " · ".join(words) or self._texts("support.no_shares"),
            bool(counts.get("pending") or counts.get("absent") or not words),
        )
