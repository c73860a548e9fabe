"""What the invented paper forms say: the keys an officer types for each question of Phieu B."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from poverty_desktop.domain.dates import age_on

REFERENCE_DAY = "2026-11-23"

GOOD_HOUSE = {
    "wall_durable": "1",
    "pillar_durable": "1",
    "roof_durable": "1",
    "floor_area": "72",
    "water_source": "1",
    "toilet": "1",
    "uses_internet": "1",
    "info_means": "17",
    "electricity": "1",
}
POOR_HOUSE = {
    **GOOD_HOUSE,
    "wall_durable": "2",
    "pillar_durable": "2",
    "floor_area": "18",
    "water_source": "9",
    "toilet": "7",
    "uses_internet": "2",
    "info_means": "8",
}


@dataclass(frozen=True)
class PaperForm:
    """One filled Phieu B. `house` maps a question to the keys typed; `b1` is the typed total (the official point table was not
    available, so the form asks for it)."""

    household_code: str
    birth_dates: tuple[str, ...]  # of the members, in the order of the roster
    house: Mapping[str, str]
    b1: int
    expected: str  # poor | near_poor | not_poor
    extra: Mapping[str, str] = field(default_factory=dict)

    def keys_for(self, question: str, row: int | None) -> str:
        """What is typed at this question; "" leaves it as it stands. `row` is the member's line in the roster."""
        if row is not None:
            return self._of_member(question, age_on(self.birth_dates[row], REFERENCE_DAY) or 0)
        return {**self.house, "enumerator": "Y Blôi", "b1_score": str(self.b1), "causes": "27", "needs": "1", **self.extra}.get(
            question, ""
        )

    def _of_member(self, question: str, age: int) -> str:
        works = 18 <= age <= 65
        answers = {
            "serious_illness": "2",
            "can_work": "1" if age <= 70 else "2",
            "activity": "3" if age < 18 else "1" if works else "4",
            "employment": "3",
            "schooling": _schooling(age),
            "qualification": "4" if age >= 18 else "3",
            "job_training": "2",
            "health_insurance": "1",
            "malnourished": "2",
            "allowance": "2" if age > 80 else "1",
        }
        return answers.get(question, "")


def _schooling(age: int) -> str:
    """The school of the age: 1 preschool, 2 primary, 3 lower secondary, 4 upper secondary, 8 none."""
    if age < 6:
        return "1"
    if age < 12:
        return "2"
    if age < 16:
        return "3"
    return "4" if age < 18 else "8"
