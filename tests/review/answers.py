"""What the officer reads from the paper, as answers by key."""

from __future__ import annotations

from tests.review.conftest import BABY, GRANNY, HUSBAND, MO, SON, TOWN_HEAD

WORKER = {
    "serious_illness": "no",
    "can_work": "yes",
    "activity": "employed",
    "employment": "self_employed_agri",
    "health_insurance": "yes",
    "allowance": "none",
}
SCHOOLBOY = {"serious_illness": "no", "schooling": "lower_secondary", "health_insurance": "yes", "malnourished": "no"}
INFANT = {"serious_illness": "no", "malnourished": "no"}
OLD = {"serious_illness": "no", "can_work": "no", "health_insurance": "yes", "allowance": "elderly"}
GOOD_HOUSE = {
    "wall_durable": "yes",
    "pillar_durable": "yes",
    "roof_durable": "yes",
    "floor_area": "60",
    "water_source": "piped",
    "toilet": "septic",
    "uses_internet": "yes",
    "info_means": "tv smartphone",
}
POOR_HOUSE = GOOD_HOUSE | {
    "wall_durable": "no",
    "pillar_durable": "no",
    "floor_area": "24",
    "water_source": "unsafe_surface",
    "toilet": "none",
}


def of_people(**people: dict[str, str]) -> dict[str, str]:
    return {f"roster/{member}/{name}": value for member, answers in people.items() for name, value in answers.items()}


def rural_five(house: dict[str, str], b1: int) -> dict[str, str]:
    """The survey of Hồ Thị Mơ's household."""
    people = {MO: WORKER, HUSBAND: WORKER, SON: SCHOOLBOY, BABY: INFANT, GRANNY: OLD}
    answers = of_people(**people) | {f"house/{name}": value for name, value in house.items()}
    return answers | {"b1/b1_score": str(b1), "result/causes": "no_capital", "identification/enumerator": "Đinh Văn Sơn"}


def urban_one(house: dict[str, str], b1: int) -> dict[str, str]:
    """The survey of the single man of the urban village."""
    answers = of_people(**{TOWN_HEAD: WORKER}) | {f"house/{name}": value for name, value in house.items()}
    return answers | {"b1/b1_score": str(b1)}
