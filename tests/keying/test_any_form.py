"""Any form in the form screen, not only Phieu B: repeats within repeats, undo of everything, what is said and when."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession
from poverty_desktop.gui.presenters.survey_filling import FormPresenter
from poverty_desktop.gui.presenters.survey_state import CardsState
from poverty_desktop.gui.presenters.survey_trying import Nowhere, TryPresenter
from poverty_desktop.gui.try_window import TryWindow
from poverty_desktop.services.survey_opening import known_to
from tests.forms.making import q, small_form
from tests.gui.fakes import RecordingFrame
from tests.gui.keyboard import CONTROL, SHIFT, press, type_text
from tests.keying.conftest import form_of

Key = Qt.Key


class Draft(Nowhere):
    """Keeps answers as a draft does."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str | None] = {}

    def keep(self, answers, cursor) -> None:
        self.values.update(answers)

    @property
    def answers(self) -> dict[str, str]:
        return {key: text for key, text in self.values.items() if text}


@pytest.fixture
def draft() -> Draft:
    return Draft()


@pytest.fixture
def form(texts: Texts, draft: Draft) -> FormPresenter:
    presenter = FormPresenter(texts)
    presenter._begin(FormSession(form_of(), {}, today=date(2026, 11, 23)), draft)
    presenter.go_to_section("info")
    return presenter


def focused(window: TryWindow) -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget else ""


def shown(form: FormPresenter, key: str):
    return form._drawn.fields.of(key)


# --- repeats ----------------------------------------------------------------------------------------------------------


def test_lines_of_a_repeat_come_and_go_and_undo_brings_them_back_whole(form: FormPresenter, draft: Draft) -> None:
    form.go_to_section("loans")
    assert form.add_instance()
    first = form.state.focus[0].rpartition("/")[0]
    form.answer(f"{first}/bank", "Chính sách")
    form.answer(f"{first}/amount", "50.000.000")
    assert form.add_instance(f"{first}/bank")
    second = form.state.focus[0].rpartition("/")[0]
    form.answer(f"{second}/amount", "1000000")
    before = dict(draft.answers)
    assert form._drawn.session.value("total") == "51000000"
    assert form.remove_instance(f"{first}/bank")
    assert form._drawn.session.value("total") == "1000000"
    assert draft.answers == {f"{second}/amount": "1000000"}
    form.undo()
    assert form._drawn.session.value("total") == "51000000"
    assert draft.answers == before
    assert form._drawn.session.instances("loans/loan") == (first.rpartition("/")[2], second.rpartition("/")[2])
    form.redo()
    assert draft.answers == {f"{second}/amount": "1000000"}


def test_a_repeat_within_a_repeat_is_added_to_by_its_own_key(form: FormPresenter, draft: Draft) -> None:
    form.go_to_section("loans")
    form.add_instance()
    loan = form.state.focus[0].rpartition("/")[0]
    assert form.add_instance(repeat=f"{loan}/payment")
    day = form.state.focus[0]
    assert day.startswith(f"{loan}/payment/")
    form.answer(day, "02/09/2026")
    assert list(draft.answers) == [day]
    cards = next(row for row in form.state.rows if isinstance(row, CardsState))
    assert cards.cards[0].rows[-1].key == f"{loan}/payment"


def test_everything_is_taken_back_and_done_again_to_the_letter(form: FormPresenter, draft: Draft) -> None:
    form.answer("info/owner", "Hồ Thị Mơ")
    form.answer("info/has_loans", "yes")
    form.note("info/owner", "đọc không rõ")
    form.go_to_section("loans")
    form.add_instance()
    form.answer(f"{form.state.focus[0]}", "Chính sách")
    last = (form._drawn.session.answers(), dict(draft.answers), draft.notes)
    steps = 0
    while form.undo():
        steps += 1
    assert steps == 5
    assert (form._drawn.session.answers(), draft.answers, draft.notes) == ({}, {}, {"info/owner": ""})
    while form.redo():
        pass
    assert (form._drawn.session.answers(), dict(draft.answers), draft.notes) == last


