"""The cells of an XLSForm workbook, and how a fault in one is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts


@dataclass(frozen=True)
class FormFault:
    """What is wrong in a workbook, and where: `row` as Excel counts (from 1, 0 unknown), `column` its letters ("" unknown).

    `key` names the sentence of the catalogue, `facts` fill it.
    """

    sheet: str
    row: int
    column: str
    key: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        """ "survey!H12", or as much of it as is known."""
        place = f"{self.column}{self.row or ''}"
        return f"{self.sheet}!{place}" if place else self.sheet

    def sentence(self, texts: Texts) -> str:
        return texts(self.key, **self.facts)


@dataclass(frozen=True)
class Cell:
    """A cell that is not empty, with the title of its column and the name of the question of its row."""

    sheet: str
    row: int
    column: str
    title: str
    name: str
    text: str

    def fault(self, key: str, **facts: str) -> FormFault:
        return FormFault(self.sheet, self.row, self.column, key, facts)


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of text; the first row holds the titles."""

    name: str
    rows: Sequence[Sequence[str]]

    def titles(self) -> Sequence[str]:
        return self.rows[0] if self.rows else ()

    def cells(self) -> Iterator[Cell]:
        titles = self.titles()
        place = titles.index("name") if "name" in titles else None
        for number, row in enumerate(self.rows[1:], 2):
            name = row[place] if place is not None else ""
            for column, (title, text) in enumerate(zip(titles, row, strict=False)):
                if title and text:
                    yield Cell(self.name, number, column_letters(column), title, name, text)

    def names(self) -> set[str]:
        return {cell.text for cell in self.cells() if cell.title == "name"}


def column_letters(index: int) -> str:
    """0 is "A", 26 is "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_sheets(xlsx: bytes | Path) -> dict[str, Sheet]:
    """The sheets by name. Raises KnownProblem "forms.unreadable_workbook" (reason): no workbook, or no sheet "survey"."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(xlsx if isinstance(xlsx, bytes) else xlsx.read_bytes()))
    except (CalamineError, OSError) as error:
        raise KnownProblem("forms.unreadable_workbook", reason=str(error)) from error
    if "survey" not in book.sheet_names:
        raise KnownProblem("forms.unreadable_workbook", reason="survey")
    return {name: _sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}


def _sheet(name: str, rows: list[list[Any]]) -> Sheet:
    return Sheet(name, [[_text(value).strip() for value in row] for row in rows])


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
