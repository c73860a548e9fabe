"""What an expression is said to read is all that it reads: answers are computed anew only where a reference leads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poverty_desktop.forms.nodes import Node, Value
from poverty_desktop.forms.references import Reference, is_volatile, references
from tests.forms.standing import Around, hidden, run

EXPRESSIONS = (
    "../a + ../b",
    "if(../a = 5, ../b, ../d)",
    "coalesce(../b, ../text, ../a)",
    "sum(/data/roster/age)",
    "count(/data/roster[age > 5])",
    "count(//amount[. > ../../age])",
    "/data/roster[2]/age",
    "/data/roster[age = /data/a]/loan[amount = current()/../b]/amount",
    "join(' ', ../*)",
    "count(../*[. = ''])",
    "count(../*[string() = ''])",
    "count(../*[number() > 1])",
    "count(../*[normalize-space() = ''])",
    "preceding-sibling::*[1]",
    "concat(following-sibling::*[1], 'x')",
    "join(' ', following::age)",
    "join(' ', preceding::*)",
    "join(' ', /data/roster[3]/preceding-sibling::roster/age)",
    "join(' ', ancestor::data/*)",
    "join(' ', ancestor-or-self::*/a)",
    "join(' ', /data/descendant::amount)",
    "join(' ', /descendant-or-self::age)",
    "join(' ', ..//amount)",
    "join(' ', /data/node())",
    "join(' ', /data/roster/*)",
    "join(' ', (/data/a | /data/roster/age)[2])",
    "join(' ', randomize(/data/roster, ../a)/age)",
    "join(' ', if(../a > 3, /data/roster, /data/nobody)/age)",
    "indexed-repeat(/data/roster/age, /data/roster, ../a - 3)",
    "indexed-repeat(/data/roster/loan/amount, /data/roster, 1, /data/roster/loan, ../a - 3)",
    "instance('list')/root/item[name = current()/../many]/points",
    "instance('list')/root/item[selected(/data/many, name)]/points",
    "pulldata('list', 'points', 'name', ../many)",
    "jr:choice-name(../a, '../many')",
    "position(/data/roster[age = 8])",
    "distance(/data/roster/age)",
    "checklist(1, 2, ../a, ../b, /data/roster/age)",
    "format-date(../d, ../text)",
    "-../a * ../b div 2 > ../text or ../b = ''",
    "instance('list')/root/item[position() = /data/a - 3]/name",
    "self::node() = ../a",
    "boolean(/data/roster[1]) and boolean(/data/b)",
    "name(/data/*[. = 'x y z'])",
    "jr:itext(../b)",
    "property(../text)",
)
IN_A_MEMBER = (
    "../age",
    "../../roster/age",
    "sum(../loan/amount)",
    "position(..)",
    "count(/data/roster[position() < position(current()/..)])",
    "../../roster[position() = position(current()/..) - 1]/age",
    "indexed-repeat(../age, .., position(..) - 1)",
    "indexed-repeat(/data/roster/age, /data/roster, position(..) + 1)",
    "join(' ', ../following-sibling::roster/age)",
    "join(' ', preceding::age)",
    "join(' ', ancestor::roster/loan/amount)",
    "join(' ', ../../descendant::amount)",
    "join(' ', ..//amount)",
)


def paths(around: Around) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(node.path for node in around.data.walk()))


def covered(changed: Node, node: Node, found: set[Reference]) -> bool:
    """Whether a change would be told to the expression of `node`, as the engine tells it (`Computing`)."""
    return any(one.path == changed.path and changed.above(one.anchor) is node.above(one.anchor) for one in found)


def value(expression: str, around: Around, node: Node) -> Value:
    """A result that can be compared: node-sets by their texts."""
    result = run(expression, around, node)
    return [one.text for one in result] if isinstance(result, list) else repr(result)  # type: ignore[return-value]


def stands() -> list[tuple[str, int]]:
    within = [(expression, place) for expression in IN_A_MEMBER for place in (1, 2, 3)]
    return [*((expression, 0) for expression in EXPRESSIONS), *within]


def node_at(around: Around, place: int) -> Node:
    return around.member(place).by_name["age"][0] if place else around.data.by_name["cell"][0]


@pytest.mark.parametrize(("expression", "place"), stands())
def test_a_change_that_matters_is_told(expression: str, place: int) -> None:
    """Each answer in turn gets other texts, or is hidden: where the result differs, a reference leads there."""
    around = Around()
    node = node_at(around, place)
    found = references(expression, node.path, paths(around))
    before = value(expression, around, node)
    for changed in [one for one in around.data.walk() if not one.children]:
        kept = changed.text
        for other in ("", "8", "3", "x", "2026-11-22"):
            changed.text = other
            assert value(expression, around, node) == before or covered(changed, node, found), (changed.key, other)
        changed.text = kept
        with hidden(changed):
            assert value(expression, around, node) == before or covered(changed, node, found), changed.key


@pytest.mark.parametrize(("expression", "place"), stands())
def test_a_member_who_leaves_is_told(expression: str, place: int) -> None:
    """An instance goes: where the result differs, the expression reads something of the repeat, or stands in it."""
    for gone in (1, 2, 3):
        around = Around()
        node = node_at(around, place)
        before = value(expression, around, node)
        leaving = around.member(gone)
        if node.parent is leaving:
            continue
        around.data.detach(leaving)
        found = references(expression, node.path, paths(around))
        told = any(one.path is not None and one.path[:2] == leaving.path for one in found) or node.path[:2] == leaving.path
        assert value(expression, around, node) == before or told


@pytest.mark.parametrize(
    ("expression", "reads"),
    [
        ("string()", {Reference(("data", "roster", "x"), 3)}),
        ("position(..)", {Reference(("data", "roster"), 2), Reference(("data", "roster"), 1)}),
        ("../following-sibling::roster/age", {Reference(("data", "roster", "age"), 1)}),
        ("ancestor::roster", {Reference(("data", "roster"), 2)}),
        ("jr:choice-name(../age, ../many)", {Reference(("data", "roster", "age"), 2)}),
        ("indexed-repeat(../age, .., 2)", {Reference(("data", "roster", "age"), 0), Reference(("data", "roster"), 0)}),
        ("instance('list')/root/item[name = 'x']", set()),
        ("random() + today() + pulldata('list', 'a', 'b', 'c')", set()),
    ],
)
def test_no_more_is_said_to_be_read_than_need_be(expression: str, reads: set[Reference]) -> None:
    """Exact where it can be: one member's change does not run everybody's expressions."""
    every = [("data",), ("data", "roster"), ("data", "roster", "age"), ("data", "roster", "x")]
    assert references(expression, ("data", "roster", "x"), every) == reads


def test_chance_and_the_clock_are_told_apart() -> None:
    """fn:random, fn:uuid, fn:randomize, fn:now, fn:today depend on the session, other functions on answers alone."""
    assert [is_volatile(text) for text in ("once(random())", "today() > ../d", "concat(uuid(), ../a)")] == [True, True, True]
    assert not is_volatile("../today + /data/random")


AXES = ("child", "parent", "self", "ancestor", "ancestor-or-self", "descendant", "descendant-or-self", "following-sibling")
AXES += ("preceding-sibling", "following", "preceding")
TESTS = st.sampled_from(["*", "node()", "age", "roster", "loan", "amount", "a", "cell"])
STEPS = st.one_of(TESTS, st.sampled_from(["..", "."]), st.builds("{}::{}".format, st.sampled_from(AXES), TESTS))
STARTS = st.sampled_from(["", "/data", "/data/roster", "..", ".", "current()", "current()/..", "//age", "(../a | //loan)"])
VALUES = st.sampled_from(["''", "8", "'8'", "/data/a", "current()/../b", "position()", "string()", "../age", "last()"])


@st.composite
def some_paths(draw: st.DrawFn, depth: int = 1) -> str:
    start, steps = draw(STARTS), draw(st.lists(STEPS, min_size=1, max_size=3))
    found = [step if step in (".", "..") or not depth else step + draw(some_predicates(depth)) for step in steps]
    return draw(st.sampled_from(["/", "/", "//"])).join([start, *found] if start else found)


@st.composite
def some_predicates(draw: st.DrawFn, depth: int) -> str:
    kind = draw(st.integers(0, 5))
    if kind < 3:
        return ""
    if kind == 3:
        return draw(st.sampled_from(["[1]", "[2]", "[last()]", "[position() > 1]", "[string() = '']"]))
    return f"[{draw(some_paths(depth - 1))} {draw(st.sampled_from(['=', '!=', '<']))} {draw(VALUES)}]"


USES = ("string({})", "count({})", "sum({})", "join('|', {})", "boolean({})", "position({})", "join(' ', randomize({}, ../a))")
USES += ("concat(../d, {})", "min({})", "if({}, ../b, ../d)", "count-non-empty({})", "{} = {}", "name({})")
USES += ("coalesce({}, ../text)",)


@settings(max_examples=100, deadline=None)
@given(use=st.sampled_from(USES), one=some_paths(), other=some_paths(), place=st.integers(0, 3))
def test_whatever_is_written_all_that_matters_is_told(use: str, one: str, other: str, place: int) -> None:
    """The same for any paths with any axes and predicates: no answer matters that the references do not lead to."""
    expression = use.format(one, other)
    around = Around()
    node = node_at(around, place)
    found = references(expression, node.path, paths(around))
    before = value(expression, around, node)
    for changed in [one for one in around.data.walk() if not one.children]:
        kept = changed.text
        for text in ("", "8", "9"):
            changed.text = text
            assert value(expression, around, node) == before or covered(changed, node, found), (expression, changed.key, text)
        changed.text = kept
        with hidden(changed):
            assert value(expression, around, node) == before or covered(changed, node, found), (expression, changed.key)
