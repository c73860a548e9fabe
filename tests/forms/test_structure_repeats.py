"""Groups and repeats to any depth, counted repeats, and what is kept of instances that go."""

from __future__ import annotations

import pytest

from poverty_desktop.forms import FormDefinition, FormSession, GroupState, RepeatState
from poverty_desktop.forms.release import convert
from poverty_desktop.forms.tree import MOST_COUNTED, MOST_NODES
from tests.forms.making import TODAY, q, small_form, workbook

FAMILY = small_form(
    [
        q("integer", "people"),
        q("begin_repeat", "person", repeat_count="${people}"),
        q("text", "name"),
        q("begin_group", "more"),
        q("integer", "loans"),
        q("begin_repeat", "loan", repeat_count="${loans} + 0"),
        q("integer", "sum_vnd"),
        q("calculate", "label", calculation="concat(${name}, '-', position(..))"),
        q("end_repeat", ""),
        q("calculate", "debt", calculation="sum(${sum_vnd})"),
        q("end_group", ""),
        q("end_repeat", ""),
        q("calculate", "all", calculation="sum(${debt})"),
        q("text", "last"),
    ]
)


def begin(form: FormDefinition, **answers: str) -> FormSession:
    return FormSession(form, {key.replace("__", "/"): text for key, text in answers.items()}, today=TODAY)


def test_a_counted_repeat_grows_and_shrinks_with_its_count() -> None:
    session = begin(FAMILY, people="2")
    assert session.instances("person") == ("1", "2")
    told = session.set("person/2/more/loans", "2")
    assert told >= {"person/2/more/loan/1/sum_vnd", "person/2/more/loan/2/sum_vnd", "person/2/more/loan/2/label"}
    session.set("person/2/more/loan/1/sum_vnd", "5")
    assert (session.value("person/2/more/debt"), session.value("all")) == ("5", "5")
    assert "person/2/more/loan/2/sum_vnd" in session.set("person/2/more/loans", "1")
    assert session.instances("person/2/more/loan") == ("1",)


def test_answers_beyond_the_count_are_kept_aside_and_come_back() -> None:
    session = begin(FAMILY, people="2")
    session.set("person/2/name", "Bình")
    session.set("person/2/more/loans", "1")
    session.set("person/2/more/loan/1/sum_vnd", "7")
    session.set("people", "1")
    assert session.value("all") == "0"
    kept = session.answers()
    assert (kept["person/2/name"], kept["person/2/more/loan/1/sum_vnd"]) == ("Bình", "7")
    again = FormSession(FAMILY, kept, today=TODAY)
    assert again.instances("person") == ("1",)
    for one in (session, again):
        one.set("people", "2")
        assert (one.value("person/2/name"), one.value("person/2/more/loan/1/label"), one.value("all")) == ("Bình", "Bình-1", "7")


@pytest.mark.parametrize(("count", "instances"), [("", 0), ("-3", 0), ("many", 0), ("2.9", 2), ("99999999", MOST_COUNTED)])
def test_a_count_that_makes_no_sense_makes_no_instances_and_never_too_many(count: str, instances: int) -> None:
    form = small_form([q("text", "n"), q("begin_repeat", "r", repeat_count="${n}"), q("text", "a"), q("end_repeat", "")])
    assert len(begin(form, n=count).instances("r")) == instances


def test_a_person_neither_adds_to_nor_removes_from_a_counted_repeat() -> None:
    form = small_form([q("begin_repeat", "r", repeat_count="2"), q("text", "a"), q("end_repeat", "")])
    session = begin(form)
    assert session.add("r", "3") == session.remove("r", "1") == frozenset()
    assert not session.may_add("r")
    (repeat,) = session.sections()[0].items
    assert isinstance(repeat, RepeatState)
    assert (repeat.counted, repeat.may_add, repeat.may_remove, len(repeat.instances)) == (True, False, False, 2)


def test_a_counted_repeat_takes_the_people_that_the_caller_names_first() -> None:
    keys = {"person": ["an", "binh", "chi"]}
    session = FormSession(FAMILY, {"people": "2", "person/chi/name": "Chi"}, today=TODAY, repeat_keys=keys)
    assert session.instances("person") == ("an", "binh")
    session.set("people", "4")
    assert session.instances("person") == ("an", "binh", "chi", "1")
    assert session.value("person/chi/name") == "Chi"


def test_an_instance_that_comes_later_stands_where_its_repeat_stands() -> None:
    session = begin(FAMILY)
    session.set("people", "1")
    assert session.question_keys()[:2] == ["people", "person/1/name"]
    assert session.question_keys()[-1] == "last"


