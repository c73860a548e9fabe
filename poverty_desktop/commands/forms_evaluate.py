"""`forms evaluate FILE --answers A.json`: what a questionnaire makes of answers, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from poverty_desktop.commands.form_files import read_bytes, read_form, words_of
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.definition import FormDefinition
from poverty_desktop.forms.moments import VIETNAM
from poverty_desktop.system.resources import load_texts


def add_arguments(doings: Any, common: argparse.ArgumentParser) -> None:
    running = doings.add_parser(
        "evaluate",
        parents=[common],
        help="print what the form makes of the answers",
        description="Prints JSON: form (id, version, hash), answers (nested, calculations filled in), relevant by path, problems "
        "(path, kind, message), choices by path, labels by path. Paths are like /data/roster[2]/age.",
    )
    running.add_argument("--language", "--lang", dest="form_language", metavar="L", help="a language of the form: code or name")
    running.add_argument("--answers", type=Path, metavar="A.json", help="nested answers; repeats as lists")
    running.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="applied one by one, in order")
    running.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day that today() gives")
    running.add_argument("--seed", type=int, metavar="N", help="makes random() and shuffled choices repeatable")


def run(args: argparse.Namespace) -> int:
    from poverty_desktop.forms.evaluate import evaluate

    definition = read_form(args.file)
    now = _now(args.today)
    found = evaluate(
        definition,
        _answers(args.answers) if args.answers else {},
        today=now.date(),
        texts=_texts(args, definition),
        sets=[_pair(text) for text in args.set],
        language=args.form_language,
        now=now,
        seed=args.seed,
    )
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def _texts(args: argparse.Namespace, definition: FormDefinition) -> Texts:
    """The program's own sentences: Vietnamese or English, whichever goes with the language of the form that was asked for."""
    if not args.form_language:
        return words_of(args)
    code = definition.language(args.form_language) or args.form_language
    return load_texts("vi" if code.lower().startswith("vi") else "en")


def _now(today: date | None) -> datetime:
    """This moment; noon of a day that was named, so that the same command prints the same again."""
    return datetime.combine(today, time(12), VIETNAM) if today else datetime.now(VIETNAM)


def _answers(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(read_bytes(file))
        json.dumps(read, ensure_ascii=False).encode()  # half a letter ("\\ud800") is JSON but no text
    except (ValueError, RecursionError) as error:
        raise KnownProblem("forms.answers_not_json", file=str(file), reason=str(error)) from error
    if not isinstance(read, dict):
        raise KnownProblem("forms.answers_not_json", file=str(file), reason="{…}")
    return read


def _pair(text: str) -> tuple[str, str]:
    path, sign, value = text.encode(errors="replace").decode().partition("=")  # bytes that are no letters
    if not sign:
        print(f"--set {text}: PATH=VALUE", file=sys.stderr)
        raise SystemExit(2)
    return path, value
