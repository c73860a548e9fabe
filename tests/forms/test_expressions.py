"""The semantics of expressions: ODK XForms specification, "XPath Functions", and XPath 1.0 where it refers to that."""

from __future__ import annotations

import pytest

from poverty_desktop.forms.compiled import compile_expression
from poverty_desktop.forms.references import Reference, references
from poverty_desktop.forms.xpath import BrokenExpression
from tests.forms.standing import Around, text


def evaluate(expression: str, at: str = "cell") -> str:
    around = Around()
    node = around.member(2).children[0] if at == "second age" else around.data.by_name[at][0]
    return text(expression, around, node)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1 + 2 * 3", "7"),
        ("7 div 2", "3.5"),
        ("-7 mod 3", "-1"),
        ("1 div 0", "Infinity"),
        ("0 div 0", "NaN"),
        ("../a + 1", "6"),
        ("../b + 1", "NaN"),
        ("../b = ''", "true"),
        ("../b < 3", "false"),
        ("../b >= 3", "false"),
        ("../missing = ''", "true"),
        ("../a = 5", "true"),
        ("../a = '5.0'", "false"),
        ("/data/roster/age = '8'", "true"),
        ("../a > 3 and not(../b)", "true"),
        ("number('')", "NaN"),
        ("number('2026-11-22') - number('2026-11-21')", "1"),
        ("../d < today()", "true"),
        ("../d + 1 = decimal-date-time('2026-11-23')", "true"),
        ("number('1970-01-02')", "1"),
        ("number(true())", "1"),
        ("boolean-from-string('true')", "true"),
        ("boolean-from-string('yes')", "false"),
        ("boolean(../text)", "true"),
        ("string(1.50)", "1.5"),
        ("string(2.0)", "2"),
        ("if(../a > 3, 'big', 'small')", "big"),
        ("if('', 1, 2)", "2"),
        ("coalesce(../b, ../a)", "5"),
        ("coalesce('', '')", ""),
        ("once('new')", "new"),
        ("concat('a', 1, true())", "a1true"),
        ("concat(/data/roster/age)", "308"),
        ("join('-', /data/roster/age[. != ''])", "30-8"),
        ("join(', ', 'a', 'b')", "a, b"),
        ("substr('nghèo', 0, 2)", "ng"),
        ("substr('nghèo', -3)", "hèo"),
        ("substring('nghèo', 2, 3)", "ghè"),
        ("substring-before('a-b', '-')", "a"),
        ("substring-after('a-b', '-')", "b"),
        ("translate('1.5', '.', ',')", "1,5"),
        ("contains('Đắk Nông', 'Nông')", "true"),
        ("starts-with('abc', 'b')", "false"),
        ("ends-with('abc', 'bc')", "true"),
        ("string-length('Đinh')", "4"),
        ("normalize-space('  a   b ')", "a b"),
        ("regex('2026-11', '[0-9]{4}-[0-9]{2}')", "true"),
        ("regex('x2026-11', '[0-9]{4}-[0-9]{2}')", "false"),
        ("int('7.9')", "7"),
        ("int(-7.9)", "-7"),
        ("int('')", "NaN"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round(3.14159, 2)", "3.14"),
        ("round(1250, -2)", "1300"),
        ("pow(2, 10)", "1024"),
        ("count(/data/roster)", "3"),
        ("count(/data/roster[age > 5])", "2"),
        ("count(/data/roster[position() > 1])", "2"),
        ("count(/data/roster[2]/age)", "1"),
        ("count(/data/nobody)", "0"),
        ("count-non-empty(/data/roster/age)", "2"),
        ("sum(/data/roster/age)", "38"),
        ("sum(/data/nobody)", "0"),
        ("min(/data/roster/age)", "8"),
        ("max(/data/roster/age)", "30"),
        ("max(3, ../a)", "5"),
        ("min(/data/nobody)", "NaN"),
        ("selected(../many, 'y')", "true"),
        ("selected(../many, 'x y')", "false"),
        ("selected('', 'x')", "false"),
        ("selected-at(../many, 1)", "y"),
        ("selected-at(../many, 9)", ""),
        ("count-selected(../many)", "3"),
        ("count-selected('')", "0"),
        ("checklist(1, 2, '1', '0', '1')", "true"),
        ("weighted-checklist(5, -1, '1', 2, '1', 2)", "false"),
        ("today()", "2026-11-23"),
        ("date('2026-11-22T10:00:00')", "2026-11-22"),
        ("date(1)", "1970-01-02"),
        ("date('never')", ""),
        ("format-date(../d, '%e/%n/%Y %d-%m-%y')", "22/11/2026 22-11-26"),
        ("format-date('', '%Y')", ""),
        ("format-date-time(now(), '%H:%M')", "08:30"),
        ("decimal-time('12:00:00')", "0.5"),
        ("instance('list')/root/item[name = 'y']/points", "20"),
        ("sum(instance('list')/root/item[selected(/data/many, name)]/points)", "30"),
        ("pulldata('list', 'points', 'name', 'x')", "10"),
        ("indexed-repeat(/data/roster/age, /data/roster, 3)", "8"),
        ("jr:choice-name('y', ' ../many ')", "data/many=y"),
        ("count(//age)", "3"),
        ("count(/data/a | /data/roster)", "4"),
        ("count(../*[. = '5'])", "1"),
        ("self::cell = parent::data/cell", "true"),
        ("floor(-1.5) + ceiling(1.2)", "0"),
        ("sqrt(-1)", "NaN"),
    ],
)
def test_expressions_mean_what_the_xforms_specification_says(expression: str, result: str) -> None:
    assert evaluate(expression) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [("position(..)", "2"), ("../../roster[1]/age", "30"), ("count(/data/roster[position() < position(current()/..)])", "1")],
)
def test_an_expression_in_a_repeat_knows_its_own_instance(expression: str, result: str) -> None:
    assert evaluate(expression, at="second age") == result


@pytest.mark.parametrize(
    "broken",
    ["1 +", "foo(1)", "if(1, 2)", "selected(../a)", "(1", "/data/a[", "../a ==  1", "attribute::x", "jr:choice-name(1, 2, 3)"],
)
def test_a_broken_expression_is_refused_when_it_is_read(broken: str) -> None:
    with pytest.raises(BrokenExpression):
        compile_expression(broken)


@pytest.mark.parametrize(
    ("expression", "reads"),
    [
        ("../age + 1", {Reference(("data", "roster", "age"), 2)}),
        ("sum(/data/roster/age)", {Reference(("data", "roster", "age"), 0)}),
        ("../../roster/age", {Reference(("data", "roster", "age"), 1)}),
        ("instance('list')/root/item[name = current()/../a]/points", {Reference(("data", "roster", "a"), 2)}),
        (
            "count(/data/roster[./age > ../limit])",
            {Reference(("data", "roster"), 0), Reference(("data", "roster", "age"), 0), Reference(("data", "limit"), 0)},
        ),
    ],
)
def test_what_an_expression_reads_is_known_without_running_it(expression: str, reads: set[Reference]) -> None:
    found = references(expression, ("data", "roster", "x"), [])
    assert reads <= found


def test_names_of_questions_may_be_names_of_functions() -> None:
    assert references("/data/count + ../date - ../sum", ("data", "x"), []) == {
        Reference(("data", "count"), 0),
        Reference(("data", "date"), 1),
        Reference(("data", "sum"), 1),
    }
