"""The cells of an XLSForm workbook, and how a fault in one is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from poverty_desktop.domain.texts import Texts

Level = Literal["fault", "warning"]


@dataclass(frozen=True)
class FormFault:
    """What is wrong in a workbook, and where: `row` as Excel counts (from 1, 0 unknown), `column` its letters ("" unknown).

    `key` names the sentence of the catalogue, `facts` fill it. A "fault" stops a release, a "warning" is told and may stay.
    """

    sheet: str
    row: int
    column: str
    key: str
    facts: Mapping[str, str] = field(default_factory=dict)
    level: Level = "fault"

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

    def fault(self, key: str, level: Level = "fault", /, **facts: str) -> FormFault:
        return FormFault(self.sheet, self.row, self.column, key, facts, level)


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of text; the first row holds the titles."""

    name: str
    rows: Sequence[Sequence[str]]
    moments: Mapping[tuple[int, int], str] = field(default_factory=dict)  # (row from 1, column from 0) of dates that Excel holds
    merged: tuple[tuple[int, int], ...] = ()  # (row from 1, column from 0) of the first cell of merged ones
    formulas: tuple[tuple[int, int], ...] = ()
    title: str = ""  # the name as the workbook spells it
    unread: tuple[int, int] | None = None  # the first cell that stands too far out to be read
    untitled: Mapping[int, tuple[int, str]] = field(default_factory=dict)  # beyond the last title: column -> first row, its text

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
    """The sheets by name (lower case). Raises KnownProblem "forms.unreadable_workbook" (reason), "forms.protected_workbook"."""
    from poverty_desktop.forms.workbooks import read_workbook

    return read_workbook(xlsx if isinstance(xlsx, bytes) else xlsx.read_bytes())
