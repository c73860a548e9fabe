"""`forms check FILE` and `forms evaluate FILE --answers A.json`: questionnaires without a screen."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.definition import FormDefinition
from poverty_desktop.system.resources import load_texts


def add_arguments(subparsers: Any) -> None:
    verb = subparsers.add_parser("forms", help="check a questionnaire, or run it on answers, without a screen")
    doings = verb.add_subparsers(dest="doing", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("file", type=Path, metavar="FILE", help="an XLSForm (.xlsx) or an XForm (.xml)")
    common.add_argument("--json", action="store_true", help="print JSON")
    common.add_argument("--language", "--lang", choices=("vi", "en"), default=argparse.SUPPRESS)
    doings.add_parser("check", parents=[common], help="list every fault with its sheet, row and column")
    running = doings.add_parser(
        "evaluate",
        parents=[common],
        help="print what the form makes of the answers",
        description="Prints JSON: form (id, version, hash), answers (nested, calculations filled in), relevant by path, problems "
        "(path, kind, message), choices by path, labels by path. Paths are like /data/roster[2]/age.",
    )
    running.add_argument("--answers", type=Path, metavar="A.json", help="nested answers; repeats as lists")
    running.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="applied one by one, in order")
    running.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day that today() gives")


def run(args: argparse.Namespace) -> int:
    texts = load_texts("en" if getattr(args, "language", None) == "en" else "vi")
    return _check(args, texts) if args.doing == "check" else _evaluate(args, texts)


def _check(args: argparse.Namespace, texts: Texts) -> int:
    from poverty_desktop.forms import release

    faults = release.check(_bytes(args.file))
    listed = [
        {"sheet": at.sheet, "row": at.row, "column": at.column, "cell": at.cell, "message": at.sentence(texts)} for at in faults
    ]
    if args.json:
        print(json.dumps({"ok": not faults, "faults": listed}, ensure_ascii=False, indent=2))
    else:
        lines = [texts("forms.check_fault", cell=at["cell"], sentence=at["message"]) for at in listed]
        print("\n".join(lines or [texts("forms.check_good")]))
    return 1 if faults else 0


def _evaluate(args: argparse.Namespace, texts: Texts) -> int:
    from poverty_desktop.forms.evaluate import evaluate

    definition = FormDefinition.parse(_xml(args.file))
    sets = [_pair(text) for text in args.set]
    answers = _answers(args.answers) if args.answers else {}
    today = args.today or date.today()  # noqa: DTZ011 - the local day is what today() means on a form
    print(json.dumps(evaluate(definition, answers, today=today, texts=texts, sets=sets), ensure_ascii=False, indent=2))
    return 0


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise KnownProblem("forms.unreadable_file", file=str(file)) from error


def _xml(file: Path) -> bytes:
    """XForm XML of either kind of file."""
    if file.suffix.lower() == ".xml":
        return _bytes(file)
    from poverty_desktop.forms import release

    return release.convert(_bytes(file))


def _answers(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(_bytes(file))
    except (ValueError, RecursionError) as error:
        raise KnownProblem("forms.answers_not_json", file=str(file), reason=str(error)) from error
    if not isinstance(read, dict):
        raise KnownProblem("forms.answers_not_json", file=str(file), reason="{…}")
    return read


def _pair(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not sign:
        print(f"--set {text}: PATH=VALUE", file=sys.stderr)
        raise SystemExit(2)
    return path, value
