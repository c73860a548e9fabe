"""What if: answers are tried with F7, the panel says what they change, and nothing of it is ever kept."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from poverty_desktop.gui.presenters.explanation_state import ExplanationState
from poverty_desktop.system.resources import load_texts
from tests.gui.keyboard import SHIFT
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import MO_S, Commune, Desk
from tests.review.keyboard_office import Office, office_of

F7, ESCAPE, ENTER = Qt.Key.Key_F7, Qt.Key.Key_Escape, Qt.Key.Key_Return


@pytest.fixture
def typed(commune: Commune) -> Commune:
    """The paper of Hồ Thị Mơ's household is typed, and poor."""
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, rural_five(POOR_HOUSE, 120))
    return commune


@pytest.fixture
def at_desk(typed: Commune, desk: Desk) -> Desk:
    desk.presenter.open(MO_S)
    desk.presenter.go_to_section("house")
    return desk


def kept(commune: Commune) -> tuple[object, ...]:
    """Everything that a trial could have changed on disk."""
    return copy.deepcopy((commune.records.bodies, len(commune.records.operations), commune.drafts.kept, commune.settings.values))


def told(desk: Desk) -> ExplanationState:
    assert desk.state.explanation is not None
    return desk.state.explanation


def test_a_tried_answer_shows_before_and_after_and_changes_nothing(at_desk: Desk) -> None:
    before, picture = kept(at_desk.commune), at_desk.state
    answers = at_desk.presenter._now().session.answers()
    at_desk.presenter.try_answers()
    for key, value in {"toilet": "septic", "water_source": "piped", "floor_area": "60"}.items():
        at_desk.presenter.answer(f"house/{key}", value)
    assert told(at_desk).household_class == "near_poor"
    assert [line.text for line in told(at_desk).tried.lines[:2]] == ["Diện: Hộ nghèo → Hộ cận nghèo", "B2: 50 → 20"]
    assert kept(at_desk.commune) == before
    assert at_desk.presenter.end_trial()
    assert (at_desk.state.explanation, at_desk.state.rows, at_desk.state.what_if) == (picture.explanation, picture.rows, False)
    assert at_desk.presenter._now().session.answers() == answers
    assert kept(at_desk.commune) == before


def test_nothing_is_saved_or_finished_while_answers_are_tried(at_desk: Desk) -> None:
    before = kept(at_desk.commune)
    at_desk.presenter.try_answers()
    at_desk.presenter.answer("b1/b1_score", "160")
    at_desk.presenter.accept("house/floor_area", "thử")
    at_desk.presenter.note("house/floor_area", "thử")
    at_desk.presenter.save()
    at_desk.presenter.finish()
    assert [sentence for _, sentence in at_desk.frame.told] == [load_texts("vi")("explain.tried_not_stored")] * 2
    assert kept(at_desk.commune) == before


def test_undo_in_a_trial_stays_in_the_trial(at_desk: Desk) -> None:
    at_desk.presenter.answer("b1/b1_score", "130")
    before = kept(at_desk.commune)
    at_desk.presenter.try_answers()
    assert not at_desk.presenter.undo()
    at_desk.presenter.answer("b1/b1_score", "170")
    assert at_desk.presenter.undo()
    assert told(at_desk).b1 == 130
    assert kept(at_desk.commune) == before
    at_desk.presenter.end_trial()
    assert at_desk.presenter.undo()
    assert told(at_desk).b1 == 120


def test_a_recognised_survey_can_be_tried_too(typed: Commune) -> None:
    typed.reviewing.finish(typed.reviewing.open(MO_S).draft.id)
    typed.reviewing.recognise(typed.reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10")
    desk = Desk(typed, load_texts("vi"))
    desk.presenter.open(MO_S)
    before = kept(typed)
    desk.presenter.answer("b1/b1_score", "150")
    assert told(desk).household_class == "poor"
    desk.presenter.try_answers()
    desk.presenter.answer("b1/b1_score", "150")
    assert told(desk).household_class == "not_poor"
    assert kept(typed) == before


def test_opening_another_survey_ends_the_trial(at_desk: Desk) -> None:
    at_desk.presenter.try_answers()
    at_desk.presenter.open(MO_S)
    assert not at_desk.state.what_if
    assert not at_desk.presenter.end_trial()


# --- by the keyboard alone ----------------------------------------------------------------------------------------------


@pytest.fixture
def office(qtbot, typed: Commune) -> Iterator[Office]:
    office = office_of(typed, load_texts("vi"))
    qtbot.addWidget(office.shell)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is office.shell)
    office.open(MO_S)
    yield office
    office.shell.close()


def go_to_toilet(office: Office) -> None:
    office.press(Qt.Key.Key_F6)
    office.answers("tiêu")


def test_f7_types_enter_and_escape_leave_the_survey_as_it_was(office: Office) -> None:
    go_to_toilet(office)
    before = kept(office.commune)
    assert office.focus == "question.house.toilet"
    office.press(F7)
    assert office.sees("survey.trial").isVisible()
    office.answers("1")
    assert "10 Nhà tiêu hợp vệ sinh: thiếu hụt → không thiếu hụt" in office.words("survey.explanation")
    assert kept(office.commune) == before
    office.press(ESCAPE)
    assert not [one for one in office.shell.findChildren(object, "survey.trial") if one.isVisible()]
    assert "10 Nhà tiêu hợp vệ sinh: thiếu hụt Không có nhà tiêu" in office.words("survey.explanation")
    assert office.focus == "question.house.toilet"
    assert kept(office.commune) == before


def test_half_typed_answers_of_a_trial_are_gone_when_one_leaves_the_survey(office: Office) -> None:
    go_to_toilet(office)
    office.press(F7)
    office.answers("1")
    office.shell.go("review")
    assert office.commune.drafts.all()[0].values["house/toilet"] == "none"
    office.open(MO_S)
    assert "10 Nhà tiêu hợp vệ sinh: thiếu hụt Không có nhà tiêu" in office.words("survey.explanation")


def test_the_explanation_is_gone_into_and_left_by_keys(office: Office) -> None:
    go_to_toilet(office)
    office.press(F7, SHIFT)
    assert office.focus == "survey.explanation"
    office.press(ESCAPE)
    assert office.focus.startswith("question.house")


def test_on_a_narrow_window_the_explanation_comes_over_the_paper(office: Office) -> None:
    office.shell.resize(683, 512)
    go_to_toilet(office)
    office.press(F7, SHIFT)
    assert office.focus == "survey.explanation"
    assert "Điểm B1: 120" in office.words("survey.explanation")
    office.press(F7, SHIFT)
    assert office.focus.startswith("question.house")
