"""B1: typed on the official form, from points on the demonstration form (design.md, "No invented points")."""

from __future__ import annotations

import pytest

from poverty_desktop.forms import FormDefinition, read_outcome
from poverty_desktop.forms.points import point_table, points_column
from poverty_desktop.forms.release import convert
from tests.forms.making import household
from tests.release.workbooks import REGIONS, filled

DEMO = {"demo_vehicle": "motorbike", "demo_fridge": "no", "demo_land": "little", "demo_livestock": "cattle"}


@pytest.mark.parametrize(
    ("typed", "ok"), [("0", True), ("140", True), ("300", True), ("301", False), ("-1", False), ("12.5", False)]
)
def test_the_typed_total_lies_between_0_and_300(phieu_b: FormDefinition, typed: str, ok: bool) -> None:
    session = household(phieu_b)
    session.set("b1/b1_score", typed)
    assert (session.question("b1/b1_score").problem is None) == ok


def test_a_typed_total_says_that_it_was_typed(phieu_b: FormDefinition) -> None:
    session = household(phieu_b)
    assert (read_outcome(session).b1_score, read_outcome(session).b1_source) == (None, None)
    session.set("b1/b1_score", "135")
    assert (read_outcome(session).b1_score, read_outcome(session).b1_source) == (135, "typed")


def test_the_official_form_bears_no_points_at_all(phieu_b: FormDefinition) -> None:
    columns = {name for question in phieu_b.questions() for choice in question.choices for name in choice.columns}
    assert not any(name.startswith("points") for name in columns)
    assert phieu_b.official


def test_demonstration_points_depend_on_the_area_class(phieu_b_demo: FormDefinition) -> None:
    session = household(phieu_b_demo)
    for name, answer in DEMO.items():
        assert read_outcome(session).b1_score is None
        session.set(f"b1/{name}", answer)
    assert (read_outcome(session).b1_score, read_outcome(session).b1_source) == (50 + 20 + 30 + 50, "points")
    assert "b1/b1_score" in session.set("identification/area_class", "urban")
    assert read_outcome(session).b1_score == 60 + 25 + 35 + 45


def test_demonstration_points_equal_the_sum_of_the_choices_sheet(phieu_b_demo: FormDefinition) -> None:
    session = household(phieu_b_demo)
    for name, answer in DEMO.items():
        session.set(f"b1/{name}", answer)
    choices = {name: phieu_b_demo.question(f"b1/{name}").choices for name in DEMO}
    expected = sum(int(one.columns["points_rural"]) for name in DEMO for one in choices[name] if one.value == DEMO[name])
    assert read_outcome(session).b1_score == expected


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_section_of_the_demonstration_says_that_it_is_not_official(phieu_b_demo: FormDefinition, language: str) -> None:
    session = household(phieu_b_demo, {"full_name": "An"}, language=language)
    words = {"vi": "KHÔNG CHÍNH THỨC", "en": "NOT OFFICIAL"}[language]
    assert not phieu_b_demo.official
    assert words in phieu_b_demo.title
    for section in session.sections():
        assert words in section.label
        if section.path != "roster":  # a note there would be repeated for each member
            assert session.question(section.keys[0]).kind == "note"


FILLED = ("water_source", "toilet", "internet", "info_means", "electricity")
ANSWERS = {"water_source": "piped", "toilet": "vip", "uses_internet": "no", "electricity": "grid", "info_means": "tv radio"}


def test_points_in_the_columns_of_the_official_form_make_it_compute_b1() -> None:
    form = FormDefinition.parse(convert(filled(FILLED)))
    session = household(form)
    assert not session.relevant("b1/b1_score")
    for name, answer in ANSWERS.items():
        assert read_outcome(session).b1_score is None
        session.set(f"house/{name}", answer)
    numbers = {(row["question"], row["choice"]): row["points"] for row in point_table(form)["rows"]}
    chosen = [(f"house/{name}", choice) for name, answer in ANSWERS.items() for choice in answer.split()]
    assert read_outcome(session).b1_score == sum(numbers[one]["points_rural"] for one in chosen)
    session.set("identification/area_class", "urban")
    assert read_outcome(session).b1_score == sum(numbers[one]["points_urban"] for one in chosen)
    assert read_outcome(session).b1_source == "points"


def test_where_the_table_tells_regions_apart_the_region_of_the_commune_decides() -> None:
    form = FormDefinition.parse(convert(filled(("toilet",), ("points_urban", *REGIONS))))
    session = household(form, toilet="vip")
    assert session.relevant("identification/b1_region")
    assert (read_outcome(session).b1_score, points_column(session)) == (None, "")
    points = {row["choice"]: row["points"] for row in point_table(form)["rows"]}["vip"]
    for region in REGIONS:
        session.set("identification/b1_region", region.removeprefix("points_rural_"))
        assert (read_outcome(session).b1_score, f"points_{points_column(session)}") == (points[region], region)


def test_a_question_that_scores_has_to_be_answered(phieu_b: FormDefinition) -> None:
    assert not household(phieu_b).question("house/electricity").required
    assert household(FormDefinition.parse(convert(filled(("electricity",))))).question("house/electricity").required


def test_without_points_the_region_is_not_asked_and_the_total_is_typed(phieu_b: FormDefinition) -> None:
    session = household(phieu_b)
    assert not session.relevant("identification/b1_region")
    assert not session.relevant("b1/b1_points")
    assert session.relevant("b1/b1_note")
