"""What a draft keeps opens the form as it was: lines of a repeat, empty ones too, and defaults that were emptied."""

from __future__ import annotations

from datetime import date

import pytest

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession
from poverty_desktop.gui.presenters.survey_filling import FormPresenter
from poverty_desktop.services import ports
from poverty_desktop.services.survey_opening import known_to
from poverty_desktop.services.survey_sheet import current_answers
from tests.forms.making import q, small_form
from tests.forms.test_one_more import ASKS, one_more
from tests.keying.test_any_form import Draft

TODAY = date(2026, 11, 23)
FORM = small_form([q("begin_group", "g"), q("begin_repeat", "r"), q("text", "a"), q("end_repeat", ""), q("end_group", "")])


@pytest.fixture
def draft() -> Draft:
    return Draft()


def filling(texts: Texts, draft: Draft, session: FormSession) -> FormPresenter:
    presenter = FormPresenter(texts)
    presenter._begin(session, draft)
    presenter.go_to_section("g")
    return presenter


def opened_again(draft: Draft, session: FormSession) -> FormSession:
    return FormSession(session.definition, known_to(session.definition, dict(sorted(draft.answers.items()))), today=TODAY)


def test_a_new_line_without_an_answer_is_there_again_and_gone_when_it_was_taken_away(texts: Texts, draft: Draft) -> None:
    session = FormSession(FORM, {}, today=TODAY)
    form = filling(texts, draft, session)
    form.add_instance()
    (line,) = session.instances("g/r")
    assert opened_again(draft, session).instances("g/r") == (line,)
    form.answer(f"g/r/{line}/a", "x")
    form.remove_instance(f"g/r/{line}/a")
    assert opened_again(draft, session).instances("g/r") == ()
    form.undo()
    form.undo()
    assert opened_again(draft, session).instances("g/r") == (line,)


def test_a_line_that_was_empty_when_the_form_was_opened_can_be_filled_in_and_taken_away(texts: Texts, draft: Draft) -> None:
    draft.keep({"g/r/0001-a": "+"}, "")
    session = opened_again(draft, FormSession(FORM, {}, today=TODAY))
    form = filling(texts, draft, session)
    form.answer("g/r/0001-a/a", "x")
    form.remove_instance("g/r/0001-a/a")
    assert opened_again(draft, session).instances("g/r") == ()


def test_what_a_no_took_away_comes_back_by_undo_and_stands_so_in_the_draft(texts: Texts, draft: Draft) -> None:
    session = FormSession(one_more(ASKS), {}, today=TODAY)
    form = filling(texts, draft, session)
    for number, answer in ((1, "yes"), (2, "yes"), (3, "yes"), (2, "no")):
        form.answer(f"g/m/{number}/more", answer)
    assert session.instances("g/m") == ("1", "2", "3")
    form.answer("g/m/1/more", "no")
    assert session.instances("g/m") == opened_again(draft, session).instances("g/m") == ("1",)
    form.answer("g/m/1/more", "yes")
    assert session.instances("g/m") == opened_again(draft, session).instances("g/m") == ("1", "2")
    form.undo()
    form.undo()
    assert session.instances("g/m") == opened_again(draft, session).instances("g/m") == ("1", "2", "3")
    assert session.answers() == opened_again(draft, session).answers()


def test_a_default_that_was_emptied_on_purpose_does_not_come_back(texts: Texts, draft: Draft) -> None:
    asked = [{**q("text", "a"), "default": "x"}, q("text", "b")]
    session = FormSession(small_form([q("begin_group", "g"), *asked, q("end_group", "")]), {"g/b": "1"}, today=TODAY)
    form = filling(texts, draft, session)
    form.answer("g/a", "")
    form.answer("g/b", "")
    kept = ports.Draft("d", "survey", "s", "", "", ports.Base(0, 0, 0), {"answers": {"g/a": "x", "g/b": "1"}}, dict(draft.values))
    assert current_answers(kept) == {"g/a": ""}
    assert FormSession(session.definition, current_answers(kept), today=TODAY).value("g/a") == ""
