"""`bench NAME`: figures with their limits, both measured in this run; from a source tree, for it starts processes of its own."""

from __future__ import annotations

import argparse
import importlib
from typing import Any

from poverty_desktop.system.display import draw_off_screen_without_display

NAMES = ("start", "save", "search", "survey", "sync", "memory", "kill")
_OPTIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "runs": ("N", "how often each is measured", ("start", "save", "survey")),
    "forms": ("N", "how many papers are keyed", ("survey",)),
    "people": ("N", "size of the commune that is searched", ("search",)),
    "households": ("N", "size of the commune", ("sync", "memory")),
    "cuts": ("N", "how often the line is cut; 0: no bad lines", ("sync",)),
    "moments": ("N", "how many processes are killed", ("kill",)),
    "seed": ("S", "of the moments and of what is typed", ("kill",)),
}


def add_arguments(subparsers: Any) -> None:
    """Add the verb to the parser of `__main__`."""
    verb = subparsers.add_parser(
        "bench",
        help="measure speed and size, each against a named limit",
        description="Only the ratios travel between machines: figure and limit are measured in the same run.",
    )
    names = verb.add_subparsers(dest="bench", required=True, metavar="NAME")
    for name in NAMES:
        one = names.add_parser(name)
        one.add_argument("--json", action="store_true", help="print JSON")
        for option, (metavar, sentence, of) in _OPTIONS.items():
            if name in of:
                one.add_argument(f"--{option}", type=int, metavar=metavar, help=sentence)


def run(args: argparse.Namespace) -> int:
    """Prints the figures. 0, or 1 when `kill` found a loss or a damaged file, or `survey` a lost or misplaced answer."""
    draw_off_screen_without_display()
    measure = getattr(importlib.import_module(f"poverty_desktop.bench.{args.bench}"), args.bench)
    given = {option: getattr(args, option, None) for option in _OPTIONS}
    found = measure(**{option: value for option, value in given.items() if value is not None})
    print(found.as_json() if args.json else found.as_text())
    return 1 if found.broken else 0
