"""Faults of an XLSForm are told with their cell (issue 2, "Bad input")."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.checks.book import Book
from poverty_desktop.forms.checks.conversion import pyxform_fault
from poverty_desktop.forms.release import check, convert
from poverty_desktop.forms.sheets import FormFault, column_letters
from poverty_desktop.forms.workbooks import read_workbook
from poverty_desktop.system.resources import resource
from tests.forms.making import Row, q, workbook

GOOD = [q("integer", "a"), q("calculate", "b", calculation="${a} + 1")]


def only(faults: list[FormFault]) -> FormFault:
    assert len(faults) == 1, faults
    return faults[0]


def test_a_good_form_has_no_fault() -> None:
    assert check(workbook(GOOD)) == []


def test_a_broken_expression_planted_in_phieu_b_is_told_with_its_cell(tmp_path: Path, texts: Texts) -> None:
    book = openpyxl.load_workbook(resource("forms", "phieu_b.xlsx"))
    sheet = book["survey"]
    titles = [cell.value for cell in sheet[1]]
    column = titles.index("calculation") + 1
    row = next(line for line in range(2, sheet.max_row + 1) if sheet.cell(line, titles.index("name") + 1).value == "b2_score")
    sheet.cell(row, column).value = "if(${deprived_1} = '1', 10"
    broken = tmp_path / "broken.xlsx"
    book.save(broken)
    fault = only(check(broken))
    assert (fault.sheet, fault.row, fault.column) == ("survey", row, column_letters(column - 1))
    assert fault.cell == f"survey!{column_letters(column - 1)}{row}"
    assert "if(${deprived_1} = '1', 10" in fault.sentence(texts)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("calculation", "${a} +"),
        ("relevant", "selected(${a})"),
        ("constraint", ". >"),
        ("required", "${a} ="),
        ("read_only", "frobnicate(1)"),
        ("default", "concat('a'"),
    ],
)
def test_each_column_with_an_expression_is_checked(column: str, text: str) -> None:
    fault = only(check(workbook([q("integer", "a"), q("text", "b", **{column: text})])))
    assert (fault.row, fault.key) == (3, "forms.fault_broken_expression")
    assert fault.facts["expression"] == text


def test_constants_are_not_taken_for_expressions() -> None:
    assert check(workbook([q("text", "a", default="Xã Trà Bồng - thôn 1", required="yes", read_only="no")])) == []


def test_a_name_that_no_question_bears_is_told_with_its_cell(texts: Texts) -> None:
    fault = only(check(workbook([*GOOD, q("note", "n", label="Tổng: ${totl}")])))
    assert (fault.row, dict(fault.facts)) == (4, {"name": "totl"})
    assert "totl" in fault.sentence(texts)


def test_all_faults_are_told_at_once() -> None:
    rows = [
        q("integer", "a", relevant="${x} > 1"),
        q("calculate", "b", calculation="1 +"),
        q("calculate", "c", calculation="${a"),
    ]
    faults = check(workbook(rows))
    assert [fault.row for fault in faults] == [2, 3, 4]


def test_a_circle_is_told_with_its_path_and_first_cell(texts: Texts) -> None:
    rows = [q("calculate", "a", calculation="${b}"), q("calculate", "b", calculation="${a}"), q("note", "n")]
    fault = only(check(workbook(rows)))
    assert (fault.sheet, fault.row, fault.key) == ("survey", 2, "problem.forms.circular")
    assert "a → b → a" in fault.sentence(texts)


def test_a_list_that_is_missing_is_told_with_its_cell(texts: Texts) -> None:
    choices = [{"list_name": "yn", "name": "yes", "label": "Yes"}]
    fault = only(check(workbook([q("integer", "a"), q("select_one nolist", "b")], choices)))
    assert (fault.cell, fault.key) == ("survey!A3", "forms_check.missing_list")
    assert "nolist" in fault.sentence(texts)


def test_a_kind_the_program_does_not_fill_in_is_told_with_its_cell() -> None:
    fault = only(check(workbook([q("integer", "a"), q("text", "where") | {"bind::type": "hologram"}])))
    assert (fault.row, fault.key) == (3, "problem.forms.unsupported")


@pytest.mark.parametrize("data", [b"", b"no workbook at all", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_one_known_problem(data: bytes) -> None:
    with pytest.raises(KnownProblem) as caught:
        check(data)
    assert caught.value.code == "forms.unreadable_workbook"


@pytest.mark.parametrize("row", [q("select_one nolist", "b"), q("text", "b", parameters="nonsense=1 2")])
def test_converting_a_form_with_a_fault_says_what_pyxform_says_and_stops_once(row: Row, texts: Texts) -> None:
    with pytest.raises(KnownProblem) as caught:
        convert(workbook([row]))
    assert caught.value.code == "forms.not_an_xlsform"
    fault = pyxform_fault(Book(read_workbook(workbook([row]))), str(caught.value.facts["reason"]))
    for sentence in (texts.problem(caught.value), fault.sentence(texts)):
        assert sentence.endswith(".")
        assert ".." not in sentence


def test_columns_are_counted_as_excel_does() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
