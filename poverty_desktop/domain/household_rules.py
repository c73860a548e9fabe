"""The rules on the register: what stops, what is doubtful, what is worth knowing about a household and its members.

Three tones (design.md section 5): red stops finishing, amber asks for a reason, grey informs. The sentence of a problem is
`problem.<code>` of the catalogue with its facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from poverty_desktop.domain.dates import age_is_estimated, age_on, is_future, is_partial_date
from poverty_desktop.domain.people import check_personal_id
from poverty_desktop.domain.texts import Texts

Tone = Literal["red", "amber", "grey"]
FindPersonalId = Callable[[str, str | None], Sequence[tuple[str, str]]]  # (number, not this member) -> (member, household)

HEAD = 1  # code of relation_to_head
OLDEST_LIKELY_AGE = 110


@dataclass(frozen=True)
class FieldProblem:
    """A problem beside one field. `key` is the field ("birth_date") or the draft key ("member.<id>.birth_date")."""

    key: str
    tone: Tone
    code: str
    facts: dict[str, object] = field(default_factory=dict)

    def sentence(self, texts: Texts) -> str:
        return texts(f"problem.{self.code}", **self.facts)


def check_member(member: Mapping[str, Any], today: date) -> list[FieldProblem]:
    """Problems of one person's own fields (names of `HouseholdMember`); keys are field names."""
    return [
        *_check_name(member),
        *_check_birth(member.get("birth_date"), today),
        *_check_id(member),
        *_check_missing(member),
        *_check_day("id_issued_on", member.get("id_issued_on"), today),
    ]


def check_household(
    household: Mapping[str, Any],
    members: Sequence[Mapping[str, Any]],
    today: date,
    find_personal_id: FindPersonalId | None = None,
) -> list[FieldProblem]:
    """All problems of a household: its fields, each present member's ("member.<id>.<field>"), and those between members.

    `find_personal_id(number, member id)` gives others of the register who bear the same number (`Lists.find_personal_id`). One
    number twice is a doubt, never a refusal: both stay and a person decides (sync.md 3.8).
    """
    present = [member for member in members if member.get("presence", "present") == "present"]
    problems = _check_household_fields(household, present)
    for member in present:
        found = [*check_member(member, today), *_check_twice(member, present, find_personal_id)]
        problems += [FieldProblem(f"member.{member['id']}.{one.key}", one.tone, one.code, one.facts) for one in found]
    return problems


def stops(problems: Sequence[FieldProblem]) -> bool:
    """Whether any of them is red."""
    return any(problem.tone == "red" for problem in problems)


def _check_name(member: Mapping[str, Any]) -> list[FieldProblem]:
    name = (member.get("full_name") or "").strip()
    if not name:
        return [FieldProblem("full_name", "red", "member.name_missing")]
    if any(letter.isdigit() for letter in name):
        return [FieldProblem("full_name", "amber", "member.name_with_digit", {"name": name})]
    return []


def _check_birth(birth: str | None, today: date) -> list[FieldProblem]:
    key = "birth_date"
    if not birth:
        return [FieldProblem(key, "amber", "member.birth_missing")]
    if not is_partial_date(birth):
        return [FieldProblem(key, "red", "date.unreadable", {"typed": birth})]
    if is_future(birth, today):
        return [FieldProblem(key, "red", "member.birth_in_future")]
    age = age_on(birth, today)
    if age is not None and age > OLDEST_LIKELY_AGE:
        return [FieldProblem(key, "amber", "member.very_old", {"age": age})]
    return [FieldProblem(key, "grey", "member.age_by_year", {"age": age})] if age_is_estimated(birth) else []


def _check_day(key: str, day: str | None, today: date) -> list[FieldProblem]:
    if not day:
        return []
    if not is_partial_date(day):
        return [FieldProblem(key, "red", "date.unreadable", {"typed": day})]
    return [FieldProblem(key, "red", "date.future", {"typed": day})] if is_future(day, today) else []


def _check_id(member: Mapping[str, Any]) -> list[FieldProblem]:
    number = member.get("personal_id_number")
    if not number:
        return [FieldProblem("personal_id_number", "grey", "member.id_missing")]
    found = check_personal_id(number, member.get("sex"), member.get("birth_date"))
    return [FieldProblem("personal_id_number", "red" if one.tone == "red" else "amber", one.code, one.facts) for one in found]


def _check_missing(member: Mapping[str, Any]) -> list[FieldProblem]:
    names = ("relation_to_head", "sex", "ethnic_group")
    return [FieldProblem(name, "amber", f"member.{name}_missing") for name in names if not member.get(name)]


def _check_household_fields(household: Mapping[str, Any], present: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    problems = [] if household.get("village_id") else [FieldProblem("household.village_id", "red", "household.village_missing")]
    if not present:
        return [*problems, FieldProblem("household.members", "red", "household.no_members")]
    heads = [member for member in present if member.get("relation_to_head") == HEAD]
    if not heads:
        problems.append(FieldProblem("household.members", "red", "household.no_head"))
    facts: dict[str, object] = {"count": len(heads)}
    return problems + [
        FieldProblem(f"member.{head['id']}.relation_to_head", "red", "household.two_heads", facts) for head in heads[1:]
    ]


def _check_twice(
    member: Mapping[str, Any], present: Sequence[Mapping[str, Any]], find: FindPersonalId | None
) -> list[FieldProblem]:
    number = member.get("personal_id_number")
    if not number:
        return []
    key = "personal_id_number"
    if Counter(other.get(key) for other in present)[number] > 1:
        return [FieldProblem(key, "amber", "member.id_twice_here", {"tail": number[-4:]})]
    here = {other["id"] for other in present}
    elsewhere = [found for found in (find(number, member["id"]) if find else ()) if found[0] not in here]
    return [FieldProblem(key, "amber", "member.id_used", {"tail": number[-4:], "count": len(elsewhere)})] if elsewhere else []
