"""A household on the screen: the draft of one household with its members, and what a Save makes of it. Pure.

Draft keys are "household.<field>" and "member.<id>.<field>". `opened` holds the stored values of an existing household,
`values` what was typed since; a new record has only `values`. The numbers of the operations that create records stand in
`notes["numbers"]` (record id -> number), so that a draft found again after a power cut makes the same records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from poverty_desktop.domain.household_rules import HEAD, FieldProblem, check_household
from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.protocol.identity import is_id, op_id
from poverty_desktop.services.ports import Change, Draft

HOUSEHOLD_FIELDS: tuple[str, ...] = tuple(name for name in Household.model_fields if name not in ("id", "commune_code"))
MEMBER_FIELDS: tuple[str, ...] = tuple(name for name in HouseholdMember.model_fields if name not in ("id", "household_id"))
CODED_FIELDS = ("relation_to_head", "sex", "ethnic_group", "activity_status")
CARRIED_FIELDS = frozenset({"position", "presence", "ethnic_group", "relation_to_head"})  # a new row may hold them untyped


@dataclass(frozen=True)
class Similar:
    """Somebody on the register who may be the same person: why ("personal_id" | "name_and_year") and where."""

    member_id: str
    reason: str
    full_name: str
    household_id: str
    household_code: str
    head_name: str
    village_name: str


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened to the household: `kind` "class" | "survey" | "support", an ISO day and its facts."""

    kind: str
    day: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class HouseholdSheet:
    """One household as its screen shows it: stored values with the typed ones on top, and what the rules say of them."""

    draft: Draft
    household: dict[str, Any]
    members: list[dict[str, Any]]
    problems: list[FieldProblem]
    similar: list[Similar] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.household["id"] in self.draft.notes.get("numbers", {})

    @property
    def blocking(self) -> list[FieldProblem]:
        """The red problems: they keep the draft from becoming a Save."""
        return [problem for problem in self.problems if problem.tone == "red"]


def household_key(name: str) -> str:
    return f"household.{name}"


def member_key(member_id: str, name: str) -> str:
    return f"member.{member_id}.{name}"


def current(draft: Draft, key: str) -> Any:
    """The value a field shows: typed if it was typed, else as opened."""
    return draft.values[key] if key in draft.values else draft.opened.get(key)


def opened_values(household: Household, members: Iterable[HouseholdMember]) -> dict[str, Any]:
    """Every field of the stored household and its members under its draft key."""
    values = {household_key(name): getattr(household, name) for name in HOUSEHOLD_FIELDS}
    for member in members:
        values |= {member_key(member.id, name): getattr(member, name) for name in MEMBER_FIELDS}
    return values


def member_ids(draft: Draft) -> list[str]:
    """Ids of all members of the draft, removed ones too, in the order of their rows."""
    ids = {key.split(".")[1] for key in (*draft.opened, *draft.values) if key.startswith("member.")}
    return sorted(ids, key=lambda member_id: (current(draft, member_key(member_id, "position")) or 0, member_id))


def household_of(draft: Draft) -> dict[str, Any]:
    return {"id": draft.subject_id} | {name: current(draft, household_key(name)) for name in HOUSEHOLD_FIELDS}


def members_of(draft: Draft) -> list[dict[str, Any]]:
    """The people who live in the household now: those taken off the list in the draft or before are left out."""
    rows = [{"id": one} | {name: current(draft, member_key(one, name)) for name in MEMBER_FIELDS} for one in member_ids(draft)]
    return [row | {"presence": "present"} for row in rows if row["presence"] in (None, "present")]


def changed(draft: Draft) -> dict[str, Any]:
    """What differs from what was opened; a value typed and typed back again is no change."""
    return {key: value for key, value in draft.values.items() if value != draft.opened.get(key)}


def still_new(draft: Draft, now: Draft) -> dict[str, int]:
    """The numbers of the records that the draft would create and that are not there `now`: those of a draft that was put back
    with a copy may have been created by its own Save since."""
    there = {now.subject_id} | {_address(now, key)[0] for key in now.opened}
    return {one: number for one, number in draft.notes.get("numbers", {}).items() if one not in there}


def sheet_of(draft: Draft, today: date) -> HouseholdSheet:
    """The sheet of a draft, checked by the rules on `today`."""
    household, members = household_of(draft), members_of(draft)
    unknown = _unknown_choices(household, members)
    known = [one for one in check_household(household, members, today) if one.key not in {other.key for other in unknown}]
    return HouseholdSheet(draft, household, members, known + unknown)


