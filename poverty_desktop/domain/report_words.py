"""The words of a report's table, the same on the screen and on paper."""

from __future__ import annotations

from poverty_desktop.domain.poverty_reports import Check, Report, ReportRow
from poverty_desktop.domain.texts import Texts


def heading(report: Report, texts: Texts) -> str:
    return texts(f"report.title.{_code(report)}", year=report.year)


def stage_line(report: Report, texts: Texts) -> str:
    return texts(f"report.stage.{report.stage}", decision=report.round_decision_no or "……")


def column_head(report: Report, number: int, texts: Texts) -> str:
    """The head of a printed column by its number, from 1."""
    return texts(f"report.{_code(report)}.c{number}")


def has_measures(report: Report) -> bool:
    """Whether each unit has a line of households and one of people (7.2)."""
    return any(row.measure for row in report.rows)


def row_label(row: ReportRow, texts: Texts) -> str:
    if row.unit is not None:
        return row.unit.name or texts("report.no_village")
    return texts(f"report.area.{row.area_class}") if row.area_class else texts("report.total")


def check_rule(check: Check, texts: Texts) -> str:
    return texts(f"report.check.{check.code}", **check.facts)


def relation_sign(check: Check) -> str:
    return "≤" if check.relation == "<=" else "="


def _code(report: Report) -> str:
    return report.template.replace(".", "")