def test_a_repeat_in_a_repeat_can_be_drawn() -> None:
    session = begin(FAMILY, people="1", person__1__more__loans="2")
    (repeat,) = session.sections()[1].items
    assert isinstance(repeat, RepeatState)
    (person,) = repeat.instances
    assert person.keys == ("person/1/name", "person/1/more/loans")
    group = person.items[1]
    assert isinstance(group, GroupState)
    loan = group.items[1]
    assert isinstance(loan, RepeatState)
    assert (loan.key, [one.keys for one in loan.instances]) == (
        "person/1/more/loan",
        [("person/1/more/loan/1/sum_vnd",), ("person/1/more/loan/2/sum_vnd",)],
    )
    assert repeat.columns == ("person/name", "person/more/loans")
    assert "person/1/more/loan/2/sum_vnd" in session.sections()[1].keys


def test_a_repeat_that_does_not_apply_is_not_shown_and_may_not_grow() -> None:
    rows = [q("text", "has"), q("begin_repeat", "r", relevant="${has} = 'yes'"), q("text", "a"), q("end_repeat", "")]
    session = begin(small_form(rows))
    assert [section.relevant for section in session.sections()] == [True, False]
    assert not session.may_add("r")
    session.set("has", "yes")
    assert session.may_add("r")
    assert [section.relevant for section in session.sections()] == [True, True]
    session.add("r", "1")
    session.set("r/1/a", "x")
    session.set("has", "no")
    assert session.sections()[1].items == ()
    assert session.answers()["r/1/a"] == "x"


def test_removing_tells_what_went_and_a_moment_before_brings_it_back() -> None:
    counted = q("calculate", "n", calculation="count(${r})")
    form = small_form([q("begin_repeat", "r"), q("text", "a"), q("end_repeat", ""), counted])
    session = begin(form, r__1__a="x", r__2__a="y")
    before, moment = session.answers(), session.snapshot()
    assert session.remove("r", "1") >= {"r/1", "r/1/a", "n"}
    assert session.value("n") == "1"
    with pytest.raises(ValueError, match="no instance"):
        session.remove("r", "1")
    assert session.restore(moment) >= {"r/1", "r/1/a", "n"}
    assert (session.answers(), session.value("n")) == (before, "2")


def test_instances_without_answers_are_there_again_when_the_answers_are_opened() -> None:
    form = small_form([q("begin_repeat", "r"), q("text", "a"), q("end_repeat", "")])
    session = begin(form)
    for instance in ("1", "2", "3"):
        session.add("r", instance)
    session.set("r/2/a", "x")
    assert FormSession(form, session.answers(), today=TODAY).instances("r") == ("1", "2", "3")


def test_instances_with_numbers_come_back_in_their_order_from_sorted_answers() -> None:
    form = small_form([q("begin_repeat", "r"), q("text", "a"), q("end_repeat", "")])
    answers = {f"r/{number}/a": "x" for number in range(1, 12)}
    session = FormSession(form, dict(sorted(answers.items())), today=TODAY)
    assert session.instances("r") == tuple(map(str, range(1, 12)))


def test_instances_that_the_form_fills_in_belong_to_a_new_record_only() -> None:
    """ "Default Values in Repeats" B: several nodes in the primary instance."""
    xml = convert(workbook([q("begin_repeat", "r"), q("text", "a"), q("text", "b", default="son"), q("end_repeat", "")]))
    one = b"<r>\n            <a/>\n            <b>son</b>\n          </r>"
    assert one in xml
    form = FormDefinition.parse(xml.replace(one, b"<r><a>An</a><b>head</b></r><r><a>Ba</a></r>"))
    session = begin(form)
    assert session.answers() == {"r/1/a": "An", "r/1/b": "head", "r/2/a": "Ba", "r/2/b": "son"}
    session.remove("r", "1")
    session.remove("r", "2")
    assert FormSession(form, session.answers(), today=TODAY).instances("r") == ()
    assert FormSession(form, {}, today=TODAY, repeat_keys={"r": []}).instances("r") == ()


def test_the_order_of_the_paper_is_kept_between_groups_and_loose_questions() -> None:
    rows = [q("text", "a"), q("begin_group", "g"), q("text", "b"), q("end_group", ""), q("text", "c"), q("calculate", "d")]
    rows[-1]["calculation"] = "1"
    session = begin(small_form(rows))
    assert [(section.path, section.keys) for section in session.sections()] == [("", ("a",)), ("g", ("g/b",)), ("c", ("c",))]