def test_undo_goes_to_the_question_it_was_about(form: FormPresenter) -> None:
    form.answer("info/owner", "Mơ")
    form.go_to_section("loans")
    form.undo()
    assert (form.state.current, form.state.focus[0]) == ("info", "info/owner")


def test_answers_of_repeats_within_repeats_are_found_again_when_a_survey_is_opened() -> None:
    answers = {"loans/loan/0001-a/payment/0002-b/day": "2026-09-02", "loans/loan/0001-a/bank": "Chính sách", "info/owner": "Mơ"}
    assert known_to(form_of(), {**answers, "loans/loan/0001-a/gone": "1"}) == answers
    session = FormSession(form_of(), known_to(form_of(), answers), today=date(2026, 11, 23))
    assert session.answers() == dict(sorted(answers.items()))


def test_what_the_form_sets_because_of_an_answer_is_taken_back_with_it(texts: Texts, draft: Draft) -> None:
    asks = '<input ref="/data/{0}"><label>{0}</label>{1}</input>'
    sets = '<setvalue event="xforms-value-changed" ref="/data/{0}" value="{1}"/>'
    body = asks.format("a", sets.format("b", "concat(/data/a, '!')")) + asks.format("c", "")
    body += asks.format("b", sets.format("c", "'từ b'"))
    presenter = FormPresenter(texts)
    presenter._begin(FormSession(form_of("<a/><b/><c/>", "", body), {}, today=date(2026, 11, 23)), draft)
    presenter.go_to("c")
    presenter.answer("c", "gõ tay")
    presenter.answer("a", "x")
    assert draft.answers["b"] == "x!"
    after = dict(draft.answers)
    presenter.undo()
    assert draft.answers == {"c": "gõ tay"} == presenter._drawn.session.answers()
    presenter.redo()
    assert draft.answers == after == presenter._drawn.session.answers()


# --- what is said, and when -------------------------------------------------------------------------------------------


def test_nothing_is_said_of_a_field_before_it_was_left_once(form: FormPresenter) -> None:
    form.entered("info/goods")
    form.answer("info/goods", "tv none")
    assert shown(form, "info/goods").problem == ""
    form.left()
    assert shown(form, "info/goods").problem
    form.entered("info/goods")
    form.answer("info/goods", "none")
    assert shown(form, "info/goods").problem == ""


def test_the_count_of_questions_says_why_it_changed(form: FormPresenter) -> None:
    before = form.state.sections[0].asked
    form.answer("info/has_loans", "yes")
    assert form.state.sections[0].asked == before + 2
    assert form.state.opened == "Câu A2 mở thêm 2 câu."
    form.answer("info/has_loans", "no")
    assert form.state.opened == "Câu A2 bớt đi 2 câu."
    form.answer("info/owner", "Mơ")
    assert form.state.opened == ""


def test_only_the_section_an_answer_touches_is_counted_again(form: FormPresenter) -> None:
    counted: list[str] = []
    count = form._drawn._count
    form._drawn._count = lambda section: (counted.append(section.path), count(section))[1]  # type: ignore[method-assign]
    form.answer("info/owner", "Mơ")
    assert counted == ["info"]


def test_notes_stand_in_the_list_at_the_end_and_do_not_stop_finishing(form: FormPresenter) -> None:
    form.answer("info/owner", "Mơ")
    form.note("info/owner", "đọc không rõ")
    assert form.check()
    assert [(one.key, one.tone) for one in form.state.missing or ()] == [("info/owner", "grey")]


def test_a_form_without_a_question_says_so(texts: Texts) -> None:
    form = form_of("<only/>", '<bind nodeset="/data/only" type="string" calculate="1"/>', "")
    presenter = TryPresenter(form, texts, RecordingFrame(), today=date(2026, 11, 23), file="x.xml")
    presenter.begin()
    assert presenter.state.ready
    assert presenter.state.rows == ()
    presenter.turn_page(1)
    presenter.go_on(1)
    assert presenter.questions() == []


# --- in the window ------------------------------------------------------------------------------------------------------


