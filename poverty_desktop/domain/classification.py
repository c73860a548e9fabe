"""From answers to the class: the standard decides, the form only asks and scores (design.md section 4).

Rule of Circular 07/2021/TT-BLĐTBXH as far as seen (standards.md section 4): poor when B1 <= the cut-off of the area class and
B2 >= 30; near-poor when B1 <= the cut-off and B2 < 30; else not poor. B2 is 10 points a deprived indicator.

**What is not asked is never guessed.** While indicators are "not_asked" a class is given only if no answer could change it:
B1 above the cut-off (not poor whatever B2), B2 already at the least for poor (poor), or too few open indicators left to reach
it (near-poor). "average_living_standard" rests on income (a form of its own) and never comes from here.

**What a standard lacks is never invented either.** Where its cut-offs or its B2 rule were not found (2027-2030: no circular yet)
the class is undecided and `Classification.lacks` says what is missing; the words are `explain.lack_<code>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from poverty_desktop.domain.poverty_standard import Indicator, PovertyStandard
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts

IndicatorState = Literal["deprived", "not_deprived", "not_applicable", "not_asked"]
STATES: tuple[IndicatorState, ...] = ("deprived", "not_deprived", "not_applicable", "not_asked")


@dataclass(frozen=True)
class Reason:
    """One step of the judgement; its sentence is `domain.reason.<code>`."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)

    def sentence(self, texts: Texts) -> str:
        return texts(f"domain.reason.{self.code}", **self.facts)


@dataclass(frozen=True)
class Contribution:
    """What one indicator gave to B2."""

    no: int
    key: str
    state: IndicatorState
    points: int


@dataclass(frozen=True)
class Classification:
    """The judgement on one survey. `household_class` is None while it is not certain.

    `b2_score` counts the points so far; it is final when `b2_complete`. `distance` is B1 minus the cut-off: 0 or less lies
    within poverty by income, above 0 outside; None while B1 or the area class is missing. `rule` is what is stored with the
    survey: text, whole numbers and lists only (canonical form of sync.md 3.3).
    """

    household_class: str | None
    b1_score: int | None
    b2_score: int
    b2_complete: bool
    cutoff: int | None
    distance: int | None
    reasons: tuple[Reason, ...]
    contributions: tuple[Contribution, ...]
    rule: dict[str, Any]
    lacks: tuple[str, ...] = ()  # what the standard itself lacks for a class: "b1_cutoffs", "b2_rule"


@dataclass(frozen=True)
class Nearness:
    """How far the class is from another one.

    `b1_step`: points by which B1 would have to rise (above 0) or fall (below 0) to come to the other side of the cut-off.
    `b2_step`: deprivations more (above 0) or fewer (below 0) that would change the class; None where B2 does not decide.
    `flips`: numbers of the indicators each of which alone would change the class, were its state the other one.
    """

    b1_step: int | None = None
    b2_step: int | None = None
    flips: tuple[int, ...] = ()


@dataclass(frozen=True)
class IndicatorLine:
    """One line of the explanation panel. `because` says who or what, as the form found it."""

    indicator: Indicator
    state: IndicatorState
    points: int
    because: str | None


@dataclass(frozen=True)
class Explanation:
    """Everything the panel beside the form shows."""

    standard: PovertyStandard
    classification: Classification
    lines: tuple[IndicatorLine, ...]
    previous_class: str | None = None
    nearness: Nearness = Nearness()

    @property
    def deprived(self) -> tuple[IndicatorLine, ...]:
        return tuple(line for line in self.lines if line.state == "deprived")

    @property
    def not_asked(self) -> tuple[IndicatorLine, ...]:
        return tuple(line for line in self.lines if line.state == "not_asked")

    @property
    def changed(self) -> bool:
        """Whether the class differs from the one before (both known)."""
        now = self.classification.household_class
        return now is not None and self.previous_class is not None and now != self.previous_class


def classify(
    standard: PovertyStandard,
    area_class: str | None,
    b1_score: int | None,
    b1_source: str | None,
    deprivations: Mapping[str, str],
    *,
    on: str | None = None,
) -> Classification:
    """Judge one survey under `standard`; `deprivations` maps "1".."12" to a state, an absent number is "not_asked".

    `on` is the ISO day of the survey. Raises `KnownProblem` "standard.outside_dates" when the standard is not in force on it.
    """
    _refuse_outside_dates(standard, on)
    contributions = tuple(_contribution(standard, one, deprivations) for one in standard.indicators)
    b2 = sum(one.points for one in contributions)
    open_points = sum(_points(standard, one) for one in standard.indicators if _state(one, deprivations) == "not_asked")
    cutoff = (standard.b1_cutoffs or {}).get(area_class or "")
    known = cutoff is not None and b1_score is not None
    lacks = standard.lacks(area_class)
    household_class, reasons = _judge(standard, area_class, cutoff, b1_score, b2, open_points)
    if lacks:
        household_class, reasons = None, [Reason(f"no_{what}", {"standard": standard.name_vi}) for what in lacks]
    return Classification(
        household_class=household_class,
        b1_score=b1_score,
        b2_score=b2,
        b2_complete=open_points == 0 and standard.b2_points is not None,
        cutoff=cutoff,
        distance=b1_score - cutoff if known and b1_score is not None and cutoff is not None else None,
        reasons=tuple(reasons),
        contributions=contributions,
        rule=_rule(standard, area_class, cutoff, b1_source, lacks),
        lacks=lacks,
    )


