"""What a session promises to the screen and to the draft."""

from __future__ import annotations

from datetime import date

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.release import convert
from poverty_desktop.forms.state import RepeatState
from tests.forms.making import TODAY, born, household, q, small_form, workbook

YES_NO = [{"list_name": "yn", "name": "yes", "label": "Yes"}, {"list_name": "yn", "name": "no", "label": "No"}]


def begin(form: FormDefinition, **answers: str) -> FormSession:
    return FormSession(form, {key.replace("__", "/"): text for key, text in answers.items()}, today=TODAY)


def test_an_answer_that_does_not_apply_is_kept_but_does_not_count() -> None:
    form = small_form(
        [
            q("select_one yn", "has_child"),
            q("integer", "children", relevant="${has_child} = 'yes'"),
            q("calculate", "doubled", calculation="${children} * 2"),
        ],
        YES_NO,
    )
    session = begin(form, has_child="yes", children="3")
    assert session.value("doubled") == "6"
    changed = session.set("has_child", "no")
    assert changed >= {"has_child", "children", "doubled"}
    assert (session.value("children"), session.value("doubled")) == ("3", "")
    assert session.answers()["children"] == "3"
    assert not session.question("children").relevant
    session.set("has_child", "yes")
    assert session.value("doubled") == "6"


def test_a_hidden_group_hides_everything_below() -> None:
    form = small_form(
        [
            q("integer", "a"),
            q("begin_group", "g", relevant="${a} > 1"),
            q("begin_group", "inner"),
            q("integer", "b"),
            q("end_group", ""),
            q("end_group", ""),
            q("calculate", "c", calculation="coalesce(${b}, 'none')"),
        ]
    )
    session = begin(form, a="2", g__inner__b="7")
    assert session.value("c") == "7"
    assert "g/inner/b" in session.set("a", "0")
    assert session.value("c") == "none"
    assert [section.relevant for section in session.sections()] == [True, False]


def test_type_required_and_constraint_are_told_apart_and_in_paper_order(texts: object) -> None:
    form = small_form(
        [
            q("integer", "whole", required="yes"),
            q("decimal", "number"),
            q("date", "day", constraint=". <= today()", constraint_message="Not yet"),
            q("select_one yn", "one"),
            q("select_multiple yn", "many"),
        ],
        YES_NO,
    )
    session = begin(form, number="1,5", day="2027-01-01", one="maybe", many="yes perhaps")
    told = [(problem.key, problem.kind, problem.code, problem.message) for problem in session.problems()]
    assert told == [
        ("whole", "required", "forms.required", ""),
        ("number", "type", "forms.not_a_number", ""),
        ("day", "constraint", "forms.constraint", "Not yet"),
        ("one", "type", "forms.not_a_choice", ""),
        ("many", "type", "forms.not_a_choice", ""),
    ]
    assert session.missing() == ["whole"]
    for key, text in {"whole": "-3", "number": "1.5", "day": "2026-11-23", "one": "no", "many": "no yes"}.items():
        session.set(key, text)
    assert session.problems() == []


@pytest.mark.parametrize("day", ["2026-02-30", "22/11/2026", "2026-11", "20261122"])
def test_a_day_that_is_not_one_is_stored_and_told(day: str) -> None:
    session = begin(small_form([q("date", "day")]))
    session.set("day", day)
    assert session.value("day") == day
    assert session.question("day").problem is not None


def test_a_doubt_is_amber_and_an_empty_answer_is_never_doubted() -> None:
    namespaces = 'pd="https://poverty-desktop.example/xforms"'
    form = small_form([q("integer", "n", constraint=". < 9") | {"bind::pd:tone": "amber"}], settings={"namespaces": namespaces})
    session = begin(form, n="10")
    assert [problem.tone for problem in session.problems()] == ["amber"]
    session.set("n", None)
    assert session.problems() == []


