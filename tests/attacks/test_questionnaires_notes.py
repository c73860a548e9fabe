"""A note that was typed on a question stays, whatever key comes next and whatever happens meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.records import Survey
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from tests.gui.fakes import RecordingFrame
from tests.gui.keyboard import CONTROL, NONE, target, type_text
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import MO_S, Commune
from tests.review.conftest import commune as commune
from tests.review.conftest import texts as texts
from tests.review.test_leaving_a_survey import _full
from tests.review.test_survey_presenter import LateTasks
from tests.review.test_survey_screen import Office
from tests.review.test_survey_screen import office as office

Key = Qt.Key
AREA = "house/floor_area"


def noted(commune: Commune) -> list[dict[str, Any]]:
    """The notes of every draft and of every survey that is stored."""
    drafts = [draft.notes["field_notes"] for draft in commune.drafts.all()]
    return drafts + [survey.field_notes for survey in commune.records.select(Survey)]


@pytest.fixture
def noting(office: Office) -> Office:
    """The whole paper is typed, and a note on the floor area is begun."""
    reviewing = office.commune.reviewing
    reviewing.keep(reviewing.open(MO_S).draft.id, rural_five(POOR_HOUSE, 120), AREA)
    office.open(MO_S)
    office.press(Key.Key_N, CONTROL)
    return office


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        pytest.param(Key.Key_F6, NONE, id="go to"),
        pytest.param(Key.Key_F, CONTROL, id="search"),
        pytest.param(Key.Key_N, CONTROL, id="note again"),
        pytest.param(Key.Key_F7, NONE, id="what if"),
        pytest.param(Key.Key_S, CONTROL, id="save"),
        pytest.param(Key.Key_Return, CONTROL, id="finish"),
    ],
)
def test_a_note_half_typed_is_kept_by_the_next_command(noting: Office, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    type_text(noting.shell, "nha dai")
    noting.press(key, modifiers)
    noting.shell.go("review")
    assert {AREA: "nha dai"} in noted(noting.commune)


def test_a_word_being_composed_in_a_note_is_kept_when_the_page_is_left(noting: Office) -> None:
    QApplication.sendEvent(target(noting.shell), QInputMethodEvent("nhà", []))
    noting.shell.go("review")
    assert noted(noting.commune) == [{AREA: "nhà"}]


@pytest.fixture
def tasks() -> LateTasks:
    return LateTasks()


@pytest.fixture
def presenter(commune: Commune, texts: Texts, tasks: LateTasks) -> SurveyPresenter:
    """The whole paper, typed and committed."""
    made = SurveyPresenter(commune.reviewing, tasks, texts, RecordingFrame())
    made.open(MO_S)
    tasks.run()
    for key, text in rural_five(POOR_HOUSE, 120).items():
        made.answer(key, text)
    tasks.run()
    return made


def test_a_note_made_while_finishing_is_under_way_is_kept(
    commune: Commune, tasks: LateTasks, presenter: SurveyPresenter
) -> None:
    presenter.finish()
    presenter.note(AREA, "xem lại")
    tasks.run()
    assert commune.records.select(Survey)[0].state == "finished"
    assert {AREA: "xem lại"} in noted(commune)


@pytest.mark.parametrize("then", ["next answer", "save"])
def test_a_note_and_a_reason_the_full_disk_refused_go_with_what_comes_next(
    commune: Commune, tasks: LateTasks, presenter: SurveyPresenter, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    with monkeypatch.context() as full_disk:
        full_disk.setattr(commune.drafts, "keep", _full)
        presenter.note(AREA, "xem lại")
        presenter.accept(AREA, "nhà dài")
        tasks.run()
    if then == "save":
        presenter.save()
    else:
        presenter.answer("b1/b1_score", "121")
    tasks.run()
    doubts = [one.notes["doubts"] for one in commune.drafts.all()]
    doubts += [one.accepted_doubts for one in commune.records.select(Survey)]
    assert (noted(commune)[-1], doubts[-1]) == ({AREA: "xem lại"}, {AREA: "nhà dài"})


def test_the_notes_and_reasons_of_a_colleague_stay_when_the_survey_changed_underneath(commune: Commune) -> None:
    mine = commune.reviewing
    first = mine.open(MO_S).draft.id
    mine.keep(first, {AREA: "1200", "house/toilet": "none"})
    mine.note(first, "house/toilet", "sửa sau")
    mine.save(first)
    draft = mine.open(MO_S).draft.id
    mine.note(draft, "house/toilet", "")
    mine.note(draft, "b1/b1_score", "đã hỏi lại")
    stored = commune.records.select(Survey)[0]
    theirs = {"field_notes": {**stored.field_notes, AREA: "đo lại"}, "accepted_doubts": {AREA: "nhà dài"}}
    commune.records.put(stored.model_copy(update=theirs))
    mine.take_current(draft)
    mine.save(draft)
    survey = commune.records.select(Survey)[0]
    assert survey.field_notes == {AREA: "đo lại", "b1/b1_score": "đã hỏi lại"}
    assert survey.accepted_doubts == {AREA: "nhà dài"}
