"""Words by language: what is missing in one of them, and languages that only some columns have. Warnings all."""

from __future__ import annotations

from collections.abc import Iterator

from poverty_desktop.forms.checks.book import Book, Row, Table
from poverty_desktop.forms.checks.columns import TRANSLATED, Column
from poverty_desktop.forms.checks.rows import known_types
from poverty_desktop.forms.sheets import FormFault, column_letters

_SILENT = {
    "calculate",
    "hidden",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "audit",
    "start-geopoint",
}
_SILENT |= {"csv-external", "xml-external", "background-audio", "background-geopoint", "simserial", "subscriberid", "imei"}


def check_languages(book: Book) -> Iterator[FormFault]:
    labels = [column for table in (book.survey, book.choices) for column in table.columns if column.name == "label"]
    languages = {column.language for column in labels}
    for table in (book.survey, book.choices):
        for name in TRANSLATED:
            columns = [column for column in table.columns if column.name == name]
            yield from _missing_columns(table, columns, languages - {""})
            yield from _missing_words(table, columns)
    yield from _default_language(book, languages)
    for row in book.survey.rows:
        yield from _no_label(row)


def _missing_columns(table: Table, columns: list[Column], languages: set[str]) -> Iterator[FormFault]:
    """A column of words that does not come in every language the labels come in; told at its title."""
    if all(not column.language for column in columns):
        return
    for language in sorted(languages - {column.language for column in columns}):
        at = columns[0]
        facts = {"column": at.name, "language": language}
        yield FormFault(table.sheet.name, 1, column_letters(at.index), "forms_check.language_without_column", facts, "warning")


def _missing_words(table: Table, columns: list[Column]) -> Iterator[FormFault]:
    if len(columns) < 2:
        return
    for row in table.rows:
        filled = [column for column in columns if column.key in row.cells]
        for column in columns if filled else ():
            if column not in filled:
                facts = {"column": column.name, "language": column.language, "name": row.text("name")}
                yield FormFault(
                    table.sheet.name, row.number, column_letters(column.index), "forms_check.words_missing", facts, "warning"
                )


def _default_language(book: Book, languages: set[str]) -> Iterator[FormFault]:
    wanted = book.setting("default_language")
    if wanted and wanted not in languages and languages - {""}:
        row = next(row for row in book.settings.rows if row.text("default_language"))
        known = ", ".join(sorted(languages - {""}))
        yield row.fault("default_language", "forms_check.unknown_default_language", "warning", language=wanted, known=known)
    if not wanted and languages - {""} and "" in languages:
        column = next(
            column for column in (*book.survey.columns, *book.choices.columns) if column.name == "label" and not column.language
        )
        facts = {"language": ", ".join(sorted(languages - {""}))}
        table = book.survey if column in book.survey.columns else book.choices
        yield FormFault(table.sheet.name, 1, column_letters(column.index), "forms_check.label_without_language", facts, "warning")


def _no_label(row: Row) -> Iterator[FormFault]:
    """A question that nobody could read; pyxform refuses those with neither label nor hint, and lets groups be."""
    if not _asked(row) or any(row.text(name) for name in TRANSLATED if name not in ("constraint_message", "required_message")):
        return
    if row.edge == "begin":
        if row.block == "repeat":
            yield row.fault("label", "forms_check.group_without_label", "warning", name=row.text("name"))
    elif not (row.text("calculation") or row.text("trigger") or _labelled_elsewhere(row)):
        yield row.fault("label", "forms_check.no_label", name=row.text("name"))


def _asked(row: Row) -> bool:
    """Whether a person sees the row; types that do not exist are told as such."""
    if row.edge == "end" or row.type in _SILENT or row.type.startswith("uri:"):
        return False
    return bool(row.edge or row.listing) or row.type in known_types()


def _labelled_elsewhere(row: Row) -> bool:
    return (
        row.text("name") == ""
        or row.type in ("form_title", "form_id", "set_form_title", "set_form_id", "prefix")
        or bool(row.text("default") and row.text("read_only"))
    )
