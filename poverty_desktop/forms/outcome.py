"""What a filled poverty questionnaire says: the standard outcome fields that every such form computes.

A form of a poverty review has questions *named* (in any group) `area_class`, `b1_score` (or `b1_points`, which comes first,
where the total is typed in the one and computed in the other), `b1_source` ("typed" | "points"),
`b2_score`, `deprived_1` .. `deprived_12` ("1" deprived, "0" not deprived, "na" not applicable, "" not asked) and `because_1` ..
`because_12` (words: which member or answer caused it). The form scores; `domain/classification.py` decides the class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from poverty_desktop.forms.nodes import number_of
from poverty_desktop.forms.session import FormSession

DeprivationState = Literal["deprived", "not_deprived", "not_applicable", "not_asked"]
INDICATORS = tuple(str(number) for number in range(1, 13))
_STATES: Mapping[str, DeprivationState] = {"1": "deprived", "0": "not_deprived", "na": "not_applicable"}


@dataclass(frozen=True)
class FormOutcome:
    """`deprivations` and `reasons` are keyed "1".."12" in the order of the standard; scores are whole points or None."""

    area_class: str | None
    b1_score: int | None
    b1_source: str | None
    b2_score: int | None
    deprivations: Mapping[str, DeprivationState]
    reasons: Mapping[str, str]


def read_outcome(session: FormSession) -> FormOutcome:
    """The outcome fields of a session; fields the form does not have are None or "not_asked"."""
    keys = {question.name: question.path for question in session.definition.questions()}

    def read(name: str) -> str:
        return session.value(keys[name]) if name in keys and session.relevant(keys[name]) else ""

    return FormOutcome(
        area_class=read("area_class") or None,
        b1_score=_whole(read("b1_points") or read("b1_score")),
        b1_source=read("b1_source") or None,
        b2_score=_whole(read("b2_score")),
        deprivations={number: _STATES.get(read(f"deprived_{number}"), "not_asked") for number in INDICATORS},
        reasons={number: read(f"because_{number}") for number in INDICATORS},
    )


def _whole(text: str) -> int | None:
    """Whole points; a text that is not a whole number is no score."""
    number = number_of(text)
    return int(number) if number == number // 1 else None
