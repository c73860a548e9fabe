"""Rows of a snapshot in columns: what one page says of all its records stands together (sync.md 3.14).

A page holds records of one entity. Each column is one text, a row a line, a value as its canonical JSON; so a reader takes a
whole column in one call, and puts the bodies together again byte for byte as they were hashed, without reading them. A dict that
most rows share the keys of (the answers of a survey) is a column a key; what only few have stays together in the dict's own
column. A column of equal cells is one cell. Absent is the empty cell. JSON escapes every control letter, so these stand between:
"\\n" cells, "\\x1e" columns, "\\x1d" pages. Pure.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.messages import SnapRow

FORMAT = 2
"""Of the parts of a snapshot (`Manifest.format`). 1 was a row a line."""

_CELL, _COLUMN, _PAGE = "\n", "\x1e", "\x1d"
_MOST_KEYS = 400  # columns of one dict
_SCALARS = frozenset({str, int, bool})
_ABSENT: Any = object()
_SAME = "="  # the operation that made the record, whose id it bears


class NotAPage(ValueError):
    """What the province signed is no page of this format."""


@dataclass(frozen=True)
class SnapPage:
    """Records of one entity, a list a column, all of one length.

    `bases` canonical JSON of the bodies, `metas` of the revisions by field; `gone`: "" of a living record, else canonical JSON of
    [why it was deleted]. `fields`: by field of the body the canonical JSON of its values, "" where the body has none.
    """

    entity: str
    ids: list[str]
    revs: list[int]
    last_ops: list[str]
    users: list[str]
    ats: list[str]
    metas: list[str]
    gone: list[str]
    bases: list[str]
    fields: Mapping[str, list[str]]

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, places: Sequence[int]) -> SnapPage:
        """The rows at these places."""
        if len(places) == len(self):
            return self

        def some(column: list[Any]) -> list[Any]:
            return [column[place] for place in places]

        return SnapPage(
            entity=self.entity, ids=some(self.ids), revs=some(self.revs), last_ops=some(self.last_ops), users=some(self.users),
            ats=some(self.ats), metas=some(self.metas), gone=some(self.gone), bases=some(self.bases),
            fields={name: some(cells) for name, cells in self.fields.items()},
        )  # fmt: skip

    def with_bodies(self, bodies: Iterable[Mapping[str, Any]]) -> SnapPage:
        """Other bodies, for whoever reads no fields."""
        return replace(self, bases=[canonical(dict(body)).decode() for body in bodies], fields={})

    def why(self, place: int) -> str | None:
        """Why this record was deleted, where it was."""
        return json.loads(self.gone[place])[0] if self.gone[place] else None

    def rows(self) -> Iterator[SnapRow]:
        for place, record_id in enumerate(self.ids):
            yield SnapRow(
                entity=self.entity, record_id=record_id, rev=self.revs[place], deleted=bool(self.gone[place]),
                body=json.loads(self.bases[place]), meta=json.loads(self.metas[place]), last_op=self.last_ops[place],
                user=self.users[place], at=self.ats[place], why=self.why(place),
            )  # fmt: skip


# --- writing -------------------------------------------------------------------------------------------------------------


def written(rows: Iterable[SnapRow]) -> bytes:
    """The rows as one part, before it is compressed; a page an entity."""
    by_entity: dict[str, list[SnapRow]] = {}
    for row in rows:
        by_entity.setdefault(row.entity, []).append(row)
    return _PAGE.join(_page(entity, found) for entity, found in by_entity.items()).encode()


def _page(entity: str, rows: Sequence[SnapRow]) -> str:
    bodies = [row.body for row in rows]
    names = sorted({name for body in bodies for name in body})
    columns = [_joined(cells) for cells in _fixed(rows)]
    keys: list[list[str] | None] = []
    for name in names:
        values = [body.get(name, _ABSENT) for body in bodies]
        shared = _shared_keys(values)
        keys.append(shared)
        for key in shared or ():
            columns.append(_joined(_cells([_ABSENT if value is _ABSENT else value.get(key, _ABSENT) for value in values])))
        columns.append(_joined(_cells(values if shared is None else [_rest(value, shared) for value in values])))
    head = canonical([entity, len(rows), [[name, shared] for name, shared in zip(names, keys, strict=True)]]).decode()
    return _COLUMN.join([head, *columns])


def _fixed(rows: Sequence[SnapRow]) -> Iterator[list[str]]:
    yield [row.record_id for row in rows]
    yield [str(row.rev - before) for before, row in zip([0, *(row.rev for row in rows)], rows, strict=False)]
    yield [row.last_op if row.last_op != row.record_id else _SAME for row in rows]
    yield _cells([row.user for row in rows])
    yield _cells([row.at for row in rows])
    yield ["" if row.meta == {"*": row.rev} else canonical(row.meta).decode() for row in rows]
    yield [canonical([row.why]).decode() if row.deleted else "" for row in rows]


def _cells(values: Sequence[Any]) -> list[str]:
    kinds = set(map(type, values))
    if kinds <= _SCALARS:
        return json.dumps(values, ensure_ascii=False, separators=(_CELL, ":"))[1:-1].split(_CELL)
    return ["" if value is _ABSENT else canonical(value).decode() for value in values]


def _joined(cells: Sequence[str]) -> str:
    return cells[0] if len(set(cells)) == 1 else _CELL.join(cells)


def _shared_keys(values: Sequence[Any]) -> list[str] | None:
    """The keys that become columns; None where the values are no dicts."""
    found = [value for value in values if value is not _ABSENT]
    if not all(type(value) is dict for value in found):
        return None
    counts = Counter(key for value in found for key in value)
    return sorted(key for key, count in counts.most_common(_MOST_KEYS) if 4 * count >= len(found))


def _rest(value: Any, shared: Sequence[str]) -> Any:
    """What is no column of it; an empty dict says so itself."""
    if value is _ABSENT:
        return _ABSENT
    rest = {key: one for key, one in value.items() if key not in shared}
    return rest if rest or not value else _ABSENT


# --- reading -------------------------------------------------------------------------------------------------------------


def read(part: bytes) -> Iterator[SnapPage]:
    """The pages of a part. Raises `NotAPage`."""
    try:
        for page in part.decode().split(_PAGE) if part else ():
            yield _read_page(page.split(_COLUMN))
    except (ValueError, TypeError, IndexError, KeyError, StopIteration) as error:
        raise NotAPage(str(error)) from error


def _read_page(columns: list[str]) -> SnapPage:
    entity, count, fields = json.loads(columns[0])
    taken = iter(columns[1:])

    def cells() -> list[str]:
        found: list[str] = next(taken).split(_CELL)
        if len(found) == count:
            return found
        if len(found) != 1:
            raise NotAPage("a column of another length")
        return found * int(count)

    ids, revs, ops, users, ats, metas, gone = [cells() for _ in range(7)]
    numbers = list(accumulate(map(int, revs)))
    texts: dict[str, list[str]] = {name: cells() if keys is None else _dicts(keys, cells) for name, keys in fields}
    return SnapPage(
        entity=entity, ids=ids, revs=numbers, gone=gone, bases=[text or "{}" for text in _objects(texts, count)], fields=texts,
        last_ops=[record_id if op == _SAME else op for op, record_id in zip(ops, ids, strict=True)],
        users=values(users), ats=values(ats),
        metas=[meta or f'{{"*":{rev}}}' for meta, rev in zip(metas, numbers, strict=True)],
    )  # fmt: skip


def values(cells: Sequence[str]) -> list[Any]:
    """The values of a column without absent cells."""
    if len(set(cells)) == 1:
        return [json.loads(cells[0])] * len(cells)
    found: list[Any] = json.loads(f"[{','.join(cells)}]")
    return found


def _dicts(keys: Sequence[str], cells: Callable[[], list[str]]) -> list[str]:
    """A dict field from its columns; the column of the rest comes last."""
    columns = {key: cells() for key in keys}
    rest = cells()
    whole = _objects(columns, len(rest)) if keys else [""] * len(rest)
    if not any(rest):
        return whole
    return [_merged(text, more) if more else text for text, more in zip(whole, rest, strict=True)]


def _merged(text: str, more: str) -> str:
    if not text:
        return more
    return canonical(json.loads(text) | json.loads(more)).decode()


def _objects(columns: Mapping[str, Sequence[str]], count: int) -> list[str]:
    """JSON objects of columns of JSON, keys in the order of `columns`; "" where all are absent."""
    form, given = "", []
    for key, cells in columns.items():
        name = json.dumps(key, ensure_ascii=False)
        if "" in cells:
            given.append([f"{name}:{cell}," if cell else "" for cell in cells])
            form += "%s"
        else:
            given.append(cells)  # type: ignore[arg-type]
            form += name.replace("%", "%%") + ":%s,"
    texts = map(form.__mod__, zip(*given, strict=True)) if given else [""] * count
    return [f"{{{text[:-1]}}}" if text else "" for text in texts]
