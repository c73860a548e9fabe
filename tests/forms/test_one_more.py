"""Repeats whose count asks their own instances ("one more?"): what went and what is there is stored with the answers.

How many there are does not follow from the answers alone: with yes, no, yes there may be two or three. Whatever an officer did,
saving and opening again shows the same, keeps the hidden answers, and goes on as if nothing had been closed.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.forms import FormDefinition, FormSession
from tests.forms import random_forms
from tests.forms.making import TODAY, Row, q, small_form
from tests.forms.test_properties import tries

YN = [{"list_name": "yn", "name": name, "label": name} for name in ("yes", "no")]
END = q("end_repeat", "")
ASKS = "1 + count(${m}[${more} = 'yes'])"
COUNTS = (
    ASKS,
    "if(indexed-repeat(${more}, ${m}, count(${m})) = 'yes', count(${m}) + 1, count(${m}))",
    "${n} + count(${m}[${more} = 'yes'])",
    "${again} + 1",
    "count(${m}) + 1 + 0 * count(${more})",
    "3 - count(${m}) + count(${m}[${more} = 'yes'])",
)


def one_more(count: str, *inside: Row, **columns: str) -> FormDefinition:
    """n, a group that applies unless `hidden` says so, in it the repeat with name, more and what stands `inside`."""
    repeat = [
        q("begin_repeat", "m", repeat_count=count),
        q("text", "name"),
        {**q("select_one yn", "more"), **columns},
        *inside,
        END,
    ]
    group = [q("begin_group", "g", relevant="${hidden} != 'yes'"), *repeat, q("end_group", "")]
    again = [q("calculate", "again", calculation="count(${m}[${more} = 'yes'])")]
    return small_form([q("integer", "n"), q("select_one yn", "hidden"), *group, *again], YN)


LOANS = [q("begin_repeat", "loan", repeat_count="1 + count(${loan}[${next} = 'yes'])"), q("select_one yn", "next"), END]
PLOTS = [q("begin_repeat", "plot"), q("text", "crop"), END]
FORMS = [one_more(count, *inside) for count in COUNTS for inside in ((), LOANS, PLOTS)]


def begin(form: FormDefinition, **answers: str) -> FormSession:
    return FormSession(form, answers, today=TODAY)


def opened_again(session: FormSession) -> FormSession:
    """As a file gives the answers back: sorted by their keys."""
    return FormSession(session.definition, dict(sorted(session.answers().items())), today=TODAY)


def answered(session: FormSession, *answers: tuple[str, str]) -> FormSession:
    for key, text in answers:
        session.set(key, text)
    return session


def test_lines_that_went_with_a_no_and_did_not_come_back_with_a_yes_stay_away_when_opened_again() -> None:
    yes = [(f"g/m/{number}/more", "yes") for number in (1, 2, 3)]
    session = answered(begin(one_more(ASKS)), *yes, ("g/m/2/more", "no"), ("g/m/1/more", "no"), ("g/m/1/more", "yes"))
    for one in (session, opened_again(session)):
        assert one.instances("g/m") == ("1", "2")
        assert one.answers()["g/m/3/more"] == "yes"
        one.set("g/m/2/more", "yes")
        assert (one.instances("g/m"), one.value("g/m/3/more")) == (("1", "2", "3", "4"), "yes")


def test_lines_are_not_lost_while_their_group_does_not_apply() -> None:
    session = answered(begin(one_more(ASKS)), *[(f"g/m/{number}/more", "yes") for number in (1, 2, 3)], ("g/m/2/more", "no"))
    assert session.instances("g/m") == ("1", "2", "3")
    session.set("hidden", "yes")
    again = opened_again(session)
    for one in (session, again):
        one.set("hidden", "no")
        assert one.instances("g/m") == ("1", "2", "3")


def test_an_empty_line_of_a_repeat_in_a_line_that_went_comes_back_with_it() -> None:
    session = answered(begin(one_more(ASKS, *PLOTS)), ("g/m/1/more", "yes"), ("g/m/2/name", "An"))
    for plot in ("b", "a"):
        session.add("g/m/2/plot", plot)
    session.set("g/m/2/plot/a/crop", "rice")
    session.set("g/m/1/more", "no")
    again = FormSession(session.definition, session.answers(), today=TODAY)
    for one in (session, again):
        one.set("g/m/1/more", "yes")
        assert one.instances("g/m/2/plot") == ("b", "a")


def test_a_yes_that_is_there_by_itself_makes_many_lines_and_stops_nothing() -> None:
    session = begin(one_more(ASKS, default="yes"))
    assert opened_again(session).instances("g/m") == session.instances("g/m")
    assert len(session.instances("g/m")) > 1


@pytest.mark.parametrize("names", [("b", "a"), ("0002-x", "0001-y")])
def test_lines_that_had_names_before_the_form_counted_them_come_back_under_these(names: tuple[str, str]) -> None:
    """An earlier version let people add them; the next counts them."""
    rows = [q("integer", "n"), q("begin_repeat", "r", repeat_count="${n}"), q("text", "a"), q("text", "b"), END]
    session = begin(small_form(rows), n="3", **{f"r/{name}/a": name for name in names})
    session.set("n", "1")
    again = opened_again(session)
    for one in (session, again):
        one.set("n", "3")
        assert one.instances("r") == (*sorted(names), "1")
        assert [one.value(f"r/{name}/a") for name in sorted(names)] == sorted(names)


def test_keys_that_no_count_gives_stop_nothing() -> None:
    session = begin(one_more(ASKS), **{f"g/m/{key}/name": "An" for key in ("0", "007", "99999999")})
    assert session.answers() | {"g/m/0/name": "An"} == session.answers()


@st.composite
def edits(draw: st.DrawFn, session: FormSession) -> tuple[str, str, str]:
    """What is called, where, with what."""
    places = [place for place in session.repeats() if session.may_add(place)]
    if places and draw(st.integers(0, 4)) == 0:
        place = draw(st.sampled_from(places))
        present, goes = session.instances(place), draw(st.booleans())
        if present and goes:
            return "remove", place, draw(st.sampled_from(present))
        return "add", place, str(max(map(int, present), default=0) + 1)
    key: str = draw(st.sampled_from(session.question_keys()))
    texts = {"n": ("", "0", "1", "3"), "name": ("", "An"), "crop": ("", "rice")}
    return "set", key, draw(st.sampled_from(texts.get(key.rpartition("/")[2], ("yes", "yes", "no", ""))))


@tries(150)
@given(data=st.data(), form=st.integers(0, len(FORMS) - 1))
def test_whatever_was_answered_saving_and_opening_again_changes_nothing_now_or_later(data: st.DataObject, form: int) -> None:
    session = begin(FORMS[form])
    for _ in range(data.draw(st.integers(1, 14))):
        again = opened_again(session)
        assert random_forms.everything(again) == random_forms.everything(session)
        assert again.answers() == session.answers()
        what, place, value = data.draw(edits(session))
        typed = {key: text for key, text in session.answers().items() if text not in ("+", "-")}
        for one in (session, again):
            getattr(one, what)(place, value)
        assert random_forms.everything(again) == random_forms.everything(session)
        lost = typed.keys() - session.answers().keys()
        assert all(key == place or (what == "remove" and key.startswith(f"{place}/{value}/")) for key in lost)
