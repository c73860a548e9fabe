"""The explanation panel: what decided, who caused it, how near another class is, and what changed since the last survey."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent

from poverty_desktop.domain.classification import STATES, classify, nearness
from poverty_desktop.domain.records import ReviewRound, Survey
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.components.explanation_blocks import blocks_of
from poverty_desktop.gui.components.explanation_panel import ExplanationPanel
from poverty_desktop.gui.components.explanation_sheet import ExplanationSheet
from poverty_desktop.gui.presenters.explanation_picture import explanation_state
from poverty_desktop.gui.presenters.explanation_state import ExplanationState
from poverty_desktop.services.explaining import explain_sheet
from poverty_desktop.system.released_forms import DEMONSTRATION
from poverty_desktop.system.resources import load_texts, resource
from tests.gui.windows import come_to_rest
from tests.review.answers import GOOD_HOUSE, POOR_HOUSE, SCHOOLBOY, of_people, rural_five
from tests.review.conftest import MO_S, REFERENCE, SON, Commune, Desk
from tests.review.test_reviewing import fill

TEXTS = load_texts("vi")
STANDARD = REFERENCE.standard("mdp_2022_2025")
NUMBERS = [str(number) for number in range(1, 13)]


def panel_of(commune: Commune, answers: dict[str, str]) -> ExplanationState:
    commune.reviewing.keep(commune.reviewing.open(MO_S).draft.id, answers)
    return explanation_state(explain_sheet(commune.reviewing.open(MO_S)), TEXTS)


def line(state: ExplanationState, number: int) -> tuple[str, str]:
    return state.lines[number - 1].state_word, state.lines[number - 1].reason


def demo_answers(best: str) -> dict[str, str]:
    """The demonstration questions, each answered with its first or last choice."""
    form = FormDefinition.parse(resource("forms", "phieu_b_demo.xml").read_bytes())
    scored = (one for one in form.questions() if one.name.startswith("demo_") and one.choices)
    return {one.path: one.choices[0 if best == "first" else -1].value for one in scored}


# --- what decided ---------------------------------------------------------------------------------------------------------


def test_each_deprivation_names_the_member_or_the_answer_that_caused_it(commune: Commune) -> None:
    out_of_school = of_people(**{SON: SCHOOLBOY | {"schooling": "none"}})
    state = panel_of(commune, rural_five(POOR_HOUSE, 120) | out_of_school)
    assert "Đinh Văn Đông" in line(state, 6)[1]
    assert line(state, 9) == ("thiếu hụt", "Nước sông, suối, ao, hồ")
    assert line(state, 8)[1].startswith("4,8 m²")


def test_not_applicable_and_not_asked_are_told_apart(commune: Commune) -> None:
    answers = {key: text for key, text in rural_five(POOR_HOUSE, 120).items() if key != "house/toilet"}
    state = panel_of(commune, answers)
    assert (line(state, 5)[0], line(state, 10)[0]) == ("không áp dụng", "chưa hỏi")
    signs = {block.text.split(":")[0]: block.sign for block in blocks_of(state, TEXTS) if block.kind == "line"}
    assert signs["5 Trình độ giáo dục của người lớn"] == "–"
    assert signs["10 Nhà tiêu hợp vệ sinh"] == "?"


def test_a_typed_b1_says_that_it_comes_from_paper_and_names_no_points(commune: Commune) -> None:
    state = panel_of(commune, rural_five(POOR_HOUSE, 120))
    assert (state.source_words, state.given.lines) == ("B1 nhập từ phiếu giấy", ())


def test_points_in_the_form_are_named_by_question_and_answer_the_most_first() -> None:
    commune = Commune(form=DEMONSTRATION)
    answers = {key: text for key, text in rural_five(GOOD_HOUSE, 0).items() if not key.startswith("b1/")} | demo_answers("last")
    explained = panel_of(commune, answers)
    given = explain_sheet(commune.reviewing.open(MO_S)).given
    assert sum(one.points for one in given) == explained.b1
    assert [one.points for one in given] == sorted((one.points for one in given), reverse=True)
    assert all(one.question and one.answer for one in given)
    shown = [one.text for one in explained.given.lines]
    assert shown == [one.question for one in given if one.points][: len(shown)]
    assert explained.official


# --- how near -------------------------------------------------------------------------------------------------------------


def test_the_distance_is_told_in_points_in_indicators_and_by_the_one_that_decides(commune: Commune) -> None:
    words = [one.text for one in panel_of(commune, rural_five(POOR_HOUSE, 120)).near.lines]
    assert words == ["B1 tăng 21 điểm thì vượt ngưỡng", "bớt 3 chỉ số thiếu hụt thì là hộ cận nghèo"]
    near = panel_of(commune, {"house/floor_area": "60", "house/water_source": "piped"}).near.lines
    assert near[-1].text.endswith(": 2, 7, 10")


@given(st.integers(0, 300), st.fixed_dictionaries({number: st.sampled_from(STATES) for number in NUMBERS}))
def test_what_is_said_to_change_the_class_changes_it_and_nothing_less_does(b1: int, states: dict[str, str]) -> None:
    judged = classify(STANDARD, "rural", b1, "typed", states)
    near = nearness(STANDARD, judged)
    if judged.household_class is None:
        assert (near.b2_step, near.flips) == (None, ())
        return
    assert near.b1_step is not None
    assert judged.cutoff is not None
    moved = b1 + near.b1_step
    assert (moved <= judged.cutoff) != (b1 <= judged.cutoff)
    assert (moved - (1 if near.b1_step > 0 else -1) <= judged.cutoff) == (b1 <= judged.cutoff)
    if "not_asked" in states.values():
        return
    for number, state in states.items():
        other = {"deprived": "not_deprived", "not_deprived": "deprived"}.get(state)
        if other:
            became = classify(STANDARD, "rural", b1, "typed", {**states, number: other}).household_class
            assert (became != judged.household_class) == (int(number) in near.flips)


# --- since the last survey ------------------------------------------------------------------------------------------------


@pytest.fixture
def last_year(commune: Commune) -> Commune:
    """The household was near poor in the review of 2025."""
    fill(commune, MO_S, rural_five(GOOD_HOUSE, 130))
    (review_round,) = commune.records.select(ReviewRound)
    commune.records.put(review_round.model_copy(update={"year": 2025, "starts_on": "2025-09-01", "state": "recognised"}))
    commune.reviewing.begin_round(2026)
    return commune


def test_what_changed_since_the_last_survey_is_told_line_by_line(last_year: Commune) -> None:
    since = panel_of(last_year, rural_five(POOR_HOUSE, 120)).since
    assert since.title == "So với đợt rà soát 2025"
    told = [(one.sign, one.text) for one in since.lines]
    assert told[:2] == [("→", "Diện: Hộ cận nghèo → Hộ nghèo"), ("−10", "B1: 130 → 120")]
    assert ("+", "9 Nguồn nước sinh hoạt: không thiếu hụt → thiếu hụt") in told


def test_nothing_changed_is_said_in_so_many_words(last_year: Commune) -> None:
    (since,) = panel_of(last_year, rural_five(GOOD_HOUSE, 130)).since.lines
    assert since.text == "Không có gì thay đổi"


def test_without_an_earlier_survey_nothing_is_compared(commune: Commune) -> None:
    assert panel_of(commune, rural_five(POOR_HOUSE, 120)).since.lines == ()


# --- under a standard that lacks what a class needs -------------------------------------------------------------------------


def test_an_undecided_class_says_what_the_standard_lacks(commune: Commune) -> None:
    commune.reviewing.choose(2026, "mdp_2027_2030")
    state = panel_of(commune, rural_five(POOR_HOUSE, 120))
    assert state.class_word == "Chưa xác định"
    assert "chưa có điểm ngưỡng B1 chính thức" in state.undecided
    assert "chỉ để so sánh" in state.undecided
    assert line(state, 12) == ("chưa xác định được", "phiếu đã nhập không hỏi chỉ số này")
    assert line(state, 10) == ("chưa xác định được", "chưa có ngưỡng chính thức")
    assert state.lines[1].threshold == TEXTS("explain.threshold_unseen")  # of the annex only notes on a draft were seen
    assert state.b2_words == "Chỉ số thiếu hụt xác định được: 1"


def test_the_law_finds_on_the_survey_what_decided_it() -> None:
    """Form, version, hash, standard and the points used stay with the survey (standards.md section 5, design.md section 4)."""
    commune = Commune(form=DEMONSTRATION)
    answers = {key: text for key, text in rural_five(POOR_HOUSE, 0).items() if not key.startswith("b1/")} | demo_answers("first")
    fill(commune, MO_S, answers)
    (survey,) = commune.records.select(Survey)
    assert (survey.form_id, bool(survey.form_version), len(survey.form_hash)) == ("phieu_b_demo", True, 64)
    assert survey.standard_id == survey.rule["standard"] == "mdp_2022_2025"
    assert (survey.rule["b1_cutoff"], survey.rule["b2_least"], survey.rule["b1_source"]) == (140, 30, "points")
    assert sum(survey.rule["b1_points"].values()) == survey.b1_score
    assert set(survey.rule["b1_points"]) == set(demo_answers("first"))
    assert survey.rule["b2_points"] == dict.fromkeys(NUMBERS, 10)
    assert "Decree 07/2021/NĐ-CP Art. 3" in survey.rule["legal_basis"]


# --- painted --------------------------------------------------------------------------------------------------------------


class CountingSheet(ExplanationSheet):
    """Remembers how high what it painted was."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(event.rect())
        super().paintEvent(event)