def test_a_tried_form_is_keyed_from_end_to_end_and_says_that_nothing_is_stored(window: TryWindow) -> None:
    band = window.findChild(QLabel, "try.band")
    assert "không lưu gì" in band.text()
    assert focused(window) == "question.info.owner"
    type_text(window, "Mo")
    press(window, Key.Key_Return)
    type_text(window, "1")
    assert focused(window) == "question.info.why"
    type_text(window, "bo")
    press(window, Key.Key_Return)
    press(window, Key.Key_Return)
    type_text(window, "12")
    press(window, Key.Key_Return)
    type_text(window, "dong mot")
    press(window, Key.Key_Return)
    type_text(window, "dong hai")
    press(window, Key.Key_Return, CONTROL)
    assert window.presenter.state.current == "loans"
    session = window.presenter._drawn.session
    assert session.value("info/goods") == "tv bike"
    assert session.value("info/story") == "dong mot\ndong hai"


def test_ctrl_enter_in_text_of_several_lines_leaves_it_and_finishes_nothing(window: TryWindow) -> None:
    window.presenter.go_to("info/story")
    type_text(window, "mot")
    press(window, Key.Key_Return, CONTROL)
    assert window.presenter.state.missing is None
    assert window.presenter.state.current == "loans"


def test_esc_leaves_a_field_as_it_was_when_one_came_to_it(window: TryWindow) -> None:
    session = window.presenter._drawn.session
    window.presenter.answer("info/goods", "tv")
    window.presenter.go_to("info/goods")
    type_text(window, "2")
    assert session.value("info/goods") == "tv bike"
    press(window, Key.Key_Escape)
    assert session.value("info/goods") == "tv"
    assert focused(window) == "question.info.goods"


def test_ctrl_insert_and_ctrl_delete_add_and_take_the_line_one_is_in(window: TryWindow) -> None:
    window.presenter.go_to_section("loans")
    session = window.presenter._drawn.session
    there = session.instances("loans/loan")
    press(window, Key.Key_Insert, CONTROL)
    assert len(session.instances("loans/loan")) == len(there) + 1
    type_text(window, "Vietin")
    press(window, Key.Key_Return)
    press(window, Key.Key_Delete, CONTROL)
    assert session.instances("loans/loan") == there
    press(window, Key.Key_Z, CONTROL)
    assert [session.value(f"loans/loan/{one}/bank") for one in session.instances("loans/loan")] == ["", "Vietin"]


def test_shift_enter_takes_back_a_wrong_digit_with_one_key(window: TryWindow) -> None:
    window.presenter.go_to("info/has_loans")
    type_text(window, "1")
    press(window, Key.Key_Return, SHIFT)
    assert focused(window) == "question.info.has_loans"
    type_text(window, "2")
    assert window.presenter._drawn.session.value("info/has_loans") == "no"
    assert focused(window) == "question.info.goods"


def test_past_the_last_question_the_cursor_is_in_the_list_and_two_ctrl_enter_finish(window: TryWindow) -> None:
    window.presenter.answer("info/owner", "Mo")
    window.presenter.remove_instance("loans/loan/0001/bank")
    session = window.presenter._drawn.session
    for loan in session.instances("loans/loan"):
        window.presenter.go_to(f"loans/loan/{loan}/amount")
    press(window, Key.Key_PageDown)
    press(window, Key.Key_PageDown)
    assert window.presenter.state.missing == ()
    assert window.screen_.missing.hasFocus()
    press(window, Key.Key_Return, CONTROL)
    assert "không có gì được lưu" in " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_a_repeat_that_waits_for_its_count_is_not_called_computed(texts: Texts) -> None:
    """`= Máy tính` would tell the officer that nothing is ever to be keyed there."""
    rows = [q("integer", "n"), q("begin_repeat", "member", repeat_count="${n}"), q("text", "name"), q("end_repeat", "")]
    presenter = FormPresenter(texts)
    presenter._begin(FormSession(small_form(rows), {}, today=date(2026, 11, 23)), Nowhere())
    presenter.go_to_section("member")
    assert [mark.progress for mark in presenter.state.sections] == ["empty", "nothing"]
    presenter.answer("n", "2")
    assert [mark.progress for mark in presenter.state.sections] == ["done", "empty"]