def _unknown_choices(household: Mapping[str, Any], members: Iterable[Mapping[str, Any]]) -> list[FieldProblem]:
    """A choice that was typed and not recognised stays as its text, and stops the Save: the record wants a code there."""
    cells = [(household_key(name), name, household[name]) for name in ("village_id", "has_merit_member", "no_labour_capacity")]
    cells += [(member_key(row["id"], name), name, row[name]) for row in members for name in CODED_FIELDS]
    return [
        FieldProblem(key, "red", "register.unknown_choice", {"typed": value})
        for key, name, value in cells
        if isinstance(value, str) and not _is_code(name, value)
    ]


def _is_code(name: str, value: str) -> bool:
    """Whether this text may stand in a coded field: a village is named by its id, an ethnic group by two digits."""
    return is_id(value) if name == "village_id" else name == "ethnic_group" and value.isdigit()


def with_values(draft: Draft, values: Mapping[str, Any]) -> Draft:
    """The draft with these values on top, as a draft of its own."""
    return replace(draft, values=draft.values | clean(values), notes=dict(draft.notes))


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored: text in NFC without blanks around, empty text as no value."""
    return {key: (nfc(value) or None) if isinstance(value, str) else value for key, value in values.items()}


def new_member(draft: Draft, ethnic_group: str | None) -> tuple[str, Draft]:
    """A new row at the end of `draft`: the id the member will bear after the Save, and the draft with the row.

    The first row is the head; the ethnic group is that of the row above, else the one given.
    """
    number, rows, member_id = next_number(draft), members_of(draft), promised_id(draft)
    row = {
        "position": max((one["position"] or 0 for one in rows), default=0) + 1,
        "ethnic_group": rows[-1]["ethnic_group"] if rows else ethnic_group,
    } | ({} if rows else {"relation_to_head": HEAD})
    grown = with_values(draft, {member_key(member_id, name): value for name, value in row.items()})
    grown.notes["numbers"] = {**draft.notes.get("numbers", {}), member_id: number}
    return member_id, grown


def promised_id(draft: Draft) -> str:
    """The id of the member that `new_member` would make now."""
    return op_id(draft.id, next_number(draft))


def title_of(draft: Draft) -> str:
    """What the list of drafts calls it: the head's name and the household code, as far as known."""
    rows = members_of(draft)
    head = next((row for row in rows if row["relation_to_head"] == HEAD), rows[0] if rows else {})
    parts = (head.get("full_name"), current(draft, household_key("household_code")))
    return " · ".join(part for part in parts if part)


def is_touched(draft: Draft) -> bool:
    """Whether a person typed something: what was only proposed for a new household does not count."""
    proposed = draft.opened | draft.notes.get("proposed", {})
    return any(value != proposed.get(key) for key, value in draft.values.items())


def next_number(draft: Draft) -> int:
    """The number of the next operation of the group. Numbers of rows that were removed again stay unused (amendment A1)."""
    return max(draft.notes.get("numbers", {}).values(), default=0) + 1


def changes_of(draft: Draft, commune_code: str) -> list[Change]:
    """The operations of the Save: created records under their promised numbers, then the updates, changed fields only."""
    by_record: dict[str, dict[str, Any]] = {}
    for key, value in changed(draft).items():
        record_id, name = _address(draft, key)
        by_record.setdefault(record_id, {})[name] = value
    numbers: Mapping[str, int] = draft.notes.get("numbers", {})
    created = [_creation(draft, one, number, by_record.get(one, {}), commune_code) for one, number in numbers.items()]
    updated = [one for one in by_record if one not in numbers]
    updates = [_update(draft, one, next_number(draft) + place, by_record[one]) for place, one in enumerate(updated)]
    return sorted((change for change in created if change), key=lambda change: change.number) + updates


def _address(draft: Draft, key: str) -> tuple[str, str]:
    """(record id, field name) of a draft key."""
    record, _, name = key.rpartition(".")
    return (draft.subject_id if record == "household" else record.removeprefix("member.")), name


def _creation(draft: Draft, record_id: str, number: int, fields: Mapping[str, Any], commune_code: str) -> Change | None:
    filled = {name: value for name, value in fields.items() if value is not None}
    if record_id == draft.subject_id:
        return Change("c", "household", record_id, number, filled | {"commune_code": commune_code})
    if filled.get("presence", "present") != "present" or not filled.keys() - CARRIED_FIELDS:
        return None  # a row taken off again, or never filled: its number stays a hole
    return Change("c", "household_member", record_id, number, filled | {"household_id": draft.subject_id})


def _update(draft: Draft, record_id: str, number: int, fields: Mapping[str, Any]) -> Change:
    is_household = record_id == draft.subject_id
    key = household_key if is_household else partial(member_key, record_id)
    seen = {name: draft.opened.get(key(name)) for name in fields}
    return Change("u", "household" if is_household else "household_member", record_id, number, dict(fields), seen)
