"""A comparison of standards as a workbook: one sheet, every cell a text, marked as no official result."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from poverty_desktop.documents.whole_workbook import save_workbook
from poverty_desktop.services.rescoring_words import ComparedTable

_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
_WIDTHS = (42, 24, 24, 24, 22, 16, 16)


def save_comparison(path: Path, table: ComparedTable) -> None:
    """Raises KnownProblem "explain.folder_gone" (folder)."""
    save_workbook(path, lambda book: _write(book, table), "explain.folder_gone")


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