@pytest.fixture
def sheet(qtbot) -> CountingSheet:
    sheet = CountingSheet()
    qtbot.addWidget(sheet)
    sheet.resize(290, 900)
    sheet.show()
    return sheet


def settle(sheet: CountingSheet) -> int:
    """Paint what waits; gives how many pixels high it was in all."""
    sheet.painted.clear()
    come_to_rest()
    return sum(rect.height() for rect in sheet.painted)


def test_only_what_says_something_else_is_painted_again(sheet: CountingSheet, commune: Commune) -> None:
    state = panel_of(commune, rural_five(POOR_HOUSE, 120))
    sheet.show_blocks(blocks_of(state, TEXTS))
    whole = settle(sheet)
    sheet.show_blocks(blocks_of(state, TEXTS))
    assert settle(sheet) == 0
    lines = tuple(replace(one, name="Bảo hiểm") if one.number == "4" else one for one in state.lines)
    sheet.show_blocks(blocks_of(replace(state, lines=lines), TEXTS))
    assert 0 < settle(sheet) < whole / 10


def test_every_line_is_found_by_a_screen_reader(qtbot, commune: Commune) -> None:
    panel = ExplanationPanel(TEXTS)
    qtbot.addWidget(panel)
    state = panel_of(commune, rural_five(POOR_HOUSE, 120))
    panel.show_state(state)
    assert panel.accessibleName() == "Vì sao"
    for one in state.lines:
        assert f"{one.number} {one.name}" in panel.accessibleDescription()
    assert "Hộ nghèo" in panel.accessibleDescription()
    assert "Thấp hơn ngưỡng 20 điểm" in panel.accessibleDescription()


def test_what_is_spoken_stops_once_behind_each_sentence(qtbot) -> None:
    commune = Commune(form=DEMONSTRATION)
    panel = ExplanationPanel(TEXTS)
    qtbot.addWidget(panel)
    panel.show_state(panel_of(commune, rural_five(POOR_HOUSE, 0) | demo_answers("first")))
    assert panel.accessibleDescription().startswith(TEXTS("survey.not_official") + " ")
    assert ".." not in panel.accessibleDescription()


def test_finishing_without_a_class_says_so_in_plain_words(commune: Commune) -> None:
    commune.reviewing.choose(2026, "mdp_2027_2030")
    commune.reviewing.keep(commune.reviewing.open(MO_S).draft.id, rural_five(POOR_HOUSE, 120))
    desk = Desk(commune, TEXTS)
    desk.presenter.open(MO_S)
    desk.presenter.finish()
    (_, told) = desk.frame.told[-1]
    assert "Chưa xác định, B1 = –, B2 = –" in told
    assert "None" not in told
