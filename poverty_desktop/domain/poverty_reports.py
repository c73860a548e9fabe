"""Templates 7.1 and 7.2 of Circular 07/2021/TT-BLĐTBXH, annex VII (forms.md section 7), computed from facts. Pure.

Lines: I urban with its units, II rural with its units, III total; the units of a commune report are its villages. Every line is
counted from the households themselves, never added up from other lines, so that the checks beside the table mean something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from poverty_desktop.domain.class_history import NEAR_POOR, POOR, Change, poor_column

AVERAGE = "average_living_standard"
AREAS = ("urban", "rural")
ADDITIVE_1 = (1, 2, 3, 5, 7, 9, 11, 13)  # columns of 7.1 that are counts


@dataclass(frozen=True)
class ReportUnit:
    """A village; `id` None gathers households without one. `area_class` "urban" or "rural"."""

    id: str | None
    name: str
    area_class: str


@dataclass(frozen=True)
class HouseholdYear:
    """One household over a year: `change` holds its classes at both ends, the people of it at both ends."""

    village_id: str | None
    change: Change
    people_at_start: int
    people_at_end: int

    @property
    def resident(self) -> bool:
        return not self.change.left


@dataclass(frozen=True)
class Rate:
    """A percentage with what it was made from; nothing out of nothing has no rate (never NaN)."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.part / self.whole, 2) if self.whole else None


Cell = int | Rate | None


@dataclass(frozen=True)
class ReportRow:
    """One printed line. `kind` "area" (I, II), "unit" or "total" (III); `measure` "households" or "people" in 7.2, else ""."""

    kind: str
    number: str
    unit: ReportUnit | None
    area_class: str | None
    measure: str
    cells: tuple[Cell, ...]

    def column(self, number: int) -> Cell:
        """The cell of a column by its printed number (from 1)."""
        return self.cells[number - 1]


@dataclass(frozen=True)
class Check:
    """A check rule printed beside the template: `left` must stand to `right` as `relation` says. Text `report.check.<code>`."""

    code: str
    left: int
    right: int
    relation: str = "="
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.left == self.right if self.relation == "=" else self.left <= self.right


@dataclass(frozen=True)
class Report:
    """A filled template. `stage` "preliminary" (from finished surveys) or "official" (from the recognised round)."""

    template: str
    year: int
    stage: str
    columns: int
    rows: tuple[ReportRow, ...]
    checks: tuple[Check, ...]
    not_reviewed: int = 0  # households on the list without a finished survey (preliminary only)
    round_decision_no: str | None = None

    @property
    def total(self) -> ReportRow:
        """The first line of III (households in 7.2)."""
        return next(row for row in self.rows if row.kind == "total")

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


Count = Callable[[Sequence[HouseholdYear]], tuple[Cell, ...]]


def poverty_result(units: Sequence[ReportUnit], households: Sequence[HouseholdYear]) -> tuple[ReportRow, ...]:
    """The lines of template 7.1: columns 1-14."""
    return tuple(_lines(units, households, (("", result_cells),)))


def poverty_changes(units: Sequence[ReportUnit], households: Sequence[HouseholdYear]) -> tuple[ReportRow, ...]:
    """The lines of template 7.2, two for each unit (households, people): columns 1-9."""
    return tuple(_lines(units, households, (("households", change_households), ("people", change_people))))


def result_cells(households: Sequence[HouseholdYear]) -> tuple[Cell, ...]:
    """Columns 1-14 of 7.1 for these households, as far as they live here at the end."""
    here = [one for one in households if one.resident]
    total, people = len(here), sum(one.people_at_end for one in here)
    cells: list[Cell] = [total, people]
    by_class = [[one for one in here if one.change.closing == household_class] for household_class in (POOR, NEAR_POOR, AVERAGE)]
    for group in by_class:
        cells += [len(group), Rate(len(group), total)]
    for group in by_class:
        count = sum(one.people_at_end for one in group)
        cells += [count, Rate(count, people)]
    return tuple(cells)


def change_households(households: Sequence[HouseholdYear]) -> tuple[Cell, ...]:
    """Columns 1-9 of 7.2, households. Column 9 is counted at the end, not computed from 1-8."""
    columns = [poor_column(one.change) for one in households]
    opening = sum(one.change.opening == POOR for one in households)
    return (opening, *(columns.count(number) for number in range(2, 9)), len(_poor_at_end(households)))


