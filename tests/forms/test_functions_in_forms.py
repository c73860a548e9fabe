"""The functions within whole forms as pyxform writes them: chance, the clock, repeats, lists, languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from poverty_desktop.forms import FormDefinition, FormSession
from tests.forms.making import Row, q, small_form

TODAY = date(2026, 11, 23)
NAMES = ("red", "green", "blue", "grey", "pink")
COLOURS: list[Row] = [{"list_name": "colour", "name": name, "label": name} for name in NAMES]


def session(form: FormDefinition, dice: int | None = 1, language: str = "vi", **answers: str) -> FormSession:
    now = datetime.fromisoformat("2026-11-23T08:30:00+07:00")
    return FormSession(form, answers, today=TODAY, now=now, seed=dice, language=language)


def calculated(*rows: tuple[str, str], others: Sequence[Row] = ()) -> FormDefinition:
    return small_form([*others, *(q("calculate", name, calculation=text) for name, text in rows)])


def test_a_seed_makes_a_form_with_chance_repeatable() -> None:
    """fn:random, fn:uuid, fn:randomize: `forms evaluate --seed`."""
    form = calculated(("a", "random()"), ("b", "once(uuid())"), ("c", "uuid(8)"), others=[q("text", "t")])
    names = ("a", "b", "c")
    assert [session(form).value(name) for name in names] == [session(form).value(name) for name in names]
    assert [session(form, 2).value(name) for name in names] != [session(form).value(name) for name in names]
    assert session(form, None).value("b") != session(form, None).value("b")


def test_chance_does_not_depend_on_the_order_of_answers() -> None:
    """fn:random: a draw belongs to its place in the form."""
    survey = [q("text", "t"), q("text", "u"), q("calculate", "a", calculation="if(${t} = '', '', random())")]
    form = small_form([*survey, q("calculate", "b", calculation="if(${u} = '', '', random())")])
    one, other, whole = session(form), session(form), session(form, t="x", u="x")
    for key in ("t", "u"):
        one.set(key, "x")
    for key in ("u", "t"):
        other.set(key, "x")
    assert one.calculated() == other.calculated() == whole.calculated()
    drawn = one.value("a")
    one.set("u", "y")
    assert one.value("a") == drawn != ""


def test_randomised_choices_do_not_jump_while_one_answers() -> None:
    """fn:randomize, of the XLSForm parameter: one order a session, the same for a seed."""
    row = q("select_one colour", "c", parameters="randomize=true")
    form = small_form([q("text", "t"), row], COLOURS)
    one = session(form)
    order = [name for name, _ in one.question("c").choices]
    for text in ("x", "y"):
        one.set("t", text)
        one.set("c", "red" if text == "x" else "blue")
        assert [name for name, _ in one.question("c").choices] == order
    assert sorted(order) == ["blue", "green", "grey", "pink", "red"]
    assert len({tuple(session(form, seed).question("c").choices) for seed in range(6)}) > 1


def test_randomised_choices_follow_their_own_seed() -> None:
    """fn:randomize with a seed question: everywhere the same order."""
    row = q("select_one colour", "c", parameters="randomize=true, seed=${seed}")
    form = small_form([q("integer", "seed"), row], COLOURS)
    orders = {tuple(session(form, number, seed="42").question("c").choices) for number in range(3)}
    assert len(orders) == 1
    one = session(form, seed="42")
    one.set("seed", "43")
    assert one.question("c").choices not in orders


def test_the_clock_stands_still_in_a_session() -> None:
    """fn:now, fn:today: the laptop's local time with its offset."""
    form = calculated(("n", "now()"), ("d", "today()"), ("w", "format-date-time(now(), '%a %e %b %H:%M')"))
    found = session(form)
    assert found.calculated() == {"n": "2026-11-23T08:30:00.000+07:00", "d": "2026-11-23", "w": "Th 2 23 thg 11 08:30"}
    assert session(form, language="en").value("w") == "Mon 23 Nov 08:30"


