"""A survey that starts from last year's: what is taken over, what is asked anew, and what waits to be looked at."""

from __future__ import annotations

import hashlib

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import HouseholdMember, Survey
from poverty_desktop.services.last_year import answers_then, can_start, started, to_copy, unconfirmed
from poverty_desktop.services.survey_sheet import SurveySheet
from poverty_desktop.system.resources import resource
from tests.review.answers import GOOD_HOUSE, rural_five
from tests.review.conftest import BABY, GRANNY, HUSBAND, MO, MO_S, SON, TOWN_HEAD, TOWN_S, Commune
from tests.year.conftest import LAST_SURVEY, last_year

ASKED_ANEW = ("can_work", "activity", "employment", "schooling", "allowance")


def opened(commune: Commune, household: str = MO_S) -> SurveySheet:
    return commune.reviewing.open(household)


def begun(commune: Commune) -> SurveySheet:
    return commune.reviewing.as_last_year.begin(opened(commune).draft.id)


def test_what_lasts_is_taken_over_and_what_changes_by_nature_is_asked_anew(commune: Commune) -> None:
    last_year(commune)
    sheet = begun(commune)
    assert sheet.session.value("house/floor_area") == "60"
    assert sheet.session.value("house/info_means") == "tv smartphone"
    assert sheet.session.value(f"roster/{MO}/health_insurance") == "yes"
    assert [name for name in ASKED_ANEW if sheet.session.value(f"roster/{MO}/{name}")] == []
    assert sheet.session.value("b1/b1_score") == ""
    assert sheet.session.value("identification/surveyed_on") == commune.clock.today().isoformat()


def test_who_joined_has_no_last_year_and_who_left_is_not_taken_over(commune: Commune) -> None:
    last_year(commune)
    commune.records.put(
        HouseholdMember(id=TOWN_HEAD, household_id=MO_S, full_name="Hồ Văn Mới", relation_to_head=3, sex=1, birth_date="2010"),
        HouseholdMember(id=GRANNY, household_id=MO_S, full_name="Phạm Thị Bương", sex=2, birth_date="1950", presence="died"),
    )
    sheet = begun(commune)
    assert not [key for key in sheet.draft.values if TOWN_HEAD in key or GRANNY in key]
    assert [key for key in sheet.draft.values if SON in key]


def test_nothing_is_taken_over_before_the_officer_says_so(commune: Commune) -> None:
    last_year(commune)
    sheet = opened(commune)
    assert can_start(sheet)
    assert sheet.session.value("house/floor_area") == ""
    assert commune.drafts.all() == []


def test_the_choice_holds_for_the_next_households_of_the_round_until_taken_back(commune: Commune) -> None:
    last_year(commune)
    commune.records.put(commune.records.get(Survey, LAST_SURVEY).model_copy(  # type: ignore[union-attr]
        update={"id": TOWN_S[:-2] + "99", "household_id": TOWN_S, "answers": {"house/floor_area": "31"}}))  # fmt: skip
    mine = begun(commune)
    other = opened(commune, TOWN_S)
    assert other.session.value("house/floor_area") == "31"
    assert [draft.notes["household_id"] for draft in commune.drafts.all()] == [MO_S]  # looked at only: no draft
    commune.reviewing.as_last_year.leave(mine.draft.id)
    assert opened(commune, TOWN_S).session.value("house/floor_area") == ""


def test_taking_it_back_leaves_what_was_typed(commune: Commune) -> None:
    last_year(commune)
    sheet = begun(commune)
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": "48", "house/toilet": None})
    left = commune.reviewing.as_last_year.leave(sheet.draft.id)
    assert (left.session.value("house/floor_area"), left.session.value("house/water_source")) == ("48", "")
    assert not started(left)


def test_what_an_officer_emptied_is_not_filled_again(commune: Commune) -> None:
    last_year(commune)
    sheet = opened(commune)
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": "48"})
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": None})
    taken = begun(commune)
    assert (taken.session.value("house/floor_area"), taken.session.value("house/info_means")) == ("", "tv smartphone")
    assert "house/floor_area" not in unconfirmed(taken)


