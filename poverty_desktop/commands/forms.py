"""`forms DOING FILE`: questionnaires without a screen. Each doing is a module of its own."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

DOINGS = {
    "check": "forms_check",
    "evaluate": "forms_evaluate",
    "try": "forms_try",
    "release": "forms_release",
    "list": "forms_list",
}


def add_arguments(subparsers: Any) -> None:
    verb = subparsers.add_parser("forms", help="check a questionnaire, or run it on answers, without a screen")
    doings = verb.add_subparsers(dest="doing", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("file", type=Path, metavar="FILE", help="an XLSForm (.xlsx) or an XForm (.xml)")
    common.add_argument("--json", action="store_true", help="print JSON")
    for module in DOINGS.values():
        importlib.import_module(f"poverty_desktop.commands.{module}").add_arguments(doings, common)


def run(args: argparse.Namespace) -> int:
    return int(importlib.import_module(f"poverty_desktop.commands.{DOINGS[args.doing]}").run(args))
