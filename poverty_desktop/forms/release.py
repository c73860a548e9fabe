"""XLSForm in: conversion by pyxform, and a check that names the cell of each fault.

With `workbooks.py` and `checks/` the only part of `forms` that knows workbooks; pyxform and the readers are imported where they
are used, so that filling in a form needs neither.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from xml.parsers.expat import ExpatError

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.release_rules import attached, marked
from poverty_desktop.forms.checks.book import Book
from poverty_desktop.forms.checks.conversion import engine_faults, pyxform_fault
from poverty_desktop.forms.checks.devices import check_devices
from poverty_desktop.forms.checks.expressions import check_expressions
from poverty_desktop.forms.checks.languages import check_languages
from poverty_desktop.forms.checks.lists import check_files, check_lists, list_files
from poverty_desktop.forms.checks.places import check_places
from poverty_desktop.forms.checks.rows import check_rows
from poverty_desktop.forms.definition import FormDefinition
from poverty_desktop.forms.lists import ITEMSETS, named_lists
from poverty_desktop.forms.points import check_points
from poverty_desktop.forms.sheets import FormFault
from poverty_desktop.forms.workbooks import kind_of, read_workbook

# What pyxform is known to die of beside its own errors, on workbooks it did not foresee.
_FAILURES = (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError, ExpatError)


def convert(form: bytes | Path) -> bytes:
    """The XForm of an XLSForm (.xlsx, .xls, .csv, .md); an XForm is given back as it is.

    Raises KnownProblem "forms.not_an_xlsform" (reason) with what pyxform says, "forms.unreadable_workbook" and
    "forms.protected_workbook".
    """
    return convert_with_warnings(form)[0]


def convert_with_warnings(form: bytes | Path) -> tuple[bytes, list[str]]:
    """The XForm and pyxform's warnings (English)."""
    return converted(_bytes(form))[:2]


def converted(data: bytes) -> tuple[bytes, list[str], dict[str, bytes]]:
    """The XForm, pyxform's warnings, and the file it makes of sheet external_choices, where there is one."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert as pyxform_convert

    kind = kind_of(data)
    if kind == ".xml":
        return data, [], {}
    try:
        with warnings.catch_warnings():  # the reader's remarks on decorations of the workbook concern nobody
            warnings.simplefilter("ignore")
            result = pyxform_convert(BytesIO(data), file_type=kind, validate=False, pretty_print=True)
    except (PyXFormError, *_FAILURES) as error:
        raise KnownProblem("forms.not_an_xlsform", reason=str(error).strip().rstrip(".") or type(error).__name__) from error
    made = {ITEMSETS: result.itemsets.encode()} if result.itemsets else {}
    return str(result.xform).encode(), list(result.warnings or ()), made


def as_released(xform: bytes, files: Mapping[str, bytes]) -> FormDefinition:
    """The form of a converted workbook as a release holds it: in composed letters, with those of the files that it reads, and
    with their hash in it."""
    composed = unicodedata.normalize("NFC", xform.decode())
    form = FormDefinition.parse(composed.encode())
    wanted = {*form.external.values(), ITEMSETS}
    lists = {name: data for name, data in files.items() if name in wanted}
    return FormDefinition.parse(marked(composed, attached(lists)).encode(), lists) if lists else form


def check(form: bytes | Path) -> list[FormFault]:
    """Every fault that keeps a form from being released, with its cell; empty when it can be. Raises as `examine`."""
    return [fault for fault in examine(form) if fault.level == "fault"]


@dataclass(frozen=True)
class Inspected:
    """All faults of a form, then all warnings, by sheet and row; its XForm, None where pyxform made none; and the files that its
    lists may come from, by name."""

    faults: tuple[FormFault, ...]
    xform: bytes | None
    files: Mapping[str, bytes] = field(default_factory=dict)


def examine(form: bytes | Path, beside: Mapping[str, Path] | None = None) -> list[FormFault]:
    """The faults and warnings of `inspect`."""
    return list(inspect(form, beside).faults)


def inspect(form: bytes | Path, beside: Mapping[str, Path] | None = None) -> Inspected:
    """Everything that can be said of a form. `beside` are the files that the form may read, by name; without it they are not
    looked for.

    Each sheet is read by this program's own checks first, so that everything is told at once; then pyxform converts, then the
    engine opens the form. Raises KnownProblem "forms.unreadable_workbook", "forms.protected_workbook", "forms.no_survey_sheet",
    "forms.unreadable_file" (file).
    """
    data = _bytes(form)
    if kind_of(data) == ".xml":
        return _inspect_xform(data, beside)
    book = Book(read_workbook(data))
    checks = (check_places, check_rows, check_lists, check_expressions, check_languages, check_devices)
    found = [fault for one in checks for fault in one(book)] + check_points(book.sheets)
    if beside is not None:
        found += check_files(book, beside)
    files = _read_lists(beside or {}, list_files(book))
    xform, whole, made = _whole(book, data, files)
    faulty = {(fault.sheet, fault.row) for fault in found if fault.level == "fault"}
    found += [fault for fault in whole if not faulty or (fault.row and (fault.sheet, fault.row) not in faulty)]
    return Inspected(tuple(sorted(_once(found), key=_order)), xform, {**files, **made})


def _inspect_xform(data: bytes, beside: Mapping[str, Path] | None) -> Inspected:
    wanted = named_lists(data)
    files = _read_lists(beside or {}, wanted)
    lacking = [] if beside is None else sorted(wanted - set(files))
    missing = [FormFault("XForm", 0, "", "forms_check.missing_file", {"file": name}) for name in lacking]
    return Inspected((*missing, *engine_faults(None, data, files)), data, files)


def _read_lists(beside: Mapping[str, Path], wanted: Collection[str]) -> dict[str, bytes]:
    found = {}
    for name in sorted(set(wanted) & set(beside)):
        try:
            found[name] = beside[name].read_bytes()
        except OSError as error:
            raise KnownProblem("forms.unreadable_file", file=str(beside[name])) from error
    return found


def _whole(book: Book, data: bytes, files: Mapping[str, bytes]) -> tuple[bytes | None, list[FormFault], dict[str, bytes]]:
    """The XForm, the first thing that conversion or engine finds (the checks of the sheets may have found it already), and the
    file that conversion makes."""
    try:
        xform, _, made = converted(data)
    except KnownProblem as problem:
        return None, [pyxform_fault(book, str(problem.facts["reason"]))], {}
    return xform, list(engine_faults(book, xform, {**files, **made})), made


def _once(found: list[FormFault]) -> list[FormFault]:
    """Without repeats: one cell may be reached by two checks."""
    seen: set[tuple[str, str, tuple[tuple[str, str], ...]]] = set()
    kept = []
    for fault in found:
        mark = (fault.cell, fault.key, tuple(fault.facts.items()))
        if mark not in seen:
            seen.add(mark)
            kept.append(fault)
    return kept


_SHEETS = ("survey", "choices", "external_choices", "entities", "settings")


def _order(fault: FormFault) -> tuple[bool, int, int, int, str]:
    sheet = _SHEETS.index(fault.sheet) if fault.sheet in _SHEETS else len(_SHEETS)
    return fault.level == "warning", sheet, fault.row, len(fault.column), fault.column


def _bytes(form: bytes | Path) -> bytes:
    return form if isinstance(form, bytes) else form.read_bytes()
