"""The form of a new batch: its paper, its funding sources and its lines. Typed text is kept until it becomes records. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from poverty_desktop.domain.money import add_up, format_dong, total
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.support_fields import (
    FAR,
    RowView,
    Said,
    SupportFields,
    canonical,
    read_day,
    shown_day,
    whole,
)
from poverty_desktop.services.ports import Tasks
from poverty_desktop.services.support_drafts import NEW_BATCH, SupportDrafts
from poverty_desktop.services.supporting import Supporting

PAPER_FIELDS = (
    "name",
    "programme_key",
    "project_no",
    "decision_no",
    "decided_on",
    "supplier",
    "handover_on",
    "handover_place",
)
SOURCE_FIELDS = ("source1", "source2", "source3")
MONEY = ("money1", "money2", "money3")
LINE_COLUMNS = ("support_kind", "item_name", "specification", "unit", "quantity", *MONEY)
NEEDED = ("name", "programme_key", "decided_on")
NEEDED_OF_LINE = ("support_kind", "item_name", "unit", "quantity")
DAYS = ("decided_on", "handover_on")
FIRST_SOURCES = {"source1": "central_budget", "source2": "provincial_budget"}


@dataclass(frozen=True)
class PaperState:
    """`values` as shown by field; `sources` the keys of the sources in use by slot ("" = column closed)."""

    values: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Said] = field(default_factory=dict)
    sources: tuple[str, ...] = ("", "", "")
    lines: tuple[RowView, ...] = ()
    total: str = ""


class BatchPaper:
    """Between the paper page and `Supporting.create`. `changed` is called after each change of `state`."""

    def __init__(
        self,
        supporting: Supporting,
        drafts: SupportDrafts,
        tasks: Tasks,
        frame: Frame,
        fields: SupportFields,
        changed: Callable[[], None],
    ) -> None:
        self._supporting, self._drafts, self._tasks, self._frame, self._fields = supporting, drafts, tasks, frame, fields
        self._changed, self._texts = changed, fields.texts
        self._values: dict[str, str] = {}
        self._lines: dict[str, dict[str, str]] = {}
        self._asked = False  # after the first Save what is missing is said
        self._saving = False
        self._count = 0
        self.state = PaperState()

    # --- opening -----------------------------------------------------------------------------------------------------

    def opened(self) -> None:
        """A fresh form, or the half-filled one that was left behind."""
        self._values, self._lines, self._asked = dict(FIRST_SOURCES), {}, False
        self.add_line()
        self._tasks.storage(lambda: self._drafts.kept(NEW_BATCH), self._draft_came)

    def _draft_came(self, draft: Any) -> None:
        if draft:
            self._values, self._lines = dict(draft["values"]), {}
            for line in draft["lines"] or [{}]:
                self._lines[self._fresh_id()] = dict(line)
        self._show()

    # --- typing ------------------------------------------------------------------------------------------------------

    def left(self, name: str, typed: str) -> None:
        """A field was left with this text (a code for a choice)."""
        value = typed.strip()
        if name in DAYS:
            value = self._day(name, value)
        if self._values.get(name, "") != value:
            self._values[name] = value
            self._keep()

    def _day(self, name: str, typed: str) -> str:
        try:
            return read_day(typed, self._fields.today() if name == "decided_on" else FAR)
        except KnownProblem:
            return typed

    def left_cell(self, line_id: str, key: str, typed: str) -> None:
        line = self._lines[line_id]
        line[key] = canonical(typed) if key in (*MONEY, "quantity") else typed
        if key == "support_kind" and not line.get("unit"):
            line["unit"] = self._fields.unit_of(typed)
        self._keep()

    def add_line(self) -> None:
        self._lines[self._fresh_id()] = {}
        self._show()

    def remove_line(self, line_id: str) -> None:
        self._lines.pop(line_id, None)
        if not self._lines:
            self._lines[self._fresh_id()] = {}
        self._keep()

    def _fresh_id(self) -> str:
        self._count += 1
        return f"line{self._count}"

    def _keep(self) -> None:
        self._show()
        draft = {"values": dict(self._values), "lines": [dict(line) for line in self._lines.values() if any(line.values())]}
        self._tasks.storage(lambda: self._drafts.keep(NEW_BATCH, draft), self._frame.saved, self._frame.problem)

    # --- saving ------------------------------------------------------------------------------------------------------

    def save(self, done: Callable[[str], None]) -> None:
        """Make the batch; `done` gets its id. What is missing is said beside its field, and everything typed stays."""
        self._asked = True
        self._show()
        if self._saving:
            return
        if self.state.said or any(line.said for line in self.state.lines):
            self._frame.problem(KnownProblem("batch.not_ready"))
            return
        self._saving = True
        fields, lines = self._record_fields(), [self._record_line(line) for line in self._filled()]
        self._tasks.storage(lambda: self._create(fields, lines), lambda made: self._made(made, done), self._failed)

    def _create(self, fields: dict[str, Any], lines: list[dict[str, Any]]) -> str:
        batch_id = self._supporting.create(fields, lines)
        self._drafts.drop(NEW_BATCH)
        return batch_id

    def _made(self, batch_id: str, done: Callable[[str], None]) -> None:
        self._saving = False
        done(batch_id)

    def _failed(self, problem: Exception) -> None:
        self._saving = False
        self._frame.problem(problem)

    def _record_fields(self) -> dict[str, Any]:
        return {name: self._values[name] for name in PAPER_FIELDS if self._values.get(name)}

    def _record_line(self, line: Mapping[str, str]) -> dict[str, Any]:
        fields: dict[str, Any] = {name: line[name] for name in LINE_COLUMNS if line.get(name) and name not in MONEY}
        fields["quantity"] = int(line["quantity"])
        fields["funding"] = self._funding(line)
        return fields

    def _funding(self, line: Mapping[str, str]) -> dict[str, int]:
        """Source -> dong of what is readable."""
        parts = ({self._values.get(source, ""): whole(line.get(money, "")) or 0} for source, money in _SLOTS)
        return {source: amount for source, amount in add_up(list(parts)).items() if source and amount}

    def _filled(self) -> list[dict[str, str]]:
        return [line for line in self._lines.values() if any(line.values())]

    # --- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        shown = {name: shown_day(value) if name in DAYS else value for name, value in self._values.items()}
        sources = tuple(self._values.get(name, "") for name in SOURCE_FIELDS)
        lines = tuple(self._row(line_id, line) for line_id, line in self._lines.items())
        self.state = PaperState(shown, self._said(), sources, lines, self._total())
        self._changed()

    def _said(self) -> dict[str, Said]:
        said = {}
        for name in DAYS:
            try:
                read_day(shown_day(self._values.get(name, "")), self._fields.today() if name == "decided_on" else FAR)
            except KnownProblem as problem:
                said[name] = self._fields.problem(problem)
        if self._asked:
            missing = [name for name in NEEDED if not self._values.get(name)]
            said |= {name: Said("red", self._texts(f"batch.missing_{name}")) for name in missing}
        used = [self._values[name] for name in SOURCE_FIELDS if self._values.get(name)]
        if len(set(used)) < len(used):
            said["source3" if self._values.get("source3") else "source2"] = Said("red", self._texts("batch.source_twice"))
        return said

    def _row(self, line_id: str, line: Mapping[str, str]) -> RowView:
        value = total(self._funding(line))
        closed = frozenset(money for source, money in _SLOTS if not self._values.get(source))
        values = {**line, "value": str(value) if value else ""}
        return RowView(line_id, values, self._said_of_line(line), closed)

    def _said_of_line(self, line: Mapping[str, str]) -> dict[str, Said]:
        said = {}
        for name in ("quantity", *MONEY):
            if line.get(name) and whole(line[name]) is None:
                said[name] = Said("red", self._texts("batch.not_whole", typed=line[name]))
        if line.get("support_kind") and self._fields.reference.kind(line["support_kind"]) is None:
            said["support_kind"] = Said("red", self._texts("batch.kind_unknown"))
        first_of_all = line is next(iter(self._lines.values()))
        if self._asked and (any(line.values()) or (first_of_all and not self._filled())):
            missing = [name for name in NEEDED_OF_LINE if line.get(name) in (None, "", "0")]
            said |= {name: Said("red", self._texts("batch.missing_in_line")) for name in missing}
        return said

    def _total(self) -> str:
        funding = add_up([self._funding(line) for line in self._filled()])
        words = self._texts("batch.total", lines=len(self._filled()), amount=format_dong(total(funding)))
        split = self._fields.by_source(funding)
        return f"{words} ({split})" if split else words


_SLOTS = tuple(zip(SOURCE_FIELDS, MONEY, strict=True))
