"""Giving one line out to households: rows of household and quantity, money divided as one types. No Qt.

What is typed is kept as a draft of the line, cell by cell; Save makes shares of it in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from poverty_desktop.domain.money import add_up, total
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Village
from poverty_desktop.domain.support_rules import divide, refuse_excess
from poverty_desktop.gui.presenters.frame import Frame, Tone
from poverty_desktop.gui.presenters.share_rows import ID_LENGTH, Row, fresh_rows, row_view
from poverty_desktop.gui.presenters.support_fields import Option, RowView, SupportFields, canonical, whole
from poverty_desktop.services.choosing_receivers import ChoosingReceivers, Receiver
from poverty_desktop.services.ports import HouseholdLine, Tasks
from poverty_desktop.services.support_drafts import SupportDrafts
from poverty_desktop.services.support_sheets import BatchSheet, LineSheet
from poverty_desktop.services.supporting import HANDED_OVER, Supporting

FILL_CLASSES = ("poor", "near_poor", "newly_escaped_poverty")


@dataclass(frozen=True)
class SharesState:
    """`sources` are the keys of the line's funding, one money column each."""

    line_id: str = ""
    sources: tuple[str, ...] = ()
    rows: tuple[RowView, ...] = ()
    remaining: str = ""
    remaining_tone: Tone | None = None
    villages: tuple[Option, ...] = ()
    unsaved: bool = False


@dataclass(frozen=True)
class _Work:
    """What one read of the storage lane brings for a line."""

    draft: list[dict[str, str]] | None
    receivers: dict[str, Receiver]
    villages: list[Village] = field(default_factory=list)


