"""The review as a service: what is kept, what a survey is stamped with, who is poor under which rule."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, HouseholdMember, ReviewRound, Survey
from poverty_desktop.services.reviewing import SurveyResult
from poverty_desktop.system.released_forms import DEMONSTRATION
from tests.review.answers import GOOD_HOUSE, POOR_HOUSE, rural_five, urban_one
from tests.review.conftest import BABY, COMMUNE, GRANNY, MO, MO_S, RURAL, SON, TOWN_S, Commune, an_id, person


def fill(commune: Commune, household: str, answers: dict[str, str]) -> SurveyResult:
    sheet = commune.reviewing.open(household)
    commune.reviewing.keep(sheet.draft.id, answers)
    return commune.reviewing.finish(sheet.draft.id)


def the_survey(commune: Commune) -> Survey:
    return commune.records.select(Survey)[0]


@pytest.mark.parametrize(
    ("household", "answers", "expected"),
    [
        (MO_S, rural_five(POOR_HOUSE, 120), "poor"),
        (MO_S, rural_five(POOR_HOUSE, 140), "poor"),
        (MO_S, rural_five(GOOD_HOUSE, 120), "near_poor"),
        (MO_S, rural_five(POOR_HOUSE, 141), "not_poor"),
        (TOWN_S, urban_one(POOR_HOUSE | {"uses_internet": "no"}, 175), "poor"),
        (TOWN_S, urban_one(GOOD_HOUSE, 150), "near_poor"),
        (TOWN_S, urban_one(GOOD_HOUSE, 176), "not_poor"),
    ],
)
def test_the_class_follows_b1_of_the_area_and_the_deprivations(
    commune: Commune, household: str, answers: dict[str, str], expected: str
) -> None:
    assert fill(commune, household, answers).household_class == expected


def test_the_round_of_2026_is_begun_once_under_the_prolonged_standard(commune: Commune) -> None:
    first = commune.reviewing.begin_round(2026)
    assert commune.reviewing.begin_round(2026).id == first.id == commune.reviewing.current_round().id
    assert (first.standard_id, first.starts_on, first.ends_on) == ("mdp_2022_2025", "2026-09-01", "2026-12-14")
    assert len(commune.records.select(ReviewRound)) == 1


def test_a_finished_survey_keeps_form_standard_rule_and_reasons(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    survey = the_survey(commune)
    assert (survey.state, survey.form_id, len(survey.form_hash)) == ("finished", "phieu_b", 64)
    assert (survey.standard_id, survey.area_class) == ("mdp_2022_2025", "rural")
    assert (survey.b1_score, survey.b1_source, survey.b2_score) == (120, "typed", 50)  # 2, 7, 8, 9 and 10
    assert survey.deprivations["7"] == "deprived"
    assert survey.deprivations["5"] == "not_applicable"
    assert "24" in survey.deprivation_reasons["8"]
    assert (survey.rule["b1_cutoff"], survey.rule["b2_least"]) == (140, 30)
    assert (survey.causes, survey.enumerator) == (["no_capital"], "Đinh Văn Sơn")


def test_points_of_the_demonstration_form_are_marked_as_points_and_never_official() -> None:
    commune = Commune(form=DEMONSTRATION)
    answers = rural_five(POOR_HOUSE, 0) | {
        "b1/demo_vehicle": "bicycle", "b1/demo_fridge": "no", "b1/demo_land": "little", "b1/demo_livestock": "poultry",
    }  # fmt: skip
    del answers["b1/b1_score"]
    result = fill(commune, MO_S, answers)
    assert not result.explained.official
    assert the_survey(commune).b1_source == "points"


def test_the_roster_comes_from_the_register_with_the_ages_of_the_survey_day(commune: Commune) -> None:
    session = commune.reviewing.open(MO_S).session
    assert len(session.instances("roster")) == 5
    assert session.value(f"roster/{MO}/full_name") == "Hồ Thị Mơ"
    assert session.value(f"roster/{MO}/age") == "39"
    assert session.value("identification/area_class") == "rural"
    assert session.value("identification/village") == "Gò Ren"
    assert session.value("identification/commune") == "Xã Sơn Hà"
    assert session.value("identification/surveyed_on") == "2026-11-23"


def test_looking_at_a_survey_leaves_no_draft(commune: Commune) -> None:
    sheet = commune.reviewing.open(MO_S)
    assert commune.drafts.all() == []
    assert commune.reviewing.save(sheet.draft.id) is None


def test_a_kept_answer_is_found_by_the_next_process_with_the_place_of_the_cursor(commune: Commune) -> None:
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": "24"}, cursor="house/floor_area")
    again = commune.service().open(MO_S)
    assert again.draft.id == sheet.draft.id
    assert again.session.value("house/floor_area") == "24"
    assert again.draft.notes["cursor"] == "house/floor_area"


def test_an_incomplete_survey_can_be_saved_and_has_no_class(commune: Commune) -> None:
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": "24"})
    commune.reviewing.save(sheet.draft.id)
    survey = the_survey(commune)
    assert (survey.state, survey.household_class, survey.b2_score) == ("saved", None, None)
    assert survey.answers["house/floor_area"] == "24"
    assert commune.drafts.all() == []


def test_what_is_missing_stops_finishing_and_keeps_the_draft(commune: Commune) -> None:
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": "24"})
    with pytest.raises(KnownProblem, match=r"review\.unfinished"):
        commune.reviewing.finish(sheet.draft.id)
    assert commune.drafts.get(sheet.draft.id) is not None


def test_a_doubt_needs_a_reason_that_is_kept(commune: Commune) -> None:
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, rural_five(POOR_HOUSE | {"floor_area": "1200"}, 120))
    with pytest.raises(KnownProblem, match=r"review\.doubts_open"):
        commune.reviewing.finish(sheet.draft.id)
    commune.reviewing.accept(sheet.draft.id, "house/floor_area", "Nhà dài của cả dòng họ")
    commune.service().finish(sheet.draft.id)
    assert the_survey(commune).accepted_doubts == {"house/floor_area": "Nhà dài của cả dòng họ"}


def test_a_reopened_survey_writes_only_what_changed(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    fill(commune, MO_S, {"b1/b1_score": "150"})
    _, change = commune.records.operations[-1]
    assert change.kind == "u"
    assert set(change.fields) == {"answers.b1/b1_score", "b1_score", "household_class"}
    assert change.seen["answers.b1/b1_score"] == "120"
    assert (the_survey(commune).household_class, len(commune.records.select(Survey))) == ("not_poor", 1)


def test_reopening_and_saving_without_a_change_makes_no_operation(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    before = len(commune.records.operations)
    fill(commune, MO_S, {})
    assert len(commune.records.operations) == before


def test_somebody_who_joined_is_asked_about_and_nothing_typed_is_dropped(commune: Commune) -> None:
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, {f"roster/{SON}/serious_illness": "no"})
    commune.records.put(person(an_id(17), MO_S, 5, "Đinh Văn Mới", 3, 1, "2026-10-01"))
    again = commune.service().open(MO_S)
    assert again.joined == ("Đinh Văn Mới",)
    assert len(again.session.instances("roster")) == 6
    assert again.session.value(f"roster/{SON}/serious_illness") == "no"


def test_answers_about_somebody_who_left_are_kept_and_do_not_count(commune: Commune) -> None:
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, {f"roster/{BABY}/malnourished": "yes"})
    left = commune.records.get(HouseholdMember, BABY)
    assert left is not None
    commune.records.put(left.model_copy(update={"presence": "moved_out"}))
    again = commune.service().open(MO_S)
    assert again.left == ("Đinh Thị Út",)
    assert BABY not in again.session.instances("roster")
    commune.reviewing.save(sheet.draft.id)
    assert the_survey(commune).answers[f"roster/{BABY}/malnourished"] == "yes"
    assert BABY not in the_survey(commune).rule["members"]


def test_date_and_reviewer_are_carried_to_the_next_paper(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120) | {"identification/surveyed_on": "2026-11-20"})
    session = commune.reviewing.open(TOWN_S).session
    assert session.value("identification/enumerator") == "Đinh Văn Sơn"
    assert session.value("identification/surveyed_on") == "2026-11-20"
    assert session.value("house/floor_area") == ""


def test_recognition_makes_class_history_and_closes_the_round(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(GOOD_HOUSE, 120))
    current = commune.reviewing.current_round()
    assert commune.reviewing.recognise(current.id, "215/QĐ-UBND", "2026-12-10") == 1
    entry = next(one for one in commune.records.select(ClassRecord, household_id=MO_S) if one.origin == "review")
    assert (entry.household_class, entry.decision_no, entry.effective_on) == ("near_poor", "215/QĐ-UBND", "2026-12-10")
    assert entry.member_count == 5
    sheet = commune.reviewing.open(MO_S)
    assert sheet.locked
    commune.reviewing.keep(sheet.draft.id, {"b1/b1_score": "20"})
    with pytest.raises(KnownProblem, match=r"review\.recognised"):
        commune.reviewing.save(sheet.draft.id)


@pytest.mark.parametrize(("number", "code"), [("", "decision_missing"), ("215/QĐ-UBND", "nothing_to_recognise")])
def test_recognition_without_a_decision_or_a_result_changes_nothing(commune: Commune, number: str, code: str) -> None:
    current = commune.reviewing.current_round()
    with pytest.raises(KnownProblem, match=code):
        commune.reviewing.recognise(current.id, number, "2026-12-10")
    assert commune.reviewing.current_round().state == "open"


def test_a_value_changed_underneath_can_be_taken_with_the_typed_ones_on_top(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, {"b1/b1_score": "150"})
    stored = the_survey(commune)
    commune.records.put(stored.model_copy(update={"answers": stored.answers | {"house/floor_area": "30"}}))
    again = commune.reviewing.take_current(sheet.draft.id)
    assert again.session.value("house/floor_area") == "30"
    assert again.session.value("b1/b1_score") == "150"


def test_households_are_listed_by_village(commune: Commune) -> None:
    page = commune.reviewing.cases(village_id=RURAL)
    assert [line.id for line in page.lines] == [MO_S]
    assert [village.commune_code for village in commune.reviewing.villages()] == [COMMUNE, COMMUNE]


def test_an_allowance_of_an_old_person_makes_a_dependent(commune: Commune) -> None:
    """Indicator 2: more than half of the members are children under 16 or old people with a monthly allowance."""
    fill(commune, MO_S, rural_five(GOOD_HOUSE, 120))
    assert the_survey(commune).deprivations["2"] == "deprived"
    fill(commune, MO_S, {f"roster/{GRANNY}/allowance": "none"})
    assert the_survey(commune).deprivations["2"] == "not_deprived"


@pytest.mark.parametrize("year", [1980, 2017, 2025, 2056])
def test_a_clock_years_wrong_begins_no_round(commune: Commune, year: int) -> None:
    commune.clock.instant = commune.clock.instant.replace(year=year)
    with pytest.raises(KnownProblem) as told:
        commune.reviewing.open(MO_S)
    assert told.value.code == "review.clock_wrong"
    assert commune.records.operations == []