def test_a_group_without_a_control_still_holds_its_questions() -> None:
    xml = convert(workbook([q("begin_group", "g"), q("calculate", "x", calculation="2"), q("end_group", ""), q("text", "t")]))
    session = begin(FormDefinition.parse(xml))
    assert session.value("g/x") == "2"
    assert [section.path for section in session.sections()] == [""]


def test_names_may_hold_dots_and_dashes() -> None:
    rows = [q("begin_group", "a-b"), q("integer", "c.d"), q("end_group", ""), q("calculate", "e_f-g", calculation="${c.d} - 1")]
    session = FormSession(small_form(rows), {"a-b/c.d": "5"}, today=TODAY)
    assert session.value("e_f-g") == "4"
    assert session.key_of("/data/a-b/c.d") == "a-b/c.d"


ONE_MORE = [q("text", "name"), q("select_one yn", "more"), q("end_repeat", "")]
YN = [{"list_name": "yn", "name": name, "label": name} for name in ("yes", "no")]


@pytest.mark.parametrize(
    "count",
    [
        "1 + count(${m}[${more} = 'yes'])",
        "if(indexed-repeat(${more}, ${m}, count(${m})) = 'yes', count(${m}) + 1, count(${m}))",
        "if(${m}[position() = ${lines}]/more = 'yes', ${lines} + 1, ${lines})",
    ],
)
def test_a_repeat_that_asks_for_one_more_in_its_last_instance_grows_as_on_a_phone(count: str) -> None:
    lines = q("calculate", "lines", calculation="count(${m})")
    form = small_form([lines, q("begin_repeat", "m", repeat_count=count), *ONE_MORE], YN)
    session = begin(form)
    assert (session.instances("m"), session.may_add("m")) == (("1",), False)
    session.set("m/1/more", "yes")
    session.set("m/2/more", "yes")
    session.set("m/3/name", "An")
    assert session.instances("m") == ("1", "2", "3")
    session.set("m/3/name", "")
    assert begin(form, **session.answers()).instances("m") == ("1", "2", "3")
    session.set("m/2/more", "no")
    assert begin(form, **session.answers()).instances("m") == session.instances("m")


def test_a_count_that_asks_its_own_instances_comes_to_an_end() -> None:
    rows = [q("begin_repeat", "m", repeat_count="3 - count(${m}) + count(${m}[${more} = 'yes'])"), *ONE_MORE]
    session = begin(small_form(rows, YN))
    for key in ("m/1/more", "m/1/name"):
        if key in session.question_keys():
            session.set(key, "yes")
    assert len(session.instances("m")) <= MOST_COUNTED


def test_a_slip_in_the_count_of_repeats_in_one_another_stops_nothing() -> None:
    """A million instances would; those that go again are all gone, and what was typed comes back."""
    inner = [q("begin_repeat", "b", repeat_count="${n}"), q("text", "y"), q("end_repeat", "")]
    form = small_form([q("integer", "n"), q("begin_repeat", "a", repeat_count="${n}"), *inner, q("end_repeat", "")])
    session = begin(form, n="2")
    session.set("a/2/b/2/y", "kept")
    session.set("n", "1000")
    assert len(session.instances("a")) == MOST_COUNTED
    assert MOST_NODES // 3 < sum(len(session.instances(f"a/{one}/b")) for one in session.instances("a")) < MOST_NODES
    session.set("n", "1")
    assert (session.instances("a"), session.instances("a/1/b")) == (("1",), ("1",))
    session.set("n", "2")
    assert session.value("a/2/b/2/y") == "kept"


def test_a_filter_on_a_repeat_in_a_repeat_tests_each_instance_by_itself() -> None:
    inner = [q("begin_repeat", "m"), q("integer", "age"), q("end_repeat", "")]
    counted = q("calculate", "adults", calculation="count(${m}[${age} >= 18])")
    form = small_form([q("begin_repeat", "h"), *inner, counted, q("end_repeat", "")])
    session = begin(form, h__1__m__1__age="20", h__1__m__2__age="5", h__2__m__1__age="6")
    assert [session.value(f"h/{one}/adults") for one in "12"] == ["1", "0"]
    session.set("h/2/m/1/age", "30")
    assert session.value("h/2/adults") == "1"


def test_words_of_one_instance_are_joined_by_paths_from_the_root_as_older_forms_write_them() -> None:
    rows = [
        q("text", "first"),
        q("text", "last"),
        q("calculate", "whole", calculation="concat(/data/m/first, ' ', /data/m/last)"),
    ]
    session = begin(small_form([q("begin_repeat", "m"), *rows, q("end_repeat", "")]), m__1__first="An", m__2__first="Ba")
    session.set("m/2/last", "Le")
    assert [session.value(f"m/{one}/whole") for one in "12"] == ["An ", "Ba Le"]