class BatchShares:
    """Between the grid of shares and `Supporting.set_shares`. `changed` is called after each change of `state`."""

    def __init__(
        self,
        supporting: Supporting,
        receivers: ChoosingReceivers,
        drafts: SupportDrafts,
        tasks: Tasks,
        frame: Frame,
        fields: SupportFields,
        changed: Callable[[], None],
    ) -> None:
        self._supporting, self._choosing, self._drafts = supporting, receivers, drafts
        self._tasks, self._frame, self._fields, self._changed = tasks, frame, fields, changed
        self._sheet: LineSheet | None = None
        self._rows: list[Row] = []
        self._known: dict[str, Receiver] = {}
        self._touched = False
        self._count = 0
        self.state = SharesState()

    # --- opening -----------------------------------------------------------------------------------------------------

    def open_line(self, sheet: LineSheet) -> None:
        """Show the shares of this line, with what was typed and not made yet."""
        self._sheet, self._rows, self._known, self._touched = sheet, [], {}, False
        self.state = SharesState(sheet.line.id, tuple(sheet.line.funding), villages=self.state.villages)
        self._tasks.storage(lambda: self._read(sheet), lambda work: self._came(sheet, work), self._frame.problem)

    def _read(self, sheet: LineSheet) -> _Work:
        draft = self._drafts.kept(sheet.line.id)
        wanted = [row["household"] for row in draft] if draft else [row.share.household_id for row in sheet.shares]
        ids = dict.fromkeys(one for one in wanted if one)
        return _Work(draft, self._choosing.consider(ids, sheet.line.id), self._choosing.villages())

    def _came(self, sheet: LineSheet, work: _Work) -> None:
        if self._sheet is not sheet:
            return
        self._known = work.receivers
        self._touched = work.draft is not None
        rows = [Row(**one) for one in work.draft] if work.draft else fresh_rows(sheet, work.receivers)
        self._rows = [replace(row, id=self._fresh_id()) for row in rows]
        villages = tuple(Option(one.id, one.name, str(place)) for place, one in enumerate(work.villages, start=1))
        self.state = replace(self.state, villages=villages)
        self._show()

    # --- typing ------------------------------------------------------------------------------------------------------

    def search(self, text: str, found: Callable[[str, list[HouseholdLine]], None]) -> None:
        """Households for the list below the cell that is being typed in."""
        self._tasks.storage(lambda: self._choosing.find(text), lambda lines: found(text, lines))

    def left_cell(self, row_id: str, key: str, typed: str) -> None:
        """A cell was left. In the empty row at the end that begins a share."""
        if self._sheet is None:
            return
        if row_id not in [row.id for row in self._rows]:
            self._rows.append(Row(id=row_id))
        if key == "household":
            self._household(row_id, typed)
        elif key == "quantity":
            self._put(row_id, quantity=canonical(typed))
        elif key == "reason":
            self._put(row_id, reason=typed)

    def _household(self, row_id: str, typed: str) -> None:
        if len(typed) == ID_LENGTH:
            self._put(row_id, household=typed, typed="")
            self._consider([typed])
        else:
            self._put(row_id, household="", typed=typed)
            if typed:
                self._tasks.storage(lambda: self._choosing.find(typed), lambda found: self._settle(row_id, typed, found))

    def _settle(self, row_id: str, typed: str, found: Sequence[HouseholdLine]) -> None:
        """Text typed faster than the list came: it counts when it means one household only."""
        row = next((one for one in self._rows if one.id == row_id), None)
        if row is None or row.typed != typed:
            return
        if len(found) == 1:
            self._household(row_id, found[0].id)
        else:
            self._put(row_id, doubt="several" if found else "none")

    def _put(self, row_id: str, **values: str) -> None:
        doubt = values.get("doubt", "")
        self._rows = [replace(row, **{**values, "doubt": doubt}) if row.id == row_id else row for row in self._rows]
        self._keep()

    def remove(self, row_id: str) -> None:
        row = next((one for one in self._rows if one.id == row_id), None)
        if row is not None and self._is_settled(row.household):
            receiver = self._known[row.household].head_name
            self._frame.problem(KnownProblem("support.share_already_received", receiver=receiver))
        elif row is not None:
            self._rows.remove(row)
            self._keep()

    def fill(self, village_id: str | None, household_class: str) -> None:
        """Add every household that had this class on the decision date, in the order of the list."""
        if self._sheet is None:
            return
        line_id = self._sheet.line.id

        def read() -> dict[str, Receiver]:
            have = {row.household for row in self._rows}
            ids = self._choosing.of_village(line_id, village_id, household_class)
            return self._choosing.consider([one for one in ids if one not in have], line_id)

        self._tasks.storage(read, self._filled, self._frame.problem)

    def _filled(self, found: Mapping[str, Receiver]) -> None:
        self._known |= found
        self._rows = [row for row in self._rows if not row.is_empty]
        self._rows += [Row(id=self._fresh_id(), household=one) for one in found]
        self._frame.tell("grey", self._fields.texts("batch.filled" if found else "batch.filled_none", count=len(found)))
        if found:
            self._keep()

    def _consider(self, ids: Sequence[str]) -> None:
        assert self._sheet is not None
        line_id = self._sheet.line.id
        self._tasks.storage(lambda: self._choosing.consider(ids, line_id), self._considered, self._frame.problem)

    def _considered(self, found: Mapping[str, Receiver]) -> None:
        self._known |= found
        self._show()

    def _keep(self) -> None:
        assert self._sheet is not None
        self._touched = True
        self._show()
        line_id, draft = self._sheet.line.id, [row.draft() for row in self._rows if not row.is_empty]
        self._tasks.storage(lambda: self._drafts.keep(line_id, draft), self._frame.saved, self._frame.problem)

    def _fresh_id(self) -> str:
        self._count += 1
        return f"share{self._count}"

    # --- saving ------------------------------------------------------------------------------------------------------

    def save(self, done: Callable[[BatchSheet], None] | None = None, *, quiet: bool = False) -> bool:
        """Make shares of what is typed. False, with a sentence, when something must be mended first; it all stays typed."""
        if self._sheet is None or not self._touched:
            return True
        problem = self._problem()
        if problem is not None:
            if not quiet:
                self._frame.problem(problem)
            return False
        line, rows = self._sheet.line, [row for row in self._rows if not row.is_empty]
        wanted = [(row.household, whole(row.quantity) or 0) for row in rows if row.quantity]
        reasons = {row.household: row.reason for row in rows if row.reason}
        open_rows = [row.draft() for row in rows if not row.quantity]

        def work() -> BatchSheet:
            made = self._supporting.set_shares(line.id, wanted)
            for share in made.shares:
                if reasons.get(share.household_id, "") not in ("", share.override_reason):
                    self._supporting.give_reason(share.id, reasons[share.household_id])
            self._drafts.keep(line.id, [row.draft() for row in rows]) if open_rows else self._drafts.drop(line.id)
            return self._supporting.batch(line.batch_id)

        self._touched = bool(open_rows)
        self._tasks.storage(work, done, self._failed)
        return True

    def _failed(self, problem: Exception) -> None:
        self._touched = True
        self._show()
        self._frame.problem(problem)

    def saved(self, sheet: LineSheet) -> None:
        """The sheet after a Save; the rows stay as they are."""
        if self._sheet is not None and self._sheet.line.id == sheet.line.id:
            self._sheet = sheet
            self._show()

    def _problem(self) -> KnownProblem | None:
        assert self._sheet is not None
        line = self._sheet.line
        try:
            refuse_excess(line.quantity, [whole(row.quantity) or 0 for row in self._rows], line.item_name, line.unit)
        except KnownProblem as problem:
            return problem
        wrong = any(said.tone == "red" for row in self.state.rows for said in row.said.values())
        return KnownProblem("batch.shares_not_ready") if wrong else None

    # --- showing -----------------------------------------------------------------------------------------------------

    def _is_settled(self, household: str) -> bool:
        return household in self._settled()

    def _settled(self) -> dict[str, Mapping[str, int]]:
        assert self._sheet is not None
        return {row.share.household_id: row.share.funding for row in self._sheet.shares if row.share.receipt in HANDED_OVER}

    def _money(self) -> dict[str, dict[str, int]] | None:
        """Row id -> source -> dong; None when more is given than there is."""
        assert self._sheet is not None
        line, rows = self._sheet.line, [row for row in self._rows if whole(row.quantity)]
        given = [(row.household or row.id, whole(row.quantity) or 0) for row in rows]
        if sum(quantity for _, quantity in given) > line.quantity:
            return None
        settled = {one: funding for one, funding in self._settled().items() if one in dict(given)}
        return dict(zip([row.id for row in rows], divide(line, given, settled), strict=True))

    def _show(self) -> None:
        money = self._money()
        settled = self._settled()
        views = []
        given = 0
        for row in self._rows:
            given += whole(row.quantity) or 0
            twice = bool(row.household) and [one.household for one in self._rows].count(row.household) > 1
            over = self._excess(given) if whole(row.quantity) else None
            funding = (money or {}).get(row.id, {})
            receiver, closed = self._known.get(row.household), row.household in settled
            views.append(row_view(row, receiver, funding, self._fields, over, twice, closed))
        if not self._rows or not self._rows[-1].is_empty:
            self._rows.append(Row(id=self._fresh_id()))
            views.append(RowView(self._rows[-1].id))
        remaining, tone = self._remaining(given, money)
        self.state = replace(self.state, rows=tuple(views), remaining=remaining, remaining_tone=tone, unsaved=self._touched)
        self._changed()

    def _excess(self, given: int) -> str | None:
        """The sentence for the rows that go beyond the line."""
        assert self._sheet is not None
        line = self._sheet.line
        if given <= line.quantity:
            return None
        facts: dict[str, Any] = {"given": given, "quantity": line.quantity, "over": given - line.quantity, "unit": line.unit}
        return self._fields.texts("batch.excess", **facts)

    def _remaining(self, given: int, money: Mapping[str, Mapping[str, int]] | None) -> tuple[str, Tone | None]:
        assert self._sheet is not None
        line, texts = self._sheet.line, self._fields.texts
        if money is None:
            return texts("batch.remaining_over", over=given - line.quantity, unit=line.unit), "red"
        spent = add_up(list(money.values()))
        left = {source: amount - spent.get(source, 0) for source, amount in line.funding.items()}
        quantity = line.quantity - given
        if not quantity and not total(left):
            return texts("batch.remaining_none", quantity=line.quantity, unit=line.unit), None
        split = self._fields.by_source(left)
        words = texts("batch.remaining", quantity=quantity, unit=line.unit, money=self._fields.dong(total(left)))
        return f"{words} ({split})" if split else words, None
