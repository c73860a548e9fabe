"""ODK XForms specification, "XPath Functions", Boolean Functions, and which arguments run."""

from __future__ import annotations

import pytest

from poverty_desktop.forms.functions import ARITIES
from poverty_desktop.forms.xpath import BrokenExpression
from tests.forms.standing import Around, hidden, run, text

NAMED = (
    "if coalesce once selected selected-at count-selected jr-choice-name indexed-repeat position count count-non-empty sum "
    "min max round int number string pow log exp sqrt abs sin cos tan asin acos atan atan2 pi concat join substr substring "
    "substring-before substring-after translate contains starts-with ends-with string-length normalize-space regex not "
    "boolean boolean-from-string checklist weighted-checklist date date-time decimal-date-time decimal-time format-date "
    "format-date-time today now uuid random randomize digest base64-decode pulldata area distance geofence instance current true "
    "false exp10 log10 jr-itext version property last floor ceiling "
)


@pytest.mark.parametrize("name", NAMED.split())
def test_every_function_of_the_specification_is_known_and_counts_its_arguments(name: str) -> None:
    """XPath Functions: all of them, and no more arguments than each takes."""
    _, most = ARITIES[name]
    if most is not None:
        arguments = ", ".join(["/data/a"] * (most + 1))
        with pytest.raises(BrokenExpression):
            run(f"{name.replace('jr-', 'jr:')}({arguments})")


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("boolean(0.0001)", "true"),
        ("boolean(-1)", "true"),
        ("boolean(0)", "false"),
        ("boolean(-0)", "false"),
        ("boolean(number(''))", "false"),
        ("boolean(1 div 0)", "true"),
        ("boolean('')", "false"),
        ("boolean('  ')", "true"),
        ("boolean('false')", "true"),
        ("boolean(../text)", "true"),
        ("boolean(../b)", "false"),
        ("boolean(/data/nobody)", "false"),
        ("boolean(/data/roster)", "true"),
        ("boolean(/data/roster[age = 99])", "false"),
        ("boolean(instance('list')/root/item[name = 'y'])", "true"),
        ("not(../b)", "true"),
        ("not(../a)", "false"),
        ("not('')", "true"),
        ("boolean-from-string('true')", "true"),
        ("boolean-from-string('1')", "true"),
        ("boolean-from-string(1.0)", "true"),
        ("boolean-from-string(true())", "true"),
        ("boolean-from-string('TRUE')", "false"),
        ("boolean-from-string('yes')", "false"),
        ("boolean-from-string('')", "false"),
        ("boolean-from-string(1.0001)", "false"),
    ],
)
def test_truth(expression: str, result: str) -> None:
    """fn:boolean, fn:not, fn:boolean-from-string; the note that an answer goes through its text: an empty one is false."""
    assert text(expression) == result


def test_a_hidden_answer_is_not_true() -> None:
    """Binds, `relevant`."""
    around = Around()
    with hidden(*around.member(1).walk()):
        assert text("boolean(/data/roster[1]/age)", around) == "false"
        assert text("boolean(/data/roster[1])", around) == "false"


def test_only_the_branch_taken_runs() -> None:
    """fn:if, and the operators: what is not needed does not run."""
    around = Around()
    assert text("if(../a > 3, 'big', today())", around) == "big"
    assert text("if(../b, today(), 'none')", around) == "none"
    assert text("true() or today() = ''", around) == "true"
    assert text("false() and today() = ''", around) == "false"
    assert text("coalesce(../a, today())", around) == "5"
    assert around.asked == 0
    assert text("if(1, 5, 'x') + 1") == "6"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("coalesce(../b, ../a)", "5"),
        ("coalesce('', '')", ""),
        ("coalesce(/data/nobody, 'x')", "x"),
        ("coalesce(number(''), 7) + 1", "8"),
        ("coalesce(../b, '', 0)", "0"),
        ("coalesce(false(), 'x')", "false"),
    ],
)
def test_coalesce(expression: str, result: str) -> None:
    """fn:coalesce: the first that is not empty; NaN is empty, as in JavaRosa."""
    assert text(expression) == result


def test_once_keeps_what_the_node_has() -> None:
    """fn:once: runs only while the node is empty."""
    around = Around()
    node = around.data.by_name["cell"][0]
    assert text("once(today())", around, node) == "2026-11-23"
    node.raw = node.text = "2026-01-01"
    asked = around.asked
    assert text("once(today())", around, node) == "2026-01-01"
    assert around.asked == asked


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("checklist(1, 2, '1', '0', '1')", "true"),
        ("checklist(3, -1, 1, 1, 0)", "false"),
        ("checklist(-1, 1, 1, 1)", "false"),
        ("checklist(-1, -1)", "true"),
        ("checklist(2, 2, 'yes', 'no', 1)", "true"),
        ("checklist(0, 0, '', 'x', '-1')", "true"),
        ("checklist(2, 2, /data/roster/age)", "true"),
        ("checklist(1, 1, true(), false())", "true"),
        ("weighted-checklist(5, -1, '1', 2, '1', 2)", "false"),
        ("weighted-checklist(4, 4, '1', 2, '1', 2, '0', 9)", "true"),
        ("weighted-checklist(-1, 3.5, 1, 3.5, '', 10)", "true"),
        ("weighted-checklist(38, 38, /data/roster/age, /data/roster/age)", "true"),
    ],
)
def test_checklists(expression: str, result: str) -> None:
    """fn:checklist, fn:weighted-checklist: answers above 0 count; -1 is no limit; node-sets are taken node by node."""
    assert text(expression) == result


def test_a_weighted_checklist_needs_pairs() -> None:
    """fn:weighted-checklist: the number of arguments is even."""
    with pytest.raises(BrokenExpression, match="a weight for each answer"):
        run("weighted-checklist(1, 2, 3)")
