"""Faults of expressions and references are told with their cell, and what was meant (issue 3, `forms check`)."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession
from poverty_desktop.forms.release import check, examine
from poverty_desktop.forms.sheets import FormFault
from poverty_desktop.system.resources import load_texts
from tests.forms.making import TODAY, q, small_form, workbook

COLUMNS = {"relevant": "D", "constraint": "D", "calculation": "D", "read_only": "D", "required": "D"}


def only(faults: list[FormFault]) -> FormFault:
    assert len(faults) == 1, faults
    return faults[0]


def test_an_unknown_name_comes_with_the_one_that_was_meant() -> None:
    fault = only(check(workbook([q("integer", "household_size"), q("note", "n", label="Hộ có ${houshold_size} người")])))
    assert (fault.cell, fault.key) == ("survey!C3", "forms_check.unknown_name_like")
    assert fault.facts["like"] == "household_size"


def test_an_unknown_name_in_a_label_of_a_choice_and_in_the_instance_name_is_told() -> None:
    choices = [{"list_name": "l", "name": "x", "label": "Như ${nobody}"}]
    faults = check(workbook([q("select_one l", "a")], choices, {"instance_name": "concat(${nobody}, '1')"}))
    assert [fault.cell for fault in faults] == ["choices!C2", "settings!D2"]


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_a_broken_expression_is_told_in_each_column(column: str) -> None:
    fault = only(check(workbook([q("integer", "a"), q("text", "b", **{column: "${a} > ("})])))
    assert (fault.cell, fault.key) == ("survey!D3", "forms.fault_broken_expression")


@pytest.mark.parametrize(
    ("text", "better"), [("có", "yes"), ("Không", "no"), ("yEs", "yes"), ("x", "yes"), ("Bắt buộc", "yes"), ("yes\u00a0.", None)]
)
def test_a_word_that_was_meant_as_yes_or_no_is_told(text: str, better: str | None) -> None:
    """pyxform takes every other word for the name of an element, which is never there: the question would never be required."""
    faults = check(workbook([q("text", "a", required=text)]))
    assert [fault.cell for fault in faults] == ["survey!D2"]
    assert faults[0].facts.get("better") == better


@pytest.mark.parametrize("text", ["Yes ", " no", "TRUE", "true()", "yes"])
def test_yes_and_no_as_pyxform_knows_them_pass(text: str) -> None:
    assert check(workbook([q("text", "a", required=text)])) == []


def test_a_name_of_a_question_without_its_brackets_is_a_fault() -> None:
    """`age > 5` looks for an element below the question: always empty, and nothing would ever say so."""
    fault = only(check(workbook([q("integer", "age"), q("text", "b", relevant="age > 5")])))
    assert (fault.cell, fault.key, fault.facts["name"]) == ("survey!D3", "forms_check.bare_name", "age")


def test_a_text_that_lacks_its_quotes_is_a_fault() -> None:
    fault = only(check(workbook([q("text", "a"), q("text", "b", relevant="${a} = rural")])))
    assert (fault.cell, fault.key, fault.facts["name"]) == ("survey!D3", "forms_check.bare_word", "rural")


@pytest.mark.parametrize("text", ["$(a) = 1", "${a = 1", "${a ${b}"])
def test_brackets_that_are_wrong_are_told(text: str) -> None:
    assert only(check(workbook([q("integer", "a"), q("text", "b", relevant=text)]))).cell == "survey!D3"


def test_a_filter_that_names_a_column_that_is_not_there_is_told_with_the_nearest() -> None:
    choices = [{"list_name": "l", "name": "x", "label": "X", "district": "1"}]
    fault = only(check(workbook([q("text", "d"), q("select_one l", "a", choice_filter="distric = ${d}")], choices)))
    assert (fault.cell, fault.key, fault.facts["like"]) == ("survey!D3", "forms_check.filter_column_like", "district")
    assert check(workbook([q("text", "d"), q("select_one l", "a", choice_filter="district = ${d} or name = 'x'")], choices)) == []


@pytest.mark.parametrize("count", ["ba", "many people", "3 +"])
def test_a_repeat_count_that_is_no_number_is_told(count: str) -> None:
    rows = [q("begin_repeat", "r", repeat_count=count), q("text", "a"), {"type": "end_repeat"}]
    assert [fault.cell for fault in check(workbook(rows))] == ["survey!D2"]


@pytest.mark.parametrize("count", ["3", "${n}", "${n} + 1"])
def test_a_repeat_count_that_is_a_number_or_an_expression_passes(count: str) -> None:
    rows = [q("integer", "n"), q("begin_repeat", "r", repeat_count=count), q("text", "a"), {"type": "end_repeat"}]
    assert examine(workbook(rows)) == []


def test_a_circle_through_three_questions_is_told_with_its_path(texts: Texts) -> None:
    rows = [q("integer", "x"), q("calculate", "a", calculation="${b} + ${x}"), q("calculate", "b", calculation="${c}")]
    fault = only(check(workbook([*rows, q("calculate", "c", calculation="${a}"), q("note", "n")])))
    assert (fault.cell, fault.key) == ("survey!D3", "problem.forms.circular")
    assert fault.sentence(texts).count("→") == 3


def test_a_constraint_without_a_message_is_a_warning_in_the_empty_cell() -> None:
    faults = examine(
        workbook([q("integer", "a", constraint=". > 0"), q("integer", "b", constraint=". > 0", constraint_message="…")])
    )
    assert [(fault.cell, fault.level) for fault in faults] == [("survey!E2", "warning")]


def test_a_default_with_a_dash_is_a_text_here_and_an_expression_on_a_phone() -> None:
    (fault,) = examine(workbook([q("text", "a", default="Trà Bồng - thôn 1")]))
    assert (fault.cell, fault.key, fault.level) == ("survey!D2", "forms_check.default_taken_for_expression", "warning")


def test_columns_that_mean_nothing_in_their_row_are_warnings() -> None:
    faults = examine(workbook([q("text", "a", choice_filter="name = 'x'"), q("text", "b", repeat_count="3")]))
    assert [(fault.cell, fault.level) for fault in faults] == [("survey!D2", "warning"), ("survey!E3", "warning")]


@pytest.mark.parametrize(
    ("row", "cell", "key"),
    [
        (q("image", "b", parameters="max-pixels=many"), "survey!D3", "forms_check.parameters"),
        (q("range", "b", parameters="start=a end=3"), "survey!D3", "forms_check.parameters"),
        (q("text", "b", trigger="${nobody}"), "survey!D3", "forms.fault_unknown_name"),
        (q("text", "b", trigger="a"), "survey!D3", "forms_check.trigger"),
        (q("audio", "b", parameters="quality=best"), "survey!D3", "forms_check.parameters"),
        (q("select_one_from_file list.pdf", "b"), "survey!A3", "forms_check.not_a_list_file"),
    ],
)
def test_what_pyxform_refuses_is_told_in_both_languages(
    row: dict[str, str], cell: str, key: str, texts: Texts, english: Texts
) -> None:
    fault = only(check(workbook([q("text", "a"), row])))
    assert (fault.cell, fault.key) == (cell, key)
    assert fault.sentence(texts) != fault.sentence(english)


def test_a_chain_of_three_thousand_terms_is_read_to_its_end() -> None:
    """A sum over all columns of a long table, written out: each name in it is looked at."""
    chain = " + ".join(["1"] * 3000)
    fault = only(check(workbook([q("text", "a"), q("text", "b", relevant=f"a = 1 + {chain}")])))
    assert (fault.cell, fault.key) == ("survey!D3", "forms_check.bare_name")
    assert check(workbook([q("text", "a"), q("text", "b", relevant=f"${{a}} = {chain}")])) == []


NESTED = [
    q("begin_group", "g"),
    q("begin_repeat", "m"),
    q("calculate", "own", calculation="count(${m})"),
    q("calculate", "own_set", calculation="1 + count-non-empty( ${m} )"),
    q("calculate", "adults", calculation="count(${m}[${own} = 1])"),
    q("begin_repeat", "k"),
    q("calculate", "far", calculation="count(${m}) + count(${k})"),
    q("end_repeat", ""),
    q("end_repeat", ""),
    q("calculate", "all", calculation="count(${m})"),
    q("end_group", ""),
]


def test_counting_the_outermost_repeat_from_within_is_told_with_what_counts_all_its_lines() -> None:
    found = [fault for fault in examine(workbook(NESTED)) if fault.key == "forms_check.counts_own_line"]
    assert [(fault.cell, fault.level) for fault in found] == [(f"survey!D{row}", "warning") for row in (4, 5, 8)]
    assert [fault.facts["path"] for fault in found] == ["../../m", "../../m", "../../../m"]
    told = [q("calculate", name, calculation=f"count({path})") for name, path in (("a", "../../m"), ("b", "../../../m"))]
    rows = [*NESTED[:3], told[0], NESTED[5], told[1], *NESTED[7:]]
    session = FormSession(small_form(rows), {}, today=TODAY, repeat_keys={"g/m": ["1", "2", "3"], "g/m/1/k": ["x"]})
    assert [session.value(f"g/m/1/{key}") for key in ("own", "a", "k/x/b")] == ["1", "3", "3"]


def test_an_answer_of_the_form_last_saved_is_told_where_it_stands() -> None:
    rows = [q("text", "village"), q("text", "a", default="${last-saved#village}")]
    fault = only(examine(workbook(rows)))
    assert (fault.cell, fault.key, fault.level) == ("survey!D3", "forms_check.last_saved", "warning")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_told_of_counting_and_of_the_form_last_saved_names_what_was_typed(language: str) -> None:
    texts = load_texts(language)
    assert "“count(${m})”" in texts("forms_check.counts_own_line", name="m", path="../../m")
    assert "${last-saved#…}" in texts("forms_check.last_saved")
