"""The list of the round: found again as it was left, official only by a readable decision."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ReviewRound
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.review_presenter import ReviewPresenter
from tests.gui.fakes import ImmediateTasks, RecordingFrame
from tests.review.answers import GOOD_HOUSE, urban_one
from tests.review.conftest import MO_S, TOWN_S, URBAN, Commune


@pytest.fixture
def frame() -> RecordingFrame:
    return RecordingFrame()


@pytest.fixture
def presenter(commune: Commune, texts: Texts, frame: RecordingFrame) -> ReviewPresenter:
    presenter = ReviewPresenter(commune.reviewing, ImmediateTasks(), texts, frame)
    presenter.opened()
    return presenter


def finish_town(commune: Commune) -> None:
    sheet = commune.reviewing.open(TOWN_S)
    commune.reviewing.keep(sheet.draft.id, urban_one(GOOD_HOUSE, 150))
    commune.reviewing.finish(sheet.draft.id)


def test_the_round_is_named_with_its_standard_and_days(presenter: ReviewPresenter) -> None:
    assert "2026" in presenter.state.title
    assert "2022-2025" in presenter.state.line
    assert "14/12/2026" in presenter.state.line


def test_households_are_filtered_by_village_state_and_words(commune: Commune, presenter: ReviewPresenter) -> None:
    assert [line.id for line in presenter.state.lines] == [MO_S, TOWN_S]
    presenter.choose_village(URBAN)
    assert [line.id for line in presenter.state.lines] == [TOWN_S]
    presenter.choose_village(None)
    finish_town(commune)
    presenter.choose_state("finished")
    assert [(line.id, line.survey_class) for line in presenter.state.lines] == [(TOWN_S, "near_poor")]
    presenter.choose_state(None)
    presenter.search("ho thi mo")
    assert [line.id for line in presenter.state.lines] == [MO_S]


def test_one_comes_back_to_the_household_after_the_one_typed(presenter: ReviewPresenter, frame: RecordingFrame) -> None:
    presenter.open(MO_S)
    assert frame.went == [("survey", {"household_id": MO_S})]
    presenter.opened()
    assert presenter.state.selected_id == TOWN_S


@pytest.mark.parametrize("day", ["hôm qua", "31/02/2026", "12/2026", "24/11/2026"])
def test_a_day_that_cannot_be_the_day_of_a_decision_changes_nothing(
    commune: Commune, presenter: ReviewPresenter, frame: RecordingFrame, day: str
) -> None:
    finish_town(commune)
    presenter.recognise("215/QĐ-UBND", day, commune.clock.today())
    assert isinstance(frame.problems[0], KnownProblem)
    assert commune.records.select(ReviewRound)[0].state == "open"


def test_recognition_counts_the_finished_and_closes_the_form(
    commune: Commune, presenter: ReviewPresenter, frame: RecordingFrame
) -> None:
    finish_town(commune)
    presenter.begin_recognition()
    assert presenter.state.recognising == 1
    presenter.recognise(" 215/QĐ-UBND ", "20/11/2026", commune.clock.today())
    assert presenter.state.recognising is None
    assert presenter.state.recognised
    assert "215/QĐ-UBND" in presenter.state.line
    assert "1 hộ" in frame.told[0][1]
