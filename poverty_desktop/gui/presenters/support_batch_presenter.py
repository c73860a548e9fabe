"""One batch of support: its paper while it is new, then the shares of its lines, then the hand-over. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from poverty_desktop.domain.money import format_dong
from poverty_desktop.gui.presenters.batch_handover import BatchHandover, HandoverState, Paper
from poverty_desktop.gui.presenters.batch_paper import BatchPaper, PaperState
from poverty_desktop.gui.presenters.batch_shares import BatchShares, SharesState
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.support_fields import SupportFields, shown_day
from poverty_desktop.services.choosing_receivers import ChoosingReceivers
from poverty_desktop.services.ports import Settings, Tasks
from poverty_desktop.services.support_drafts import SupportDrafts
from poverty_desktop.services.support_sheets import BatchSheet, LineSheet
from poverty_desktop.services.supporting import Supporting

Mode = Literal["paper", "shares", "handover"]


@dataclass(frozen=True)
class BatchState:
    """`opened` counts the times the place was gone to, so that the screen knows when to put the cursor anew."""

    mode: Mode = "paper"
    loaded: bool = False
    title: str = ""
    summary: str = ""
    lines: tuple[tuple[str, str], ...] = ()  # (line id, words)
    paper: PaperState = field(default_factory=PaperState)
    shares: SharesState = field(default_factory=SharesState)
    handover: HandoverState = field(default_factory=HandoverState)
    batch_id: str = ""  # of a batch that was saved


class BatchView(Protocol):
    def render(self, state: BatchState) -> None: ...


@dataclass(frozen=True)
class Support:
    """The services that the batch screen stands on."""

    supporting: Supporting
    receivers: ChoosingReceivers
    drafts: SupportDrafts
    settings: Settings


class SupportBatchPresenter:
    """Holds the three pages together: which is shown, and that nothing typed is left behind when one goes on."""

    def __init__(
        self, support: Support, tasks: Tasks, frame: Frame, fields: SupportFields, paper: Paper, folder: Path
    ) -> None:
        self._supporting, self._tasks, self._frame, self._fields = support.supporting, tasks, frame, fields
        show = self._show
        self.paper = BatchPaper(support.supporting, support.drafts, tasks, frame, fields, show)
        self.shares = BatchShares(support.supporting, support.receivers, support.drafts, tasks, frame, fields, show)
        self.handover = BatchHandover(support.supporting, support.settings, paper, folder, tasks, frame, fields, show)
        self._mode: Mode = "paper"
        self._sheet: BatchSheet | None = None
        self._made: dict[object, str] = {}  # which batch a form of the list's "new" became: coming back finds the batch
        self._token: object = None
        self.view: BatchView | None = None
        self.state = BatchState()

    # --- opening -----------------------------------------------------------------------------------------------------

    def opened(self, batch_id: str | None = None, new: object = False) -> None:
        """A batch by its id, or the form of a new one."""
        self._token = new
        known = batch_id or (self._made.get(new) if new not in (True, False) else None)
        self._sheet = None
        if known:
            self._mode = "shares"
            self._tasks.storage(lambda: self._supporting.batch(known), self._came, self._frame.problem)
        else:
            self._mode = "paper"
            self.paper.opened()
        self._show()

    def _came(self, sheet: BatchSheet) -> None:
        self._sheet = sheet
        given = all(line.shares and not line.remaining for line in sheet.lines)
        self._mode = "handover" if given else "shares"
        self.handover.show(sheet)
        if sheet.lines:
            self.shares.open_line(next((line for line in sheet.lines if line.remaining), sheet.lines[0]))
        self._show()

    # --- going on ----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Ctrl+S."""
        if self._mode == "paper":
            self.paper.save(self._batch_made)
        elif self._mode == "shares":
            self.shares.save(self._saved)

    def _batch_made(self, batch_id: str) -> None:
        self._made[self._token] = batch_id
        self._tasks.storage(lambda: self._supporting.batch(batch_id), self._came, self._frame.problem)
        self._frame.tell("grey", self._fields.texts("batch.made"))

    def _saved(self, sheet: BatchSheet) -> None:
        self._take(sheet)
        self._frame.tell("grey", self._fields.texts("batch.shares_saved"))

    def _take(self, sheet: BatchSheet) -> None:
        if self._sheet is None or self._sheet.batch.id != sheet.batch.id:
            return
        self._sheet = sheet
        line = next((one for one in sheet.lines if one.line.id == self.shares.state.line_id), None)
        if line is not None:
            self.shares.saved(line)
        self.handover.show(sheet)

    def leave(self) -> None:
        """The screen is left: what can be made of the shares is made, the rest stays typed."""
        if self._mode == "shares":
            self.shares.save(quiet=True)

    def choose_line(self, line_id: str) -> None:
        if self._sheet is None or line_id == self.shares.state.line_id:
            return
        self.shares.save(self._take, quiet=True)
        self.shares.open_line(next(one for one in self._sheet.lines if one.line.id == line_id))

    def go_to(self, mode: Mode) -> None:
        """Between shares and hand-over. Shares that cannot be kept hold the officer on their page, with the sentence."""
        if self._sheet is None or mode == self._mode:
            return
        if mode == "shares":
            self._mode = mode
            self._reopen_line()
        elif self.shares.save(self._take):
            self._mode = mode
        self._show()

    def _reopen_line(self) -> None:
        """Receipts changed meanwhile: what was handed over is closed now."""
        assert self._sheet is not None
        line_id, batch_id = self.shares.state.line_id, self._sheet.batch.id

        def came(sheet: BatchSheet) -> None:
            self._sheet = sheet
            self.shares.open_line(next(one for one in sheet.lines if one.line.id == line_id))

        self._tasks.storage(lambda: self._supporting.batch(batch_id), came, self._frame.problem)

    def print(self) -> None:
        """Ctrl+P, from both pages."""
        if self._sheet is None:
            return
        self.go_to("handover")
        if self._mode == "handover":
            self.handover.print()

    # --- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        sheet = self._sheet
        self.state = BatchState(
            self._mode,
            self._mode == "paper" or sheet is not None,
            self._title(),
            self._summary(sheet) if sheet else "",
            tuple((line.line.id, self._line_words(line)) for line in sheet.lines) if sheet else (),
            self.paper.state,
            self.shares.state,
            self.handover.state,
            sheet.batch.id if sheet else "",
        )
        if self.view is not None:
            self.view.render(self.state)

    def _title(self) -> str:
        if self._sheet is None:
            return self._fields.texts("batch.title_new" if self._mode == "paper" else "batch.title_opening")
        return self._fields.texts("batch.title", number=self._sheet.batch.batch_no, name=self._sheet.batch.name)

    def _summary(self, sheet: BatchSheet) -> str:
        batch, texts = sheet.batch, self._fields.texts
        parts = [texts("batch.summary_decision", number=batch.decision_no or "……", day=shown_day(batch.decided_on))]
        if batch.handover_on or batch.handover_place:
            place = ", ".join(part for part in (shown_day(batch.handover_on or ""), batch.handover_place) if part)
            parts.append(texts("batch.summary_handover", place=place))
        parts.append(self._fields.dong(sheet.value))
        return " · ".join(parts)

    def _line_words(self, line: LineSheet) -> str:
        of = line.line
        facts = {"quantity": format_dong(of.quantity), "unit": of.unit, "item": of.item_name}
        return self._fields.texts("batch.line_words", **facts, money=self._fields.dong(line.value))