def test_a_list_of_three_thousand_villages_is_filtered_by_its_column() -> None:
    """XPath Predicates, fn:current: one table a form; the filter sees 10 rows of 3,000."""
    villages = [{"list_name": "v", "name": f"v{n}", "label": f"V {n}", "commune": f"c{n % 300}"} for n in range(3000)]
    survey = [q("text", "commune"), q("select_one v", "village", choice_filter="commune = ${commune}")]
    survey.append(q("calculate", "label", calculation="instance('v')/root/item[name = ${village}]/label"))
    form = small_form(survey, villages)
    one = session(form, commune="c7")
    assert [name for name, _ in one.question("village").choices] == [f"v{n}" for n in range(7, 3000, 300)]
    one.set("village", "v307")
    assert one.value("label") == "V 307"
    one.set("commune", "c8")
    assert len(one.question("village").choices) == 10
    (root,) = form.plan.instances["v"].children
    assert sorted(root.columns or ()) == [("item", "commune"), ("item", "name")]


def test_answers_of_repeats_are_asked_by_their_place() -> None:
    """fn:indexed-repeat, fn:position, as pyxform writes them within and outside of a repeat."""
    survey = [
        {"type": "begin_repeat", "name": "member", "label": "Member"},
        q("text", "name"),
        q("calculate", "place", calculation="position(..)"),
        q("calculate", "before", calculation="indexed-repeat(${name}, ${member}, position(..) - 1)"),
        {"type": "end_repeat", "name": ""},
        q("integer", "n"),
        q("calculate", "asked", calculation="indexed-repeat(${name}, ${member}, ${n})"),
        q("calculate", "all", calculation="join(', ', ${name})"),
    ]
    answers = {f"member/m{number}/name": name for number, name in enumerate(("An", "Bình", "Chi"), 1)}
    one = FormSession(small_form(survey), answers | {"n": "2"}, today=TODAY)
    assert [one.value("asked"), one.value("all")] == ["Bình", "An, Bình, Chi"]
    assert [one.value(f"member/m{number}/place") for number in (1, 2, 3)] == ["1", "2", "3"]
    assert one.value("member/m3/before") == "Bình"
    one.remove("member", "m1")
    assert [one.value("asked"), one.value("member/m3/place"), one.value("member/m3/before")] == ["Chi", "2", "Bình"]


def test_the_last_saved_record_is_empty_unless_given() -> None:
    """URI jr://instance/last-saved, as pyxform writes ${last-saved#name}."""
    form = small_form([q("text", "village", default="${last-saved#village}"), q("text", "other")])
    assert session(form).value("village") == ""


def test_a_choice_is_named_in_the_language_of_the_session() -> None:
    """fn:jr:choice-name, fn:jr:itext."""
    words = (("y", "Có", "Yes"), ("n", "Không", "No"))
    choices = [{"list_name": "yn", "name": name, "label::vi": vi, "label::en": en} for name, vi, en in words]
    survey: list[Row] = [
        {"type": "select_one yn", "name": "a", "label::vi": "A", "label::en": "A"},
        {"type": "calculate", "name": "word", "calculation": "jr:choice-name(${a}, '${a}')"},
        {"type": "calculate", "name": "bare", "calculation": "jr:choice-name(${a}, ${a})"},
    ]
    form = small_form(survey, choices)
    for language, word in (("vi", "Có"), ("en", "Yes")):
        one = session(form, language=language, a="y")
        assert [one.value("word"), one.value("bare")] == [word, word]
        one.set("a", "")
        assert one.value("word") == ""


def test_a_form_whose_repeat_grows_and_shrinks_equals_one_made_at_once() -> None:
    """XPath Axes: sums over neighbours are told of members who come and go."""
    survey = [
        {"type": "begin_repeat", "name": "m", "label": "M"},
        q("integer", "age"),
        q("calculate", "older", calculation="count(../following-sibling::m[age > current()/../age])"),
        q("calculate", "so_far", calculation="sum(../preceding-sibling::m/age) + ${age}"),
        {"type": "end_repeat", "name": ""},
        q("calculate", "eldest", calculation="max(//age)"),
    ]
    form = small_form(survey)
    one = FormSession(form, {}, today=TODAY)
    for key, age in (("a", "30"), ("b", "8"), ("c", "61")):
        one.add("m", key)
        one.set(f"m/{key}/age", age)
    one.set("m/b/age", "70")
    one.remove("m", "a")
    one.add("m", "d")
    one.set("m/d/age", "90")
    whole = FormSession(form, one.answers(), today=TODAY, repeat_keys={"m": one.instances("m")})
    assert one.calculated() == whole.calculated()
    assert one.calculated()["m/b/older"] == "1"
    assert one.calculated()["m/d/so_far"] == "221"
    assert one.calculated()["eldest"] == "90"


