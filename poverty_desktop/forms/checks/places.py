"""Sheets, columns and cells as such: unknown or doubled columns, settings, dates, formulas, merged cells, letters in parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from poverty_desktop.forms.checks.book import Book, Table
from poverty_desktop.forms.checks.columns import CHOICES, SETTINGS, SURVEY, TRANSLATED, Column, nearest
from poverty_desktop.forms.sheets import FormFault, Level, Sheet, column_letters
from poverty_desktop.forms.workbooks import SHEETS

_KNOWN: Mapping[str, frozenset[str]] = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}
_DECOMPOSED = "forms_check.not_composed"


def check_places(book: Book) -> Iterator[FormFault]:
    yield from _sheet_names(book)
    for name in SHEETS:
        table = book.table(name)
        yield from _columns(table)
        yield from _line_ends(table)
        yield from _cells(table.sheet)
    yield from _settings(book)


def _sheet_names(book: Book) -> Iterator[FormFault]:
    if not book.survey.rows:
        yield FormFault("survey", 1, "", "forms_check.empty_survey")
    elif not book.survey.has("type"):
        yield FormFault("survey", 1, "", "forms_check.no_column", {"column": "type"})
    if book.choices.rows:
        for column in ("list_name", "name"):
            if not book.choices.has(column):
                yield FormFault("choices", 1, "", "forms_check.no_column", {"column": column})
    for name, sheet in book.sheets.items():
        like = nearest(name, set(SHEETS) - set(book.sheets))
        if name not in SHEETS and like:
            yield FormFault(sheet.title or name, 0, "", "forms_check.sheet_like", {"sheet": sheet.title, "like": like}, "warning")


def _columns(table: Table) -> Iterator[FormFault]:
    seen: dict[str, Column] = {}
    for column in table.columns:
        first = seen.setdefault(column.key, column)
        if first is not column:
            facts = {"title": column.title, "first": f"{column_letters(first.index)}1", "other": first.title}
            spare = column.name == "form_id" and column.title != first.title  # form_id and id_string: pyxform takes the first
            yield _titled(table, column, "forms_check.doubled_column", "warning" if spare else "fault", **facts)
        elif not column.custom:
            yield from _known(table, column)


def _known(table: Table, column: Column) -> Iterator[FormFault]:
    known = _KNOWN.get(table.sheet.name)
    if known is None or column.name in known:
        return
    like = nearest(column.name, known)
    if table.sheet.name == "choices":  # other columns carry points and filters; only a slip is worth a word
        if " " in column.title:
            yield _titled(table, column, "forms_check.column_with_blank", "warning", title=column.title)
        elif like and like != "name":
            yield _titled(table, column, "forms_check.unknown_column_like", "warning", title=column.title, like=like)
        return
    key = "forms_check.unknown_column_like" if like else "forms_check.unknown_column"
    yield _titled(table, column, key, "warning", title=column.title, like=like)


def _titled(table: Table, column: Column, key: str, level: Level, **facts: str) -> FormFault:
    return FormFault(table.sheet.name, 1, column_letters(column.index), key, facts, level)


def _cells(sheet: Sheet) -> Iterator[FormFault]:
    titles = sheet.titles()
    if sheet.unread:
        yield FormFault(sheet.name, sheet.unread[0], column_letters(sheet.unread[1]), "forms_check.too_far_out", {}, "warning")
    for row, column in sheet.merged:
        yield FormFault(sheet.name, row, column_letters(column), "forms_check.merged", {}, "warning")
    for row, column in sheet.formulas:
        stored = _at(sheet, row, column)
        key = "forms_check.formula" if stored else "forms_check.formula_without_result"
        yield FormFault(sheet.name, row, column_letters(column), key, {"text": stored}, "warning" if stored else "fault")
    for (row, column), text in sheet.moments.items():
        title = titles[column] if column < len(titles) else ""
        spoiled = title == "default" and " " in text  # "2027-01-15 00:00:00" is the answer of no question; a time alone is
        key = "forms_check.date_default" if spoiled else "forms_check.date_cell"
        yield FormFault(sheet.name, row, column_letters(column), key, {"text": text}, "fault" if spoiled else "warning")
    yield from _untitled(sheet)
    yield from _decomposed(sheet)


def _at(sheet: Sheet, row: int, column: int) -> str:
    rows = sheet.rows
    return rows[row - 1][column] if row <= len(rows) and column < len(rows[row - 1]) else ""


def _line_ends(table: Table) -> Iterator[FormFault]:
    """A line end of another program inside a cell: pyxform reads it as the word _x000D_, which spoils an expression."""
    for row in table.rows:
        for cell in {cell.column: cell for cell in row.cells.values()}.values():
            if "\r" in cell.text:
                shown = any(column.title == cell.title and column.name in TRANSLATED for column in table.columns)
                yield cell.fault("forms_check.line_end", "warning" if shown else "fault")


def _untitled(sheet: Sheet) -> Iterator[FormFault]:
    """Cells below an empty title are not read at all; the first one of each column is told."""
    titles = sheet.titles()
    told = set(sheet.untitled)
    for place, (number, text) in sheet.untitled.items():
        yield FormFault(sheet.name, number, column_letters(place), "forms_check.no_title", {"text": text}, "warning")
    for number, row in enumerate(sheet.rows[1:], 2):
        for place, text in enumerate(row):
            if text and place not in told and not (place < len(titles) and titles[place]):
                told.add(place)
                yield FormFault(sheet.name, number, column_letters(place), "forms_check.no_title", {"text": text}, "warning")


def _decomposed(sheet: Sheet) -> Iterator[FormFault]:
    """Vietnamese letters stored in parts look the same and compare as different; the first cell of each column is told."""
    told: dict[int, tuple[int, str, int]] = {}
    for number, row in enumerate(sheet.rows, 1):
        for place, text in enumerate(row):
            if not text.isascii() and not unicodedata.is_normalized("NFC", text):
                first, example, count = told.get(place, (number, text, 0))
                told[place] = (first, example, count + 1)
    for place, (number, text, count) in told.items():
        facts = {"text": unicodedata.normalize("NFC", text)[:40], "count": str(count)}
        yield FormFault(sheet.name, number, column_letters(place), _DECOMPOSED, facts, "warning")


def _settings(book: Book) -> Iterator[FormFault]:
    for name in ("form_id", "version", "form_title"):
        if not book.setting(name) and not any(row.type in (name, f"set_{name}") for row in book.survey.rows):
            column = next((column for column in book.settings.columns if column.name == name), None)
            place = (2, column_letters(column.index)) if column else (0, "")
            yield FormFault("settings", *place, f"forms_check.no_{name}", {}, "warning")
    for row in book.settings.rows[1:]:
        yield FormFault("settings", row.number, "", "forms_check.second_settings_row", {}, "warning")
    for row in book.settings.rows[:1]:
        if any(letter.isspace() for letter in row.text("form_id")):
            yield row.fault("form_id", "forms_check.blank_in_form_id", "warning", form_id=row.text("form_id"))