def test_defaults_stand_until_they_are_answered_and_an_emptied_one_stays_empty() -> None:
    form = small_form([q("text", "place", default="Trà Bồng"), q("date", "day", default="today()")])
    session = begin(form)
    assert session.answers() == {"place": "Trà Bồng", "day": "2026-11-23"}
    session.set("place", "")
    again = FormSession(form, session.answers(), today=date(2027, 1, 1))
    assert (again.value("place"), again.value("day")) == ("", "2026-11-23")


def test_setting_the_same_text_or_a_computed_question_changes_nothing() -> None:
    form = small_form([q("integer", "a"), q("calculate", "b", calculation="${a} + 1")])
    session = begin(form, a="1")
    assert session.set("a", "1") == frozenset()
    assert session.set("b", "9") == frozenset()
    assert session.value("b") == "2"


def test_only_what_reads_a_changed_answer_is_computed_again(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, *({"birth_date": born(age)} for age in (70, 40, 38, 17, 9, 4)))
    for section in session.sections():
        for key in section.keys:
            session.question(key)
    before = session.computing.evaluations
    changed = session.set("roster/m3/can_work", "yes")
    assert changed == {"roster/m3/can_work", "roster/m3/activity"}
    assert session.computing.evaluations - before < 12
    changed = session.set("house/floor_area", "30")
    assert not any(key.startswith(("roster/", "b1/", "result/")) for key in changed)


def test_a_circle_is_refused_with_its_path() -> None:
    rows = [
        q("begin_group", "g"),
        q("calculate", "a", calculation="${b} + 1"),
        q("calculate", "b", calculation="${c}"),
        q("integer", "c", relevant="${a} > 1"),
        q("end_group", ""),
    ]
    with pytest.raises(KnownProblem) as caught:
        small_form(rows)
    assert caught.value.code == "forms.circular"
    assert {"g/a", "g/b", "g/c"} <= set(str(caught.value.facts["path"]).split(" → "))


def test_choices_are_filtered_by_an_answer_and_a_choice_that_no_longer_applies_is_told() -> None:
    choices = [
        {"list_name": "town", "name": name, "label": name, "area": area}
        for name, area in (("ba_to", "south"), ("tra_bong", "north"), ("son_tay", "south"))
    ]
    form = small_form([q("text", "area"), q("select_one town", "town", choice_filter="area = ${area}")], choices)
    session = begin(form, area="south", town="ba_to")
    assert [value for value, _ in session.question("town").choices] == ["ba_to", "son_tay"]
    assert "town" in session.set("area", "north")
    assert session.question("town").problem is not None


def test_words_may_hold_answers_and_follow_them() -> None:
    form = small_form([q("text", "who"), q("note", "hello", label="Chào ${who}!")])
    session = begin(form, who="An")
    assert session.question("hello").label == "Chào An!"
    assert "hello" in session.set("who", "Bình")
    assert session.question("hello").label == "Chào Bình!"


def test_words_fall_back_to_the_language_that_has_them() -> None:
    form = small_form([{"type": "text", "name": "a", "label::Tiếng Việt (vi)": "Tên", "label::English (en)": ""}])
    assert FormSession(form, {}, today=TODAY, language="en").question("a").label in ("Tên", "-")
    assert form.languages[0] == "vi"


def test_instances_come_and_go_and_totals_follow() -> None:
    form = small_form(
        [
            q("begin_repeat", "roster"),
            q("integer", "age", default="1"),
            q("calculate", "place", calculation="position(..)"),
            q("end_repeat", ""),
            q("calculate", "total", calculation="sum(${age})"),
            q("calculate", "people", calculation="count(${roster})"),
        ]
    )
    session = FormSession(form, {"roster/x/age": "30"}, today=TODAY, repeat_keys={"roster": ["x", "y"]})
    assert (session.value("total"), session.value("people")) == ("31", "2")
    changed = session.add("roster", "z")
    assert changed >= {"roster/z/age", "total", "people"}
    assert session.instances("roster") == ("x", "y", "z")
    changed = session.remove("roster", "x")
    assert changed >= {"roster/x/age", "total", "roster/y/place"}
    assert (session.value("total"), session.value("roster/z/place")) == ("2", "2")
    with pytest.raises(KeyError):
        session.value("roster/x/age")


