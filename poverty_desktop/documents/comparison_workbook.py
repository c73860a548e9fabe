"""A comparison of standards as a workbook: one sheet, every cell a text, marked as no official result."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import xlsxwriter

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.services.rescoring_words import ComparedTable

_TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}  # a name may begin with "="
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
_WIDTHS = (42, 24, 24, 24, 22, 16, 16)


def save_comparison(path: Path, table: ComparedTable) -> None:
    """Write beside `path`, then put it in its place. Raises KnownProblem "explain.folder_gone" (folder)."""
    half = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(str(half), _TEXT_IS_TEXT) as book:
            _write(book, table)
        half.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        with suppress(OSError):  # where the folder is none, there is no half file either
            half.unlink(missing_ok=True)
        raise KnownProblem("explain.folder_gone", folder=str(path.parent)) from error


def _write(book: xlsxwriter.Workbook, table: ComparedTable) -> None:
    sheet = book.add_worksheet()
    plain = book.add_format({**_FONT, "border": 1})
    strong = book.add_format({**_FONT, "border": 1, "bold": True})
    title = book.add_format({**_FONT, "bold": True, "font_size": 14, "text_wrap": False})
    note = book.add_format({**_FONT, "italic": True, "text_wrap": False})
    sheet.write_string(0, 0, table.title, title)
    for number, words in enumerate(table.notes, start=1):
        sheet.write_string(number, 0, words, note)
    first = len(table.notes) + 2
    for column, head in enumerate(table.heads):
        sheet.write_string(first, column, head, strong)
        sheet.set_column(column, column, _WIDTHS[column] if column < len(_WIDTHS) else 20)
    for row, line in enumerate(table.lines, start=first + 1):
        for column, words in enumerate(line.cells):
            sheet.write_string(row, column, words, strong if line.differs else plain)
    sheet.freeze_panes(first + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
