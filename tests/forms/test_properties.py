"""Incremental recomputation equals recomputation from nothing, on the shipped form and on random forms.

`FORM_EXAMPLES=2000` in the environment tries that many random forms instead of a few.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.system.resources import resource
from tests.forms import random_forms
from tests.forms.making import TODAY
from tests.forms.random_forms import RandomForm

FORM = FormDefinition.parse(resource("forms", "phieu_b_demo.xml").read_bytes())
MEMBERS = ("m1", "m2", "m3")
ASKED = tuple(question for question in FORM.questions() if not question.calculate and question.kind != "note")
DATES = ("2026-11-22", "2026-01-01", "1986", "2010-11-23", "2023-05", "2010-11-22", "2005", "not a date", "")

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def tries(few: int) -> settings:
    return settings(max_examples=int(os.environ.get("FORM_EXAMPLES", few)), deadline=None, suppress_health_check=SLOW)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """One answer as a person might give it: mostly a choice of the list, sometimes nonsense or nothing."""
    question = draw(st.sampled_from(ASKED))
    key = question.path
    if key.startswith("roster/"):
        key = f"roster/{draw(st.sampled_from(MEMBERS))}/{question.name}"
    names = [choice.value for choice in question.choices]
    if question.kind == "select_one":
        return key, draw(st.sampled_from([*names, "", "no such choice"]))
    if question.kind == "select_multiple":
        return key, " ".join(draw(st.lists(st.sampled_from(names), max_size=3)))
    if question.kind == "date" or question.name == "birth_date":
        return key, draw(st.sampled_from(DATES))
    return key, draw(st.sampled_from(["", "0", "7", "15.5", "140", "abc", "Đinh Thị Hồng"]))


def everything(session: FormSession) -> dict[str, object]:
    return {key: session.question(key) for key in session.question_keys()} | {"sections": session.sections()}


@settings(max_examples=40, deadline=None)
@given(changes=st.lists(edits(), max_size=25))
def test_answers_given_one_by_one_equal_answers_loaded_at_once(changes: list[tuple[str, str]]) -> None:
    session = FormSession(FORM, {}, today=TODAY, repeat_keys={"roster": MEMBERS})
    everything(session)
    told: set[str] = set()
    before = everything(session)
    for key, text in changes:
        told |= session.set(key, text)
    given_again = dict(changes)
    fresh = FormSession(FORM, given_again, today=TODAY, repeat_keys={"roster": MEMBERS})
    assert everything(session) == everything(fresh)
    assert session.problems() == fresh.problems()
    after = everything(session)
    assert {key for key in after if key != "sections" and after[key] != before[key]} <= told


@settings(max_examples=25, deadline=None)
@given(changes=st.lists(edits(), max_size=15), gone=st.sampled_from(MEMBERS))
def test_save_and_reopen_changes_nothing_and_members_may_come_and_go(changes: list[tuple[str, str]], gone: str) -> None:
    session = FormSession(FORM, {}, today=TODAY, repeat_keys={"roster": MEMBERS})
    for key, text in changes:
        session.set(key, text)
    session.remove("roster", gone)
    session.add("roster", "m9")
    again = FormSession(FORM, session.answers(), today=TODAY, repeat_keys={"roster": session.instances("roster")})
    assert everything(again) == everything(session)


@settings(max_examples=25, deadline=None)
@given(changes=st.lists(edits(), max_size=12), last=edits())
def test_taking_an_answer_back_restores_everything(changes: list[tuple[str, str]], last: tuple[str, str]) -> None:
    session = FormSession(FORM, {}, today=TODAY, repeat_keys={"roster": MEMBERS})
    for key, text in changes:
        session.set(key, text)
    before = everything(session)
    old = session.value(last[0])
    session.set(*last)
    session.set(last[0], old)
    assert everything(session) == before


@tries(60)
@given(data=st.data(), made=random_forms.forms())
def test_edits_of_any_form_lead_where_opening_it_with_the_answers_leads(data: st.DataObject, made: RandomForm) -> None:
    """Recomputing what depends on each edit gives the answers, relevance, problems, choices and words of computing all anew; and
    so saving and opening again changes nothing."""
    form = made.definition
    session = random_forms.begin(form)
    for _ in range(data.draw(st.integers(0, 12))):
        before = random_forms.everything(session)
        told = random_forms.edit(data.draw, session)
        after = random_forms.everything(session)
        keys = session.question_keys()
        assert {key for key in keys if after[key] != before.get(key)} <= told
    again = random_forms.begin(form, session.answers())
    assert random_forms.everything(again) == random_forms.everything(session)
    assert again.answers() == session.answers()


@tries(40)
@given(data=st.data(), made=random_forms.forms(10))
def test_going_back_to_a_moment_restores_everything_exactly(data: st.DataObject, made: RandomForm) -> None:
    form = made.definition
    session = random_forms.begin(form)
    for _ in range(data.draw(st.integers(0, 5))):
        random_forms.edit(data.draw, session)
    before, answers, moment = random_forms.everything(session), session.answers(), session.snapshot()
    for _ in range(data.draw(st.integers(1, 6))):
        random_forms.edit(data.draw, session)
    later, twin = random_forms.everything(session), session.fork()
    told = session.restore(moment)
    assert random_forms.everything(session) == before
    assert session.answers() == answers
    assert {key for key in session.question_keys() if before[key] != later.get(key)} <= told
    for _ in range(data.draw(st.integers(0, 3))):
        random_forms.edit(data.draw, session)
    again = random_forms.begin(form, session.answers())
    assert random_forms.everything(again) == random_forms.everything(session)
    assert random_forms.everything(twin) == later  # what happened since is not the business of the fork
    assert session.restore(moment) is not None
    assert random_forms.everything(session) == before