def test_a_survey_is_finished_only_when_everything_taken_over_was_looked_at(commune: Commune) -> None:
    last_year(commune)
    sheet = begun(commune)
    anew = {key: text for key, text in rural_five(GOOD_HOUSE, 140).items() if key not in sheet.draft.values}
    commune.reviewing.keep(sheet.draft.id, anew)
    with pytest.raises(KnownProblem) as refused:
        commune.reviewing.finish(sheet.draft.id)
    waiting = unconfirmed(commune.service().open(MO_S))
    assert (refused.value.code, refused.value.facts["count"]) == ("review.unconfirmed", len(waiting))
    assert "house/floor_area" in waiting
    assert "b1/b1_score" not in waiting
    commune.reviewing.as_last_year.confirm(sheet.draft.id, waiting)
    commune.reviewing.finish(sheet.draft.id)
    stored = next(one for one in commune.records.select(Survey, household_id=MO_S) if one.id != LAST_SURVEY)
    assert (stored.state, stored.started_from) == ("finished", LAST_SURVEY)


def test_an_answer_that_was_changed_needs_no_confirming(commune: Commune) -> None:
    last_year(commune)
    sheet = begun(commune)
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": "48"})
    assert "house/floor_area" not in unconfirmed(commune.reviewing.open(MO_S))


def test_what_waits_to_be_confirmed_is_still_known_after_a_save_and_a_restart(commune: Commune) -> None:
    last_year(commune)
    sheet = begun(commune)
    commune.reviewing.as_last_year.confirm(sheet.draft.id, ["house/floor_area"])
    commune.reviewing.save(sheet.draft.id)
    again = commune.service().open(MO_S)
    assert "house/water_source" in unconfirmed(again)
    assert "house/floor_area" not in unconfirmed(again)


def test_a_stored_survey_and_a_household_without_last_year_cannot_start_so(commune: Commune) -> None:
    assert not can_start(opened(commune))
    last_year(commune)
    sheet = opened(commune)
    commune.reviewing.keep(sheet.draft.id, {"house/floor_area": "48"})
    commune.reviewing.save(sheet.draft.id)
    assert not can_start(opened(commune))
    assert not can_start(opened(commune, TOWN_S))


def test_an_unfinished_survey_of_last_year_is_no_start(commune: Commune) -> None:
    last_year(commune, state="saved")
    assert not can_start(opened(commune))


def test_an_answer_the_form_no_longer_understands_is_left_behind(commune: Commune) -> None:
    last_year(commune, {"house/toilet": "of_another_list", "house/gone": "1", f"roster/{BABY}/age": "1"})
    sheet = opened(commune)
    assert "house/toilet" not in to_copy(sheet)
    assert not [key for key in to_copy(sheet) if key.endswith(("/gone", "/age", "/full_name"))]


def test_a_survey_made_with_an_older_version_of_the_form_is_a_start_too(commune: Commune) -> None:
    old = resource("forms", "phieu_b.2026112301.xml").read_bytes()
    last_year(commune, form_version="2026112301", form_hash=hashlib.sha256(old).hexdigest())
    sheet = begun(commune)
    assert sheet.form.version != "2026112301"
    assert sheet.session.value("house/floor_area") == "60"
    assert sheet.session.value(f"roster/{MO}/health_insurance") == "yes"


def test_a_survey_whose_form_is_not_on_this_laptop_is_a_start_by_the_same_questions(commune: Commune) -> None:
    last_year(commune, form_version="1", form_hash="ab" * 32)
    assert begun(commune).session.value("house/floor_area") == "60"


def test_last_year_is_known_for_every_question_also_when_not_started_from_it(commune: Commune) -> None:
    last_year(commune)
    then = answers_then(opened(commune))
    assert then[f"roster/{HUSBAND}/employment"] == "self_employed_agri"
    assert then["house/floor_area"] == "60"
