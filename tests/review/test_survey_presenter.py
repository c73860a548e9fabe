"""The survey on the screen without a window: what is said, what is asked for, and when something is called saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Survey
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from poverty_desktop.gui.presenters.survey_state import FieldState, GridState
from poverty_desktop.system.released_forms import DEMONSTRATION
from tests.gui.fakes import RecordingFrame
from tests.review.answers import POOR_HOUSE, rural_five
from tests.review.conftest import BABY, MO, MO_S, SON, TOWN_S, Commune, Desk


def field(desk: Desk, key: str) -> FieldState:
    return next(row for row in desk.state.rows if isinstance(row, FieldState) and row.key == key)


def grid(desk: Desk) -> GridState:
    return next(row for row in desk.state.rows if isinstance(row, GridState))


def cell(desk: Desk, member: str, name: str) -> FieldState:
    return next(one for row in grid(desk).cells for one in row if one.key == f"roster/{member}/{name}")


def opened(desk: Desk, section: str = "house", household: str = MO_S) -> Desk:
    desk.presenter.open(household)
    desk.presenter.go_to_section(section)
    return desk


class LateTasks:
    """A storage lane that works when told."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []

    def storage(self, work, done=None, failed=None) -> None:
        def job() -> None:
            try:
                result = work()
            except KnownProblem as problem:
                failed(problem)
                return
            if done:
                done(result)

        self.jobs.append(job)

    network = storage

    def run(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()


def test_saved_is_said_only_after_the_commit(commune: Commune, texts: Texts) -> None:
    tasks, frame = LateTasks(), RecordingFrame()
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    presenter.open(MO_S)
    tasks.run()
    presenter.answer("house/floor_area", "24")
    assert frame.saves == []
    tasks.run()
    assert frame.saves == [commune.clock.now()]
    assert commune.drafts.all()[0].values["house/floor_area"] == "24"


def test_what_is_typed_while_a_save_runs_goes_into_the_next_draft(commune: Commune, texts: Texts) -> None:
    tasks, frame = LateTasks(), RecordingFrame()
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    presenter.open(MO_S)
    tasks.run()
    presenter.answer("house/floor_area", "24")
    presenter.save()
    presenter.answer("b1/b1_score", "120")
    tasks.run()
    assert commune.records.select(Survey)[0].answers["house/floor_area"] == "24"
    assert commune.drafts.all()[0].values == {"b1/b1_score": "120"}
    assert presenter.state.explanation.b1 == 120


def test_what_is_typed_while_finishing_runs_becomes_a_draft_on_the_finished_survey(commune: Commune, texts: Texts) -> None:
    tasks, frame = LateTasks(), RecordingFrame()
    presenter = SurveyPresenter(commune.reviewing, tasks, texts, frame)
    presenter.open(MO_S)
    tasks.run()
    for key, text in rural_five(POOR_HOUSE, 120).items():
        presenter.answer(key, text)
    presenter.finish()
    presenter.answer("result/result_note", "ghi thêm")
    tasks.run()
    assert commune.records.select(Survey)[0].state == "finished"
    assert commune.drafts.all()[0].values == {"result/result_note": "ghi thêm"}


def test_a_vietnamese_decimal_is_understood_and_shown_again(desk: Desk) -> None:
    opened(desk).presenter.answer("house/floor_area", "45,5")
    assert field(desk, "house/floor_area").value == "45.5"
    assert field(desk, "house/floor_area").shown == "45,5"


def test_what_cannot_be_understood_is_kept_and_spoken_about(desk: Desk) -> None:
    opened(desk, "b1").presenter.answer("b1/b1_score", "một trăm")
    shown = field(desk, "b1/b1_score")
    assert (shown.shown, shown.tone) == ("một trăm", "red")
    assert shown.problem
    assert desk.commune.drafts.all()[0].values["b1/b1_score"] == "một trăm"


def test_the_same_answer_again_is_no_edit(desk: Desk) -> None:
    opened(desk).presenter.answer("house/floor_area", "24")
    desk.presenter.answer("house/floor_area", "24")
    assert len(desk.frame.saves) == 1


def test_undo_takes_back_answer_by_answer_and_goes_there(desk: Desk) -> None:
    opened(desk).presenter.answer("house/floor_area", "24")
    desk.presenter.go_to_section("b1")
    desk.presenter.answer("b1/b1_score", "120")
    desk.presenter.undo()
    assert field(desk, "b1/b1_score").value == ""
    desk.presenter.undo()
    assert (desk.state.current, desk.state.focus[0]) == ("house", "house/floor_area")
    assert field(desk, "house/floor_area").value == ""
    assert desk.commune.drafts.all()[0].values["house/floor_area"] is None
    assert not desk.presenter.undo()


def test_a_question_that_does_not_apply_to_a_person_is_told_from_one_not_answered(desk: Desk) -> None:
    opened(desk, "roster")
    assert not cell(desk, BABY, "schooling").relevant
    assert cell(desk, SON, "schooling").relevant
    assert cell(desk, SON, "schooling").value == ""
    lines = {line.number: line.state for line in desk.state.explanation.lines}
    assert (lines["5"], lines["6"]) == ("not_applicable", "not_asked")


def test_the_columns_of_the_roster_do_not_jump_while_typing(desk: Desk) -> None:
    before = grid(opened(desk, "roster")).columns
    desk.presenter.answer(f"roster/{MO}/can_work", "yes")
    assert grid(desk).columns == before
    assert cell(desk, MO, "activity").relevant


def test_finishing_too_early_lists_what_is_missing_with_person_and_section(desk: Desk) -> None:
    opened(desk).presenter.finish()
    missing = desk.state.missing
    assert missing is not None
    assert missing[0].key == ("roster/" + MO + "/serious_illness")
    assert missing[0].label.startswith("Hồ Thị Mơ")
    assert {"house/floor_area", "b1/b1_score"} <= {one.key for one in missing}
    assert desk.commune.records.select(Survey) == []
    desk.presenter.go_to("house/floor_area")
    assert (desk.state.current, desk.state.focus[0]) == ("house", "house/floor_area")


def test_the_list_shrinks_as_the_gaps_are_filled(desk: Desk) -> None:
    opened(desk).presenter.check()
    before = len(desk.state.missing)
    desk.presenter.answer("house/floor_area", "24")
    assert len(desk.state.missing) == before - 1


def test_a_doubt_asks_for_a_reason_before_finishing(desk: Desk) -> None:
    opened(desk)
    for key, text in rural_five(POOR_HOUSE | {"floor_area": "1200"}, 120).items():
        desk.presenter.answer(key, text)
    assert field(desk, "house/floor_area").wants_reason
    desk.presenter.finish()
    assert [(one.key, one.tone) for one in desk.state.missing] == [("house/floor_area", "amber")]
    desk.presenter.accept("house/floor_area", "Nhà dài của cả dòng họ")
    desk.presenter.finish()
    assert desk.commune.records.select(Survey)[0].state == "finished"


def test_finishing_says_the_class_and_goes_back_to_the_list(desk: Desk) -> None:
    opened(desk)
    for key, text in rural_five(POOR_HOUSE, 120).items():
        desk.presenter.answer(key, text)
    assert desk.state.explanation.class_word == "Hộ nghèo"
    assert desk.state.explanation.distance_words == "Thấp hơn ngưỡng 20 điểm"
    desk.presenter.finish()
    assert desk.frame.went == [("back", {})]
    assert "Hộ nghèo" in desk.frame.told[0][1]


def test_the_explanation_says_that_b1_was_typed_and_what_is_undecided(desk: Desk) -> None:
    opened(desk, "b1").presenter.answer("b1/b1_score", "120")
    explanation = desk.state.explanation
    assert "nhập từ phiếu giấy" in explanation.source_words
    assert (explanation.b1, explanation.cutoff, explanation.household_class) == (120, 140, None)
    assert "chỉ số" in explanation.undecided


def test_the_demonstration_form_says_that_it_is_not_official(texts: Texts) -> None:
    desk = opened(Desk(Commune(form=DEMONSTRATION), texts))
    assert "KHÔNG CHÍNH THỨC" in desk.state.explanation.official


def test_repeat_takes_the_answer_of_the_last_household(desk: Desk) -> None:
    opened(desk)
    for key, text in rural_five(POOR_HOUSE, 120).items():
        desk.presenter.answer(key, text)
    desk.presenter.finish()
    opened(desk, household=TOWN_S).presenter.repeat("house/water_source")
    assert field(desk, "house/water_source").value == "unsafe_surface"


def test_one_comes_back_to_the_question_where_typing_stopped(desk: Desk, texts: Texts) -> None:
    opened(desk).presenter.answer("house/toilet", "none")
    later = Desk(desk.commune, texts)
    later.presenter.open(MO_S)
    assert (later.state.current, later.state.focus[0]) == ("house", "house/toilet")


@pytest.mark.parametrize("section", ["identification", "roster", "house", "indicators", "b1", "result"])
def test_only_what_changed_is_drawn_again(desk: Desk, section: str) -> None:
    opened(desk, section)
    before = desk.state.rows
    desk.presenter.answer("result/result_note", "ghi chú")
    changed = [row for row, old in zip(desk.state.rows, before, strict=True) if row != old]
    assert len(changed) == (1 if section == "result" else 0)


def test_a_gap_of_the_register_leads_to_the_household(desk: Desk) -> None:
    member = desk.commune.records.bodies[MO][1]
    del member["birth_date"]
    opened(desk).presenter.check()
    gap = next(one for one in desk.state.missing if one.key == f"roster/{MO}/birth_date")
    assert "sổ hộ" in gap.sentence
    desk.presenter.go_to(gap.key)
    assert desk.frame.went == [("household", {"household_id": MO_S})]
