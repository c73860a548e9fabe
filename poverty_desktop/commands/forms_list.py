"""`forms list`: every release of the workspace with its state and who made and checked it."""

from __future__ import annotations

import argparse
import json
from typing import Any

from poverty_desktop.commands.form_files import words_of
from poverty_desktop.commands.forms_release import add_workspace_arguments, facts_of, releasing_of, workspace_of


def add_arguments(doings: Any, common: argparse.ArgumentParser) -> None:
    listing = doings.add_parser("list", help="list the forms that were proposed and released in the workspace")
    add_workspace_arguments(listing)


def run(args: argparse.Namespace) -> int:
    from poverty_desktop.services.release_words import release_line

    texts = words_of(args)
    with workspace_of(args, texts) as workspace:
        releasing = releasing_of(workspace)
        found = releasing.all()
        facts = [facts_of(one, releasing, texts) for one in found]
        lines = [release_line(one, releasing.name_of, texts) for one in found]
    if args.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines or [texts("form_release.none")]))
    return 0
