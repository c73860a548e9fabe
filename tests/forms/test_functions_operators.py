"""ODK XForms specification, "XPath Operators", "XPath Paths", "XPath Axes", "XPath Predicates"; XPath 1.0, 2 and 3."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.forms.compiled import compile_expression
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.references import references
from poverty_desktop.forms.xpath import BrokenExpression
from tests.forms.standing import Around, hidden, run, text


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1 - 2 - 3", "-4"),
        ("2 * 3 div 8 * 2", "1.5"),
        ("-'19'", "-19"),
        ("- - 5", "5"),
        ("-(8*5)", "-40"),
        ("5 mod 3.1", "1.9"),
        ("-5 mod 3", "-2"),
        ("5 mod -3", "2"),
        ("5 mod 0", "NaN"),
        ("-1 div 0", "-Infinity"),
        ("1 div -0", "-Infinity"),
        ("true() + 8", "9"),
        ("'123' * '456'", "56088"),
        ("../b * 2", "NaN"),
        ("../b + 1 = ../b + 1", "false"),
        ("'' or 17", "true"),
        ("true() or true() and false()", "true"),
        ("false() or 0 + 2", "true"),
    ],
)
def test_arithmetic_and_logic(expression: str, result: str) -> None:
    """XPath 1.0, 3.4 and 3.5; an empty answer is no number."""
    assert text(f"round({expression}, 12)" if "mod 3.1" in expression else expression) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("6.1 - 7.8 = -1.7", "true"),
        ("0.1 + 0.2 != 0.3", "false"),
        ("17 = '17.0000000'", "true"),
        ("'0017.' = 17", "true"),
        ("'017.' = '17.000'", "false"),
        ("'abc' < 'abcd'", "false"),
        ("'-17' > '-172'", "true"),
        ("'' = 0", "false"),
        ("'' != 0", "true"),
        ("../b = ''", "true"),
        ("../b = 0", "false"),
        ("../b <= 0", "false"),
        ("../b != 'x'", "true"),
        ("/data/nobody = ''", "true"),
        ("/data/nobody != 'x'", "true"),
        ("number('') = number('')", "false"),
        ("number('') != number('')", "true"),
        ("1 div 0 = 1 div 0", "true"),
        ("true() = 17", "true"),
        ("true() > 0.9999", "true"),
        ("0 = false()", "true"),
        ("../b = false()", "true"),
        ("true() = 'true'", "true"),
        ("3 < 4 < 5", "true"),
        ("3 < (4 < 5)", "false"),
        ("-3 < 3 = 6 >= 6", "true"),
        ("6 < 7 - 4", "false"),
        ("../many = 'x y z'", "true"),
        ("/data/roster/age = 8", "true"),
        ("/data/roster/age != 8", "true"),
        ("/data/roster/age > 29", "true"),
        ("/data/roster/loan/amount = /data/roster/age", "false"),
        ("../d < '2026-11-23'", "true"),
    ],
)
def test_comparisons(expression: str, result: str) -> None:
    """XPath 1.0, 3.4: text with text as text, with a number as numbers, order always as numbers, one node of many is enough.

    As JavaRosa: numbers nearer than 1e-12 are equal, no node is empty text.
    """
    assert text(expression) == result


def test_hidden_answers_are_compared_with_nothing() -> None:
    """Bind attributes, relevant: a member who does not apply is not in the form, whatever the comparison."""
    around = Around()
    with hidden(around.member(2).children[0]):
        assert text("/data/roster/age = ''", around) == "false"
        assert text("count(/data/roster/age[. = ''])", around) == "0"
    with hidden(around.member(1).children[0]):
        assert text("string(/data/roster/age[. != 8])", around) == ""
        assert text("/data/roster[1]/age = ''", around) == "true"
        assert text("concat(/data/roster[age = '']/age, 'x')", around) == "x"


@given(numbers=st.lists(st.integers(-1000, 1000), min_size=2, max_size=900))
def test_a_sum_over_a_whole_form_does_not_nest(numbers: list[int]) -> None:
    """XPath Operators: as many terms as a form has questions."""
    assert text(" + ".join(f"({number})" for number in numbers)) == str(sum(numbers))


def test_long_chains_are_read_for_what_they_depend_on() -> None:
    """XPath Operators."""
    for sign in (" + ", " and ", " or ", " - "):
        expression = sign.join(f"/data/q{place}" for place in range(1500))
        assert len(references(expression, ("data", "x"), [])) == 1500
        compile_expression(expression)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("/data/*[1]", "5"),
        ("count(*)", "0"),
        ("count(../node())", "10"),
        ("count(//amount)", "3"),
        ("count(/data//amount)", "3"),
        ("sum(/data/roster[2]/following-sibling::roster/age)", "8"),
        ("count(/data/roster[2]/preceding-sibling::roster)", "1"),
        ("preceding-sibling::*[1]", "false"),
        ("string(preceding-sibling::*)", "5"),
        ("preceding-sibling::*[last()]", "5"),
        ("ancestor::data/a", "5"),
        ("count(ancestor::*)", "1"),
        ("count(ancestor::node())", "2"),
        ("count(ancestor-or-self::*)", "2"),
        ("count(/data/descendant::*)", "19"),
        ("count(/descendant-or-self::node())", "21"),
        ("/data/descendant::amount[2]", "20"),
        ("count(/data/descendant::amount/ancestor::roster)", "2"),
        ("join('', /data/roster/loan/ancestor::roster/age)", "308"),
        ("count(following::*)", "13"),
        ("count(preceding::*)", "5"),
        ("preceding::*[1]", "false"),
        ("/data/roster[3]/preceding::amount[1]", "20"),
        ("child::node() = ''", "true"),
        ("count(/data/child::roster/child::age)", "3"),
        ("self::cell = parent::data/cell", "true"),
        ("count(self::other)", "0"),
        ("count(/data/a | ../a | /data/roster)", "4"),
        ("join(' ', /data/roster/age | /data/a)", "5 30  8"),
        ("(/data/roster/age)[3]", "8"),
        ("/data/roster[age > 5][2]/age", "8"),
        ("count(/data/roster[loan])", "2"),
        ("count(/data/roster[loan/amount = 7]/loan)", "1"),
        ("/data/orx:a", "5"),
        ("count(/data/*[name() = 'roster'])", "3"),
        ("local-name(..)", "data"),
        ("name(/data/nobody)", ""),
        ("if(true(), /data/roster, /data/nobody)/age", "30"),
        ("instance('list')//item[2]/name", "y"),
    ],
)
def test_paths_and_axes(expression: str, result: str) -> None:
    """XPath 1.0, 2.2-2.5: all element axes; reverse ones count from the node, and their nodes come in the order of the form."""
    assert text(expression) == result


@pytest.mark.parametrize(
    "refused",
    [
        *("@id", "/data/@version", "attribute::x", "namespace::x", "text()", "/data/a/text()", "comment()", "$x", "id('a')"),
        *("processing-instruction()", "namespace-uri()", "lang('vi')", "foo(1)", "jr:unknown(1)", "1 +", "()", "concat('a')/b"),
        *("('a')[1]", "1 | 2", "/data/a[", "../a == 1", "../a === 1", "if(1, 2)", "'open", "a b", "", "..a", "//", "child::"),
        *("ancestor::text()", "Q{x}y"),
    ],
)
def test_what_a_form_cannot_mean_is_refused_with_a_reason(refused: str) -> None:
    """XPath Axes, XPath Functions: never an accident while filling in."""
    with pytest.raises(BrokenExpression) as caught:
        run(refused)
    assert caught.value.reason


PIECES = ["/", "//", ".", "..", "data", "a", "roster", "age", "[", "]", "(", ")", "1", "'x'", "=", "<", "+", "-", "*", "and"]
PIECES += ["|", ",", "count(", "if(", "concat(", "instance('list')", "position()", "ancestor::", "@", "::", " div ", "current()"]
PIECES += ["randomize("]


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=9))
def test_any_row_of_words_runs_or_is_refused(pieces: list[str]) -> None:
    """No expression, however wrong, ends in anything but a value or a refusal."""
    expression = " ".join(pieces)
    try:
        found = compile_expression(expression)
    except BrokenExpression:
        return
    assert references(expression, ("data", "cell"), [("data", "a"), ("data", "roster", "age")]) is not None
    assert found is not None
    run(expression)


@given(expression=st.text(max_size=30))
def test_any_text_is_read_or_refused(expression: str) -> None:
    """The same for any text at all."""
    with suppress(BrokenExpression):
        compile_expression(expression)


def test_deep_nesting_is_refused_not_crashed() -> None:
    """A formula no one can write by hand."""
    assert text("if(1, " * 60 + "5" + ", 6)" * 60) == "5"
    with pytest.raises(BrokenExpression, match="too deeply"):
        run("(" * 5000 + "1" + ")" * 5000)


def test_names_of_questions_may_be_those_of_functions_and_operators() -> None:
    """XPath 1.0, 3.7: a name is a function only before a bracket."""
    around = Around()
    for name in ("count", "date", "div", "mod", "and", "or", "comment", "self", "position", "số_người", "a-b", "a.b"):
        around.data.attach(Node(name, around.data)).text = "7"
        assert text(f"/data/{name} + ../{name}", around) == "14"
        assert text(f"/data[{name} = 7]/{name}", around) == "7"
