"""Pages of a snapshot as rows of the tables, column by column (sync.md 3.3, 3.14).

Only what is as plain as almost everything: values of exactly the types that a field is declared with. All else is left to
`projecting`, which checks one record after another and knows what to do with one that cannot be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from annotated_types import MaxLen
from pydantic.fields import FieldInfo
from sqlmodel.main import FieldInfoMetadata

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.snap_pages import SnapPage, values
from poverty_desktop.storage.tables import BY_ENTITY, STORED


class NotPlain(Exception):
    """Some value of the page is not of the type that its field is declared with."""


@dataclass(frozen=True)
class _Plain:
    """What a field takes as it is: scalars of these types and texts no longer than `longest`, or a dict or list as JSON."""

    kinds: frozenset[type]
    longest: int | None
    required: bool
    default: Any  # as the driver binds it

    @property
    def is_json(self) -> bool:
        return not self.kinds


@cache
def _plain_fields(entity: str) -> Mapping[str, _Plain | None]:
    """By field, in the order of the table; None for one that is never plain."""
    table = BY_ENTITY[entity]
    return {name: _plain(info, name in table.json) for name, info in table.record.model_fields.items()}


def _plain(info: FieldInfo, is_json: bool) -> _Plain | None:
    limits = [one for one in info.metadata if not isinstance(one, FieldInfoMetadata)]
    if any(not isinstance(one, MaxLen) for one in limits):
        return None
    longest = limits[0].max_length if limits else None
    required = info.is_required()
    default = None if required else info.get_default(call_default_factory=True)
    if is_json:
        plain = info.annotation in (dict[str, Any], list[str])
        return _Plain(frozenset(), None, required, canonical(default).decode()) if plain else None
    either = get_origin(info.annotation) in (Union, UnionType)
    kinds = frozenset(get_args(info.annotation) if either else (info.annotation,))
    if not kinds <= {str, int, bool, NoneType}:
        return None
    return _Plain(kinds, longest, required, default)


def statement(entity: str, *, fresh: bool) -> str:
    """Insert a row, or replace it unless it must be `fresh`, with the values of `table_rows`."""
    table = BY_ENTITY[entity]
    if fresh:
        return table.insert
    kept = ", ".join(f"{name} = excluded.{name}" for name in table.columns if name != "id")
    return f"{table.insert} ON CONFLICT (id) DO UPDATE SET {kept}"


def table_rows(page: SnapPage) -> Iterator[tuple[Any, ...]]:
    """The rows of the page's table as the driver binds them, as `projecting.confirmed` would have them. Raises `NotPlain`."""
    fields = _plain_fields(page.entity)
    columns = [page.ids if name == "id" else _column(page, name, plain) for name, plain in fields.items()]
    deleted = [int(bool(gone)) for gone in page.gone]
    reasons = [page.why(place) for place in range(len(page))] if any(page.gone) else [None] * len(page)
    stored = dict(zip(STORED, (page.last_ops, page.revs, page.users, page.ats, deleted, reasons), strict=True))
    return zip(*columns, *(stored[name] for name in STORED), strict=True)


def _column(page: SnapPage, name: str, plain: _Plain | None) -> Sequence[Any]:
    cells = page.fields.get(name)
    if plain is None or (plain.required and (cells is None or "" in cells)):
        raise NotPlain(name)
    if cells is None:
        return [plain.default] * len(page)
    return _texts(cells, name, plain) if plain.is_json else _scalars(cells, name, plain)


def _texts(cells: Sequence[str], name: str, plain: _Plain) -> Sequence[str]:
    """JSON as it came: a dict shows by its first letter; a list is looked into."""
    present = set(cells) - {""}
    opening = {cell[0] for cell in present}
    if opening - {plain.default[0]} or (opening == {"["} and not all(_are_texts(cell) for cell in present)):
        raise NotPlain(name)
    return [cell or plain.default for cell in cells] if "" in cells else cells


def _are_texts(cell: str) -> bool:
    return all(type(one) is str for one in values([cell])[0])


def _scalars(cells: Sequence[str], name: str, plain: _Plain) -> Sequence[Any]:
    absent = "" in cells
    found = values([cell or "null" for cell in cells] if absent else cells)
    if absent and plain.default is not None:
        found = [plain.default if not cell else value for cell, value in zip(cells, found, strict=True)]
    kinds = set(map(type, found))
    if not kinds <= plain.kinds:
        raise NotPlain(name)
    if plain.longest is not None and max(map(len, filter(None, found)), default=0) > plain.longest:
        raise NotPlain(name)
    return found
