"""The twelve indicators of the 2022-2025 standard (Decree 07/2021/NĐ-CP, annex; thresholds: standards.json)."""

from __future__ import annotations

import pytest

from poverty_desktop.forms import INDICATORS, FormDefinition, FormSession, read_outcome
from tests.forms.making import born, household

ADULT = {"full_name": "Hồ Văn Anh", "birth_date": born(40)}
SETTLED = {  # an adult of forty for whom nothing is deprived
    **ADULT,
    "serious_illness": "no",
    "can_work": "yes",
    "activity": "employed",
    "employment": "wage_with_contract",
    "health_insurance": "yes",
    "allowance": "none",
}
GOOD_HOUSE = {
    "wall_durable": "yes",
    "pillar_durable": "yes",
    "roof_durable": "yes",
    "floor_area": "80",
    "water_source": "piped",
    "toilet": "septic",
    "uses_internet": "yes",
    "info_means": "tv smartphone",
}


def person(age: int, **answers: str) -> dict[str, str]:
    return {"full_name": f"Người {age} tuổi", "birth_date": born(age), **answers}


def state(session: FormSession, number: int) -> str:
    return read_outcome(session).deprivations[str(number)]


def reason(session: FormSession, number: int) -> str:
    return read_outcome(session).reasons[str(number)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"can_work": "yes", "activity": "employed", "employment": "wage_without_contract"}, "deprived"),
        ({"can_work": "yes", "activity": "not_employed", "employment": "seeking_work"}, "deprived"),
        ({"can_work": "yes", "activity": "employed", "employment": "wage_with_contract"}, "not_deprived"),
        ({"can_work": "yes", "activity": "employed", "employment": "self_employed_agri"}, "not_deprived"),
        ({"can_work": "no"}, "not_applicable"),
        ({"can_work": "yes", "activity": "studying"}, "not_applicable"),
        ({"can_work": "yes", "activity": "not_employed", "employment": "not_in_labour_force"}, "not_applicable"),
        ({"can_work": "yes", "activity": "employed"}, "not_asked"),
        ({}, "not_asked"),
    ],
)
def test_indicator_1_employment(phieu_b: FormDefinition, answers: dict[str, str], expected: str) -> None:
    assert state(household(phieu_b, {**ADULT, **answers}), 1) == expected


def test_indicator_1_names_the_member_and_the_work(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, SETTLED, {**SETTLED, "full_name": "Hồ Thị Bê", "employment": "wage_without_contract"})
    assert reason(session, 1) == "Hồ Thị Bê: Làm công ăn lương không có hợp đồng lao động"


def test_indicator_1_does_not_look_at_children(phieu_b: FormDefinition) -> None:
    assert state(household(phieu_b, person(15)), 1) == "not_applicable"
    assert state(household(phieu_b, person(16)), 1) == "not_asked"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([SETTLED, person(15), person(3)], "deprived"),  # 2 of 3
        ([SETTLED, person(15)], "not_deprived"),  # exactly 50% is not more than 50%
        ([{**SETTLED, "allowance": "elderly"}, SETTLED, person(1)], "deprived"),
        ([{**SETTLED, "allowance": "disability"}], "deprived"),
        ([{**SETTLED, "allowance": "other"}], "not_deprived"),
        ([person(16, allowance="none"), SETTLED], "not_deprived"),
        ([ADULT, person(2)], "not_asked"),
        ([ADULT, person(2), person(4)], "deprived"),  # already 2 of 3, whatever the adult answers
        ([ADULT, SETTLED, SETTLED], "not_deprived"),  # at most 1 of 3, whatever the first answers
        ([], "not_asked"),
    ],
)
def test_indicator_2_dependents_are_more_than_half(phieu_b: FormDefinition, members: list[dict[str, str]], expected: str) -> None:
    assert state(household(phieu_b, *members), 2) == expected