def explain(
    standard: PovertyStandard,
    classification: Classification,
    because: Mapping[str, str] | None = None,
    previous_class: str | None = None,
) -> Explanation:
    """The panel's content; `because` maps indicator numbers "1".."12" to who or what makes the household deprived."""
    why = because or {}
    states = {one.no: one for one in classification.contributions}
    lines = tuple(
        IndicatorLine(one, states[one.no].state, states[one.no].points, why.get(str(one.no))) for one in standard.indicators
    )
    return Explanation(standard, classification, lines, previous_class, nearness(standard, classification))


def nearness(standard: PovertyStandard, judged: Classification) -> Nearness:
    """What would have to change for another class; nothing of B2 while the class is open or B1 alone decides it."""
    step = None
    if judged.distance is not None:
        step = -judged.distance if judged.distance > 0 else 1 - judged.distance
    if judged.household_class not in ("poor", "near_poor"):
        return Nearness(step)
    least, poor = standard.b2_poor_min or 0, judged.household_class == "poor"
    movable = [one for one in judged.contributions if one.state == ("deprived" if poor else "not_deprived")]
    worth = {one.no: _points(standard, standard.indicator(one.no)) for one in movable}
    away = judged.b2_score - least + 1 if poor else least - judged.b2_score
    flips = tuple(number for number, points in worth.items() if points >= away)
    count = _how_many(sorted(worth.values(), reverse=True), away)
    return Nearness(step, -count if poor and count else count, flips)


def _how_many(worth: list[int], away: int) -> int | None:
    """The fewest of these points that make up `away`; None when all together do not."""
    for count, _ in enumerate(worth, start=1):
        if sum(worth[:count]) >= away:
            return count
    return None


def _refuse_outside_dates(standard: PovertyStandard, on: str | None) -> None:
    if on is not None and not standard.covers(on):
        dates = {"valid_from": standard.valid_from, "valid_to": standard.valid_to}
        raise KnownProblem("standard.outside_dates", standard=standard.name_vi, day=on, **dates)


def _state(indicator: Indicator, deprivations: Mapping[str, str]) -> IndicatorState:
    """The state of an indicator; a word that is none of the four is a bug of the form."""
    word = deprivations.get(str(indicator.no), "not_asked")
    for state in STATES:
        if word == state:
            return state
    raise ValueError(f"indicator {indicator.no} cannot be {word!r}")


def _points(standard: PovertyStandard, indicator: Indicator) -> int:
    return indicator.points if indicator.points is not None else standard.b2_points or 0


def _contribution(standard: PovertyStandard, indicator: Indicator, deprivations: Mapping[str, str]) -> Contribution:
    state = _state(indicator, deprivations)
    return Contribution(indicator.no, indicator.key, state, _points(standard, indicator) if state == "deprived" else 0)


def _judge(
    standard: PovertyStandard, area_class: str | None, cutoff: int | None, b1: int | None, b2: int, open_points: int
) -> tuple[str | None, list[Reason]]:
    if cutoff is None:
        return None, [Reason("area_missing")]
    if b1 is None:
        return None, [Reason("b1_missing", {"cutoff": cutoff})]
    facts: dict[str, object] = {"b1": b1, "cutoff": cutoff, "area": area_class}
    if b1 > cutoff:
        return "not_poor", [Reason("b1_above", facts)]
    least = standard.b2_poor_min or 0
    within = Reason("b1_within", facts)
    figures: dict[str, object] = {"b2": b2, "least": least, "open": open_points}
    if b2 >= least:
        return "poor", [within, Reason("b2_reached", figures)]
    if b2 + open_points < least:
        return "near_poor", [within, Reason("b2_below", figures)]
    return None, [within, Reason("b2_open", figures)]


def _rule(
    standard: PovertyStandard, area_class: str | None, cutoff: int | None, b1_source: str | None, lacks: tuple[str, ...]
) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "standard": standard.id,
        "legal_basis": list(standard.legal_basis),
        "method": standard.scoring_method,
        "area_class": area_class,
        "b1_cutoff": cutoff,
        "b1_comparison": "<=",
        "b1_source": b1_source,
        "b2_least": standard.b2_poor_min,
        "b2_points": {str(one.no): _points(standard, one) for one in standard.indicators},
        "confidence": standard.scoring_confidence,
    }
    return rule | {"undecided": list(lacks)} if lacks else rule
