"""A workbook as the checks see it: its sheets as tables whose columns are known by one name, however they are titled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from poverty_desktop.forms.checks.columns import Column, read_columns
from poverty_desktop.forms.sheets import Cell, FormFault, Level, Sheet, column_letters
from poverty_desktop.forms.workbooks import read_workbook

REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")
_SELECT = re.compile(
    r"(?P<command>(?:add )?select[ _](?:one|multiple)(?: prompt using| from file|_from_file|_external| external)?|select1|rank"
    r"|select (?:all that apply|one|multiple)(?: from| using)?) (?P<listing>\S+)(?: (?:or_other|or other|or specify other))?"
)
_BLOCK = re.compile(r"(?P<edge>begin|end)[ _](?P<kind>group|repeat|loop|lgroup|looped group)(?: (?:over )?\S+)?")
_BLOCKS = {"lgroup": "repeat", "looped group": "repeat"}


@dataclass(frozen=True)
class Row:
    """A row that is not empty. `number` counts as Excel does."""

    table: Table
    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """The text of a column, whatever its language; "" when empty."""
        return self.cells[name].text if name in self.cells else ""

    def fault(self, name: str, key: str, level: Level = "fault", /, **facts: str) -> FormFault:
        """A fault in the cell of a column, also when the cell is empty; without a column when the sheet has none."""
        column = next((one for one in self.table.columns if one.name == name), None)
        letters = self.cells[name].column if name in self.cells else (column_letters(column.index) if column else "")
        return FormFault(self.table.sheet.name, self.number, letters, key, facts, level)

    @property
    def edge(self) -> str:
        """ "begin" or "end" of a group, repeat or loop; "" for a question."""
        found = _BLOCK.fullmatch(self.type)
        return found["edge"] if found else ""

    @property
    def block(self) -> str:
        """ "group", "repeat" or "loop"; "" for a question."""
        found = _BLOCK.fullmatch(self.type)
        return _BLOCKS.get(found["kind"], found["kind"]) if found else ""

    @property
    def type(self) -> str:
        return " ".join(self.text("type").split())

    @property
    def listing(self) -> str:
        """The list or file a select takes its choices from; "" for other questions."""
        found = _SELECT.fullmatch(self.type)
        return found["listing"] if found else ""

    @property
    def command(self) -> str:
        """How a select is written: "select_one", "select_multiple_from_file"…; the whole type for other questions."""
        found = _SELECT.fullmatch(self.type)
        return found["command"].replace(" ", "_") if found else self.type

    @property
    def many(self) -> bool:
        return "multiple" in self.command or "all_that_apply" in self.command


@dataclass(frozen=True)
class Table:
    """One sheet. `cells(name)` gives the filled cells of all columns of that name, in all languages."""

    sheet: Sheet
    columns: Sequence[Column]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows())

    def _rows(self) -> Iterator[Row]:
        place = next((column.index for column in self.columns if column.name == "name"), None)
        for number, texts in enumerate(self.sheet.rows[1:], 2):
            name = texts[place] if place is not None and place < len(texts) else ""
            cells: dict[str, Cell] = {}
            for column in self.columns:
                text = texts[column.index] if column.index < len(texts) else ""
                if text:
                    cell = Cell(self.sheet.name, number, column_letters(column.index), column.title, name, text)
                    cells.setdefault(column.name, cell)
                    cells[column.key] = cell
            if cells and not _disabled(cells):
                yield Row(self, number, cells)

    def cells(self, *names: str) -> Iterator[tuple[Row, Column, Cell]]:
        columns = [column for column in self.columns if column.name in names]
        for row in self.rows:
            for column in columns:
                if column.key in row.cells:
                    yield row, column, row.cells[column.key]

    def has(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)


def _disabled(cells: Mapping[str, Cell]) -> bool:
    """Rows that the old column "disabled" takes out of the form."""
    return "disabled" in cells and cells["disabled"].text.lower() in ("yes", "true", "true()")


@dataclass(frozen=True)
class Book:
    """The sheets of an XLSForm. `choices` and `settings` are empty tables where the workbook has none."""

    sheets: Mapping[str, Sheet]
    _tables: dict[str, Table] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def survey(self) -> Table:
        return self.table("survey")

    @cached_property
    def choices(self) -> Table:
        return self.table("choices")

    @cached_property
    def settings(self) -> Table:
        return self.table("settings")

    def table(self, name: str) -> Table:
        if name not in self._tables:
            sheet = self.sheets.get(name, Sheet(name, ()))
            self._tables[name] = Table(sheet, read_columns(sheet.titles()))
        return self._tables[name]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The names of all questions, groups and repeats, with how often each stands in the form."""
        return Counter(row.text("name") for row in self.survey.rows if row.text("name") and row.edge != "end")

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.counts)

    @cached_property
    def external_lists(self) -> frozenset[str]:
        """The names of the lists of sheet external_choices."""
        return frozenset(row.text("list_name") for row in self.table("external_choices").rows)

    @cached_property
    def lists(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of the choices sheet by list."""
        found: dict[str, list[Row]] = {}
        for row in self.choices.rows:
            if row.text("list_name"):
                found.setdefault(row.text("list_name"), []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    def setting(self, name: str) -> str:
        return next((row.text(name) for row in self.settings.rows if row.text(name)), "")


def setting_fault(workbook: bytes, name: str, key: str, /, **facts: str) -> FormFault:
    """A fault in the cell of a setting; of the sheet alone where it has no such column."""
    book = Book(read_workbook(workbook))
    row = next((row for row in book.settings.rows if row.text(name)), next(iter(book.settings.rows), None))
    place = row.fault(name, key, **facts) if row else None
    return place if place is not None and place.column else FormFault("settings", 0, "", key, facts)
