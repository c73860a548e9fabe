"""The files beside a questionnaire: lists and pictures that it names."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem


def files_beside(form: Path) -> dict[str, Path]:
    """By name. Those of its folder NAME-media, where phones look, come before those that stand beside it. Raises KnownProblem
    "forms.unreadable_file" (file)."""
    folders = [form.parent, form.parent / f"{form.stem}-media"]
    try:
        found = [one for folder in folders if folder.is_dir() for one in sorted(folder.iterdir()) if one.is_file()]
    except OSError as error:
        raise KnownProblem("forms.unreadable_file", file=str(form.parent)) from error
    return {unicodedata.normalize("NFC", one.name): one for one in found if one != form}
