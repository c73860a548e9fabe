"""XLSForm in: conversion by pyxform, and a check that names the cell of each fault.

The only module of `forms` that knows workbooks; pyxform and the reader are imported where they are used, so that filling in a
form needs neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.compiled import compile_expression
from poverty_desktop.forms.definition import FormDefinition
from poverty_desktop.forms.sheets import Cell, FormFault, Sheet, read_sheets
from poverty_desktop.forms.xpath import BrokenExpression

EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "read_only", "required", "repeat_count", "default")
_ALIASES = {"bind::relevant": "relevant", "bind::constraint": "constraint", "calculate": "calculation", "readonly": "read_only"}
_WORDS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
_YES_NO = {"", "yes", "no", "true", "false", "true()", "false()"}
_REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]")
_DYNAMIC = re.compile(r"[a-z][a-z-]*\(|\$\{")
_COLUMN_OF = {"calculate": "calculation", "relevant": "relevant", "required": "required", "readonly": "read_only"}


def convert(xlsx: bytes | Path) -> bytes:
    """The XForm of an XLSForm workbook. Raises KnownProblem "forms.not_an_xlsform" (reason) with what pyxform says."""
    return convert_with_warnings(xlsx)[0]


def convert_with_warnings(xlsx: bytes | Path) -> tuple[bytes, list[str]]:
    """The XForm and pyxform's warnings (English)."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert as pyxform_convert

    source = BytesIO(xlsx if isinstance(xlsx, bytes) else xlsx.read_bytes())
    try:
        result = pyxform_convert(source, file_type=".xlsx", validate=False, pretty_print=True)
    except PyXFormError as error:
        raise KnownProblem("forms.not_an_xlsform", reason=str(error)) from error
    return str(result.xform).encode(), list(result.warnings or ())


def check(xlsx: bytes | Path) -> list[FormFault]:
    """Every fault of an XLSForm with its cell; empty when the form can be released.

    Expressions are read by this program's own parser first, so that a broken one is told with its cell; then pyxform converts,
    then the engine looks for circles. Raises KnownProblem "forms.unreadable_workbook".
    """
    sheets = read_sheets(xlsx)
    survey = sheets["survey"]
    faults = [fault for cell in survey.cells() for fault in _cell_faults(cell, survey)]
    return faults or _conversion_faults(xlsx, survey)


def _cell_faults(cell: Cell, survey: Sheet) -> Iterator[FormFault]:
    title = cell.title.split("::")[0].strip()
    column = _ALIASES.get(cell.title, title)
    if column not in EXPRESSIONS and title not in _WORDS:
        return
    names = set(_REFERENCE.findall(cell.text))
    unknown = sorted(names - survey.names())
    for name in unknown:
        yield cell.fault("forms.fault_unknown_name", name=name)
    if column in EXPRESSIONS and not unknown and _is_expression(column, cell.text):
        yield from _expression_faults(cell)


def _is_expression(column: str, text: str) -> bool:
    if column in ("read_only", "required"):
        return text.strip().lower() not in _YES_NO
    return column != "default" or bool(_DYNAMIC.search(text))


def _expression_faults(cell: Cell) -> Iterator[FormFault]:
    try:
        compile_expression(_REFERENCE.sub(lambda found: f" /data/{found[1]} ", cell.text))
    except BrokenExpression as error:
        yield cell.fault("forms.fault_broken_expression", expression=cell.text, reason=error.reason)


def _conversion_faults(xlsx: bytes | Path, survey: Sheet) -> list[FormFault]:
    try:
        xml = convert(xlsx)
    except KnownProblem as problem:
        reason = str(problem.facts["reason"])
        row = _ROW.search(reason)
        return [FormFault("survey" if row else "", int(row[1]) if row else 0, "", "forms.fault_conversion", {"reason": reason})]
    try:
        FormDefinition.parse(xml)
    except KnownProblem as problem:
        return [_engine_fault(problem, survey)]
    return []


def _engine_fault(problem: KnownProblem, survey: Sheet) -> FormFault:
    """A fault that only the whole form shows: a circle, an unknown control."""
    name = re.split(r"[/ ]", str(problem.facts.get("path", "")).split(" → ")[0])[-1]
    titles = ("calculation", "calculate", "relevant", "type")
    cell = next((cell for title in titles for cell in survey.cells() if cell.name == name and cell.title == title), None)
    key = f"problem.{problem.code}"
    facts = {fact: str(value) for fact, value in problem.facts.items()}
    return FormFault("survey", cell.row if cell else 0, cell.column if cell else "", key, facts)
