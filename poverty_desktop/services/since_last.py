"""What changed since the household's last survey: class, B1 and each indicator. Pure.

Indicators are compared by what they ask, so a survey under another standard can be held against this one as far as both know
an indicator; B1 only where both were scored by one method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poverty_desktop.domain.classification import Explanation
from poverty_desktop.domain.poverty_standard import Indicator, PovertyStandard
from poverty_desktop.domain.records import Survey
from poverty_desktop.domain.standards_compared import states_under

TOLD = ("deprived", "not_deprived", "not_applicable")


@dataclass(frozen=True)
class LastSurvey:
    """The last finished survey of an earlier round, with the year of that round and the standard that judged it."""

    survey: Survey
    year: int
    standard: PovertyStandard
    carried: Mapping[str, str] | None = None  # its answers by the questions of the present form; None: the form is the same


@dataclass(frozen=True)
class IndicatorChange:
    indicator: Indicator
    before: str
    now: str


@dataclass(frozen=True)
class SinceLast:
    """`b1_before` is None where it cannot be compared; `changes` hold indicators that were and are told, and differ."""

    year: int
    class_before: str | None
    class_now: str | None
    b1_before: int | None
    b1_now: int | None
    changes: tuple[IndicatorChange, ...]

    @property
    def anything(self) -> bool:
        differs = self.class_now is not None and self.class_now != self.class_before
        return differs or bool(self.changes) or self.b1_difference != 0

    @property
    def b1_difference(self) -> int:
        return 0 if self.b1_before is None or self.b1_now is None else self.b1_now - self.b1_before


def since_last(last: LastSurvey, now: Explanation) -> SinceLast:
    """The present judgement against the last survey."""
    survey, standard = last.survey, now.standard
    then = states_under(standard, survey.deprivations, survey.deprivation_reasons, last.standard).states
    changes = (IndicatorChange(line.indicator, then.get(str(line.indicator.no), ""), line.state) for line in now.lines)
    one_method = standard.scoring_method == last.standard.scoring_method
    return SinceLast(
        year=last.year,
        class_before=survey.household_class,
        class_now=now.classification.household_class,
        b1_before=survey.b1_score if one_method else None,
        b1_now=now.classification.b1_score,
        changes=tuple(one for one in changes if one.before != one.now and one.before in TOLD and one.now in TOLD),
    )