def test_indicator_2_counts_and_names_the_dependents(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, SETTLED, person(5), {**SETTLED, "full_name": "Bà Lê", "allowance": "elderly"})
    assert reason(session, 2) == "2/3: Người 5 tuổi, Bà Lê"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([person(15, malnourished="yes")], "deprived"),
        ([person(15, malnourished="no")], "not_deprived"),
        ([person(15)], "not_asked"),
        ([person(3, malnourished="no"), person(9)], "not_asked"),
        ([person(3, malnourished="yes"), person(9)], "deprived"),
        ([person(16)], "not_applicable"),
    ],
)
def test_indicator_3_nutrition_of_children_under_16(
    phieu_b: FormDefinition, members: list[dict[str, str]], expected: str
) -> None:
    assert state(household(phieu_b, *members), 3) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([person(6, health_insurance="no")], "deprived"),
        ([person(6, health_insurance="yes")], "not_deprived"),
        ([person(5)], "not_applicable"),
        ([person(5), person(30, health_insurance="yes")], "not_deprived"),
        ([person(30)], "not_asked"),
    ],
)
def test_indicator_4_health_insurance_from_6_years(phieu_b: FormDefinition, members: list[dict[str, str]], expected: str) -> None:
    assert state(household(phieu_b, *members), 4) == expected


@pytest.mark.parametrize(
    ("age", "answers", "expected"),
    [
        (15, {}, "not_applicable"),
        (31, {}, "not_applicable"),
        (16, {"schooling": "upper_secondary"}, "not_deprived"),
        (17, {"schooling": "not_attending", "qualification": "lower_secondary"}, "not_deprived"),
        (17, {"schooling": "not_attending", "qualification": "primary", "job_training": "no"}, "deprived"),
        (18, {"schooling": "not_attending", "qualification": "lower_secondary", "job_training": "no"}, "deprived"),
        (18, {"schooling": "not_attending", "qualification": "lower_secondary", "job_training": "yes"}, "not_deprived"),
        (30, {"schooling": "not_attending", "qualification": "elementary_vocational"}, "not_deprived"),
        (30, {"schooling": "not_attending", "qualification": "none", "job_training": "no"}, "deprived"),
        (25, {"schooling": "vocational"}, "not_deprived"),
        (25, {"schooling": "not_attending"}, "not_asked"),
        (25, {}, "not_asked"),
    ],
)
def test_indicator_5_education_of_those_16_to_30(
    phieu_b: FormDefinition, age: int, answers: dict[str, str], expected: str
) -> None:
    assert state(household(phieu_b, person(age, **answers)), 5) == expected


@pytest.mark.parametrize(
    ("age", "schooling", "expected"),
    [
        (2, "", "not_applicable"),
        (3, "preschool", "not_deprived"),
        (3, "not_attending", "deprived"),
        (5, "primary", "not_deprived"),
        (6, "primary", "not_deprived"),
        (6, "preschool", "deprived"),
        (11, "primary", "not_deprived"),
        (12, "primary", "deprived"),
        (12, "lower_secondary", "not_deprived"),
        (15, "upper_secondary", "not_deprived"),
        (15, "not_attending", "deprived"),
        (15, "", "not_asked"),
        (16, "", "not_applicable"),
    ],
)
def test_indicator_6_children_of_3_to_15_are_in_their_school(
    phieu_b: FormDefinition, age: int, schooling: str, expected: str
) -> None:
    assert state(household(phieu_b, person(age, schooling=schooling)), 6) == expected


@pytest.mark.parametrize(
    ("wall", "pillar", "roof", "expected"),
    [
        ("no", "no", "yes", "deprived"),
        ("no", "", "no", "deprived"),
        ("no", "yes", "yes", "not_deprived"),
        ("yes", "yes", "", "not_deprived"),
        ("no", "yes", "", "not_asked"),
    ],
)
def test_indicator_7_two_of_three_parts_are_not_durable(
    phieu_b: FormDefinition, wall: str, pillar: str, roof: str, expected: str
) -> None:
    session = household(phieu_b, SETTLED, wall_durable=wall, pillar_durable=pillar, roof_durable=roof)
    assert state(session, 7) == expected


