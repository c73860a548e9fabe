"""A stored survey seen under another standard, another form or another table of points: a view that changes nothing. Pure.

The one side is what was stored when the survey was made (a recognised result is never worked out again), the other the same
answers in the other form under the other standard. What cannot be told stays untold, with the reason: `Row.why` names codes whose
words are `explain.why_<code>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from poverty_desktop.domain.classification import Classification, IndicatorState, classify
from poverty_desktop.domain.poverty_standard import Indicator, PovertyStandard
from poverty_desktop.domain.records import Survey
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.services.explaining import outcome_under
from poverty_desktop.services.survey_opening import known_to
from poverty_desktop.services.survey_sheet import ROSTER

What = Literal["class", "b1", "b2", "indicator"]


@dataclass(frozen=True)
class Scored:
    """One side. `b2_score` is None where the standard has no B2 rule; `states`, `reasons`, `gaps` go by the indicator's key."""

    standard: PovertyStandard
    form: tuple[str, str, str]  # id, version, hash
    area_class: str
    household_class: str | None
    b1_score: int | None
    b1_source: str | None
    b2_score: int | None
    cutoff: int | None
    lacks: tuple[str, ...]
    states: Mapping[str, IndicatorState]
    reasons: Mapping[str, str]
    gaps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One thing that both sides say something of. `before` and `after` are a class, points or a state; None: nothing is said."""

    what: What
    before: str | int | None
    after: str | int | None
    why: tuple[str, ...] = ()
    indicator: Indicator | None = None
    numbers: tuple[int | None, int | None] = (None, None)  # of the indicator, under the one and under the other

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Rescored:
    """Both sides, and a row for class, B1, B2 and each indicator that either standard has."""

    survey_id: str
    household_id: str
    before: Scored
    after: Scored
    rows: tuple[Row, ...]

    @property
    def differences(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.differs)


def rescore(
    survey: Survey,
    form: FormDefinition,
    standard: PovertyStandard,
    *,
    made_under: PovertyStandard,
    numbered_by: PovertyStandard,
    today: date,
) -> Rescored:
    """`made_under` is the standard that judged the survey, `numbered_by` the one `form` was made for. Ages are those of the day
    of the survey; `today` stands in for a survey without one."""
    before = stored(survey, made_under)
    day = date.fromisoformat(survey.surveyed_on) if survey.surveyed_on else today
    session = FormSession(form, known_to(form, survey.answers), today=day, repeat_keys=_roster(survey))
    after = _scored(session, standard, numbered_by)
    return Rescored(survey.id, survey.household_id, before, after, tuple(_rows(before, after)))


def _roster(survey: Survey) -> dict[str, list[str]]:
    members = survey.rule.get("members")
    return {ROSTER: list(members)} if members else {}


def stored(survey: Survey, standard: PovertyStandard) -> Scored:
    """What was decided when the survey was made; nothing is computed."""
    states = survey.deprivations
    cutoff = survey.rule.get("b1_cutoff")
    return Scored(
        standard=standard,
        form=(survey.form_id, survey.form_version, survey.form_hash),
        area_class=survey.area_class,
        household_class=survey.household_class,
        b1_score=survey.b1_score,
        b1_source=survey.b1_source,
        b2_score=survey.b2_score,
        cutoff=cutoff if isinstance(cutoff, int) else None,
        lacks=tuple(survey.rule.get("undecided", ())),
        states={one.key: states.get(str(one.no), "not_asked") for one in standard.indicators},
        reasons={one.key: survey.deprivation_reasons.get(str(one.no), "") for one in standard.indicators},
    )


def _scored(session: FormSession, standard: PovertyStandard, numbered_by: PovertyStandard) -> Scored:
    outcome, gaps = outcome_under(session, standard, numbered_by)
    judged: Classification = classify(standard, outcome.area_class, outcome.b1_score, outcome.b1_source, outcome.deprivations)
    form = session.definition
    return Scored(
        standard=standard,
        form=(form.form_id, form.version, form.hash),
        area_class=outcome.area_class or "",
        household_class=judged.household_class,
        b1_score=outcome.b1_score,
        b1_source=outcome.b1_source,
        b2_score=judged.b2_score if judged.b2_complete else None,
        cutoff=judged.cutoff,
        lacks=judged.lacks,
        states={one.key: one.state for one in judged.contributions},
        reasons={one.key: outcome.reasons.get(str(one.no), "") for one in standard.indicators},
        gaps={standard.indicator(int(number)).key: gap for number, gap in gaps.items()},
    )


def _rows(before: Scored, after: Scored) -> Iterator[Row]:
    yield Row("class", before.household_class, after.household_class, _why_class(before, after))
    yield Row("b1", before.b1_score, after.b1_score, _why_b1(before, after))
    yield Row("b2", before.b2_score, after.b2_score, _why_b2(before, after))
    earlier = {one.key: one for one in before.standard.indicators}
    later = {one.key: one for one in after.standard.indicators}
    for key in dict.fromkeys((*earlier, *later)):
        was, now = earlier.get(key), later.get(key)
        shown = now or was
        told = _state(before, key), _state(after, key)
        numbers = (was.no if was else None, now.no if now else None)
        yield Row("indicator", *told, _why_indicator(before, after, key), shown, numbers)


def _state(side: Scored, key: str) -> str | None:
    """None where this side has no such indicator or cannot tell it."""
    return None if key in side.gaps else side.states.get(key)


def _why_class(before: Scored, after: Scored) -> tuple[str, ...]:
    if after.lacks:
        return after.lacks
    if before.household_class == after.household_class:
        return ()
    asked = [] if after.b1_score is not None else ["b1_open"]
    if before.cutoff != after.cutoff:
        asked.append("cutoff")
    if before.b1_score != after.b1_score and after.b1_score is not None:
        asked.append("b1")
    if before.b2_score != after.b2_score:
        asked.append("b2")
    return tuple(asked)


def _why_b1(before: Scored, after: Scored) -> tuple[str, ...]:
    if before.b1_score == after.b1_score:
        return ()
    if before.standard.scoring_method != after.standard.scoring_method:
        return ("b1_method",)
    return ("b1_open",) if after.b1_score is None else ("points",)


def _why_b2(before: Scored, after: Scored) -> tuple[str, ...]:
    if before.b2_score == after.b2_score:
        return ()
    if after.standard.b2_points is None:
        return ("b2_rule",)
    return ("b2_open",) if after.b2_score is None else ("indicators",)


def _why_indicator(before: Scored, after: Scored, key: str) -> tuple[str, ...]:
    if key in after.gaps:
        return (f"gap_{after.gaps[key]}",)
    if key not in after.states:
        return ("dropped",)
    if key not in before.states:
        return ("new",)
    return () if before.states[key] == after.states[key] else ("answers",)
