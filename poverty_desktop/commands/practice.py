"""`practice`: the program on a practice commune, with a province of its own on this machine; ready to use."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from poverty_desktop.system.display import refuse_without_display


def add_arguments(subparsers: Any) -> None:
    verb = subparsers.add_parser(
        "practice",
        help="open the program on a practice commune with its own province on loopback",
        description="Everything in it is invented. The folder keeps what you did; remove it to begin anew.",
    )
    verb.add_argument("--folder", type=Path, metavar="DIR", help="where the practice commune lives")


def run(args: argparse.Namespace) -> int:
    refuse_without_display()
    from poverty_desktop.practice.session import practise
    from poverty_desktop.system.folders import default_workspace

    folder = args.folder or default_workspace().with_name("practice")
    return practise(folder.resolve())
