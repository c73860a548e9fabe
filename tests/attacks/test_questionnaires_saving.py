"""A survey that is opened again while its Save is still under way: what both openings type is one draft."""

from __future__ import annotations

from poverty_desktop.domain.records import Survey
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from tests.gui.fakes import RecordingFrame
from tests.review.conftest import MO_S, Commune
from tests.review.conftest import commune as commune
from tests.review.conftest import texts as texts
from tests.review.test_survey_presenter import LateTasks


def test_a_survey_opened_again_during_its_save_goes_on_in_one_draft(commune: Commune, texts: Texts) -> None:
    tasks = LateTasks()
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, RecordingFrame())
    presenter.open(MO_S)
    tasks.run()
    presenter.answer("house/floor_area", "24")
    tasks.run()
    presenter.save()
    presenter.answer("b1/b1_score", "120")
    presenter.open(MO_S)
    tasks.run()
    presenter.answer("house/toilet", "none")
    tasks.run()
    assert [draft.values for draft in commune.drafts.all()] == [{"b1/b1_score": "120", "house/toilet": "none"}]
    presenter.save()
    tasks.run()
    answers = commune.records.select(Survey)[0].answers
    assert [answers[key] for key in ("house/floor_area", "b1/b1_score", "house/toilet")] == ["24", "120", "none"]