def change_people(households: Sequence[HouseholdYear]) -> tuple[Cell, ...]:
    """Columns 1-9 of 7.2, people. Births, deaths and moves within a household that stays poor stand in columns 4 and 8."""
    sums = dict.fromkeys(range(2, 9), 0)
    for one in households:
        column = poor_column(one.change)
        if column is not None:
            sums[column] += one.people_at_start if column <= 4 else one.people_at_end
        elif one.change.opening == POOR:
            grown = one.people_at_end - one.people_at_start
            sums[8 if grown > 0 else 4] += abs(grown)
    opening = sum(one.people_at_start for one in households if one.change.opening == POOR)
    return (opening, *sums.values(), sum(one.people_at_end for one in _poor_at_end(households)))


def check_result(rows: Sequence[ReportRow]) -> tuple[Check, ...]:
    """Beside 7.1: the villages and the two areas add up to the total, column by column; the classes fit into the whole."""
    checks = [*_sums("villages", rows, "", ADDITIVE_1), *_sums("areas", rows, "", ADDITIVE_1)]
    total = next(row for row in rows if row.kind == "total")
    for code, whole, parts in (("households_within", 1, (3, 5, 7)), ("people_within", 2, (9, 11, 13))):
        checks.append(Check(code, sum(_number(total, column) for column in parts), _number(total, whole), "<="))
    return tuple(checks)


def check_changes(
    rows: Sequence[ReportRow], result: Sequence[ReportRow], last_year_end: tuple[int, int] | None
) -> tuple[Check, ...]:
    """Beside 7.2: 9 = 1-2-3-4+5+6+7+8, start = last year's end (households, people; None when no round of that year is here),
    end = poor total of 7.1, villages = total.
    """
    checks: list[Check] = []
    of_result = next(row for row in result if row.kind == "total")
    for index, (measure, column) in enumerate((("households", 3), ("people", 9))):
        total = next(row for row in rows if row.kind == "total" and row.measure == measure)
        frame = _number(total, 1) - sum(_number(total, n) for n in (2, 3, 4)) + sum(_number(total, n) for n in (5, 6, 7, 8))
        checks.append(Check(f"frame_{measure}", _number(total, 9), frame))
        checks.append(Check(f"end_is_result_{measure}", _number(total, 9), _number(of_result, column)))
        if last_year_end is not None:
            checks.append(Check(f"start_is_last_end_{measure}", _number(total, 1), last_year_end[index]))
        checks += [
            *_sums(f"villages_{measure}", rows, measure, range(1, 10)),
            *_sums(f"areas_{measure}", rows, measure, range(1, 10)),
        ]
    return tuple(checks)


def _poor_at_end(households: Sequence[HouseholdYear]) -> list[HouseholdYear]:
    return [one for one in households if one.change.closing == POOR and one.resident]


def _lines(
    units: Sequence[ReportUnit], households: Sequence[HouseholdYear], counts: Sequence[tuple[str, Count]]
) -> Iterable[ReportRow]:
    area_of = {unit.id: unit.area_class for unit in units}
    for number, area in zip(("I", "II"), AREAS, strict=True):
        inside = [one for one in households if area_of[one.village_id] == area]
        yield from _of(("area", number, None, area), inside, counts)
        for place, unit in enumerate((unit for unit in units if unit.area_class == area), 1):
            own = [one for one in inside if one.village_id == unit.id]
            yield from _of(("unit", str(place), unit, area), own, counts)
    yield from _of(("total", "III", None, None), households, counts)


def _of(
    head: tuple[str, str, ReportUnit | None, str | None], own: Sequence[HouseholdYear], counts: Sequence[tuple[str, Count]]
) -> Iterable[ReportRow]:
    for measure, count in counts:
        yield ReportRow(*head, measure=measure, cells=count(own))


def _sums(code: str, rows: Sequence[ReportRow], measure: str, columns: Iterable[int]) -> list[Check]:
    """One check a column: the lines of units (or of areas, when `code` begins so) add up to the total."""
    kind = "area" if code.startswith("areas") else "unit"
    own = [row for row in rows if row.measure == measure]
    total = next(row for row in own if row.kind == "total")
    return [
        Check(
            code, sum(_number(row, column) for row in own if row.kind == kind), _number(total, column), facts={"column": column}
        )
        for column in columns
    ]


def _number(row: ReportRow, column: int) -> int:
    cell = row.column(column)
    if not isinstance(cell, int):
        raise TypeError(f"column {column} holds no count")
    return cell
