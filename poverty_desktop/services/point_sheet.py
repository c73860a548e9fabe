"""The table of points of B1 as whoever checks a release reads it: questions and choices in words, a column for each area class
and region, and every place that has no number marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.definition import Choice, Question
from poverty_desktop.forms.points import AREA_QUESTION, PREFIX, REGION_QUESTION, point_table

Mark = Literal["", "missing", "below_zero"]


@dataclass(frozen=True)
class PointCell:
    """The points of a choice in one column, in words; `mark` where they have to be looked at."""

    words: str
    mark: Mark = ""


@dataclass(frozen=True)
class PointLine:
    """A choice with a cell for each column; without cells it is the question above its choices."""

    id: str
    words: str
    cells: tuple[PointCell, ...] = ()


@dataclass(frozen=True)
class PointSheet:
    """`heads` are the columns in words. Without lines the form has no points."""

    heads: tuple[str, ...] = ()
    lines: tuple[PointLine, ...] = ()
    hash: str = ""

    @property
    def choices(self) -> int:
        return sum(1 for line in self.lines if line.cells)

    @property
    def missing(self) -> int:
        return sum(cell.mark == "missing" for line in self.lines for cell in line.cells)


def point_sheet(form: FormDefinition, texts: Texts) -> PointSheet:
    """Every choice of every question that scores, also one without any points."""
    table = point_table(form)
    if not table:
        return PointSheet()
    scoring = {row["question"] for row in table["rows"]}
    lines = (line for one in form.questions() if one.path in scoring for line in _lines(one, table["columns"], texts))
    heads = tuple(column_words(form, column, texts) for column in table["columns"])
    return PointSheet(heads, tuple(lines), table["hash"])


def column_words(form: FormDefinition, column: str, texts: Texts) -> str:
    """`points_rural_north` as the form itself calls that area class and region: "Nông thôn · Miền Bắc"."""
    area, _, region = column.removeprefix(PREFIX).partition("_")
    parts = [_choice_words(form, AREA_QUESTION, area, texts)]
    parts += [_choice_words(form, REGION_QUESTION, region, texts)] if region else []
    return " · ".join(parts)


def _choice_words(form: FormDefinition, question: str, value: str, texts: Texts) -> str:
    choices = (choice for one in form.questions() if one.name == question for choice in one.choices)
    return next((choice.label.plain(texts.language) for choice in choices if choice.value == value), value) or value


def _lines(question: Question, columns: list[str], texts: Texts) -> Iterator[PointLine]:
    yield PointLine(question.path, question.label.plain(texts.language) or question.name)
    for choice in question.choices:
        words = choice.label.plain(texts.language) or choice.value
        cells = tuple(_cell(choice, column, texts) for column in columns)
        yield PointLine(f"{question.path}={choice.value}", words, cells)


def _cell(choice: Choice, column: str, texts: Texts) -> PointCell:
    text = choice.columns.get(column, "").strip()
    try:
        number = int(text)
    except ValueError:
        return PointCell(text or texts("form_release.point_missing"), "missing")
    return PointCell(texts("form_release.below_zero", points=number), "below_zero") if number < 0 else PointCell(str(number))
