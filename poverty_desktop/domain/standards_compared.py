"""One set of indicator states seen under another standard: indicators are the same by their key, never by their number.

From 2022-2025 to 2027-2030 housing area and housing quality change places, means of information goes and waste comes
(standards.md section 3). A state is carried over only where the other standard's threshold was seen, be it in a draft; where it
was not seen, or where the form never asked, the state is "not_asked" and `gaps` says which of the two it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from poverty_desktop.domain.classification import IndicatorState
from poverty_desktop.domain.poverty_standard import Indicator, PovertyStandard

Gap = Literal["threshold", "question"]
""""threshold": the standard's threshold was not found. "question": the form asks nothing about this indicator."""


@dataclass(frozen=True)
class StatesUnder:
    """States and reasons by the numbers "1".."12" of the standard asked for; `gaps` for those that cannot be told."""

    states: Mapping[str, IndicatorState]
    reasons: Mapping[str, str]
    gaps: Mapping[str, Gap] = field(default_factory=dict)


def states_under(
    standard: PovertyStandard, states: Mapping[str, IndicatorState], reasons: Mapping[str, str], numbered_by: PovertyStandard
) -> StatesUnder:
    """The states that `numbered_by` numbers, as `standard` numbers them."""
    if standard.id == numbered_by.id:
        return StatesUnder(states, reasons)
    asked = {one.key: str(one.no) for one in numbered_by.indicators}
    gaps = {str(one.no): gap for one in standard.indicators if (gap := _gap(one, asked))}
    kept = {str(one.no): asked[one.key] for one in standard.indicators if str(one.no) not in gaps}
    found: dict[str, IndicatorState] = {no: states.get(was, "not_asked") for no, was in kept.items()}
    for no in gaps:
        found[no] = "not_asked"
    return StatesUnder(found, {no: reasons.get(was, "") for no, was in kept.items()}, gaps)


def _gap(indicator: Indicator, asked: Mapping[str, str]) -> Gap | None:
    if indicator.key not in asked:
        return "question"
    seen = indicator.threshold_vi or indicator.threshold_en
    return None if seen else "threshold"
