"""Phiếu B as a province changes it in Excel. The numbers are of these tests only; they come from no document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import openpyxl

from poverty_desktop.system.resources import resource

AREAS = ("points_rural", "points_urban")
REGIONS = ("points_rural_bac_trung_bo_duyen_hai_mien_trung", "points_rural_tay_nguyen")


def filled(lists: Sequence[str], columns: Sequence[str] = AREAS, point: Callable[[int], object] = lambda number: number) -> bytes:
    """The shipped workbook with points for each choice of these lists: 1, 2, 3 … or what `point` makes of the number."""

    def fill(book: openpyxl.Workbook) -> None:
        sheet = book["choices"]
        titles = [cell.value for cell in sheet[1]]
        cells = (sheet.cell(row, titles.index(title) + 1) for row in rows_of(book, lists) for title in columns)
        for number, cell in enumerate(cells, 1):
            cell.value = point(number)

    return changed(fill)


def rows_of(book: openpyxl.Workbook, lists: Sequence[str]) -> list[int]:
    sheet = book["choices"]
    return [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value in lists]


def changed(change: Callable[[openpyxl.Workbook], None], version: str | None = None, form: str = "phieu_b") -> bytes:
    """The shipped workbook after `change`, under another version."""
    book = openpyxl.load_workbook(resource("forms", f"{form}.xlsx"))
    change(book)
    if version is not None:
        set_cell(book, "settings", "version", 2, version)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def set_cell(book: openpyxl.Workbook, sheet: str, title: str, row: int, value: object) -> None:
    titles = [cell.value for cell in book[sheet][1]]
    book[sheet].cell(row, titles.index(title) + 1).value = value


def row_of(book: openpyxl.Workbook, name: str) -> int:
    """The row of a question in the survey sheet."""
    return next(row for row in range(2, book["survey"].max_row + 1) if book["survey"].cell(row, 2).value == name)
