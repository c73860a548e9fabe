"""One household, one survey for each year and standard: side by side, none in the way of the other (standards.md section 1)."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, ReviewRound, Survey
from poverty_desktop.services.reporting import Reporting
from poverty_desktop.storage.workspace import Workspace
from tests.fakes import FakeClock
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import MO_S, REFERENCE, Commune
from tests.review.test_on_the_real_file import household, paper, service
from tests.review.test_reviewing import fill

NOW, NEXT = "mdp_2022_2025", "mdp_2027_2030"


def test_the_review_of_2026_can_be_made_under_both_standards(commune: Commune) -> None:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    assert [(one.year, one.standard.id, one.begun, one.chosen) for one in commune.reviewing.choices()] == [
        (2026, NOW, True, True),
        (2026, NEXT, False, False),
    ]
    commune.reviewing.choose(2026, NEXT)
    assert commune.reviewing.open(MO_S).survey is None
    result = fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    assert result.household_class is None
    both = {one.standard_id: one for one in commune.records.select(Survey)}
    assert {key: one.household_class for key, one in both.items()} == {NOW: "poor", NEXT: None}
    assert both[NEXT].rule["undecided"] == ["b1_cutoffs", "b2_rule"]
    assert both[NEXT].state == "finished"
    commune.reviewing.choose(2026, NOW)
    assert commune.reviewing.open(MO_S).survey == both[NOW]


def test_states_are_stored_by_the_numbers_of_the_standard_of_the_round(commune: Commune) -> None:
    commune.reviewing.choose(2026, NEXT)
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    (survey,) = commune.records.select(Survey)
    assert survey.deprivations["2"] == "deprived"  # dependents: the draft of the annex repeats the wording
    assert survey.deprivations["7"] == survey.deprivations["8"] == survey.deprivations["12"] == "not_asked"
    assert (survey.b1_score, survey.b2_score) == (None, None)


def test_a_year_the_next_standard_covers_has_its_round_under_that_one(commune: Commune) -> None:
    commune.clock.instant = commune.clock.instant.replace(year=2027)
    assert commune.reviewing.current_round().standard_id == NEXT
    assert [(one.standard.id, one.in_force) for one in commune.reviewing.choices()] == [(NEXT, True)]


def test_a_year_without_a_standard_has_no_round(commune: Commune) -> None:
    with pytest.raises(KnownProblem, match="none_on_day"):
        commune.reviewing.begin_round(2031)


def test_a_survey_without_a_class_is_never_recognised(commune: Commune) -> None:
    commune.reviewing.choose(2026, NEXT)
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    current = commune.reviewing.current_round()
    assert commune.reviewing.finished_count(current.id) == 0
    with pytest.raises(KnownProblem, match="nothing_to_recognise"):
        commune.reviewing.recognise(current.id, "215/QĐ-UBND", "2026-12-10")
    assert [one.origin for one in commune.records.select(ClassRecord)] == ["opening"]


def test_the_choice_ends_when_a_newer_year_is_reviewed(commune: Commune) -> None:
    commune.reviewing.choose(2026, NEXT)
    assert commune.reviewing.current_round().standard_id == NEXT
    commune.clock.instant = commune.clock.instant.replace(year=2027)
    commune.reviewing.begin_round(2027)
    assert commune.reviewing.current_round().year == 2027


def test_the_list_on_the_encrypted_file_follows_the_review_that_was_chosen(workspace: Workspace) -> None:
    home, man = household(workspace)
    reviewing = service(workspace)
    sheet = reviewing.open(home)
    reviewing.keep(sheet.draft.id, paper(man))
    reviewing.finish(sheet.draft.id)
    assert reviewing.cases(state="finished").total == 1
    reviewing.choose(2026, NEXT)
    assert (reviewing.cases(state="finished").total, reviewing.cases(state="none").total) == (0, 1)
    reviewing.choose(2026, NOW)
    assert reviewing.cases(state="finished").lines[0].survey_class == "poor"
    assert len(workspace.records.select(ReviewRound)) == 2


def test_a_draft_of_the_other_review_is_no_draft_of_this_one(workspace: Workspace) -> None:
    home, man = household(workspace)
    reviewing = service(workspace)
    reviewing.keep(reviewing.open(home).draft.id, paper(man))
    assert reviewing.cases(state="draft").total == 1
    reviewing.choose(2026, NEXT)
    assert (reviewing.cases(state="draft").total, reviewing.cases().lines[0].survey_state) == (0, None)
    reviewing.choose(2026, NOW)
    assert reviewing.cases().lines[0].survey_state == "draft"


def test_the_report_of_the_year_is_that_of_the_standard_in_force(workspace: Workspace) -> None:
    home, man = household(workspace)
    reviewing = service(workspace)
    sheet = reviewing.open(home)
    reviewing.keep(sheet.draft.id, paper(man))
    reviewing.finish(sheet.draft.id)
    alone = Reporting(workspace.records, workspace.lists, workspace.settings, FakeClock(), REFERENCE).poverty_result(2026)
    reviewing.choose(2026, NEXT)
    beside = Reporting(workspace.records, workspace.lists, workspace.settings, FakeClock(), REFERENCE).poverty_result(2026)
    assert beside == alone
