"""Workbooks as people really send them: protected, merged, with dates and formulas, far too wide, with letters in parts.

Each is one clear sentence, or is read as pyxform reads it (issue 3, `forms check`).
"""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.release import check, convert, examine
from poverty_desktop.forms.sheets import FormFault
from poverty_desktop.forms.workbooks import read_workbook
from tests.forms.making import Row, q, workbook


def built(rows: list[Row], change: object = None) -> bytes:
    """A workbook whose survey sheet `change(sheet, book)` has altered in Excel's own way."""
    book = openpyxl.load_workbook(BytesIO(workbook(rows)))
    if callable(change):
        change(book["survey"], book)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def written(put: object) -> bytes:
    """A workbook made by `put(survey sheet, book)` below the titles type, name, label, default."""
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = book.add_worksheet("survey")
    sheet.write_row(0, 0, ["type", "name", "label", "default"])
    if callable(put):
        put(sheet, book)
    book.add_worksheet("settings").write_column(0, 0, ["form_id", "small"])
    book.get_worksheet_by_name("settings").write_column(0, 1, ["version", "1"])
    book.get_worksheet_by_name("settings").write_column(0, 2, ["form_title", "Small"])
    book.close()
    return data.getvalue()


def told(form: bytes) -> list[tuple[str, str, str]]:
    return [(fault.cell, fault.key.removeprefix("forms_check."), fault.level) for fault in examine(form)]


