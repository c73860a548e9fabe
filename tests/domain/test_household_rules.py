"""What the register refuses, doubts and mentions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from poverty_desktop.domain.household_rules import FieldProblem, check_household, check_member, stops
from poverty_desktop.domain.people import check_personal_id, sex_in_id, year_in_id
from poverty_desktop.system.resources import load_texts

TODAY = date(2026, 11, 23)


def person(**fields: Any) -> dict[str, Any]:
    return {
        "id": "m1",
        "full_name": "Đinh Thị Hường",
        "relation_to_head": 1,
        "sex": 2,
        "birth_date": "1987-05-02",
        "personal_id_number": "051187001234",
        "ethnic_group": "19",
        **fields,
    }


def codes(problems: list[FieldProblem]) -> dict[str, str]:
    return {problem.code: problem.tone for problem in problems}


def test_a_complete_member_has_no_problem() -> None:
    assert check_member(person(), TODAY) == []


@pytest.mark.parametrize(
    ("fields", "code", "tone"),
    [
        ({"full_name": "  "}, "member.name_missing", "red"),
        ({"full_name": "Đinh 2"}, "member.name_with_digit", "amber"),
        ({"birth_date": "2027-01-01"}, "member.birth_in_future", "red"),
        ({"birth_date": "mai"}, "date.unreadable", "red"),
        ({"birth_date": None}, "member.birth_missing", "amber"),
        ({"birth_date": "1987"}, "member.age_by_year", "grey"),
        ({"birth_date": "1901-01-01", "personal_id_number": None}, "member.very_old", "amber"),
        ({"personal_id_number": "05118700A234"}, "member.id_not_digits", "red"),
        ({"personal_id_number": "²51187001234"}, "member.id_not_digits", "red"),
        ({"personal_id_number": "212345678"}, "member.id_length", "red"),
        ({"personal_id_number": "000187001234"}, "member.id_province", "amber"),
        ({"sex": 1}, "member.id_sex", "amber"),
        ({"birth_date": "1988-05-02"}, "member.id_year", "amber"),
        ({"personal_id_number": None}, "member.id_missing", "grey"),
        ({"ethnic_group": None}, "member.ethnic_group_missing", "amber"),
        ({"id_issued_on": "2027-01-01"}, "date.future", "red"),
    ],
)
def test_each_slip_is_named_in_its_tone(fields: dict[str, Any], code: str, tone: str) -> None:
    problems = check_member(person(**fields), TODAY)
    assert codes(problems).get(code) == tone
    assert all(problem.sentence(load_texts("vi")) and problem.sentence(load_texts("en")) for problem in problems)


def test_number_of_a_girl_born_after_2000_is_read_right() -> None:
    assert (sex_in_id("051311000001"), year_in_id("051311000001")) == (2, 2011)
    assert check_personal_id("051311000001", 2, "2011") == []


def test_a_household_needs_exactly_one_head_a_village_and_members() -> None:
    village = {"village_id": "v1"}
    assert codes(check_household({}, [], TODAY)) == {"household.village_missing": "red", "household.no_members": "red"}
    assert "household.no_head" in codes(check_household(village, [person(relation_to_head=3)], TODAY))
    two = [person(), person(id="m2", personal_id_number="051187009999")]
    problems = check_household(village, two, TODAY)
    assert [problem.key for problem in problems if problem.code == "household.two_heads"] == ["member.m2.relation_to_head"]
    assert stops(problems)
    assert check_household(village, [person()], TODAY) == []


def test_a_member_who_died_is_not_judged() -> None:
    gone = person(id="m2", full_name="", presence="died")
    assert check_household({"village_id": "v1"}, [person(), gone], TODAY) == []


def test_one_number_twice_is_a_doubt_that_never_stops() -> None:
    village = {"village_id": "v1"}
    twins = [person(), person(id="m2", relation_to_head=7)]
    assert codes(check_household(village, twins, TODAY)) == {"member.id_twice_here": "amber"}
    found = check_household(village, [person()], TODAY, lambda number, but_not: [("m9", "h9")])
    assert codes(found) == {"member.id_used": "amber"}
    assert not stops(found)
