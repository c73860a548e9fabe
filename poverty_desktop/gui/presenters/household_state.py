"""What the household screen shows, frozen, and how it is made from the sheet of a draft. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from poverty_desktop.domain.household_rules import FieldProblem
from poverty_desktop.domain.records import Village
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Tone
from poverty_desktop.gui.presenters.member_fields import MEMBER_COLUMNS, Choice, MemberFields
from poverty_desktop.services.household_sheet import (
    CARRIED_FIELDS,
    HistoryEntry,
    HouseholdSheet,
    Similar,
    household_key,
    is_touched,
    member_key,
    promised_id,
)

HOUSEHOLD_FIELDS: tuple[str, ...] = (
    "village_id",
    "household_code",
    "phone",
    "permanent_address",
    "current_address",
    "note",
    "has_merit_member",
    "no_labour_capacity",
)
_WORST_FIRST: dict[str, int] = {"red": 0, "amber": 1, "grey": 2}


@dataclass(frozen=True)
class CellState:
    """One field as it is shown: its text, and the worst problem beside it, in words."""

    text: str = ""
    tone: Tone | None = None
    sentence: str = ""


@dataclass(frozen=True)
class RowState:
    """One member: cells by field name. The last row is empty, where the next member begins."""

    id: str
    name: str
    cells: Mapping[str, CellState]
    is_stored: bool = False  # stood in the register before this draft


@dataclass(frozen=True)
class ProblemLine:
    """One line of the list of problems; `key` is the draft key of its field, or "household.members"."""

    key: str
    tone: Tone
    sentence: str


@dataclass(frozen=True)
class SimilarLine:
    sentence: str
    household_id: str


@dataclass(frozen=True)
class HouseholdState:
    """Everything on the household screen. `household_id` stays the same while one household is on screen."""

    household_id: str = ""
    title: str = ""
    is_new: bool = False
    is_changed: bool = False
    can_undo: bool = False
    fields: Mapping[str, CellState] = field(default_factory=dict)
    rows: tuple[RowState, ...] = ()
    problems: tuple[ProblemLine, ...] = ()
    similar: tuple[SimilarLine, ...] = ()
    history: tuple[str, ...] = ()
    villages: tuple[Choice, ...] = ()


class HouseholdView(Protocol):
    def render(self, state: HouseholdState) -> None: ...


@dataclass(frozen=True)
class Opened:
    """What one read of the storage lane brings."""

    sheet: HouseholdSheet
    villages: list[Village]
    history: list[HistoryEntry]
    ethnic_group: str | None


def village_choices(villages: Iterable[Village]) -> tuple[Choice, ...]:
    """Villages by their kind and name ("Thôn Gò Ren"). The number that chooses one is its place in our list, nothing official."""
    return tuple(Choice(one.id, str(place), village_label(one)) for place, one in enumerate(villages, 1))


def village_label(village: Village) -> str:
    has_kind = village.name.casefold().startswith(village.kind.casefold())
    label = village.name if has_kind else f"{village.kind} {village.name}"
    return label[:1].upper() + label[1:]


def _not_reached(sheet: HouseholdSheet) -> set[str]:
    """Cells of the row that is being begun which nobody came to yet: a rule speaks after its field was left, not before."""
    if not sheet.members or sheet.members[-1]["id"] not in sheet.draft.notes.get("numbers", {}):
        return set()
    row = sheet.members[-1]
    typed = [place for place, name in enumerate(MEMBER_COLUMNS) if row[name] is not None and name not in CARRIED_FIELDS]
    return {member_key(row["id"], name) for name in MEMBER_COLUMNS[max(typed, default=0) + 1 :] if row[name] is None}


class StateMaker:
    """Puts words to a sheet."""

    def __init__(self, texts: Texts, fields: MemberFields) -> None:
        self._texts, self._fields = texts, fields

    def make(
        self,
        sheet: HouseholdSheet,
        villages: tuple[Choice, ...],
        similar: Iterable[Similar],
        history: Iterable[HistoryEntry],
        *,
        can_undo: bool,
    ) -> HouseholdState:
        begun = is_touched(sheet.draft)
        spoken = [] if sheet.is_new and not begun else [one for one in sheet.problems if one.key not in _not_reached(sheet)]
        by_key = self._by_key(spoken)
        return HouseholdState(
            household_id=sheet.household["id"],
            title=self._title(sheet),
            is_new=sheet.is_new,
            is_changed=begun,
            can_undo=can_undo,
            fields={name: self._household_cell(name, sheet, by_key) for name in HOUSEHOLD_FIELDS},
            rows=(*self._rows(sheet, by_key), RowState(promised_id(sheet.draft), "", {})),
            problems=tuple(self._lines(sheet, spoken)),
            similar=tuple(self._similar(one) for one in similar),
            history=tuple(self._history(one) for one in history),
            villages=villages,
        )

    def _title(self, sheet: HouseholdSheet) -> str:
        head = next((row for row in sheet.members if row["relation_to_head"] == 1), None)
        if head is not None and head["full_name"]:
            return self._texts("household.title", name=head["full_name"], code=sheet.household["household_code"] or "—")
        return self._texts("household.title_new" if sheet.is_new else "household.title_no_head")

    def _by_key(self, problems: Iterable[FieldProblem]) -> dict[str, FieldProblem]:
        """The worst problem of each field."""
        return {one.key: one for one in sorted(problems, key=lambda one: -_WORST_FIRST[one.tone])}

    def _household_cell(self, name: str, sheet: HouseholdSheet, by_key: Mapping[str, FieldProblem]) -> CellState:
        return self._cell(self._fields.show(name, sheet.household[name]), by_key.get(household_key(name)))

    def _rows(self, sheet: HouseholdSheet, by_key: Mapping[str, FieldProblem]) -> Iterator[RowState]:
        for member in sheet.members:
            keys = {name: member_key(member["id"], name) for name in MEMBER_COLUMNS}
            cells = {name: self._cell(self._fields.show(name, member[name]), by_key.get(key)) for name, key in keys.items()}
            yield RowState(member["id"], member["full_name"] or "", cells, keys["full_name"] in sheet.draft.opened)

    def _cell(self, text: str, problem: FieldProblem | None) -> CellState:
        return CellState(text, problem.tone, problem.sentence(self._texts)) if problem else CellState(text)

    def _lines(self, sheet: HouseholdSheet, spoken: list[FieldProblem]) -> list[ProblemLine]:
        """Red and amber problems, the red ones first, each with the row it stands in; grey ones stay beside their field."""
        places = {member["id"]: place for place, member in enumerate(sheet.members, 1)}
        names = {member["id"]: member["full_name"] for member in sheet.members}
        lines = []
        for one in sorted(spoken, key=lambda one: _WORST_FIRST[one.tone]):
            if one.tone == "grey":
                continue
            sentence = one.sentence(self._texts)
            if one.key.startswith("member."):
                member_id = one.key.split(".")[1]
                sentence = self._texts(
                    "household.problem_of_member",
                    row=places[member_id],
                    name=names[member_id] or self._texts("household.no_name"),
                    sentence=sentence,
                )
            lines.append(ProblemLine(one.key, one.tone, sentence))
        return lines

    def _similar(self, one: Similar) -> SimilarLine:
        facts = {"name": one.full_name, "head": one.head_name, "code": one.household_code or "—", "village": one.village_name}
        return SimilarLine(self._texts(f"household.similar_{one.reason}", **facts), one.household_id)

    def _history(self, entry: HistoryEntry) -> str:
        facts = dict(entry.facts)
        if facts.get("household_class"):
            facts["household_class"] = self._texts(f"households.class_{facts['household_class']}")
        if entry.kind == "support":
            facts["receipt"] = self._texts(f"household.receipt_{facts['receipt']}")
        day = self._fields.show("birth_date", entry.day or None)
        return self._texts(f"household.history_{entry.kind}", day=day, **{k: "—" if v is None else v for k, v in facts.items()})
