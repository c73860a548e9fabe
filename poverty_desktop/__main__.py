"""The command line: one sub-command a verb, one module in `commands/`; without a verb the window opens.

A verb's module has `add_arguments(subparsers)`, which adds the verb's own parser, and `run(args) -> int`. It is imported
only when it is asked for, so that `--help` answers at once. `args.workspace` is the data folder, `args.language` "vi" or
"en". A known problem becomes one sentence on stderr and exit code 1.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from poverty_desktop import __version__
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Language
from poverty_desktop.system.display import refuse_without_display
from poverty_desktop.system.resources import load_texts

# verb -> module in `commands`; the sentence of its help is the text "command.<verb>"
VERBS: dict[str, str] = {
    "workspace": "workspace",
    "forms": "forms",
    "report": "report",
    "sync": "sync",
    "server": "server",
    "practice": "practice",
    "tour": "tour",
    "bench": "bench",
    "self-test": "self_test",
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    texts = load_texts(_language(given))
    args = _parser(given, texts.language).parse_args(given)
    _put_back(args, given)
    try:
        if args.verb is None:
            return _open_window(args)
        return int(importlib.import_module(f"poverty_desktop.commands.{VERBS[args.verb]}").run(args))
    except KnownProblem as problem:
        print(texts.problem(problem), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(given: Sequence[str], language: Language) -> argparse.ArgumentParser:
    texts = load_texts(language)
    parser = argparse.ArgumentParser(prog="poverty-desktop", description=texts("command.description"))
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--workspace", type=Path, metavar="DIR", help=texts("command.option_workspace"))
    parser.add_argument("--language", choices=("vi", "en"), help=texts("command.option_language"))
    verbs = parser.add_subparsers(dest="verb", metavar="verb")
    asked = next((word for word in given if word in VERBS), None)
    for verb, module in VERBS.items():
        sentence = texts(f"command.{verb}")
        if verb == asked:
            importlib.import_module(f"poverty_desktop.commands.{module}").add_arguments(verbs)
        else:
            verbs.add_parser(verb, help=sentence, description=sentence)
    return parser


def _put_back(args: argparse.Namespace, given: Sequence[str]) -> None:
    """`--workspace` and `--language` count wherever they stand; a verb's parser with the same options would empty them."""
    everywhere = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    everywhere.add_argument("--workspace", type=Path)
    everywhere.add_argument("--language")
    for name, value in vars(everywhere.parse_known_args(given)[0]).items():
        if getattr(args, name, None) is None:
            setattr(args, name, value)


def _language(given: Sequence[str]) -> Language:
    """The language has to be known before the help is written in it."""
    for word, following in zip(given, [*given[1:], ""], strict=False):
        if word in ("--language=en", "--lang=en") or (word in ("--language", "--lang") and following == "en"):
            return "en"
    return "vi"


def _open_window(args: argparse.Namespace) -> int:
    refuse_without_display()
    from poverty_desktop.app import run
    from poverty_desktop.system.folders import default_workspace

    return run(args.workspace or default_workspace(), args.language)


if __name__ == "__main__":
    sys.exit(main())
