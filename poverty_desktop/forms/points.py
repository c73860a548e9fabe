"""The points of B1: columns `points_…` of the choices sheet, read as a table, and what is wrong with them in a workbook.

A column is `points_<area class>`, or `points_<area class>_<region>` where the table tells regions apart; a list whose choices
bear points scores for every question that uses it. All columns empty means that B1 is typed. One point anywhere means that the
table must be whole: every choice of every list that scores, in every column that counts. Points are whole numbers; whether the
official table has any below zero is not known, so they pass and are shown to whoever checks the release.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from poverty_desktop.forms.definition import FormDefinition, Question, Words
from poverty_desktop.forms.session import FormSession
from poverty_desktop.forms.sheets import Cell, FormFault, Sheet, column_letters

PREFIX = "points_"
AREAS = ("rural", "urban")
AREA_QUESTION = "area_class"
REGION_LIST = REGION_QUESTION = "b1_region"
_TOTALS = ("b1_points", "b1_score")
_SWITCH = "b1_is_computed"
_REQUIRED = ("required", "bind::required")
_CALCULATIONS = ("calculation", "calculate", "bind::calculate")
_WHOLE = re.compile(r"-?[0-9]{1,4}")
_REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def point_table(definition: FormDefinition) -> dict[str, Any]:
    """The table as data: ``{"columns", "rows": [{"question", "label", "choice", "choice_label", "points": {column: n}}],
    "hash"}``; ``{}`` without points. The hash (SHA-256) stands for the numbers and where they belong, not for the words."""
    rows = [row for question in definition.questions() for row in _rows(question)]
    if not rows:
        return {}
    columns = sorted({column for row in rows for column in row["points"]})
    numbers = [[row["question"], row["choice"], row["points"]] for row in rows]
    text = json.dumps(numbers, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {"columns": columns, "rows": rows, "hash": hashlib.sha256(text.encode()).hexdigest()}


def points_column(session: FormSession) -> str:
    """The column that counts for the place of this survey: "rural", "urban" or "rural_<region>"; "" while it is not known."""
    answers = {one.name: session.value(one.path) for one in session.definition.questions() if one.name in _PLACE}
    region = next((one for one in session.definition.questions() if one.name == REGION_QUESTION), None)
    area = answers.get(AREA_QUESTION, "")
    if region is None or not area or not session.relevant(region.path):
        return area
    return f"{area}_{answers[REGION_QUESTION]}" if answers[REGION_QUESTION] else ""


_PLACE = (AREA_QUESTION, REGION_QUESTION)


def _rows(question: Question) -> Iterator[dict[str, Any]]:
    for choice in question.choices:
        points = {name: int(text) for name, text in choice.columns.items() if name.startswith(PREFIX) and _WHOLE.fullmatch(text)}
        if points:
            words = {"label": _plain(question.label), "choice_label": _plain(choice.label)}
            yield {"question": question.path, "choice": choice.value, "points": points, **words}


def _plain(words: Words) -> dict[str, str]:
    return {language: words.plain(language) for language in words.parts}


# --- the workbook ----------------------------------------------------------------------------------------------------------


def check_points(sheets: Mapping[str, Sheet]) -> list[FormFault]:
    """Every fault of the points with its cell; empty when there are none at all, or all of them."""
    choices = sheets.get("choices")
    table = _Columns(choices) if choices else None
    if table is None or not table.filled:
        return []
    faults = [*table.wrong_numbers(), *table.wrong_columns()]
    faults += table.empty_cells()
    return faults or list(_unwired(sheets["survey"], table))


@dataclass(frozen=True)
class _Place:
    """A cell of a column of points: row as Excel counts, text as typed."""

    row: int
    column: int
    listing: str
    choice: str
    text: str


class _Columns:
    """The columns of points of a choices sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        titles = list(sheet.titles())
        self._titles = {at: title for at, title in enumerate(titles) if title.startswith(PREFIX)}
        self._listing = next((titles.index(name) for name in ("list_name", "list name") if name in titles), 0)
        self._name = next((titles.index(name) for name in ("name", "value") if name in titles), 1)
        places = [place for number, row in enumerate(sheet.rows[1:], 2) for place in self._of_row(number, row)]
        self.filled = [place for place in places if place.text]
        self.listings = tuple(dict.fromkeys(place.listing for place in self.filled))
        self.used = {place.column: self._titles[place.column] for place in sorted(self.filled, key=lambda one: one.column)}
        self._empty = [one for one in places if not one.text and one.column in self.used and one.listing in self.listings]
        self.regions = [_at(row, self._name) for row in sheet.rows[1:] if _at(row, self._listing) == REGION_LIST]

    def _of_row(self, number: int, row: Sequence[str]) -> Iterator[_Place]:
        listing, choice = _at(row, self._listing), _at(row, self._name)
        if listing:
            for at in self._titles:
                yield _Place(number, at, listing, choice, _at(row, at))

    def wrong_numbers(self) -> Iterator[FormFault]:
        for place in self.filled:
            if not _WHOLE.fullmatch(place.text):
                yield self._fault(place, "forms.points_not_a_number", text=place.text)

    def empty_cells(self) -> Iterator[FormFault]:
        for place in self._empty:
            facts = {"listing": place.listing, "choice": place.choice, "column": self._titles[place.column]}
            yield self._fault(place, "forms.points_missing", **facts)

    def wrong_columns(self) -> Iterator[FormFault]:
        """Exactly one way to find the points of a place: the column of its area, or one for each region of it."""
        known = {f"{PREFIX}{area}{region}" for area in AREAS for region in ("", *(f"_{one}" for one in self.regions))}
        for at, title in self.used.items():
            if title not in known:
                yield self._head("forms.points_unknown_column", at, column=title)
        for area in AREAS:
            plain = f"{PREFIX}{area}"
            regional = [f"{plain}_{region}" for region in self.regions]
            used = [title for title in regional if title in self.used.values()]
            if plain in self.used.values() and used:
                yield self._head("forms.points_both_columns", None, column=plain, regional=", ".join(used))
            elif used and len(used) < len(regional):
                missing = ", ".join(title for title in regional if title not in used)
                yield self._head("forms.points_no_column", None, column=missing)
            elif plain not in self.used.values() and not used:
                yield self._head("forms.points_no_column", None, column=plain)

    def _fault(self, place: _Place, key: str, **facts: str) -> FormFault:
        return FormFault(self.sheet.name, place.row, column_letters(place.column), key, facts)

    def _head(self, key: str, at: int | None, **facts: str) -> FormFault:
        return FormFault(self.sheet.name, 1, "" if at is None else column_letters(at), key, facts)


