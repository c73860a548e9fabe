"""The survey in a real window, by keyboard events only: whole papers typed, left fields kept, what is missing found."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget

from poverty_desktop.domain.records import ReviewRound, Survey
from poverty_desktop.domain.texts import Texts
from tests.gui.keyboard import CONTROL, SHIFT, compose, press, type_text
from tests.gui.windows import painted_words
from tests.review.conftest import BABY, HUSBAND, MO, MO_S, SON, TOWN_HEAD, TOWN_S
from tests.review.keyboard_office import DOWN, ENTER, UP, Office, office_of
from tests.review.keyboard_office import office as office

WORKER = "2 1 1 3 1 1"  # ill no, can work, employed, farms, insured, no allowance
GOOD_HOUSE = "1 1 1 60 1 1 1 17 1"
POOR_HOUSE = "2 2 1 24 9 7 1 17 1"


def type_town(office: Office, house: str, b1: str) -> None:
    """The paper of the single man, from the first question to the last."""
    office.open(TOWN_S)
    office.answers(f"Lan . {WORKER} {house} {b1} 2 1 .")


def type_family(office: Office, house: str, b1: str) -> None:
    """The paper of the household of five."""
    office.open(MO_S)
    people = f"{WORKER} {WORKER} 2 3 1 2 2 2 2 2 1 2"  # the boy: school level 3; the baby; the old woman with her allowance
    office.answers(f"Lan . {people} {house} {b1} 2 1 .")


@pytest.mark.parametrize(
    ("household", "house", "b1", "expected"),
    [
        ("family", POOR_HOUSE, "120", "poor"),
        ("family", GOOD_HOUSE, "140", "near_poor"),
        ("family", POOR_HOUSE, "141", "not_poor"),
        ("town", POOR_HOUSE, "175", "poor"),
        ("town", GOOD_HOUSE, "150", "near_poor"),
        ("town", GOOD_HOUSE, "176", "not_poor"),
    ],
)
def test_a_whole_paper_is_typed_without_the_mouse(office: Office, household: str, house: str, b1: str, expected: str) -> None:
    (type_family if household == "family" else type_town)(office, house, b1)
    office.press(ENTER, CONTROL)
    assert (office.survey.state, office.survey.household_class) == ("finished", expected)
    assert office.shell.current.objectName() == "screen.review"
    assert office.commune.drafts.all() == []


def test_a_coded_answer_costs_two_keys_and_none_is_misplaced(office: Office) -> None:
    type_family(office, POOR_HOUSE, "120")
    answers = office.commune.drafts.all()[0].values
    assert answers[f"roster/{MO}/employment"] == "self_employed_agri"
    assert answers[f"roster/{SON}/schooling"] == "lower_secondary"
    assert answers["house/info_means"] == "tv smartphone"
    coded = [key for key in answers if key.startswith(("roster/", "house/")) and len(str(answers[key])) > 1]
    assert len(office.keys) < 2.6 * len(coded)


def test_enter_skips_what_is_not_asked_of_a_person(office: Office) -> None:
    office.open(MO_S)
    office.press(DOWN)
    assert office.cell == f"roster/{MO}/serious_illness"
    office.answers("2 1 1 3")
    assert office.cell == f"roster/{MO}/health_insurance"
    office.answers("1 1")
    assert office.cell == f"roster/{HUSBAND}/serious_illness"
    office.press(ENTER, SHIFT)
    assert office.cell == f"roster/{MO}/allowance"


def test_a_cell_that_is_not_asked_says_why(office: Office) -> None:
    office.open(MO_S)
    office.press(DOWN)
    office.press(Qt.Key.Key_Down, times=3)
    office.press(Qt.Key.Key_Right)
    assert office.cell == f"roster/{BABY}/can_work"
    assert "Đinh Thị Út" in office.words("survey.cell")
    assert "không áp dụng" in office.words("survey.cell")
    type_text(office.shell, "1")
    assert office.commune.drafts.all() == []


def test_ctrl_d_in_the_roster_copies_the_person_above(office: Office) -> None:
    office.open(MO_S)
    office.press(DOWN)
    office.answers("2")
    office.press(Qt.Key.Key_Left)
    office.press(Qt.Key.Key_Down)
    office.press(Qt.Key.Key_D, CONTROL)
    assert office.kept(f"roster/{HUSBAND}/serious_illness") == "no"


def test_each_field_is_in_the_draft_when_it_is_left(office: Office) -> None:
    office.open(MO_S)
    office.answers("Lan")
    assert office.kept("identification/enumerator") == "Lan"
    type_text(office.shell, "Mơ")
    assert office.kept("identification/respondent") is None
    office.press(Qt.Key.Key_Tab)
    assert office.kept("identification/respondent") == "Mơ"


def test_unikey_composing_is_left_alone_until_the_field_is_left(office: Office) -> None:
    office.open(MO_S)
    compose(office.shell, "D", "Di", "Din", "Đinh", commit="Đinh Thị Hường")
    office.press(ENTER)
    assert office.kept("identification/enumerator") == "Đinh Thị Hường"


def test_leaving_the_screen_keeps_what_is_half_typed(office: Office) -> None:
    office.open(MO_S)
    type_text(office.shell, "Lan")
    office.shell.go("review")
    assert office.kept("identification/enumerator") == "Lan"


def test_after_a_kill_the_draft_is_there_with_the_cursor(qtbot, office: Office, texts: Texts) -> None:
    office.open(TOWN_S)
    office.answers(f"Lan . {WORKER} 1 1")
    type_text(office.shell, "9")  # chosen, not yet left: a choice is an answer at once
    again = office_of(office.commune, texts)  # a new process on the same file
    qtbot.addWidget(again.shell)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is again.shell)
    again.open(TOWN_S)
    assert again.focus == "question.house.pillar_durable"
    assert again.kept(f"roster/{TOWN_HEAD}/employment") == "self_employed_agri"
    again.shell.close()


def test_what_is_missing_is_listed_and_enter_jumps_there(office: Office) -> None:
    office.open(TOWN_S)
    office.answers(f"Lan . {WORKER} 1 1 1")
    office.press(ENTER, CONTROL)
    assert office.focus == "survey.missing"
    missing = office.sees("survey.missing")
    assert isinstance(missing, QListWidget)
    assert "Diện tích nhà ở" in missing.item(0).text()
    assert office.commune.records.select(Survey) == []
    office.press(ENTER)
    assert office.focus == "question.house.floor_area"


def test_a_problem_stands_beside_the_field_only_after_it_was_left(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=4)
    assert office.focus == "question.b1.b1_score"
    type_text(office.shell, "999")
    row = office.sees("question.b1.b1_score").parent()
    assert not row.problem
    office.press(ENTER)
    office.press(UP)
    assert row.problem in painted_words(row)
    assert office.kept("b1/b1_score") == "999"


def test_a_doubt_opens_its_reason_and_enter_goes_into_it(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=2)
    office.answers("1 1 1 1200")
    assert office.focus == "question.house.floor_area.reason"
    type_text(office.shell, "nha dai")
    office.press(ENTER)
    assert office.commune.drafts.all()[0].notes["doubts"] == {"house/floor_area": "nha dai"}
    assert office.focus == "question.house.water_source"


def test_f6_goes_to_a_question_by_a_part_of_its_words(office: Office) -> None:
    office.open(TOWN_S)
    office.press(Qt.Key.Key_F6)
    type_text(office.shell, "nha tieu")
    office.press(ENTER)
    assert office.focus == "question.house.toilet"


def test_letters_choose_without_diacritics(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=2)
    office.answers("1 1 1 60")
    type_text(office.shell, "mua")
    assert office.kept("house/water_source") == "rain"


def test_two_digits_choose_the_tenth_option(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=2)
    office.answers("1 1 1 60 10")
    assert office.kept("house/water_source") == "unsafe_other"
    assert office.focus == "question.house.toilet"


def test_many_answers_are_ticked_by_their_numbers(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=5)
    office.press(ENTER)
    assert office.focus == "question.result.needs"
    type_text(office.shell, "12")
    assert office.kept("result/needs") == "nutrition"
    type_text(office.shell, " 1 3")
    assert office.kept("result/needs") == "production_animal production_input nutrition"
    press(office.shell, Qt.Key.Key_Z, CONTROL)
    assert office.kept("result/needs") == "production_animal nutrition"


def test_ctrl_z_takes_back_answer_by_answer_across_sections(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=2)
    office.answers("2 1")
    office.press(DOWN)
    office.press(Qt.Key.Key_Z, CONTROL)
    assert office.kept("house/pillar_durable") is None
    assert office.focus == "question.house.pillar_durable"
    office.press(Qt.Key.Key_Z, CONTROL)
    assert office.kept("house/wall_durable") is None


def test_ctrl_s_stores_the_incomplete_survey_and_typing_goes_on(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=2)
    office.answers("2 1")
    office.press(Qt.Key.Key_S, CONTROL)
    assert (office.survey.state, office.survey.answers["house/wall_durable"]) == ("saved", "no")
    assert office.focus == "question.house.roof_durable"
    office.answers("1")
    assert office.kept("house/roof_durable") == "yes"


def test_each_section_shows_its_state(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=2)
    office.answers("2")
    assert "1/9" in office.sees("survey.section.house").text()
    assert "0/1" in office.sees("survey.section.b1").text()
    assert "Đang nhập" in office.sees("survey.section.house").accessibleName()


def test_the_explanation_stands_beside_the_form_and_follows_the_answers(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=4)
    office.answers("150")
    assert "Điểm B1: 150" in office.words("survey.explanation")
    assert "175" in office.words("survey.explanation")


def test_enter_in_the_list_opens_a_survey_and_one_comes_back_to_the_next(office: Office) -> None:
    office.press(ENTER)
    assert office.shell.current.objectName() == "screen.survey"
    office.shell.back()
    office.press(ENTER)
    assert "Nguyễn Văn Thành" in office.shell.current.title_text


def test_the_round_is_recognised_by_number_and_day_of_the_decision(office: Office) -> None:
    type_town(office, GOOD_HOUSE, "150")
    office.press(ENTER, CONTROL)
    office.sees("action.recognise").setFocus()
    office.press(Qt.Key.Key_Space)
    assert office.focus == "review.decision_no"
    type_text(office.shell, "215/QD")
    office.press(ENTER)
    type_text(office.shell, "20/11/2026")
    office.press(ENTER)
    office.press(Qt.Key.Key_Space)
    recognised = office.commune.records.select(ReviewRound)[0]
    assert (recognised.state, recognised.decision_no, recognised.decided_on) == ("recognised", "215/QD", "2026-11-20")
