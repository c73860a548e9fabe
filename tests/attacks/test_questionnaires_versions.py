"""Moving a survey to another version of its form, or to last year's answers, and back, while keys go on coming."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from tests.gui.fakes import RecordingFrame
from tests.release.test_versions import Place
from tests.release.test_versions import place as place
from tests.release.test_versions import releases as releases
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import MO_S, Commune
from tests.review.conftest import commune as commune
from tests.review.conftest import texts as texts
from tests.review.test_survey_presenter import LateTasks
from tests.year.conftest import last_year

AREA = "house/floor_area"


@pytest.fixture
def tasks() -> LateTasks:
    return LateTasks()


@pytest.fixture
def offered(place: Place, releases: dict, texts: Texts, tasks: LateTasks) -> SurveyPresenter:
    """A typed survey, and a version of its form that came afterwards."""
    begun = place.reviewing()
    begun.keep(begun.open(MO_S).draft.id, rural_five(POOR_HOUSE, 120))
    for release in releases.values():
        place.release(release)
    presenter = SurveyPresenter(place.reviewing(), tasks, texts, RecordingFrame())
    presenter.open(MO_S)
    tasks.run()
    return presenter


def value(presenter: SurveyPresenter, key: str) -> str:
    return presenter._drawn.session.value(key)


def test_to_the_newer_version_and_back_gives_the_survey_as_it_was(offered: SurveyPresenter, tasks: LateTasks) -> None:
    version, answers = offered._now().form.version, offered._drawn.session.answers()
    offered.change_version()
    tasks.run()
    assert offered._now().form.version != version
    offered.change_version()
    tasks.run()
    offered.open(MO_S)
    tasks.run()
    assert (offered._now().form.version, offered._drawn.session.answers()) == (version, answers)


def test_what_is_typed_while_the_survey_is_moved_stands_in_the_new_version(offered: SurveyPresenter, tasks: LateTasks) -> None:
    offered.change_version()
    offered.answer(AREA, "33")
    offered.answer("house/electricity", "none")  # asked under another name there: kept, not shown
    tasks.run()
    assert value(offered, AREA) == "33"
    offered.open(MO_S)
    tasks.run()
    assert value(offered, AREA) == "33"
    assert offered._now().draft.values["house/electricity"] == "none"


def test_what_is_typed_while_last_year_is_taken_over_stays(commune: Commune, texts: Texts, tasks: LateTasks) -> None:
    last_year(commune)
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, RecordingFrame())
    presenter.open(MO_S)
    tasks.run()
    presenter.as_last_year()
    presenter.answer("b1/b1_score", "133")
    presenter.note("b1/b1_score", "hỏi lại")
    tasks.run()
    draft = commune.drafts.all()[0]
    assert (value(presenter, "b1/b1_score"), draft.values["b1/b1_score"]) == ("133", "133")
    assert presenter._now().draft.notes["field_notes"] == draft.notes["field_notes"] == {"b1/b1_score": "hỏi lại"}
