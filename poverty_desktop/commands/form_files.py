"""The files that the doings of `forms` read."""

from __future__ import annotations

import argparse
import unicodedata
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
    """The form of either kind of file, with the lists that lie beside it; that of a workbook as it would be released."""
    data = read_bytes(file)
    if file.suffix.lower() == ".xml":
        return FormDefinition.parse(data, _lists(file, data))
    from poverty_desktop.forms import release

    xform, _, made = release.converted(data)
    return release.as_released(xform, _lists(file, xform) | made)


def _lists(file: Path, xform: bytes) -> dict[str, bytes]:
    """Those that a form reads, by name."""
    named = {unicodedata.normalize("NFC", name) for name in FormDefinition.parse(xform).external.values()}
    beside = files_beside(file)
    return {name: read_bytes(beside[name]) for name in sorted({*named, ITEMSETS} & {*beside})}


def words_of(args: argparse.Namespace) -> Texts:
    """The program's words in the language that was asked for."""
    return load_texts("en" if getattr(args, "language", None) == "en" else "vi")
