"""`forms check FILE`: every fault of a questionnaire with its sheet, row and column; then what may stay but should be known."""

from __future__ import annotations

import argparse
import json
from typing import Any

from poverty_desktop.commands.form_files import read_bytes, words_of
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.sheets import FormFault
from poverty_desktop.system.form_folder import files_beside


def add_arguments(doings: Any, common: argparse.ArgumentParser) -> None:
    checking = doings.add_parser(
        "check",
        parents=[common],
        help="list every fault with its sheet, row and column",
        description="FILE is an XLSForm (.xlsx, .xls, .csv, .md) or an XForm (.xml); the files it names are looked for beside it "
        "and in a folder NAME-media. Exit code 1 when there is a fault that keeps the form from being released, 0 when there are "
        "only warnings.",
    )
    checking.add_argument("--language", "--lang", choices=("vi", "en"), default=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    from poverty_desktop.forms import release

    texts = words_of(args)
    found = release.examine(read_bytes(args.file), files_beside(args.file))
    faults = [fault for fault in found if fault.level == "fault"]
    if args.json:
        listed = [_facts(fault, texts) for fault in found]
        by_level = {level: [one for one in listed if one["level"] == level] for level in ("fault", "warning")}
        told = {"ok": not faults, "faults": by_level["fault"], "warnings": by_level["warning"]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(found, len(faults), texts)))
    return 1 if faults else 0


def _facts(fault: FormFault, texts: Texts) -> dict[str, str | int]:
    place: dict[str, str | int] = {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "cell": fault.cell}
    return {**place, "level": fault.level, "kind": fault.key, "message": fault.sentence(texts)}


def _lines(found: list[FormFault], faults: int, texts: Texts) -> list[str]:
    lines = [texts(f"forms_check.line_{fault.level}", cell=fault.cell, sentence=fault.sentence(texts)) for fault in found]
    if len(found) < 2:
        return lines or [texts("forms.check_good")]
    summary = "forms_check.summary_bad" if faults else "forms_check.summary_good"
    return [*lines, texts(summary, faults=faults, warnings=len(found) - faults)]
