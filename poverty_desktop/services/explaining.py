"""Why a household is poor, near poor or not: the answers of one survey held against the poverty standard. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from poverty_desktop.domain.classification import Explanation, classify, explain
from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.forms import FormOutcome, FormSession, read_outcome


@dataclass(frozen=True)
class SurveyExplanation:
    """The judgement by the answers as they stand now, with what the form itself says of them.

    `official` is false for a demonstration form: every screen and print must say so.
    """

    outcome: FormOutcome
    explanation: Explanation
    official: bool

    @property
    def household_class(self) -> str | None:
        """None while the answers so far cannot decide it."""
        return self.explanation.classification.household_class


def explain_session(
    session: FormSession, standard: PovertyStandard, previous_class: str | None = None, *, on: str | None = None
) -> SurveyExplanation:
    """Judge the answers. With `on`, the ISO day of the survey, a standard that is not in force then is refused (KnownProblem)."""
    outcome = read_outcome(session)
    judged = classify(standard, outcome.area_class, outcome.b1_score, outcome.b1_source, outcome.deprivations, on=on)
    return SurveyExplanation(outcome, explain(standard, judged, outcome.reasons, previous_class), session.definition.official)
