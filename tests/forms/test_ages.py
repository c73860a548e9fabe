"""Ages in the form: the one age rule of the program (standards.md section 6), on the day of the review."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.dates import age_is_estimated, age_on
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.system.resources import resource
from tests.forms.making import TODAY, household

FORM = FormDefinition.parse(resource("forms", "phieu_b.xml").read_bytes())
DAYS = st.dates(date(1920, 1, 1), date(2026, 12, 31))
PARTIAL = st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from([4, 7, 10]))


@pytest.mark.parametrize(
    ("birth", "age"),
    [("2010-11-22", "16"), ("2010-11-23", "15"), ("2010-12", "16"), ("2010", "16"), ("2026-11-22", "0"), ("2027", ""), ("", "")],
)
def test_ages_are_taken_on_the_day_of_the_review_and_not_today(phieu_b: FormDefinition, birth: str, age: str) -> None:
    session = household(phieu_b, {"birth_date": birth})
    assert session.value("roster/m1/age") == age


def test_another_day_of_review_gives_another_age_and_other_questions(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, {"birth_date": "2010-11-22"})
    assert session.relevant("roster/m1/can_work")
    changed = session.set("identification/surveyed_on", "2026-11-21")
    assert session.value("roster/m1/age") == "15"
    assert {"roster/m1/age", "roster/m1/can_work", "roster/m1/malnourished"} <= changed


def test_an_age_from_the_year_only_is_flagged(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, {"birth_date": "1950"}, {"birth_date": "1950-03-01"})
    assert session.question("roster/m1/age_basis").value == "year_only"
    assert session.relevant("roster/m1/age_basis")
    assert not session.relevant("roster/m2/age_basis")


def test_facts_of_the_register_are_read_only_on_the_laptop_and_open_on_a_phone(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, {"full_name": "An"})
    assert session.question("roster/m1/full_name").readonly
    session.set("deviceid", "collect:abc")
    assert not session.question("roster/m1/full_name").readonly


@given(birth=PARTIAL, day=DAYS)
def test_the_form_reckons_ages_as_the_register_does(birth: str, day: date) -> None:
    answers = {"roster/m/birth_date": birth, "identification/surveyed_on": day.isoformat()}
    session = FormSession(FORM, answers, today=TODAY)
    age = age_on(birth, day)
    assert session.value("roster/m/age") == ("" if age is None else str(age))
    assert (session.value("roster/m/age_by_year") == "1") == age_is_estimated(birth)


def test_a_fact_missing_in_the_register_says_where_to_add_it(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, {"full_name": "An"})
    told = next(problem for problem in session.problems() if problem.key == "roster/m1/birth_date")
    assert told.kind == "required"
    assert "sổ hộ" in told.message
