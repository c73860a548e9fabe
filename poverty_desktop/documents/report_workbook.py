"""Reports 7.1 and 7.2 as an Excel workbook that the commune can sign: sheet 1 the template, sheet 2 its check rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from poverty_desktop.documents.whole_workbook import save_workbook, write_workbook
from poverty_desktop.domain import report_words
from poverty_desktop.domain.official_paper import MOTTO, NATION, OfficialPaper
from poverty_desktop.domain.poverty_reports import Cell, Check, Rate, Report, ReportRow
from poverty_desktop.domain.texts import Texts

FONT = "Times New Roman"
_FIRST = 2  # columns before the numbered ones: order and unit; 7.2 has a third, "households" or "people"
_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 13, "valign": "vcenter"}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "centre": {"align": "center"},
    "bold": {"bold": True, "align": "center"},
    "motto": {"bold": True, "align": "center", "underline": True},
    "italic": {"italic": True, "align": "center"},
    "title": {"bold": True, "align": "center", "font_size": 14},
    "warning": {"bold": True, "align": "center", "font_color": "#B00020", "font_size": 14},
    "head": {"bold": True, "align": "center", "text_wrap": True, "border": 1, "font_size": 11},
    "number_head": {"italic": True, "align": "center", "border": 1, "font_size": 10},
    "text": {"border": 1, "font_size": 12, "text_wrap": True},
    "text_bold": {"border": 1, "font_size": 12, "bold": True},
    "count": {"border": 1, "font_size": 12, "num_format": "#,##0"},
    "count_bold": {"border": 1, "font_size": 12, "num_format": "#,##0", "bold": True},
    "rate": {"border": 1, "font_size": 12, "num_format": "0.00"},
    "rate_bold": {"border": 1, "font_size": 12, "num_format": "0.00", "bold": True},
}


def write_report(path: Path, report: Report, paper: OfficialPaper, texts: Texts) -> None:
    """Write the workbook. Counts and rates are numbers; a rate of nothing is an empty cell, never NaN.

    The words are Vietnamese whatever language `texts` speaks: it is an official paper.
    """
    write_workbook(path, lambda book: _ReportSheet(book, report, paper, texts.in_language("vi")).write())


def save_report(path: Path, report: Report, paper: OfficialPaper, texts: Texts) -> None:
    """`write_report`, whole or not at all. Raises `KnownProblem("report.folder_gone")`."""
    save_workbook(path, lambda book: _ReportSheet(book, report, paper, texts.in_language("vi")).write(), "report.folder_gone")


class _ReportSheet:
    def __init__(self, book: xlsxwriter.Workbook, report: Report, paper: OfficialPaper, texts: Texts) -> None:
        self.book = book
        self.report = report
        self.paper = paper
        self.texts = texts
        self.styles = {name: book.add_format({**_BASE, **style}) for name, style in _STYLES.items()}
        self.first = _FIRST + (1 if report_words.has_measures(report) else 0)
        self.last = self.first + report.columns - 1

    def write(self) -> None:
        sheet = self.book.add_worksheet(self.texts("report.sheet", template=self.report.template))
        self._print_setup(sheet)
        row = self._heading(sheet)
        top = self._column_heads(sheet, row)
        sheet.repeat_rows(row, top - 1)
        for offset, line in enumerate(self.report.rows):
            self._line(sheet, top + offset, line)
        self._signatures(sheet, self._notes(sheet, top + len(self.report.rows)) + 1)
        self._checks(self.book.add_worksheet(self.texts("report.checks_sheet")))

    def _print_setup(self, sheet: Worksheet) -> None:
        """A4 landscape, the whole width on one page, as many pages down as needed."""
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer('&C&"Times New Roman"&11&P/&N')
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, self.last, 12)

    def _heading(self, sheet: Worksheet) -> int:
        half = self.last // 2
        left, right = (0, half - 1), (half, self.last)
        self._wide(sheet, 0, left, self.paper.superior, "centre")
        self._wide(sheet, 1, left, self.paper.issuer, "bold")
        self._wide(sheet, 0, right, NATION, "bold")
        self._wide(sheet, 1, right, MOTTO, "motto")
        self._wide(sheet, 2, right, self.paper.place_and_day, "italic")
        whole = (0, self.last)
        self._wide(sheet, 4, whole, report_words.heading(self.report, self.texts), "title")
        self._wide(sheet, 5, whole, report_words.stage_line(self.report, self.texts), "italic")
        if self.paper.practice:
            self._wide(sheet, 3, whole, self.texts("report.practice"), "warning")
        return 7

    def _wide(self, sheet: Worksheet, row: int, columns: tuple[int, int], text: str, style: str) -> None:
        sheet.merge_range(row, columns[0], row, columns[1], text, self.styles[style])

    def _column_heads(self, sheet: Worksheet, row: int) -> int:
        heads = [self.texts("report.col.order"), self.texts("report.col.unit")]
        heads += [self.texts("report.col.measure")] if self.first > _FIRST else []
        heads += [report_words.column_head(self.report, number, self.texts) for number in range(1, self.report.columns + 1)]
        sheet.set_row(row, 96)
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, self.styles["head"])
            number = column - self.first + 1
            sheet.write_string(row + 1, column, str(number) if number > 0 else "", self.styles["number_head"])
        return row + 2

    def _line(self, sheet: Worksheet, row: int, line: ReportRow) -> None:
        bold = "" if line.kind == "unit" else "_bold"
        second = line.measure == "people"
        sheet.write_string(row, 0, "" if second else line.number, self.styles[f"text{bold}"])
        sheet.write_string(row, 1, "" if second else report_words.row_label(line, self.texts), self.styles[f"text{bold}"])
        if self.first > _FIRST:
            sheet.write_string(row, 2, self.texts(f"report.measure.{line.measure}"), self.styles[f"text{bold}"])
        for offset, cell in enumerate(line.cells):
            self._cell(sheet, row, self.first + offset, cell, bold)

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Cell, bold: str) -> None:
        style = self.styles[("rate" if isinstance(cell, Rate) else "count") + bold]
        value = cell.percent if isinstance(cell, Rate) else cell
        if value is None:
            sheet.write_blank(row, column, None, style)
        else:
            sheet.write_number(row, column, value, style)

    def _notes(self, sheet: Worksheet, row: int) -> int:
        if self.report.not_reviewed:
            sheet.write_string(row, 0, self.texts("report.not_reviewed", count=self.report.not_reviewed), self.styles["plain"])
            row += 1
        verdict = "report.checks_hold" if self.report.ok else "report.checks_fail"
        sheet.write_string(row, 0, self.texts(verdict), self.styles["plain"])
        return row + 1

    def _signatures(self, sheet: Worksheet, row: int) -> None:
        half = self.last // 2
        left, right = (0, half - 1), (half, self.last)
        chair, office = self.paper.chair_block
        self._wide(sheet, row, left, self.texts("report.maker"), "bold")
        self._wide(sheet, row, right, chair, "bold")
        self._wide(sheet, row + 1, left, self.texts("report.sign"), "italic")
        self._wide(sheet, row + 1, right, office, "bold")
        self._wide(sheet, row + 2, right, self.texts("report.sign_and_seal"), "italic")
        self._wide(sheet, row + 6, left, self.paper.maker_name, "bold")
        self._wide(sheet, row + 6, right, self.paper.chair_name, "bold")

    def _checks(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, 80)
        sheet.set_column(1, 4, 14)
        for column, name in enumerate(("rule", "left", "relation", "right", "verdict")):
            sheet.write_string(0, column, self.texts(f"report.checks.{name}"), self.styles["head"])
        for row, check in enumerate(self.report.checks, 1):
            self._check(sheet, row, check)

    def _check(self, sheet: Worksheet, row: int, check: Check) -> None:
        sheet.write_string(row, 0, report_words.check_rule(check, self.texts), self.styles["text"])
        sheet.write_number(row, 1, check.left, self.styles["count"])
        sheet.write_string(row, 2, report_words.relation_sign(check), self.styles["text"])
        sheet.write_number(row, 3, check.right, self.styles["count"])
        verdict = "report.checks.ok" if check.ok else "report.checks.wrong"
        sheet.write_string(row, 4, self.texts(verdict), self.styles["text" if check.ok else "text_bold"])
