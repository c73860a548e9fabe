"""Cells that hold an expression or ${names}: what cannot be read, names that nobody bears, and texts that are no expression."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from poverty_desktop.forms.checks.book import REFERENCE, Book, Row
from poverty_desktop.forms.checks.columns import TRANSLATED, Column, nearest
from poverty_desktop.forms.compiled import compile_expression
from poverty_desktop.forms.operators import is_binary
from poverty_desktop.forms.phones import beyond_phones
from poverty_desktop.forms.sheets import Cell, FormFault
from poverty_desktop.forms.xpath import BrokenExpression, parse_expression

EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "read_only", "required", "repeat_count", "default")
REFERRING = (*EXPRESSIONS, *TRANSLATED, "trigger", "instance_name", "parameters", "create_if", "update_if", "entity_id")
_YES_NO_COLUMNS = ("read_only", "required", "relevant", "constraint", "calculation")
_CONSTANTS = {"yes", "Yes", "YES", "true", "True", "TRUE", "no", "No", "NO", "false", "False", "FALSE", "true()", "false()"}
_MEANT = {"yes": "yes", "y": "yes", "true": "yes", "có": "yes", "co": "yes", "x": "yes", "đúng": "yes", "bắt buộc": "yes"}
_MEANT |= {"no": "no", "n": "no", "false": "no", "không": "no", "khong": "no", "sai": "no"}
_DYNAMIC = re.compile(r"[a-z][a-z-]*\(|\$\{")
_HALF = re.compile(r"\$\{[^}]*$|\$\{[^}]*\$\{")
_COUNTED = re.compile(r"(?<![\w-])count(?:-non-empty)?\(\s*\$\{\s*([^}]*?)\s*\}\s*\)")
_MARKUP = re.compile(r"\$\(\s*([\w-]+)\s*\)")


def check_expressions(book: Book) -> Iterator[FormFault]:
    for table in (book.survey, book.choices, book.settings, book.table("entities")):
        for row, column, cell in table.cells(*REFERRING):
            if table is book.survey and row.edge == "end":
                continue
            yield from _cell(book, row, column, cell)
    for row in book.survey.rows:
        yield from _belongs(row)
    yield from _counts(book)


def _cell(book: Book, row: Row, column: Column, cell: Cell) -> Iterator[FormFault]:
    unknown = list(_references(book, cell))
    yield from unknown
    if "${last-saved#" in cell.text:
        yield cell.fault("forms_check.last_saved", "warning")
    if column.name not in EXPRESSIONS or cell.sheet != "survey" or unknown:
        return
    broken = list(_constant(column, cell)) or list(_broken(row, column, cell))
    yield from broken or _beyond_phones(row, column, cell)
    if not broken and column.name == "choice_filter":
        yield from _filter(book, row, cell)
    elif not broken and column.name != "default" and _is_expression(row, column.name, cell.text):
        yield from _bare_names(book, column, cell)


def _references(book: Book, cell: Cell) -> Iterator[FormFault]:
    """Names in ${…} that no question bears, or several do (pyxform PYREF_003, PYREF_004)."""
    if _HALF.search(cell.text):
        yield cell.fault("forms_check.half_reference", text=cell.text)
        return
    for name in sorted(set(REFERENCE.findall(cell.text))):
        if name not in book.names:
            yield _unknown(book, cell, name)
        elif book.counts[name] > 1:
            yield cell.fault("forms_check.ambiguous_reference", name=name, count=str(book.counts[name]))


def _unknown(book: Book, cell: Cell, name: str) -> FormFault:
    composed = unicodedata.normalize("NFC", name)
    if composed in {unicodedata.normalize("NFC", one) for one in book.names}:
        return cell.fault("forms_check.same_name_other_coding", name=name)
    like = nearest(name, book.names)
    if like:
        return cell.fault("forms_check.unknown_name_like", name=name, like=like)
    return cell.fault("forms.fault_unknown_name", name=name)


def _constant(column: Column, cell: Cell) -> Iterator[FormFault]:
    """A word that was meant as yes or no but would be read as the name of an element, which is never there."""
    text = cell.text
    if column.name in _YES_NO_COLUMNS and text not in _CONSTANTS and text.strip().lower() in _MEANT:
        yield cell.fault("forms_check.not_yes_or_no", text=text, better=_MEANT[text.strip().lower()])


def _is_expression(row: Row, column: str, text: str) -> bool:
    if column == "default":
        return _is_dynamic(row, text) or bool(_DYNAMIC.search(text))
    return text not in _CONSTANTS


def _is_dynamic(row: Row, text: str) -> bool:
    from pyxform.utils import default_is_dynamic

    return bool(default_is_dynamic(text, row.type))


def _broken(row: Row, column: Column, cell: Cell) -> Iterator[FormFault]:
    if not _is_expression(row, column.name, cell.text):
        return
    dollar = _MARKUP.search(cell.text)
    try:
        compile_expression(REFERENCE.sub(lambda found: f" /data/{found[1]} ", cell.text))
    except BrokenExpression as error:
        if column.name == "default" and not _DYNAMIC.search(cell.text):
            yield cell.fault("forms_check.default_taken_for_expression", "warning", text=cell.text)
        elif dollar:
            yield cell.fault("forms_check.round_brackets", name=dollar[1])
        else:
            yield cell.fault("forms.fault_broken_expression", expression=cell.text, reason=error.reason)


def _beyond_phones(row: Row, column: Column, cell: Cell) -> Iterator[FormFault]:
    """Functions and axes that the laptop knows and a phone does not."""
    if _is_expression(row, column.name, cell.text):
        for sign in beyond_phones(REFERENCE.sub(" /data/x ", cell.text)):
            yield cell.fault("forms_check.phone_lacks", "warning", sign=sign)


def _bare_names(book: Book, column: Column, cell: Cell) -> Iterator[FormFault]:
    """A name without ${…} looks for an element below the question itself, where none is: always empty."""
    if column.name == "repeat_count" and not re.fullmatch(r"\d+", cell.text) and not _DYNAMIC.search(cell.text):
        yield cell.fault("forms_check.wrong_repeat_count", text=cell.text)
        return
    for name in sorted(set(_loose_names(_tree(cell.text)))):
        if name in book.names:
            yield cell.fault("forms_check.bare_name", name=name)
        else:
            yield cell.fault("forms_check.bare_word", name=name)


def _filter(book: Book, row: Row, cell: Cell) -> Iterator[FormFault]:
    """Names in a choice filter are columns of the choices sheet."""
    if not row.listing or row.listing.startswith("${") or "from_file" in row.command:
        return
    table = book.table("external_choices") if "external" in row.command else book.choices
    columns = {column.title for column in table.columns} | {column.name for column in table.columns} | {"itextId"}
    for name in sorted(set(_loose_names(_tree(cell.text))) - columns):
        like = nearest(name, columns)
        key = "forms_check.filter_column_like" if like else "forms_check.filter_column"
        yield cell.fault(key, name=name, like=like)


def _tree(text: str) -> Any:
    return parse_expression(REFERENCE.sub(" /data/x ", text))


def _loose_names(token: Any) -> Iterator[str]:
    """The names that an expression looks for at its own place: not those within a path from elsewhere. Chains of operators are
    followed in a loop: they may be long."""
    while is_binary(token):
        yield from _loose_names(token[1])
        token = token[0]
    if token.symbol == "(name)":
        yield str(token.value)
    elif token.symbol in ("/", "//"):
        if len(token) == 2:
            yield from _loose_names(token[0])
    elif token.symbol == "[":
        yield from _loose_names(token[0])
    elif token.symbol not in _AXES:
        for part in token:
            yield from _loose_names(part)


_AXES = {"self", "parent", "child", "descendant", "ancestor", "preceding-sibling", "following-sibling", "attribute", "@", "::"}


def _belongs(row: Row) -> Iterator[FormFault]:
    """Columns that mean nothing in this row."""
    if row.text("repeat_count") and not (row.edge == "begin" and row.block == "repeat"):
        yield row.fault("repeat_count", "forms_check.count_without_repeat", "warning")
    if row.text("choice_filter") and not row.listing:
        yield row.fault("choice_filter", "forms_check.filter_without_choices", "warning")
    if row.text("constraint") and not row.text("constraint_message"):
        yield row.fault("constraint_message", "forms_check.constraint_without_message", "warning")
    if row.text("constraint_message") and not row.text("constraint"):
        yield row.fault("constraint_message", "forms_check.message_without_constraint", "warning")
    if row.type == "calculate" and not row.text("calculation") and not _DYNAMIC.search(row.text("default")):
        yield row.fault("calculation", "forms_check.no_calculation")


def _counts(book: Book) -> Iterator[FormFault]:
    """`count(${m})` within the outermost repeat m: pyxform writes /data/m, which within m is the own line alone (JavaRosa,
    `TreeReference.contextualize`). For a repeat inside another it writes a path up and down, which is all lines."""
    trail: list[Row] = []
    for row in book.survey.rows:
        if row.edge == "end":
            del trail[-1:]
            continue
        outermost = next((at for at, one in enumerate(trail) if one.block == "repeat"), len(trail))
        name = trail[outermost].text("name") if outermost < len(trail) else ""
        for cell in (row.cells[column] for column in EXPRESSIONS if name and column in row.cells):
            if name in _COUNTED.findall(cell.text):
                path = f"{'../' * (len(trail) - outermost + 1)}{name}"
                yield cell.fault("forms_check.counts_own_line", "warning", name=name, path=path)
        if row.edge == "begin":
            trail.append(row)