def _at(row: Sequence[str], place: int) -> str:
    """A cell; rows of a table in text end with their last one."""
    return row[place] if place < len(row) else ""


def _unwired(survey: Sheet, table: _Columns) -> Iterator[FormFault]:
    """Points that the total of the form does not count: the cell of the total, and what to add to it."""
    cells = {cell.name: cell for cell in survey.cells() if cell.title in _CALCULATIONS}
    sums = {name: cell.text for name, cell in cells.items()}
    total = next((name for name in _TOTALS if name in sums), "")
    if not total:
        yield FormFault(survey.name, 0, "", "forms.points_no_total")
        return
    counted = [sums[name] for name in _reached(total, sums)]
    for question, listing in _scored(survey, table.listings):
        for column in table.used.values():
            marks = (f"instance('{listing}')", f"${{{question}}}")
            if not any(all(mark in text for mark in marks) and _reads(text, f"/{column}") for text in counted):
                term = f" + number(instance('{listing}')/root/item[name = ${{{question}}}]/{column})"
                yield _cell_to_mend(cells, total, column).fault("forms.points_not_counted", question=question, term=term)
    yield from _optional(survey, table.listings)
    switch = cells.get(_SWITCH)
    terms = [f"count(instance('{one}')/root/item/{column})" for one in table.listings for column in table.used.values()]
    if switch is not None and not any(_reads(switch.text, term) for term in terms):
        yield switch.fault("forms.points_not_counted", question=table.listings[0], term=f" + {terms[0]}")


def _reads(text: str, end: str) -> bool:
    """Whether an expression has a path that ends so: "/points_rural" is not in "/points_rural_tay_nguyen"."""
    return re.search(rf"{re.escape(end)}(?![\w.-])", text) is not None


def _optional(survey: Sheet, listings: Sequence[str]) -> Iterator[FormFault]:
    """A question that scores and may be passed by leaves a survey without a total."""
    told = {cell.name: cell.text.casefold() for cell in survey.cells() if cell.title in (*_REQUIRED, *_CALCULATIONS)}
    types = {cell.name: cell for cell in survey.cells() if cell.title == "type"}
    for question, _ in _scored(survey, listings):
        if told.get(question, "no") in ("no", "false"):
            yield replace(types[question].fault("forms.points_not_required", question=question), level="warning")


def _cell_to_mend(cells: Mapping[str, Cell], total: str, column: str) -> Cell:
    """The row that adds up this column, else the total itself."""
    return cells.get(column.replace(PREFIX, "b1_", 1), cells[total])


def _reached(start: str, sums: Mapping[str, str]) -> list[str]:
    """The calculations that the total rests on, itself included."""
    found, waiting = [], [start]
    while waiting:
        name = waiting.pop()
        if name in sums and name not in found:
            found.append(name)
            waiting += _REFERENCE.findall(sums[name])
    return found


def _scored(survey: Sheet, listings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(question, list) of everything that is asked by a list with points."""
    for cell in survey.cells():
        kind, _, rest = cell.text.partition(" ")
        if cell.title == "type" and kind in ("select_one", "select_multiple") and rest.split(" ")[0] in listings:
            yield cell.name, rest.split(" ")[0]
