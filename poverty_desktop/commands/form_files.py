"""The files that the doings of `forms` read."""

from __future__ import annotations

import argparse
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.definition import FormDefinition
from poverty_desktop.forms.lists import ITEMSETS
from poverty_desktop.system.form_folder import files_beside
from poverty_desktop.system.resources import load_texts


def read_bytes(file: Path) -> bytes:
    """Raises KnownProblem "forms.unreadable_file" (file)."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise KnownProblem("forms.unreadable_file", file=str(file)) from error


def read_form(file: Path) -> FormDefinition:
    """The form of either kind of file, with the lists that lie beside it."""
    beside = files_beside(file)
    xml, made = read_bytes(file), dict[str, bytes]()
    if file.suffix.lower() != ".xml":
        from poverty_desktop.forms import release

        xml, _, made = release.converted(xml)
    named = {*FormDefinition.parse(xml).external.values(), ITEMSETS} & {*beside}
    return FormDefinition.parse(xml, {name: read_bytes(beside[name]) for name in sorted(named)} | made)


def words_of(args: argparse.Namespace) -> Texts:
    """The program's words in the language that was asked for."""
    return load_texts("en" if getattr(args, "language", None) == "en" else "vi")