def test_indicator_7_names_the_parts_in_the_language_of_the_officer(phieu_b: FormDefinition) -> None:
    answers = {"wall_durable": "no", "pillar_durable": "yes", "roof_durable": "no"}
    assert reason(household(phieu_b, SETTLED, **answers), 7) == "Tường, Mái"
    assert reason(household(phieu_b, SETTLED, language="en", **answers), 7) == "Walls, Roof"


@pytest.mark.parametrize(("area", "expected"), [("15.9", "deprived"), ("16", "not_deprived"), ("", "not_asked")])
def test_indicator_8_less_than_8_square_metres_a_person(phieu_b: FormDefinition, area: str, expected: str) -> None:
    assert state(household(phieu_b, SETTLED, SETTLED, floor_area=area), 8) == expected


def test_indicator_8_says_the_area_with_a_vietnamese_comma(phieu_b: FormDefinition) -> None:
    assert reason(household(phieu_b, SETTLED, SETTLED, floor_area="15.5"), 8) == "7,75 m² (15,5 m² : 2)"


@pytest.mark.parametrize(
    ("number", "question", "answer", "expected"),
    [
        (9, "water_source", "piped", "not_deprived"),
        (9, "water_source", "drilled_well", "not_deprived"),
        (9, "water_source", "protected_dug_well", "not_deprived"),
        (9, "water_source", "protected_spring", "not_deprived"),
        (9, "water_source", "rain", "not_deprived"),
        (9, "water_source", "bottled", "not_deprived"),
        (9, "water_source", "unsafe_spring", "deprived"),
        (9, "water_source", "unsafe_surface", "deprived"),
        (9, "water_source", "", "not_asked"),
        (10, "toilet", "septic", "not_deprived"),
        (10, "toilet", "pour_flush", "not_deprived"),
        (10, "toilet", "vip", "not_deprived"),
        (10, "toilet", "pit_with_seat", "not_deprived"),
        (10, "toilet", "double_vault", "not_deprived"),
        (10, "toilet", "unhygienic", "deprived"),
        (10, "toilet", "none", "deprived"),
        (10, "toilet", "", "not_asked"),
        (11, "uses_internet", "no", "deprived"),
        (11, "uses_internet", "yes", "not_deprived"),
        (11, "uses_internet", "", "not_asked"),
        (12, "info_means", "none", "deprived"),
        (12, "info_means", "radio", "not_deprived"),
        (12, "info_means", "", "not_asked"),
    ],
)
def test_indicators_9_to_12_follow_their_answer(
    phieu_b: FormDefinition, number: int, question: str, answer: str, expected: str
) -> None:
    session = household(phieu_b, SETTLED, **{question: answer})
    assert state(session, number) == expected
    assert bool(reason(session, number)) == (expected == "deprived")


def test_b2_is_ten_points_for_each_deprived_indicator_and_cannot_be_typed(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, SETTLED, **{**GOOD_HOUSE, "toilet": "none", "uses_internet": "no", "info_means": "none"})
    assert read_outcome(session).b2_score == 30
    session.set("indicators/b2_score", "0")
    assert read_outcome(session).b2_score == 30
    assert session.question("indicators/b2_score").readonly


def test_a_whole_survey_leaves_no_indicator_unasked(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, SETTLED, **GOOD_HOUSE)
    outcome = read_outcome(session)
    assert set(outcome.deprivations.values()) == {"not_deprived", "not_applicable"}
    assert outcome.b2_score == 0
    assert [number for number in INDICATORS if outcome.deprivations[number] == "not_applicable"] == ["3", "5", "6"]
    assert not session.relevant("indicators/unknown_note")


def test_nobody_on_the_roster_means_not_asked_and_never_not_applicable(phieu_b: FormDefinition) -> None:
    outcome = read_outcome(household(phieu_b))
    assert set(outcome.deprivations.values()) == {"not_asked"}


def test_a_member_without_a_birth_date_leaves_the_age_indicators_open(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, {**SETTLED, "birth_date": ""})
    assert {state(session, number) for number in range(1, 7)} == {"not_asked"}
    assert "roster/m1/birth_date" in session.missing()
