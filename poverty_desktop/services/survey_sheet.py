"""A Phieu B on the screen: the draft of one survey, what the register knows beforehand, and what a Save makes of it. Pure.

Draft keys are the answer keys of the form ("house/floor_area", "roster/<member id>/schooling"). `opened` holds the answers
of the stored survey, `values` what was typed since (None = emptied). Facts of the register stand in the answers too, so that
the printed survey is whole; they are renewed from the register each time the survey is opened and are never typed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from poverty_desktop.domain.dates import age_on
from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.domain.records import Household, HouseholdMember, ReviewRound, Survey, Village
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.services.ports import Draft, HouseholdLine
from poverty_desktop.services.since_last import LastSurvey

ROSTER = "roster"


@dataclass(frozen=True)
class SurveySheet:
    """One survey as its screen shows it. `survey` is what was stored before, None for a first one.

    `joined` and `left` name people who came to or went from the household since this survey was begun; what was typed about
    those who left stays in the draft and does not count. `carried` are answers of the survey typed before this one (Ctrl+D).
    """

    draft: Draft
    round: ReviewRound
    form: FormDefinition
    session: FormSession
    line: HouseholdLine
    standard: PovertyStandard
    day: str  # ISO day on which ages are measured: that of the survey, today until it is known
    survey: Survey | None = None
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    carried: Mapping[str, str] = field(default_factory=dict)
    newer: str | None = None  # the later version of the form that this survey may move to
    moved_from: str | None = None  # the version it was moved from since it was opened; it can go back
    locked: bool = False  # the round is recognised: to be read, not written
    numbered_by: PovertyStandard | None = None  # the standard in whose order the form numbers its indicators; None: the round's
    last: LastSurvey | None = None  # of an earlier round


@dataclass(frozen=True)
class Facts:
    """What the register says of one household on the day of the review."""

    household: Household
    members: Sequence[HouseholdMember]
    village: Village | None
    commune: str | None
    area_class: str
    year: int
    today: date
    b1_region: str = ""  # region of the B1 table, by the former province (units.json)


def current_answers(draft: Draft) -> dict[str, str]:
    """Every answer: typed if it was typed, else as opened. An empty one is there only where it keeps the form's default out."""
    merged = {**draft.opened.get("answers", {}), **draft.values}
    return {key: value for key, value in merged.items() if value is not None}


def prefilled(form: FormDefinition, facts: Facts) -> dict[str, str | None]:
    """The answers that the register gives, by key; only questions that the form has."""
    household = _household_facts(facts)
    answers: dict[str, str | None] = {}
    for question in form.questions():
        if question.path.startswith(f"{ROSTER}/"):
            for member in facts.members:
                known = _member_facts(member, facts.today)
                if question.name in known:
                    answers[f"{ROSTER}/{member.id}/{question.path.removeprefix(f'{ROSTER}/')}"] = known[question.name]
        elif question.name in household and question.kind not in ("calculate", "note"):
            answers[question.path] = household[question.name]
    return answers


def with_register(answers: Mapping[str, str], known: Mapping[str, str | None]) -> dict[str, str]:
    """The answers with what the register knows: people always as they stand there, the household's where nothing was typed."""
    merged = dict(answers)
    for key, text in known.items():
        if text and (_member_of(key) or key not in answers):
            merged[key] = text
    return merged


def _household_facts(facts: Facts) -> dict[str, str | None]:
    village = facts.village
    return {
        "area_class": facts.area_class,
        "commune": facts.commune,
        "round_year": str(facts.year),
        "village": village.name if village else None,
        "b1_region": facts.b1_region or None,
        "household_code": facts.household.household_code,
    }


def _member_facts(member: HouseholdMember, today: date) -> dict[str, str | None]:
    years = age_on(member.birth_date, today)
    return {
        "full_name": member.full_name,
        "sex": _text(member.sex),
        "birth_date": member.birth_date,
        "age": _text(years),
        "relation_to_head": _text(member.relation_to_head),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def living_roster(answers: Mapping[str, str], living: Sequence[str]) -> dict[str, str]:
    """The answers without those of people who no longer live in the household."""
    return {key: text for key, text in answers.items() if _member_of(key) is None or _member_of(key) in living}


def members_answered(answers: Mapping[str, Any]) -> set[str]:
    """Ids of everybody about whom an answer stands."""
    return {member for key in answers if (member := _member_of(key))}


def _member_of(key: str) -> str | None:
    parts = key.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == ROSTER else None
