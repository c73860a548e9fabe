"""Choices: lists that are missing, choices without a name or label, doubled ones, and the files that stand in for lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from poverty_desktop.forms.checks.book import Book, Row
from poverty_desktop.forms.checks.columns import nearest
from poverty_desktop.forms.sheets import FormFault

FILE_TYPES = (".csv", ".xml", ".geojson")
_PULLED = re.compile(r"""(?:pulldata|search)\(\s*['"]([^'"]+)['"]""")
_MEDIA = ("image", "big-image", "audio", "video")


def check_lists(book: Book) -> Iterator[FormFault]:
    for row in book.survey.rows:
        if row.listing:
            yield from _select(book, row)
    yield from _blank_names(book)
    for rows in book.lists.values():
        yield from _choices(book, rows)
    yield from _listless(book)


def _select(book: Book, row: Row) -> Iterator[FormFault]:
    listing = row.listing
    if "from_file" in row.command:
        if not listing.startswith("${") and not listing.endswith(FILE_TYPES):
            yield row.fault("type", "forms_check.not_a_list_file", file=listing)
    elif listing.startswith("${"):
        if listing[2:-1] not in book.names:
            yield row.fault("type", "forms.fault_unknown_name", name=listing[2:-1])
        elif row.command != "select_one":
            yield row.fault("type", "forms_check.only_one_of_repeat", type=row.command)
    elif "external" in row.command:
        yield from _external_list(book, row)
    elif listing not in book.lists and not _searched(row):
        like = nearest(listing, book.lists)
        yield row.fault("type", "forms_check.missing_list_like" if like else "forms_check.missing_list", list=listing, like=like)


def _external_list(book: Book, row: Row) -> Iterator[FormFault]:
    if row.listing not in book.external_lists:
        yield row.fault("type", "forms_check.missing_external_list", list=row.listing)
    elif not row.text("choice_filter"):
        yield row.fault("choice_filter", "forms_check.external_without_filter", "warning")


def _searched(row: Row) -> bool:
    """The choices of an appearance search(…) come from a file; the list only says which columns."""
    return "search(" in row.text("appearance")


def _blank_names(book: Book) -> Iterator[FormFault]:
    """Answers of select-many are separated by blanks, so that no name may hold one. The first question that asks is named."""
    asked = {row.listing: row.number for row in reversed(book.survey.rows) if row.many}
    for listing, number in asked.items():
        for row in book.lists.get(listing, ()):
            if " " in row.text("name"):
                yield row.fault("name", "forms_check.choice_with_blank", name=row.text("name"), asked=str(number))


def _choices(book: Book, rows: tuple[Row, ...]) -> Iterator[FormFault]:
    twice_allowed = book.setting("allow_choice_duplicates").strip().lower() in ("yes", "true", "true()")
    seen: dict[str, int] = {}
    for row in rows:
        name = row.text("name")
        if not name:
            yield row.fault("name", "forms_check.choice_without_name", list=row.text("list_name"))
            continue
        if not any(row.text(column) for column in ("label", *_MEDIA)):
            yield row.fault("label", "forms_check.choice_without_label", "warning", name=name, list=row.text("list_name"))
        first = seen.setdefault(name, row.number)
        if first != row.number and not twice_allowed:
            yield row.fault("name", "forms_check.doubled_choice", name=name, list=row.text("list_name"), first=str(first))


def _listless(book: Book) -> Iterator[FormFault]:
    used = {row.listing or row.type.rpartition(" ")[2] for row in book.survey.rows}  # also of "begin loop over LIST"
    used |= {found[1] for row in book.survey.rows if (found := re.search(r"tick_labelset\s*=\s*(\S+)", row.text("parameters")))}
    for row in book.choices.rows:
        if not row.text("list_name") and (row.text("name") or row.text("label")):
            yield row.fault("list_name", "forms_check.choice_without_list", "warning", name=row.text("name"))
    text = " ".join(cell.text for row in book.survey.rows for cell in row.cells.values())
    for name, rows in book.lists.items():
        if name not in used and f"'{name}'" not in text and f'"{name}"' not in text:
            yield rows[0].fault("list_name", "forms_check.unused_list", "warning", list=name)


def check_files(book: Book, beside: Collection[str]) -> Iterator[FormFault]:
    """Files the form reads that are not in the folder of the workbook (`beside`: the names there). Lists are needed to fill the
    form in; a picture or sound is only missed."""
    declared = {row.text("name") for row in book.survey.rows if row.type in ("csv-external", "xml-external")}
    for row in book.survey.rows:
        for column, file in _needed(row):
            if file in declared:  # told at the row that declares it
                continue
            stem = file.rpartition(".")[0] if "." in file else file
            if file not in beside and not {f"{stem}{ending}" for ending in FILE_TYPES if "." not in file} & set(beside):
                yield row.fault(column, "forms_check.missing_file", file=file if "." in file else f"{file}.csv")
    for table in (book.survey, book.choices):
        for _, _, cell in table.cells(*_MEDIA):
            if "${" not in cell.text and cell.text.rpartition("/")[2] not in beside:
                yield cell.fault("forms_check.missing_media", "warning", file=cell.text)


def list_files(book: Book) -> set[str]:
    """The names of the files that lists may come from, with each ending they may have."""
    named = {file for row in book.survey.rows for _, file in _needed(row)}
    return named | {f"{file}{ending}" for file in named for ending in FILE_TYPES}


def _needed(row: Row) -> Iterator[tuple[str, str]]:
    if "from_file" in row.command and row.listing.endswith(FILE_TYPES):
        yield "type", row.listing
    if row.type in ("csv-external", "xml-external"):
        yield "name", f"{row.text('name')}.{row.type.partition('-')[0]}"
    for column in ("calculation", "appearance", "constraint", "relevant", "default", "required", "read_only"):
        for file in sorted(set(_PULLED.findall(row.text(column)))):
            yield column, file