def test_answers_of_someone_who_left_are_kept_aside(phieu_b: FormDefinition) -> None:
    session = FormSession(phieu_b, {"roster/gone/activity": "studying"}, today=TODAY, repeat_keys={"roster": ["m1"]})
    assert session.instances("roster") == ("m1",)
    assert session.answers()["roster/gone/activity"] == "studying"
    assert session.value("indicators/member_count") == "1"


def test_the_roster_is_a_grid_with_only_the_columns_somebody_needs(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, {"birth_date": born(40)}, {"birth_date": born(2)})
    (roster,) = next(section for section in session.sections() if section.path == "roster").items
    assert isinstance(roster, RepeatState)
    assert "roster/malnourished" in roster.columns
    assert "roster/schooling" not in roster.columns
    grown, child = (instance.keys for instance in roster.instances)
    assert "roster/m1/can_work" in grown
    assert "roster/m2/can_work" not in child


def test_an_answer_to_a_question_the_form_does_not_have_is_refused_by_name(phieu_b: FormDefinition) -> None:
    with pytest.raises(KnownProblem) as caught:
        FormSession(phieu_b, {"house/swimming_pool": "yes"}, today=TODAY)
    assert (caught.value.code, caught.value.facts["question"]) == ("forms.unknown_question", "house/swimming_pool")


def test_positions_and_instance_keys_name_the_same_question(phieu_b: FormDefinition) -> None:
    session = household(phieu_b, {"full_name": "An"}, {"full_name": "Bình"})
    assert session.key_of("/data/roster[2]/full_name") == "roster/m2/full_name"
    assert session.path_of("roster/m2/full_name") == "/data/roster[2]/full_name"
    assert session.key_of("/data/house/floor_area") == "house/floor_area"
    with pytest.raises(KeyError):
        session.key_of("/data/roster[3]/full_name")


def test_nested_repeats_have_nested_keys() -> None:
    rows = [
        q("begin_repeat", "person"),
        q("begin_repeat", "loan"),
        q("integer", "sum_vnd"),
        q("end_repeat", ""),
        q("calculate", "debt", calculation="sum(${sum_vnd})"),
        q("end_repeat", ""),
    ]
    session = FormSession(
        small_form(rows),
        {"person/a/loan/1/sum_vnd": "5", "person/a/loan/2/sum_vnd": "6", "person/b/loan/1/sum_vnd": "9"},
        today=TODAY,
    )
    assert (session.value("person/a/debt"), session.value("person/b/debt")) == ("11", "9")
    session.add("person/a/loan", "3")
    session.set("person/a/loan/3/sum_vnd", "4")
    assert (session.value("person/a/debt"), session.value("person/b/debt")) == ("15", "9")


def test_what_is_not_an_xform_is_refused() -> None:
    for data in (b"<html>gateway</html>", b"not xml", b""):
        with pytest.raises(KnownProblem) as caught:
            FormDefinition.parse(data)
        assert caught.value.code == "forms.not_an_xform"


def test_a_kind_of_question_that_is_not_supported_is_named() -> None:
    xml = convert(workbook([q("text", "where")])).replace(b'type="string"', b'type="hologram"')
    with pytest.raises(KnownProblem) as caught:
        FormDefinition.parse(xml)
    assert caught.value.code == "forms.unsupported"
    assert caught.value.facts == {"element": "hologram", "path": "where"}


def test_two_sessions_of_one_form_share_nothing_that_changes(phieu_b: FormDefinition) -> None:
    one, other = household(phieu_b, {"birth_date": born(40)}), household(phieu_b, {"birth_date": born(40)})
    one.set("house/floor_area", "5")
    assert (one.value("indicators/deprived_8"), other.value("indicators/deprived_8")) == ("1", "")
