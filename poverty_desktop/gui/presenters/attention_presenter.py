"""What the province keeps aside: one Save at a time, why, and what the officer does about it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.gui.presenters.sync_words import moment, number
from poverty_desktop.services.attending import Attending, AttentionSheet, ClosedSheet, FieldSheet


@dataclass(frozen=True)
class AttentionState:
    """What the screen shows; `selected` is the place in `lines`, -1 when there is none. `lines`: the title, and its reason."""

    loaded: bool = False
    lines: tuple[tuple[str, str], ...] = ()
    selected: int = -1
    title: str = ""
    by: str = ""
    why: str = ""
    fields: tuple[str, ...] = ()
    others: str = ""
    advice: str = ""
    correctable: bool = False
    reason: str = ""
    reason_problem: str = ""
    busy: bool = False
    told: str = ""
    closed: tuple[str, ...] = ()  # what never gets an effect: a few lines each, newest first


class AttentionView(Protocol):
    def render(self, state: AttentionState) -> None: ...


class AttentionPresenter:
    def __init__(
        self, backstage: Backstage, frame: Frame, attending: Attending, texts: Texts, done: Callable[[], None] = lambda: None
    ) -> None:
        """`done` hears of everything that was decided here (the sign in the status line)."""
        self._backstage, self._frame, self._attending, self._texts = backstage, frame, attending, texts
        self._heard = done
        self.view: AttentionView | None = None
        self._sheets: list[AttentionSheet] = []
        self.state = AttentionState()

    def load(self) -> None:
        self._backstage.storage(lambda: (self._attending.sheets(), self._attending.closed()), self._loaded)

    def select(self, place: int) -> None:
        """Look at another one; a reason that was begun for this one is forgotten, for nothing was decided."""
        if 0 <= place < len(self._sheets) and place != self.state.selected:
            self._open(place)

    def type_reason(self, text: str) -> None:
        self._show(replace(self.state, reason=text, reason_problem=""))

    def correct(self) -> None:
        """Open the record; what is saved there goes to the province with the rest of this Save."""
        sheet = self._open_sheet()
        if sheet is not None and sheet.place is not None:
            place, facts = sheet.place
            self._frame.go(place, **facts)

    def send_again(self) -> None:
        sheet = self._open_sheet()
        if sheet is not None:
            self._do(sheet, lambda: self._attending.send_again(sheet.id), "attention.sent_again")

    def give_up(self) -> None:
        """Only with a reason."""
        sheet, reason = self._open_sheet(), self.state.reason
        if sheet is None:
            return
        if not reason.strip():
            self._show(replace(self.state, reason_problem=self._texts("attention.reason_missing")))
            return
        self._do(sheet, lambda: self._attending.give_up(sheet.id, reason), "attention.given_up")

    # --- inside ----------------------------------------------------------------------------------------------------------

    def _open_sheet(self) -> AttentionSheet | None:
        return self._sheets[self.state.selected] if self.state.selected >= 0 and not self.state.busy else None

    def _do(self, sheet: AttentionSheet, act: Callable[[], datetime], told: str) -> None:
        self._show(replace(self.state, busy=True))
        self._backstage.storage(act, lambda at: self._decided(at, self._texts(told, title=sheet.title)), self._refused)

    def _decided(self, at: datetime, told: str) -> None:
        self._frame.saved(at)
        self._heard()
        self._show(replace(self.state, busy=False, told=told))
        self.load()

    def _refused(self, problem: Exception) -> None:
        self._show(replace(self.state, busy=False))
        self._frame.problem(problem)
        self.load()

    def _loaded(self, found: tuple[list[AttentionSheet], list[ClosedSheet]]) -> None:
        """Stay at the same one where it still stands, else go to the next; a reason that is being written stays with its own."""
        before = self._sheets[self.state.selected].id if 0 <= self.state.selected < len(self._sheets) else ""
        reason, (sheets, closed) = self.state.reason, found
        self._sheets = sheets
        lines = tuple((sheet.title, self._why(sheet)) for sheet in sheets)
        place = next((place for place, sheet in enumerate(sheets) if sheet.id == before), None)
        self.state = replace(self.state, loaded=True, lines=lines, closed=tuple(self._closed(one) for one in closed))
        self._open(min(max(self.state.selected, 0), len(sheets) - 1) if place is None else place)
        if place is not None:
            self.type_reason(reason)

    def _open(self, place: int) -> None:
        now = self.state
        kept = AttentionState(loaded=True, lines=now.lines, selected=place, told=now.told, closed=now.closed)
        if place < 0:
            self._show(kept)
            return
        sheet, texts = self._sheets[place], self._texts
        when = moment(sheet.at) or texts("conflict.unknown_moment")
        self._show(
            replace(
                kept,
                title=sheet.title,
                by=texts("attention.by", who=sheet.who, moment=when),
                why=self._why(sheet),
                fields=tuple(self._field(field) for field in sheet.fields) or (texts("attention.no_fields"),),
                others=texts("attention.others", count=number(sheet.others)) if sheet.others else "",
                advice=self._advice(sheet),
                correctable=sheet.place is not None,
            )
        )

    def _closed(self, sheet: ClosedSheet) -> str:
        texts = self._texts
        who, when = sheet.who or texts("attention.closed_province"), moment(sheet.at) or texts("conflict.unknown_moment")
        typed = "; ".join(self._field(field) for field in sheet.fields) or texts("attention.no_fields")
        decided = texts("attention.closed_by", who=who, moment=when, why=sheet.why)
        return f"{sheet.title}\n{texts('attention.closed_typed', typed=typed)}\n{decided}"

    def _why(self, sheet: AttentionSheet) -> str:
        key = f"attention.reason.{sheet.reason}"
        return self._texts(key if self._texts.has(key) else "attention.unknown_reason")

    def _advice(self, sheet: AttentionSheet) -> str:
        if sheet.corrected:
            return self._texts("attention.corrected")
        return self._texts("attention.only_waits") if sheet.reason == "held" else ""

    def _field(self, field: FieldSheet) -> str:
        key = "attention.field_corrected" if field.now else "attention.field"
        return self._texts(key, label=field.label, sent=field.sent, **({"now": field.now} if field.now else {}))

    def _show(self, state: AttentionState) -> None:
        self.state = state
        if self.view is not None:
            self.view.render(state)
