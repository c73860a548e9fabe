"""`forms evaluate FILE --answers A.json`: what a questionnaire makes of answers, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from poverty_desktop.commands.form_files import read_bytes, read_xml, words_of
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.definition import FormDefinition


def add_arguments(doings: Any, common: argparse.ArgumentParser) -> None:
    running = doings.add_parser(
        "evaluate",
        parents=[common],
        help="print what the form makes of the answers",
        description="Prints JSON: form (id, version, hash), answers (nested, calculations filled in), relevant by path, problems "
        "(path, kind, message), choices by path, labels by path. Paths are like /data/roster[2]/age.",
    )
    running.add_argument("--language", "--lang", choices=("vi", "en"), default=argparse.SUPPRESS)
    running.add_argument("--answers", type=Path, metavar="A.json", help="nested answers; repeats as lists")
    running.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="applied one by one, in order")
    running.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day that today() gives")


def run(args: argparse.Namespace) -> int:
    from poverty_desktop.forms.evaluate import evaluate

    texts = words_of(args)
    definition = FormDefinition.parse(read_xml(args.file))
    sets = [_pair(text) for text in args.set]
    answers = _answers(args.answers) if args.answers else {}
    today = args.today or date.today()  # noqa: DTZ011 - the local day is what today() means on a form
    print(json.dumps(evaluate(definition, answers, today=today, texts=texts, sets=sets), ensure_ascii=False, indent=2))
    return 0


def _answers(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(read_bytes(file))
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
