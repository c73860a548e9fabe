"""A Phieu B keyed by digits alone, faster than the screen follows; notes, redo and choices of the officer."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QListWidget

from poverty_desktop.bench.keying import send
from poverty_desktop.bench.written_paper import LEAVE, asked_in, differences, written
from poverty_desktop.domain.records import Survey
from poverty_desktop.gui.presenters.survey_presenter import REGISTER_FACTS
from tests.gui.keyboard import CONTROL, SHIFT, type_text
from tests.gui.windows import painted_words
from tests.review.conftest import HUSBAND, MO, MO_S, TOWN_S
from tests.review.keyboard_office import Office

Key = Qt.Key
HOUSE = 2  # PageDown so often from the first section


def at_house(office: Office) -> None:
    office.open(TOWN_S)
    office.press(Key.Key_PageDown, times=HOUSE)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("household", [MO_S, TOWN_S])
def test_a_paper_keyed_without_a_repaint_stands_in_the_file_as_on_paper(office: Office, household: str, seed: int) -> None:
    sheet = office.commune.service().open(household)
    session = sheet.session.fork()
    facts = frozenset(key for key in session.question_keys() if key.rsplit("/", 1)[-1] in REGISTER_FACTS and session.value(key))
    paper = written(session, random.Random(seed), asked_in(session, facts))
    office.open(household)
    send("".join(line.keys for line in paper) + LEAVE, office.shell)
    stored = office.commune.records.select(Survey)[-1]
    assert stored.state == "finished"
    assert list(differences(paper, stored.answers, sheet.session.answers())) == []
    assert stored.accepted_doubts == {line.key: line.reason for line in paper if line.reason}


def test_a_coded_answer_costs_little_more_than_one_key(office: Office) -> None:
    session = office.commune.service().open(MO_S).session.fork()
    paper = written(session, random.Random(2026), asked_in(session, frozenset()))
    coded = [line for line in paper if line.coded]
    assert len(coded) > 20
    assert sum(len(line.keys) for line in coded) <= 1.3 * len(coded)


def test_a_digit_goes_on_and_the_enter_of_habit_skips_nothing(office: Office) -> None:
    at_house(office)
    type_text(office.shell, "1")
    assert office.focus == "question.house.pillar_durable"
    office.press(Key.Key_Return)
    assert office.focus == "question.house.pillar_durable"
    office.press(Key.Key_Return)
    assert office.focus == "question.house.roof_durable"


def test_a_digit_that_could_be_the_first_of_two_waits(office: Office) -> None:
    at_house(office)
    office.answers("1 1 1 60")
    type_text(office.shell, "1")
    assert office.focus == "question.house.water_source"
    type_text(office.shell, "0")
    assert office.focus == "question.house.toilet"
    assert office.kept("house/water_source") == "unsafe_other"


def test_in_the_roster_digits_go_along_the_row(office: Office) -> None:
    office.open(MO_S)
    office.press(Key.Key_PageDown)
    type_text(office.shell, "211311")
    assert office.cell == f"roster/{HUSBAND}/serious_illness"
    office.press(Key.Key_Return, SHIFT)
    type_text(office.shell, "4")
    assert office.kept(f"roster/{MO}/allowance")
    assert office.cell == f"roster/{HUSBAND}/serious_illness"


def test_who_wants_enter_after_each_answer_turns_going_on_off_and_it_is_remembered(office: Office) -> None:
    at_house(office)
    office.press(Key.Key_F8)
    type_text(office.shell, "1")
    assert office.focus == "question.house.wall_durable"
    office.press(Key.Key_Return)
    assert office.focus == "question.house.pillar_durable"
    office.shell.go("review")
    at_house(office)
    assert not office.sees("survey.goes_on").isChecked()
    assert isinstance(office.sees("survey.goes_on"), QCheckBox)
    assert not office.commune.service().goes_on


def test_a_note_is_kept_with_the_survey_marked_and_listed(office: Office) -> None:
    at_house(office)
    office.press(Key.Key_N, CONTROL)
    assert office.focus == "survey.note"
    type_text(office.shell, "vach nua")
    office.press(Key.Key_Return)
    assert office.focus == "question.house.wall_durable"
    assert office.commune.drafts.all()[0].notes["field_notes"] == {"house/wall_durable": "vach nua"}
    row = office.sees("question.house.wall_durable").parent()
    assert any("vach nua" in words for words in painted_words(row))
    office.press(Key.Key_Return, CONTROL)
    missing = office.sees("survey.missing")
    assert isinstance(missing, QListWidget)
    assert "chưa trả lời" in missing.item(0).text()
    office.press(Key.Key_S, CONTROL)
    assert office.survey.field_notes == {"house/wall_durable": "vach nua"}


def test_a_note_on_a_cell_of_the_roster_comes_back_to_the_cell(office: Office) -> None:
    office.open(MO_S)
    office.press(Key.Key_PageDown)
    here = office.cell
    office.press(Key.Key_N, CONTROL)
    type_text(office.shell, "hoi lai")
    office.press(Key.Key_Return)
    assert office.cell == here
    assert "hoi lai" in office.words("survey.cell")
    office.press(Key.Key_N, CONTROL)
    type_text(office.shell, "khac")
    office.press(Key.Key_Escape)
    assert office.commune.drafts.all()[0].notes["field_notes"] == {here: "hoi lai"}


def test_ctrl_y_does_again_what_ctrl_z_took_back_reasons_and_notes_too(office: Office) -> None:
    at_house(office)
    office.answers("1 1 1 1200")
    type_text(office.shell, "nha dai")
    office.press(Key.Key_Return)
    office.press(Key.Key_Z, CONTROL, times=2)
    assert office.commune.drafts.all()[0].notes["doubts"] == {}
    assert office.kept("house/floor_area") is None
    office.press(Key.Key_Y, CONTROL)
    assert office.kept("house/floor_area") == "1200"
    office.press(Key.Key_Z, CONTROL | SHIFT)
    assert office.commune.drafts.all()[0].notes["doubts"] == {"house/floor_area": "nha dai"}


def test_f6_goes_by_section_and_place_where_the_paper_bears_no_numbers(office: Office) -> None:
    office.open(TOWN_S)
    office.press(Key.Key_F6)
    type_text(office.shell, "3.4")
    office.press(Key.Key_Return)
    assert office.focus == "question.house.floor_area"


def test_esc_after_f6_comes_back_to_the_question_one_was_in(office: Office) -> None:
    at_house(office)
    type_text(office.shell, "1")
    office.press(Key.Key_F6)
    office.press(Key.Key_Escape)
    assert office.focus == "question.house.pillar_durable"


def test_the_section_list_says_its_state_by_shape_and_word(office: Office) -> None:
    at_house(office)
    type_text(office.shell, "1")
    words = office.sees("survey.section.house").text()
    assert words.startswith("◐")
    assert "Đang nhập · 1/9" in words
    assert "Chưa nhập" in office.sees("survey.section.b1").text()


def test_nothing_is_said_beside_a_choice_while_it_is_being_made(office: Office) -> None:
    at_house(office)
    office.answers("1 1 1 60 1 1 1")
    assert office.focus == "question.house.info_means"
    type_text(office.shell, "18")
    row = office.sees("question.house.info_means").parent()
    assert painted_words(row)
    assert not any("✖" in words for words in painted_words(row))
    office.press(Key.Key_Return)
    assert any("✖" in words for words in painted_words(row))
