"""ODK XForms specification, "XPath Functions": Node-set, Select, Translation and Repeat Functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.forms.functions_sets import ParkMiller, seed_of, shuffled
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.xpath import BrokenExpression
from tests.forms.standing import Around, hidden, listed, run, text


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("count(/data/roster)", "3"),
        ("count(/data/roster/loan)", "3"),
        ("count(/data/nobody)", "0"),
        ("count(/data/roster/age)", "3"),
        ("count-non-empty(/data/roster/age)", "2"),
        ("count-non-empty(/data/roster)", "3"),
        ("count-non-empty(/data/nobody)", "0"),
    ],
)
def test_count_and_count_non_empty(expression: str, result: str) -> None:
    """fn:count; fn:count-non-empty as XForms 1.0, 7.7.5."""
    assert text(expression) == result


def test_hidden_members_are_not_counted() -> None:
    """Binds, `relevant`."""
    around = Around()
    with hidden(around.member(1)):
        assert text("count(/data/roster)", around) == "2"


@pytest.mark.parametrize("wrong", ["count(1)", "sum('a')", "count-non-empty(1 + 1)", "randomize('x')", "position('x')"])
def test_a_value_where_nodes_are_needed_is_refused_when_the_form_is_read(wrong: str) -> None:
    """fn:count, fn:sum, fn:randomize, fn:position: their arguments are node-sets."""
    with pytest.raises(BrokenExpression, match="where a path is needed"):
        run(wrong)


def test_position_of_a_node_is_its_place_among_its_brothers() -> None:
    """fn:position with an argument; without one the place in the predicate. A node that is not there has none."""
    around = Around()
    assert [text("position(..)", around, around.member(place).children[0]) for place in (1, 2, 3)] == ["1", "2", "3"]
    assert text("position(/data/roster/loan[2])", around) == "2"
    assert text("position(/data/nobody)", around) == "NaN"
    assert text("/data/roster[position() = 3]/age", around) == "8"
    assert text("/data/roster[last()]/age", around) == "8"


def test_current_leads_out_of_a_predicate() -> None:
    """fn:current, with a relative path inside the predicate of an instance."""
    around = Around()
    around.data.by_name["b"][0].text = "y"
    assert text("instance('list')/root/item[name = current()/../b]/points", around) == "20"
    assert text("instance('list')/root/item[name = /data/b]/points", around) == "20"


def test_instance_gives_lists_and_nothing_where_there_is_none() -> None:
    """fn:instance; the last saved record of pyxform is empty unless given ("URI", jr://instance/last-saved)."""
    assert text("sum(instance('list')/root/item/points)") == "30"
    assert text("instance(concat('li', 'st'))/root/item[2]/name") == "y"
    assert text("count(instance('none')/root/item)") == "0"
    assert text("instance('__last-saved')/data/village") == ""
    around = Around()
    saved = Node("", None)
    data = saved.attach(Node("data", saved))
    data.attach(Node("village", data)).text = "Nước Lếch"
    around.instances = {"__last-saved": saved}
    assert text("instance('__last-saved')/data/village", around) == "Nước Lếch"


# --- randomize -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "order"),
    [
        ("42", "AFCBDE"),
        ("'42'", "AFCBDE"),
        ("-42", "EDAFBC"),
        ("1", "BFEACD"),
        ("1.1", "BFEACD"),
        ("11111111", "ACDBFE"),
        ("0", "CBEAFD"),
        ("../b", "CBEAFD"),
    ],
)
def test_randomize_with_a_seed_gives_the_order_of_other_programs(seed: str, order: str) -> None:
    """fn:randomize: inside-out Fisher-Yates with Park-Miller; orders as ODK's own test suites expect them."""
    around = Around()
    around.instances = {"six": listed(*({"name": letter} for letter in "ABCDEF"))}
    assert text(f"join('', randomize(instance('six')/root/item, {seed})/name)", around) == order


def test_randomize_without_a_seed_keeps_its_order_for_the_session() -> None:
    """fn:randomize: the choices of a question do not jump while they are looked at; another session has another order."""
    orders = set()
    for seed in range(8):
        around = Around(seed=seed)
        around.instances = {"six": listed(*({"name": letter} for letter in "ABCDEF"))}
        order = text("join('', randomize(instance('six')/root/item)/name)", around)
        assert order == text("join('', randomize(instance('six')/root/item)/name)", around)
        assert sorted(order) == list("ABCDEF")
        orders.add(order)
    assert len(orders) > 1


@given(items=st.lists(st.integers(), max_size=30), seed=st.one_of(st.floats(), st.text(max_size=8)))
def test_shuffling_loses_nothing_and_repeats(items: list[int], seed: float | str) -> None:
    """fn:randomize: any seed, text too, is a number."""
    number = seed_of(seed)
    assert sorted(shuffled(items, ParkMiller(number))) == sorted(items)
    assert shuffled(items, ParkMiller(number)) == shuffled(items, ParkMiller(number))
    assert 0 <= ParkMiller(number).random() < 1


