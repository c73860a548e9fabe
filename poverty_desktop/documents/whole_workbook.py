"""A workbook that is there whole or not at all; every text in it stays a text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import xlsxwriter

from poverty_desktop.domain.problems import KnownProblem

_TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}  # a name may begin with "="


def write_workbook(path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> None:
    with xlsxwriter.Workbook(str(path), _TEXT_IS_TEXT) as book:
        fill(book)


def save_workbook(path: Path, fill: Callable[[xlsxwriter.Workbook], None], problem: str) -> None:
    """`write_workbook` beside `path`, then put in its place: what stood there before stays until the new file is whole.

    Raises `KnownProblem(problem, folder)` where the folder cannot be made or written to.
    """
    half = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(half, fill)
        half.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        with suppress(OSError):  # where the folder is none, there is no half file either
            half.unlink(missing_ok=True)
        raise KnownProblem(problem, folder=str(path.parent)) from error
