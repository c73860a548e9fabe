"""Lists of thousands of rows are asked by a column, not row by row.

ODK XForms specification, "XPath Predicates", fn:instance, fn:pulldata.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forms.standing import Around, listed, text

ROWS = 3000


def large() -> Around:
    around = Around()
    rows = ({"name": f"v{place}", "commune": f"c{place % 300}", "code": str(place)} for place in range(ROWS))
    around.instances = {"villages": listed(*rows)}
    return around


def asked(expression: str, around: Around) -> int:
    """On how many rows the predicate ran: each run of `today()` in it is counted."""
    before = around.asked
    text(expression, around)
    return around.asked - before


@pytest.mark.parametrize(
    ("test", "rows"),
    [
        ("name = current()/../b", 1),
        ("current()/../b = name", 1),
        ("./name = /data/b", 1),
        ("child::name = concat('v', 1500 + 0)", 1),
        ("code = 1500", 1),
        ("code = /data/a * 300", 1),
        ("commune = 'c7'", 10),
        ("(commune = 'c7' and code > 20)", 10),
        ("code > 5 and name = /data/b", 1),
        ("name = instance('villages')/root/item[code = 1500]/name", 1),
        ("name != 'v1'", ROWS),
        ("code > 2990", ROWS),
        ("name = commune", ROWS),
        ("name = 'v1' or name = 'v2'", ROWS),
        ("code = 0.5", ROWS),
        ("name = 'v1' and position() > 0", ROWS),
    ],
)
def test_a_list_is_asked_by_its_column(test: str, rows: int) -> None:
    """Equality with what does not change from row to row runs on the rows that match; anything else on all."""
    around = large()
    around.data.by_name["b"][0].text = "v1500"
    assert asked(f"count(instance('villages')/root/item[today() != '' and ({test})])", around) == rows


def test_pulldata_and_a_second_question_use_the_same_column() -> None:
    """fn:pulldata: the table of a column is made once for all sessions of a form."""
    around = large()
    assert text("pulldata('villages', 'commune', 'name', 'v2999')", around) == "c299"
    root = around.instances["villages"].children[0]
    made = root.columns
    assert made is not None
    assert text("instance('villages')/root/item[name = 'v5']/code", around) == "5"
    assert root.columns is made
    assert [*made] == [("item", "name")]


def test_answers_are_never_asked_by_a_table() -> None:
    """Answers change; only lists have tables."""
    around = Around()
    assert text("count(/data/roster[age = 8])", around) == "1"
    around.member(2).children[0].text = "8"
    assert text("count(/data/roster[age = 8])", around) == "2"
    assert around.data.columns is None


CELLS = st.sampled_from(["", "1", "01", "1.0", "x", "2026-11-22", "2", "1,5"])
WANTED = st.sampled_from(
    ["''", "1", "'1'", "'01'", "1.5", "true()", "number('')", "'2026-11-22'", "20779", "/data/roster/age", "../a"]
)


@given(cells=st.lists(CELLS, max_size=8), wanted=WANTED)
def test_a_table_finds_what_comparing_row_by_row_finds(cells: list[str], wanted: str) -> None:
    """XPath Predicates: the same rows in the same order, whatever is compared with what."""
    around = Around()
    around.instances = {"l": listed(*({"name": cell, "at": str(place)} for place, cell in enumerate(cells)))}
    row_by_row = text(f"join(' ', instance('l')/root/item[name = {wanted} and position() > 0]/at)", around)
    assert text(f"join(' ', instance('l')/root/item[name = {wanted}]/at)", around) == row_by_row