def members(count: str, own: str) -> FormDefinition:
    """Two people of a repeat; `count` stands outside of it, `own` inside."""
    inside = [q("text", "name"), q("integer", "age"), q("calculate", "own", calculation=own)]
    rows = [q("begin_repeat", "member"), *inside, q("end_repeat", "")]
    return small_form([*rows, q("calculate", "counted", calculation=count)])


PEOPLE = {"member/a/age": "46", "member/b/age": "11"}


def test_a_predicate_on_a_repeat_asks_each_person_for_the_own_answer() -> None:
    """`${age}` within a predicate is a path from the root; Collect reads it in the instance that is tested."""
    form = members("count(${member}[${age} >= 18])", "1")
    one = FormSession(form, PEOPLE, today=TODAY)
    assert one.value("counted") == "1"
    one.set("member/b/age", "20")
    assert one.value("counted") == "2"


def test_a_path_from_the_root_within_a_repeat_means_the_same_person() -> None:
    """Forms of older makers write all their paths from the root."""
    one = FormSession(members("1", "/data/member/age + 1"), PEOPLE, today=TODAY)
    assert [one.value(f"member/{key}/own") for key in "ab"] == ["47", "12"]
    one.set("member/b/age", "30")
    assert [one.value(f"member/{key}/own") for key in "ab"] == ["47", "31"]


@pytest.mark.parametrize(
    ("own", "values"),
    [
        ("sum(/data/member/age)", ["46", "11"]),
        ("max(/data/member/age)", ["46", "11"]),
        ("min(/data/member/age, 40)", ["40", "11"]),
        ("join('-', /data/member/age)", ["46", "11"]),
        ("count-non-empty(/data/member/age)", ["1", "1"]),
        ("count(/data/member)", ["1", "1"]),
        ("count(/data/member/age[. > 5])", ["1", "1"]),
        ("count(/data/member[age > 5])", ["2", "2"]),
        ("sum(/data/member[age > 40]/age)", ["46", "46"]),
        ("count(../../member)", ["2", "2"]),
        ("sum(../../member/age)", ["57", "57"]),
        ("sum(/data/member/loan/amount)", ["7", "1"]),
        ("count(/data/member/loan)", ["2", "1"]),
        ("sum(../../member/loan/amount)", ["8", "8"]),
    ],
)
def test_a_path_from_the_root_means_the_own_instance_also_where_it_is_summed_or_counted(own: str, values: list[str]) -> None:
    """JavaRosa, TreeReference.contextualize: each step without a predicate takes the instance of the context, the last one too
    (TreeReferenceContextualizeTest "Contextualizing a ref with itself"; TriggerableDagTest says that count(/data/repeat) is
    always 1 within it); a step with a predicate is all that pass, a path up and down ("Parent refs in child of repeat") all."""
    loans = [q("begin_repeat", "loan"), q("integer", "amount"), q("end_repeat", "")]
    rows = [q("begin_repeat", "member"), q("integer", "age"), *loans, q("calculate", "own", calculation=own), q("end_repeat", "")]
    amounts = {"member/a/loan/1/amount": "3", "member/a/loan/2/amount": "4", "member/b/loan/1/amount": "1"}
    one = FormSession(small_form(rows), PEOPLE | amounts, today=TODAY)
    assert [one.value(f"member/{key}/own") for key in "ab"] == values


def test_outside_of_the_repeat_a_path_from_the_root_is_all_people() -> None:
    one = FormSession(members("sum(/data/member/age) + count(/data/member)", "1"), PEOPLE, today=TODAY)
    assert one.value("counted") == "59"
