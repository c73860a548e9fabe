"""`forms check FILE`: every fault of a questionnaire with its sheet, row and column."""

from __future__ import annotations

import argparse
import json
from typing import Any

from poverty_desktop.commands.form_files import read_bytes, words_of


def add_arguments(doings: Any, common: argparse.ArgumentParser) -> None:
    checking = doings.add_parser("check", parents=[common], help="list every fault with its sheet, row and column")
    checking.add_argument("--language", "--lang", choices=("vi", "en"), default=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    from poverty_desktop.forms import release

    texts = words_of(args)
    faults = release.check(read_bytes(args.file))
    listed = [
        {"sheet": at.sheet, "row": at.row, "column": at.column, "cell": at.cell, "message": at.sentence(texts)} for at in faults
    ]
    if args.json:
        print(json.dumps({"ok": not faults, "faults": listed}, ensure_ascii=False, indent=2))
    else:
        lines = [texts("forms.check_fault", cell=at["cell"], sentence=at["message"]) for at in listed]
        print("\n".join(lines or [texts("forms.check_good")]))
    return 1 if faults else 0
