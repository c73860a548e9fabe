"""The files an XLSForm comes in (.xlsx, .xls, .csv, .md), read into sheets of text at the cells where a person sees them.

What a file is, its first bytes say, not its name. Only what pyxform will read is read: it gives up after 20 columns without a
title and after 60 empty rows; `Sheet.unread` names the first cell beyond.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.sheets import Sheet

SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
MOST_EMPTY_COLUMNS = 20
MOST_EMPTY_ROWS = 60
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[ />]')
_SHEET = re.compile(rb"<sheet [^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def kind_of(data: bytes) -> str:
    """ ".xlsx", ".xls", ".md", ".csv" or ".xml" by what the bytes are. Raises KnownProblem "forms.protected_workbook" and
    "forms.unreadable_workbook" (reason)."""
    if data.startswith(_ZIP):
        return ".xlsx"
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise KnownProblem("forms.protected_workbook")
        return ".xls"
    try:
        text = data.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError:
        text = ""
    if text.startswith("<"):
        return ".xml"
    if text.startswith("|"):
        return ".md"
    if text.count(",") >= 4 and "survey" in text.lower():
        return ".csv"
    raise KnownProblem("forms.unreadable_workbook", reason=f"{len(data)} byte")


def read_workbook(data: bytes) -> dict[str, Sheet]:
    """The sheets of an XLSForm by lower-case name. Raises KnownProblem "forms.protected_workbook", "forms.unreadable_workbook"
    (reason), "forms.no_survey_sheet" (sheets)."""
    kind = kind_of(data)
    if kind in (".xlsx", ".xls"):
        sheets = _excel(data, kind)
    else:
        text = data.decode("utf-8-sig")
        blocks = _table_rows(text) if kind == ".md" else _csv_rows(text)
        sheets = {title: _cut(title, rows) for title, rows in blocks.items()}
    found = {sheet.name: sheet for sheet in sheets.values()}
    if "survey" not in found and len(found) == 1:  # pyxform takes a single sheet for the survey, whatever its name
        return {"survey": replace(next(iter(found.values())), name="survey")}
    if "survey" not in found:
        raise KnownProblem("forms.no_survey_sheet", sheets=", ".join(sheet.title for sheet in found.values()))
    return found


def _excel(data: bytes, kind: str) -> dict[str, Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        formulas = _formulas(data, book.sheet_names) if kind == ".xlsx" else {}
        sheets = {name: _excel_sheet(book, name, formulas.get(name, ()), kind) for name in book.sheet_names}
    except PasswordError as error:
        raise KnownProblem("forms.protected_workbook") from error
    except (CalamineError, OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise KnownProblem("forms.unreadable_workbook", reason=str(error)) from error
    return sheets


def _excel_sheet(book: Any, name: str, formulas: Sequence[tuple[int, int]], kind: str) -> Sheet:
    if name.lower() not in SHEETS and len(book.sheet_names) > 1:
        return Sheet(name.lower(), (), title=name)
    sheet = book.get_sheet_by_name(name)
    merged = tuple((first[0] + 1, first[1]) for first, _ in sheet.merged_cell_ranges or ())
    rows = sheet.to_python(skip_empty_area=False)
    if kind == ".xls":  # only .xlsx writes a line end of another program as a word
        rows = [[value.replace("\r", "") if isinstance(value, str) else value for value in row] for row in rows]
    return _cut(name, rows, merged, tuple(formulas))


def _cut(name: str, rows: Iterable[Sequence[Any]], merged: Any = (), formulas: Any = ()) -> Sheet:
    """A sheet of text, as far as pyxform reads it."""
    kept: list[list[str]] = []
    moments: dict[tuple[int, int], str] = {}
    untitled: dict[int, tuple[int, str]] = {}
    width, unread, empty = 0, None, 0
    for number, row in enumerate(rows, 1):
        if number == 1:
            width = _width(row)
            far = next((place for place in range(width, len(row)) if row[place] not in ("", None)), None)
            unread = None if far is None else (1, far)
        texts = [_text(value).replace("\xa0", " ").strip() for value in row[:width]]
        empty = 0 if any(texts) else empty + 1
        if empty > MOST_EMPTY_ROWS:
            unread = unread or _beyond(rows, number, width)
            break
        moments |= {(number, place): _text(value) for place, value in enumerate(row[:width]) if isinstance(value, date | time)}
        kept.append(texts)
        for place, value in enumerate(row[width : width + MOST_EMPTY_COLUMNS], width):
            if value not in ("", None):
                untitled.setdefault(place, (number, _text(value)))
    while kept and not any(kept[-1]):
        kept.pop()
    return Sheet(name.lower(), kept, moments, merged, formulas, name, unread, untitled)


def _beyond(rows: Iterable[Sequence[Any]], number: int, width: int) -> tuple[int, int] | None:
    for line, row in enumerate(rows, 1):
        place = next((place for place, value in enumerate(row[:width]) if value not in ("", None)), None)
        if line > number and place is not None:
            return line, place
    return None


def _width(titles: Sequence[Any]) -> int:
    last = -1
    for place, title in enumerate(titles):
        if title not in ("", None) and not str(title).isspace():
            last = place
        elif place - last > MOST_EMPTY_COLUMNS:
            break
    return last + 1


def _text(value: Any) -> str:
    """A cell as pyxform writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value} 00:00:00"
    if isinstance(value, timedelta):
        return str((datetime(1900, 1, 1) + value).time())  # noqa: DTZ001 - a time of day without a zone
    return "" if value is None else str(value)


def _formulas(data: bytes, names: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """The cells of each sheet that hold a formula; what they show is what Excel stored last."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = dict(_parts(archive))
        return {name: _formula_cells(archive.read(parts[name])) for name in names if name in parts and name.lower() in SHEETS}


def _formula_cells(xml: bytes) -> list[tuple[int, int]]:
    return [(int(row), _index(letters.decode())) for letters, row in _FORMULA.findall(xml)]


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheet names and the files that hold them."""
    stored = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= stored:
        return
    targets = {}
    for element in re.findall(rb"<Relationship [^>]*>", archive.read("xl/_rels/workbook.xml.rels")):
        facts = dict(_ATTRIBUTE.findall(element))
        targets[facts.get(b"Id", b"")] = facts.get(b"Target", b"").decode().lstrip("/").removeprefix("xl/")
    for element in _SHEET.findall(archive.read("xl/workbook.xml")):
        facts = dict(_ATTRIBUTE.findall(element))
        path = f"xl/{targets.get(facts.get(b'r:id', b''), '')}"
        if path in stored:
            yield facts[b"name"].decode(), path


def _csv_rows(text: str) -> dict[str, list[list[str]]]:
    """The sheets of a CSV: a sheet's name stands alone in the first column, its rows begin with an empty cell."""
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in csv.reader(StringIO(text.replace("\r\n", "\n"), newline="")):
        if line and line[0].strip():
            rows = sheets.setdefault(line[0].strip(), [])
        if any(cell.strip() for cell in line[1:]):
            rows.append(line[1:])
    return sheets


def _table_rows(text: str) -> dict[str, list[list[str]]]:
    """The sheets of a form drawn as Markdown tables; rulers and lines that begin with "#" are no rows."""
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.splitlines():
        inner = re.fullmatch(r"\s*\|(.*)\|\s*", re.sub(r"#[^|]+$", "", line))
        if line.lstrip().startswith("#") or inner is None or re.fullmatch(r"[|-]+", inner[1]):
            continue
        name, *cells = (cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", inner[1]))
        if name:
            rows = sheets.setdefault(name, [])
        if any(cells):
            rows.append(cells)
    return sheets
