"""Leaving a survey while its Save is still under way (a slow hard disk): whatever was typed is in a draft afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Survey
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.screens.survey_screen import SurveyScreen
from poverty_desktop.gui.shell import Shell
from tests.gui.fakes import DictMemory, RecordingFrame
from tests.gui.keyboard import CONTROL, press, type_text
from tests.gui.windows import in_front
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import MO_S, TOWN_S, Commune
from tests.review.test_survey_presenter import LateTasks

Key = Qt.Key


@pytest.fixture
def tasks() -> LateTasks:
    return LateTasks()


@pytest.fixture
def frame() -> RecordingFrame:
    return RecordingFrame()


@pytest.fixture
def presenter(commune: Commune, texts: Texts, tasks: LateTasks, frame: RecordingFrame) -> SurveyPresenter:
    """The survey of Mơ's household, with one answer, and a Save of it under way."""
    made = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    made.open(MO_S)
    tasks.run()
    made.answer("house/floor_area", "24")
    tasks.run()
    made.save()
    return made


def kept(commune: Commune, household: str) -> dict[str, object]:
    return next((one.values for one in commune.drafts.all() if one.notes["household_id"] == household), {})


def test_answers_typed_during_a_save_are_kept_when_one_goes_on_to_another_household(
    commune: Commune, tasks: LateTasks, presenter: SurveyPresenter
) -> None:
    presenter.answer("b1/b1_score", "120")
    presenter.open(TOWN_S)
    tasks.run()
    assert kept(commune, MO_S) == {"b1/b1_score": "120"}
    presenter.answer("b1/b1_score", "176")
    tasks.run()
    assert kept(commune, TOWN_S)["b1/b1_score"] == "176"
    assert kept(commune, MO_S) == {"b1/b1_score": "120"}


def test_a_default_emptied_during_a_save_stays_out_of_the_next_draft(
    commune: Commune, tasks: LateTasks, presenter: SurveyPresenter
) -> None:
    presenter.answer("identification/province", "")
    tasks.run()
    assert kept(commune, MO_S) == {"identification/province": ""}
    assert commune.reviewing.open(MO_S).session.value("identification/province") == ""


def test_a_default_emptied_while_finishing_stays_out_of_the_draft_on_the_finished_survey(
    commune: Commune, texts: Texts, tasks: LateTasks, frame: RecordingFrame
) -> None:
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    presenter.open(MO_S)
    tasks.run()
    for key, text in rural_five(POOR_HOUSE, 120).items():
        presenter.answer(key, text)
    tasks.run()
    presenter.finish()
    presenter.answer("identification/province", "")
    tasks.run()
    assert commune.records.select(Survey)[0].state == "finished"
    assert kept(commune, MO_S) == {"identification/province": ""}


def test_the_next_household_stays_on_the_screen_when_the_save_of_the_last_comes_back(
    tasks: LateTasks, presenter: SurveyPresenter
) -> None:
    presenter.open(TOWN_S)
    tasks.jobs.pop(0)()  # the Save is done, the next survey not read yet
    assert not presenter.state.ready
    tasks.run()
    assert "Nguyễn Văn Thành" in presenter.state.title


def test_a_save_that_fails_after_one_went_on_keeps_both(
    commune: Commune, tasks: LateTasks, presenter: SurveyPresenter, frame: RecordingFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise KnownProblem("save.disk_full", folder="D:")

    presenter.answer("b1/b1_score", "120")
    presenter.open(TOWN_S)
    monkeypatch.setattr(commune.reviewing, "save", full)
    tasks.run()
    assert [getattr(problem, "code", "") for problem in frame.problems] == ["save.disk_full"]
    assert kept(commune, MO_S)["house/floor_area"] == "24"
    assert kept(commune, MO_S)["b1/b1_score"] == "120"


def test_finishing_leaves_the_next_household_alone_when_one_has_gone_on(
    commune: Commune, texts: Texts, tasks: LateTasks, frame: RecordingFrame
) -> None:
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    presenter.open(MO_S)
    tasks.run()
    for key, text in rural_five(POOR_HOUSE, 120).items():
        presenter.answer(key, text)
    tasks.run()
    presenter.finish()
    presenter.answer("result/result_note", "ghi thêm")
    presenter.open(TOWN_S)
    tasks.run()
    assert commune.records.select(Survey)[0].state == "finished"
    assert kept(commune, MO_S) == {"result/result_note": "ghi thêm"}
    assert "Nguyễn Văn Thành" in presenter.state.title
    assert frame.went == []
    assert frame.told


class Elsewhere(Screen):
    place = "review"


@pytest.fixture
def shell(qtbot, commune: Commune, texts: Texts, tasks: LateTasks) -> Iterator[Shell]:
    def survey() -> SurveyScreen:
        screen = SurveyScreen(SurveyPresenter(commune.reviewing, tasks, texts, shell), texts)
        screen.bind()
        return screen

    shell = Shell(texts, {"survey": survey, "review": lambda: Elsewhere(texts)}, DictMemory())
    in_front(qtbot, shell)
    shell.go("review")
    yield shell
    shell.close()


def test_a_word_half_typed_when_finishing_comes_back_is_kept(shell: Shell, commune: Commune, tasks: LateTasks) -> None:
    draft = commune.reviewing.open(MO_S).draft
    commune.reviewing.keep(draft.id, rural_five(POOR_HOUSE, 120), cursor="identification/respondent")
    shell.go("survey", household_id=MO_S)
    tasks.run()
    press(shell, Key.Key_Return, CONTROL)
    type_text(shell, "Lan")
    tasks.run()
    assert commune.records.select(Survey)[0].state == "finished"
    assert shell.current.place == "review"
    assert kept(commune, MO_S) == {"identification/respondent": "Lan"}


def test_an_answer_the_full_disk_refused_goes_with_the_next_one(
    commune: Commune, texts: Texts, tasks: LateTasks, frame: RecordingFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ "Saved" beside the second answer must not stand over a hole where the first one was."""
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    presenter.open(MO_S)
    tasks.run()
    with monkeypatch.context() as full_disk:
        full_disk.setattr(commune.drafts, "keep", _full)
        presenter.answer("house/floor_area", "24")
        tasks.run()
    assert [getattr(problem, "code", "") for problem in frame.problems] == ["save.disk_full"]
    assert frame.saves == []
    presenter.answer("b1/b1_score", "120")
    tasks.run()
    assert len(frame.saves) == 1
    typed = {"house/floor_area": "24", "b1/b1_score": "120"}
    assert {key: kept(commune, MO_S).get(key) for key in typed} == typed


def test_ctrl_s_takes_along_what_the_full_disk_refused(
    commune: Commune, texts: Texts, tasks: LateTasks, frame: RecordingFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    presenter.open(MO_S)
    tasks.run()
    with monkeypatch.context() as full_disk:
        full_disk.setattr(commune.drafts, "keep", _full)
        presenter.answer("house/floor_area", "24")
        tasks.run()
    presenter.save()
    tasks.run()
    assert commune.records.select(Survey)[0].answers["house/floor_area"] == "24"


def _full(*_: object) -> None:
    raise KnownProblem("save.disk_full", folder="D:")
