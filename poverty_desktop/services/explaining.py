"""Why a household is poor, near poor or not: the answers of one survey held against the poverty standard. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from poverty_desktop.domain.classification import Explanation, classify, explain
from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.domain.standards_compared import Gap, states_under
from poverty_desktop.forms import FormOutcome, FormSession, read_outcome
from poverty_desktop.services.points_given import PointsGiven, points_given
from poverty_desktop.services.since_last import SinceLast, since_last
from poverty_desktop.services.survey_sheet import SurveySheet


@dataclass(frozen=True)
class SurveyExplanation:
    """The judgement by the answers as they stand now, with what the form itself says of them.

    `outcome` is numbered as the standard numbers its indicators; `gaps` names those of which neither form nor standard lets us
    tell. `official` is false for a demonstration form: every screen and print must say so. `given` are the answers that gave B1,
    the most points first; empty where B1 is typed. `in_force` is false where the standard is not the one of the day.
    """

    outcome: FormOutcome
    explanation: Explanation
    official: bool
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    given: tuple[PointsGiven, ...] = ()
    since: SinceLast | None = None
    in_force: bool = True

    @property
    def household_class(self) -> str | None:
        """None while the answers so far cannot decide it."""
        return self.explanation.classification.household_class


def outcome_under(
    session: FormSession, standard: PovertyStandard, numbered_by: PovertyStandard | None = None
) -> tuple[FormOutcome, Mapping[str, Gap]]:
    """What the form says, by the numbers of `standard`; `numbered_by` is the standard the form was made for, None for the same.

    A B1 that was worked out by the method of one standard says nothing under a standard whose method was not found: it is None.
    """
    outcome = read_outcome(session)
    if numbered_by is None or numbered_by.id == standard.id:
        return outcome, {}
    found = states_under(standard, outcome.deprivations, outcome.reasons, numbered_by)
    comparable = standard.scoring_method is not None and standard.scoring_method == numbered_by.scoring_method
    b1 = (outcome.b1_score, outcome.b1_source) if comparable else (None, None)
    return replace(outcome, b1_score=b1[0], b1_source=b1[1], deprivations=found.states, reasons=found.reasons), found.gaps


def explain_session(
    session: FormSession,
    standard: PovertyStandard,
    previous_class: str | None = None,
    *,
    on: str | None = None,
    numbered_by: PovertyStandard | None = None,
) -> SurveyExplanation:
    """Judge the answers. With `on`, the ISO day of the survey, a standard that is not in force then is refused (KnownProblem)."""
    outcome, gaps = outcome_under(session, standard, numbered_by)
    judged = classify(standard, outcome.area_class, outcome.b1_score, outcome.b1_source, outcome.deprivations, on=on)
    given = points_given(session) if outcome.b1_source == "points" else ()
    told = explain(standard, judged, outcome.reasons, previous_class)
    return SurveyExplanation(outcome, told, session.definition.official, gaps, given)


def explain_sheet(sheet: SurveySheet, session: FormSession | None = None, *, on: str | None = None) -> SurveyExplanation:
    """The same for a survey on the screen, with what changed since the household's last one. `session`: answers that are only
    tried, in place of those of the sheet."""
    answers = session or sheet.session
    told = explain_session(answers, sheet.standard, sheet.line.household_class, on=on, numbered_by=sheet.numbered_by)
    since = since_last(sheet.last, told.explanation) if sheet.last else None
    return replace(told, since=since, in_force=sheet.standard.covers(sheet.round.starts_on))