def encrypted() -> bytes:
    """The first bytes of what Excel writes for a workbook with a password: a compound file with the encrypted package in it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "forms.unreadable_workbook"),
        (b"\x00\x01\x02\xff\xfe", "forms.unreadable_workbook"),
        ("Thưa ông bà, xin gửi biểu mẫu.".encode(), "forms.unreadable_workbook"),
        (b"PK\x03\x04" + bytes(40), "forms.unreadable_workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(2000), "forms.unreadable_workbook"),
        (encrypted(), "forms.protected_workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(data: bytes, code: str, texts: Texts, english: Texts) -> None:
    with pytest.raises(KnownProblem) as caught:
        examine(data)
    assert caught.value.code == code
    assert texts(f"problem.{code}", **caught.value.facts) != english(f"problem.{code}", **caught.value.facts)
    with pytest.raises(KnownProblem):
        convert(data)


def test_a_workbook_cut_in_half_is_one_known_problem() -> None:
    whole = workbook([q("text", "a")])
    for part in range(1, 8):
        with pytest.raises(KnownProblem):
            examine(whole[: len(whole) * part // 8])


def test_a_workbook_without_a_survey_sheet_names_the_sheets_it_has() -> None:
    def rename(sheet: object, book: object) -> None:
        sheet.title = "Phieu B"  # type: ignore[attr-defined]

    with pytest.raises(KnownProblem) as caught:
        examine(built([q("text", "a")], rename))
    assert (caught.value.code, caught.value.facts["sheets"]) == ("forms.no_survey_sheet", "Phieu B, choices, settings")


def test_an_empty_survey_sheet_is_told() -> None:
    assert [fault.key for fault in check(written(None)) if fault.sheet == "survey"] == ["forms_check.empty_survey"]


def test_merged_cells_are_told_at_the_first_one() -> None:
    def merge(sheet: object, book: object) -> None:
        sheet.merge_cells("C2:C3")  # type: ignore[attr-defined]

    faults = told(built([q("text", "a"), q("text", "b", label="")], merge))
    assert ("survey!C2", "merged", "warning") in faults
    assert ("survey!C3", "no_label", "fault") in faults


def test_a_formula_is_read_by_the_result_that_excel_stored() -> None:
    def put(sheet: xlsxwriter.worksheet.Worksheet, book: object) -> None:
        sheet.write_row(1, 0, ["text", "a"])
        sheet.write_formula(1, 2, '="Họ và "&"tên"', value="Họ và tên")

    assert told(written(put)) == [("survey!C2", "formula", "warning")]
    assert "Họ và tên" in convert(written(put)).decode()


def test_a_formula_that_was_never_computed_is_a_fault_with_its_cell() -> None:
    def put(sheet: xlsxwriter.worksheet.Worksheet, book: object) -> None:
        sheet.write_row(1, 0, ["text", "a", "A"])
        sheet.write_formula(1, 3, '="x"', value="")

    assert ("survey!D2", "formula_without_result", "fault") in told(written(put))


def test_dates_in_cells_are_told_and_are_faults_as_a_default() -> None:
    def put(sheet: xlsxwriter.worksheet.Worksheet, book: xlsxwriter.Workbook) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(1, 0, ["date", "a"])
        sheet.write_number(1, 2, 46402, day)
        sheet.write_number(1, 3, 46402, day)

    assert told(written(put)) == [("survey!D2", "date_default", "fault"), ("survey!C2", "date_cell", "warning")]


def test_numbers_are_read_as_pyxform_reads_them() -> None:
    def put(sheet: xlsxwriter.worksheet.Worksheet, book: object) -> None:
        sheet.write_row(1, 0, ["integer", "a", 5, 3.0])
        sheet.write_row(2, 0, ["decimal", "b", True, 2.5])

    assert told(written(put)) == []
    assert read_workbook(written(put))["survey"].rows[1:] == [["integer", "a", "5", "3"], ["decimal", "b", "TRUE", "2.5"]]


def test_a_sheet_of_all_16384_columns_is_read_quickly_and_says_what_is_not_read() -> None:
    def put(sheet: xlsxwriter.worksheet.Worksheet, book: object) -> None:
        for row in range(1, 200):
            sheet.write_row(row, 0, ["text", f"a{row}", f"A {row}"])
            sheet.write_string(row, 16383, "x")
        sheet.write_string(0, 16383, "notes")

    assert told(written(put)) == [("survey!XFD1", "too_far_out", "warning")]


def test_rows_after_sixty_empty_ones_are_not_read_and_the_first_is_told() -> None:
    def put(sheet: xlsxwriter.worksheet.Worksheet, book: object) -> None:
        sheet.write_row(1, 0, ["text", "a", "A"])
        sheet.write_row(90, 0, ["text", "b", "B"])

    assert told(written(put)) == [("survey!A91", "too_far_out", "warning")]


def test_a_column_without_a_title_is_not_read_and_is_told() -> None:
    def put(sheet: xlsxwriter.worksheet.Worksheet, book: object) -> None:
        sheet.write_row(1, 0, ["text", "a", "A", "", "ghi chú"])
        sheet.write_row(2, 0, ["text", "b", "B", "", "nữa"])

    assert told(written(put)) == [("survey!E2", "no_title", "warning")]


def test_line_ends_of_another_program_are_told_and_spoil_an_expression() -> None:
    rows = [q("integer", "a", label="Dòng một\r\nDòng hai"), q("text", "b", relevant="${a} > 1\r\nand ${a} < 5")]
    assert told(workbook(rows)) == [("survey!D3", "line_end", "fault"), ("survey!C2", "line_end", "warning")]
    rows = [q("integer", "a", label="Dòng một\nDòng hai"), q("text", "b", relevant="${a} > 1\nand ${a} < 5")]
    assert told(workbook(rows)) == []


def test_vietnamese_letters_in_parts_are_told_once_a_column_with_their_number() -> None:
    parts = unicodedata.normalize("NFD", "Họ và tên")
    (fault,) = examine(workbook([q("text", "a", label=parts), q("text", "b", label=parts), q("text", "c")]))
    assert (fault.cell, fault.level, fault.facts["count"]) == ("survey!C2", "warning", "2")


def test_a_name_typed_with_other_letters_than_its_reference_is_explained() -> None:
    rows = [q("integer", unicodedata.normalize("NFD", "tuổi")), q("note", "n", label="Được ${tuổi}")]
    faults = check(workbook(rows))
    assert [(fault.cell, fault.key) for fault in faults] == [("survey!C3", "forms_check.same_name_other_coding")]


CSV = '"survey",,,\r\n,"type","name","label"\r\n,"integer","a","Tuổi, năm"\r\n,"calculate","b",""\r\n'
TABLE = "| survey |\n| | type | name | label | calculation |\n| | integer | a | Tuổi | |\n| | calculate | b | | ${x} |\n"


@pytest.mark.parametrize(("text", "cell"), [(CSV, "survey!3"), ("\ufeff" + CSV, "survey!3"), (TABLE, "survey!D3")])
def test_forms_as_csv_and_as_tables_are_checked_with_row_and_column(text: str, cell: str) -> None:
    assert [fault.cell for fault in check(text.encode())] == [cell]


def test_an_xform_is_checked_by_the_engine() -> None:
    xml = convert(workbook([q("integer", "a"), q("calculate", "b", calculation="${a} + 1")]))
    assert examine(xml) == []
    (fault,) = check(xml.replace(b"+ 1", b"+"))
    assert (fault.cell, fault.key) == ("XForm", "problem.forms.broken_expression")


def test_sheet_and_column_titles_in_capitals_are_the_same_sheets_and_columns() -> None:
    def shout(sheet: object, book: object) -> None:
        sheet.title = "moved"  # type: ignore[attr-defined]
        sheet.title = "Survey"  # type: ignore[attr-defined]
        for cell in sheet[1]:  # type: ignore[index]
            cell.value = cell.value.capitalize()

    assert check(built([q("integer", "a", relevant="1 = 1")], shout)) == []
    (fault,) = check(built([q("integer", "a", relevant="1 = (")], shout))
    assert fault.cell == "survey!D2"


def faults_beside(folder: Path, rows: list[Row]) -> list[FormFault]:
    return examine(workbook(rows), {file.name: file for file in folder.iterdir()})


def test_files_that_the_form_reads_are_looked_for_beside_it(tmp_path: Path) -> None:
    rows = [
        q("select_one_from_file villages.csv", "v"),
        q("calculate", "c", calculation="pulldata('prices', 'price', 'name', ${v})"),
        q("note", "n", image="map.png"),
    ]
    found = [(fault.cell, fault.key.removeprefix("forms_check."), fault.level) for fault in faults_beside(tmp_path, rows)]
    assert found == [
        ("survey!A2", "missing_file", "fault"),
        ("survey!D3", "missing_file", "fault"),
        ("survey!E4", "missing_media", "warning"),
    ]
    (tmp_path / "villages.csv").write_text("name,label\nt1,Thôn 1\n")
    (tmp_path / "prices.csv").write_text("name,price\nt1,5\n")
    (tmp_path / "map.png").write_bytes(b"")
    assert faults_beside(tmp_path, rows) == []


def test_a_file_that_a_row_declares_is_told_at_that_row_alone(tmp_path: Path) -> None:
    rows = [{"type": "csv-external", "name": "prices"}, q("text", "v")]
    rows.append(q("calculate", "c", calculation="pulldata('prices', 'price', 'name', ${v})"))
    assert [fault.cell for fault in faults_beside(tmp_path, rows)] == ["survey!B2"]


def test_a_list_file_that_cannot_be_read_is_a_fault_with_its_name(tmp_path: Path, texts: Texts) -> None:
    (tmp_path / "villages.csv").write_bytes("name,label\nt1,Th\u00f4n\n".encode("utf-16"))
    (fault,) = faults_beside(tmp_path, [q("select_one_from_file villages.csv", "v")])
    assert fault.key == "problem.forms.unreadable_list"
    assert "villages.csv" in fault.sentence(texts)
