"""A workbook stands in its place whole or not at all, and says so where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from poverty_desktop.documents.whole_workbook import save_workbook
from poverty_desktop.domain.problems import KnownProblem


def name_of_a_household(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().write(0, 0, "=Hồ Thị Mơ")


def test_a_name_that_begins_like_a_formula_stays_a_name(tmp_path: Path) -> None:
    save_workbook(tmp_path / "báo cáo" / "7.xlsx", name_of_a_household, "report.folder_gone")
    written = CalamineWorkbook.from_path(str(tmp_path / "báo cáo" / "7.xlsx"))
    assert written.get_sheet_by_index(0).to_python() == [["=Hồ Thị Mơ"]]
    assert [file.name for file in (tmp_path / "báo cáo").iterdir()] == ["7.xlsx"]


def test_where_the_folder_is_a_file_it_is_told_which(tmp_path: Path) -> None:
    (tmp_path / "tệp").write_text("", encoding="utf-8")
    with pytest.raises(KnownProblem, match=r"report\.folder_gone") as told:
        save_workbook(tmp_path / "tệp" / "7.xlsx", name_of_a_household, "report.folder_gone")
    assert told.value.facts == {"folder": str(tmp_path / "tệp")}


def test_what_stood_there_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    def full(book: xlsxwriter.Workbook) -> None:
        raise OSError(28, "no space")

    there = tmp_path / "7.xlsx"
    there.write_bytes(b"before")
    with pytest.raises(KnownProblem, match=r"explain\.folder_gone"):
        save_workbook(there, full, "explain.folder_gone")
    assert there.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["7.xlsx"]
