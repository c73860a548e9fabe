"""`report 7.1|7.2 --year Y --out FILE`: a template of the law as a workbook, with its check rules.

`report rescoring --year Y --standard ID` is no template of the law: see `report_rescoring.py`.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from poverty_desktop.commands.workspace import opened_workspace
from poverty_desktop.documents.report_workbook import save_report
from poverty_desktop.domain import report_words
from poverty_desktop.domain.official_paper import paper_of
from poverty_desktop.domain.poverty_reports import Rate, Report
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.reporting import OFFICIAL, PRELIMINARY, Reporting
from poverty_desktop.storage.workspace import Workspace
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts


def add_arguments(subparsers: Any) -> None:
    verb = subparsers.add_parser("report", help="write a report of the law, with its check rules")
    told = "the template (Circular 07/2021/TT-BLĐTBXH, annex VII); rescoring: finished surveys under another standard"
    verb.add_argument("name", choices=("7.1", "7.2", "rescoring"), help=told)
    verb.add_argument("--standard", metavar="ID", help="rescoring: the standard to look under (mdp_2027_2030)")
    verb.add_argument("--form", metavar="HASH", help="rescoring: a released form to look by, instead of each survey's own")
    verb.add_argument("--year", type=int, default=date.today().year)  # noqa: DTZ011 - the local year
    verb.add_argument("--stage", choices=(PRELIMINARY, OFFICIAL), default=PRELIMINARY)
    verb.add_argument("--out", type=Path, metavar="FILE", help="the .xlsx to write")
    verb.add_argument("--json", action="store_true", help="print the figures and checks as JSON")
    verb.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, metavar="DIR")
    verb.add_argument("--language", choices=("vi", "en"), default=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a check rule does not hold: a script should notice."""
    texts = load_texts("en" if getattr(args, "language", None) == "en" else "vi")
    if args.name == "rescoring":
        from poverty_desktop.commands.report_rescoring import run as rescoring

        return rescoring(args, texts)
    with opened_workspace(args, texts) as workspace:
        report = _report(workspace, args)
        if args.out:
            commune = str(workspace.settings.get("commune_code", ""))
            paper = paper_of(load_reference(), commune, day=SystemClock().today().isoformat(), practice=workspace.practice)
            save_report(args.out, report, paper, texts)
    print(json.dumps(_figures(report, texts), ensure_ascii=False, indent=2) if args.json else _words(report, texts))
    return 0 if report.ok else 1


def _report(workspace: Workspace, args: argparse.Namespace) -> Report:
    reporting = Reporting(workspace.records, workspace.lists, workspace.settings, SystemClock(), load_reference())
    make = reporting.poverty_result if args.name == "7.1" else reporting.poverty_changes
    return make(args.year, args.stage)


def _figures(report: Report, texts: Texts) -> dict[str, Any]:
    rows = [
        {
            "kind": row.kind,
            "unit": report_words.row_label(row, texts),
            "measure": row.measure,
            "cells": [_number(cell) for cell in row.cells],
        }
        for row in report.rows
    ]
    checks = [{**asdict(check), "ok": check.ok} for check in report.checks]
    head = {"template": report.template, "year": report.year, "stage": report.stage, "ok": report.ok}
    return {**head, "rows": rows, "checks": checks}


def _number(cell: object) -> object:
    return cell.percent if isinstance(cell, Rate) else cell


def _words(report: Report, texts: Texts) -> str:
    wrong = [check for check in report.checks if not check.ok]
    verdict = texts("reports.checks_wrong" if wrong else "reports.checks_hold", wrong=len(wrong), all=len(report.checks))
    lines = [report_words.heading(report, texts), report_words.stage_line(report, texts), verdict]
    return "\n".join(lines + [report_words.check_rule(check, texts) for check in wrong])
