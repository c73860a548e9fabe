"""The files that the doings of `forms` read."""

from __future__ import annotations

import argparse
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.system.resources import load_texts


def read_bytes(file: Path) -> bytes:
    """Raises KnownProblem "forms.unreadable_file" (file)."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise KnownProblem("forms.unreadable_file", file=str(file)) from error


def read_xml(file: Path) -> bytes:
    """XForm XML of either kind of file."""
    if file.suffix.lower() == ".xml":
        return read_bytes(file)
    from poverty_desktop.forms import release

    return release.convert(read_bytes(file))


def words_of(args: argparse.Namespace) -> Texts:
    """The program's words in the language that was asked for."""
    return load_texts("en" if getattr(args, "language", None) == "en" else "vi")
