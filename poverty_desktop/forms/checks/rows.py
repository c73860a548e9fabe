"""Rows of the survey sheet: their types, names, and the groups and repeats they open and close."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from poverty_desktop.forms.checks.book import Book, Row
from poverty_desktop.forms.checks.columns import nearest
from poverty_desktop.forms.sheets import FormFault

_NAMELESS = {"note", "audit"}  # pyxform names these itself
_SETTINGS = {
    "form_title",
    "form_id",
    "set_form_title",
    "set_form_id",
    "title",
    "id_string",
    "prefix",
}  # old forms set these in a row
RESERVED = {"meta"}


@dataclass
class Block:
    """A group or repeat that is open, with the names given in it so far."""

    row: Row | None
    names: dict[str, int] = field(default_factory=dict)
    lower: dict[str, str] = field(default_factory=dict)


def check_rows(book: Book) -> Iterator[FormFault]:
    yield from _blocks(book)
    for row in book.survey.rows:
        yield from _type(row)
        if row.type and row.edge != "end":
            yield from _name(row)
    yield from _repeat_names(book)
    yield from _ambiguous(book)


def _blocks(book: Book) -> Iterator[FormFault]:
    """Begin and end that do not match, and names that stand twice in one group (pyxform NAMES_001)."""
    open_blocks = [Block(None)]
    for row in book.survey.rows:
        name = row.text("name")
        if row.edge == "end":
            yield from _close(open_blocks, row)
            continue
        if name and row.type:
            first = open_blocks[-1].names.setdefault(name, row.number)
            if first != row.number:
                yield row.fault("name", "forms_check.doubled_name", name=name, first=str(first))
            elif open_blocks[-1].lower.setdefault(name.lower(), name) != name:
                yield row.fault("name", "forms_check.name_differs_in_case", "warning", name=name)
        if row.edge == "begin":
            open_blocks.append(Block(row))
    for block in open_blocks[1:]:
        if block.row:
            yield block.row.fault("type", "forms_check.never_closed", kind=block.row.block, name=block.row.text("name"))


def _close(open_blocks: list[Block], row: Row) -> Iterator[FormFault]:
    opener = open_blocks[-1].row
    if opener is None:
        yield row.fault("type", "forms_check.nothing_open", kind=row.block)
        return
    if opener.block != row.block:
        facts = {"kind": row.block, "opened": opener.block, "name": opener.text("name"), "row": str(opener.number)}
        yield row.fault("type", "forms_check.closes_another", **facts)
    elif row.text("name") and row.text("name") != opener.text("name"):
        yield row.fault(
            "name",
            "forms_check.end_names_another",
            "warning",
            name=row.text("name"),
            opened=opener.text("name"),
            row=str(opener.number),
        )
    open_blocks.pop()


def _type(row: Row) -> Iterator[FormFault]:
    if not row.type:
        if row.text("name") or row.text("label"):
            yield row.fault("type", "forms_check.no_type")
        return
    if row.edge or row.listing or row.type in known_types() or row.type in _SETTINGS or row.type.startswith("osm "):
        return
    if row.type in ("select_one", "select_multiple", "rank", "select_one_from_file", "select_multiple_from_file"):
        yield row.fault("type", "forms_check.no_list_named", type=row.type)
        return
    like = nearest(
        row.type.split()[0] if row.type.startswith("select") else row.type, known_types() | set(_SELECTS) | set(_BLOCK_TYPES)
    )
    key = "forms_check.unknown_type_like" if like else "forms_check.unknown_type"
    yield row.fault("type", key, type=row.type, like=like)


_SELECTS = ("select_one", "select_multiple", "select_one_from_file", "select_multiple_from_file", "rank")
_BLOCK_TYPES = ("begin_group", "end_group", "begin_repeat", "end_repeat")


@cache
def known_types() -> frozenset[str]:
    """The types of questions without a list that pyxform knows, deprecated spellings included."""
    from pyxform.aliases import _type_alias_map
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    return frozenset(QUESTION_TYPE_DICT) | frozenset(_type_alias_map) - frozenset(_SELECTS)


def _name(row: Row) -> Iterator[FormFault]:
    name = row.text("name")
    if not name:
        if row.type not in _NAMELESS and row.type not in _SETTINGS:
            yield row.fault("name", "forms_check.no_name", type=row.type)
        return
    if row.type in _SETTINGS:
        return
    if not is_name(name):
        yield row.fault("name", "forms_check.name_not_allowed", name=name, better=plain_name(name))
    elif name.lower() in RESERVED:
        yield row.fault("name", "forms_check.reserved_name", name=name)
    elif not name.isascii():
        yield row.fault("name", "forms_check.name_with_diacritics", "warning", name=name, better=plain_name(name))


def is_name(name: str) -> bool:
    """Whether pyxform takes it for the name of an XML element."""
    from pyxform.parsing.expression import is_xml_tag

    return bool(is_xml_tag(name))


def plain_name(name: str) -> str:
    """A name like this one that is allowed everywhere: letters without diacritics, digits and "_"."""
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in letters if letter.isascii())
    return plain if plain[:1].isalpha() or plain[:1] == "_" else f"q_{plain}"


def _repeat_names(book: Book) -> Iterator[FormFault]:
    """A repeat's name stands once in the whole form, and is not the root's (pyxform NAMES_003, NAMES_004)."""
    seen: dict[str, int] = {}
    for row in book.survey.rows:
        name = row.text("name")
        if row.edge != "begin" or row.block != "repeat" or not name:
            continue
        first = seen.setdefault(name, row.number)
        if first != row.number:
            yield row.fault("name", "forms_check.doubled_repeat_name", name=name, first=str(first))
        elif name == (book.setting("name") or "data"):
            yield row.fault("name", "forms_check.reserved_name", name=name)


def _ambiguous(book: Book) -> Iterator[FormFault]:
    """Names that stand in several groups are allowed until one is referred to: those references are told by `expressions`."""
    places: dict[str, list[Row]] = {}
    for row in book.survey.rows:
        if row.text("name") and row.edge != "end" and row.type:
            places.setdefault(unicodedata.normalize("NFC", row.text("name")), []).append(row)
    for rows in places.values():
        spellings = {row.text("name") for row in rows}
        if len(spellings) > 1:
            yield rows[-1].fault(
                "name", "forms_check.same_name_other_letters", name=rows[-1].text("name"), first=str(rows[0].number)
            )