# --- select functions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("selected('apple baby crimson', 'baby')", "true"),
        ("selected('apple baby crimson', '  baby  ')", "true"),
        ("selected('apple baby crimson', 'bab')", "false"),
        ("selected('', 'apple')", "false"),
        ("selected(../b, '')", "true"),
        ("selected(../many, '')", "false"),
        ("selected('1 2 3', 2)", "true"),
        ("is-selected(../many, 'z')", "true"),
        ("selected-at(../many, 0)", "x"),
        ("selected-at(../many, 2)", "z"),
        ("selected-at(../many, 3)", ""),
        ("selected-at(../many, -1)", ""),
        ("selected-at(../many, '')", ""),
        ("selected-at('', 0)", ""),
        ("count-selected(../many)", "3"),
        ("count-selected(' x   y ')", "2"),
        ("count-selected('')", "0"),
    ],
)
def test_lists_of_names(expression: str, result: str) -> None:
    """fn:selected, fn:selected-at (from 0), fn:count-selected."""
    assert text(expression) == result


def test_choice_name_takes_the_question_as_text_as_a_path_or_from_an_expression() -> None:
    """fn:jr:choice-name: the label of a value in the active language."""
    around = Around()
    around.data.by_name["b"][0].text = "/data/many"
    told = ("'/data/many'", "' ../many '", "../many", "concat('/data/', 'many')", "string(../b)")
    assert {text(f"jr:choice-name('y', {question})", around) for question in told} == {"data/many=y"}
    assert text("jr:choice-name(selected-at(../many, 2), '../many')") == "data/many=z"
    assert [text(f"jr:choice-name('y', {question})") for question in ("1 + 1", "'/data/nobody'")] == ["", ""]


def test_itext_is_looked_up_in_the_language_of_the_session() -> None:
    """fn:jr:itext."""
    assert text("jr:itext('greeting')", Around("vi")) == "[greeting:vi]"
    assert text("concat(jr:itext(concat('a', 1)), '!')", Around("en")) == "[a1:en]!"


def test_version_and_property_tell_of_form_and_laptop() -> None:
    """JavaRosa's version() and property(): "Preload Attributes" name the properties."""
    assert text("version()") == "2026.3"
    assert [text(f"property('{name}')") for name in ("username", "simserial")] == ["hong", ""]


# --- repeats -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("indexed-repeat(/data/roster/age, /data/roster, 3)", "8"),
        ("indexed-repeat(/data/roster/age, /data/roster, '1')", "30"),
        ("indexed-repeat(/data/roster/age, /data/roster, ../b)", "30"),
        ("indexed-repeat(/data/roster/age, /data/roster, 0)", "30"),
        ("indexed-repeat(/data/roster/age, /data/roster, 9)", ""),
        ("indexed-repeat(/data/roster/loan/amount, /data/roster, 1, /data/roster/loan, 2)", "20"),
        ("indexed-repeat(/data/roster/loan/amount, /data/roster/loan, 2, /data/roster, 1)", "20"),
        ("indexed-repeat(/data/roster/loan/amount, /data/roster, 2, /data/roster/loan, 1)", ""),
        ("indexed-repeat(/data/nobody/age, /data/nobody, 1)", ""),
    ],
)
def test_indexed_repeat(expression: str, result: str) -> None:
    """fn:indexed-repeat: 1-based, several repeats deep, in any order; a blank place is the first (JavaRosa)."""
    assert text(expression) == result


def test_indexed_repeat_from_within_names_questions_not_instances() -> None:
    """fn:indexed-repeat: relative paths mean the whole repeat; an outer repeat that is not named stays one's own."""
    around = Around()
    second = around.member(2).children[0]
    assert text("indexed-repeat(../age, .., 3)", around, second) == "8"
    loan = around.member(1).by_name["loan"][0].children[0]
    assert text("indexed-repeat(/data/roster/loan/amount, /data/roster/loan, 2)", around, loan) == "20"
    assert text("indexed-repeat(../amount, .., position(../..) + 1)", around, loan) == "20"
    pairs = "/data/roster, 1, /data/roster/loan, 2"
    assert text(f"indexed-repeat(/data/roster/loan/amount, {pairs})", around, second) == "20"


def test_indexed_repeat_goes_three_repeats_deep() -> None:
    """fn:indexed-repeat: up to three repeats."""
    around = Around()
    for member in (1, 2):
        for loan in range(2):
            parent = around.member(member).attach(Node("work", around.member(member), f"w{loan}"))
            for month in range(2):
                row = parent.attach(Node("month", parent, f"m{month}"))
                row.attach(Node("pay", row)).text = f"{member}{loan + 1}{month + 1}"
    places = "/data/roster, 2, /data/roster/work, 1, /data/roster/work/month, 2"
    assert text(f"indexed-repeat(/data/roster/work/month/pay, {places})", around) == "212"


def test_indexed_repeat_needs_a_place_for_each_repeat() -> None:
    """fn:indexed-repeat."""
    with pytest.raises(BrokenExpression, match="a place for each repeat"):
        run("indexed-repeat(/data/roster/age, /data/roster, 1, /data/roster/loan)")
