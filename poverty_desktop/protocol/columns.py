"""Operations by columns: what is alike stands together, so that it packs to a third (sync.md 3.0 A4, 3.5, 3.11).

Operations of one shape (kind, entity, names of fields) give an array a field. A Save names once what its operations share. Ids
made in the packet are distances, all others stand as bytes, most significant bytes of all of them first. Like `carriage`, this
is not canon: `from_columns` restores the canonical bytes of every operation to the bit.

Raw form: length of the JSON as 4 bytes, the JSON (see `_Writer.raw`), the ids.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from poverty_desktop.protocol.canonical import NotCanonical, check_depth
from poverty_desktop.protocol.identity import is_id, op_id
from poverty_desktop.protocol.operations import Operation

MOST_OPERATIONS = 1 << 16
MOST_CANONICAL = 16 << 20  # bytes that all operations may unfold to (bomb)
_LENGTH = struct.Struct(">I")
_ID = 16
_HEADS = 7  # of a Save: base epoch, base rev, not seen, user, at, skew, schema
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoColumns(ValueError):
    """These operations have no columns; they travel as lines."""


def to_columns(operations: Sequence[Operation]) -> bytes:
    """The raw form. Raises `NoColumns` for more than `MOST_OPERATIONS` and for an id that is not made from its Save (A1)."""
    if len(operations) > MOST_OPERATIONS:
        raise NoColumns
    writer = _Writer()
    for operation in operations:
        writer.add(operation)
    return writer.raw()


def from_columns(raw: bytes) -> list[Operation]:
    """The operations, each with its canonical bytes. Raises `NotCanonical` for bytes that no `to_columns` wrote."""
    try:
        size = _LENGTH.unpack_from(raw)[0]
        parts = json.loads(raw[4 : 4 + size].decode(), parse_float=_no_float, parse_constant=_no_float)
        return list(_Reader(parts, raw[4 + size :]).operations())
    except NotCanonical:
        raise
    except (struct.error, ValueError, TypeError, LookupError, RecursionError, OverflowError, AttributeError) as error:
        raise NotCanonical("not columns") from error


class _Writer:
    def __init__(self) -> None:
        self._groups: dict[str, int] = {}
        self._counts: list[int] = []
        self._heads: list[list[Any]] = [[] for _ in range(_HEADS)]
        self._head: tuple[Any, ...] = ()
        self._group = ""
        self._moment = 0
        self._numbers: list[int] = []
        self._made: dict[str, int] = {}  # op id -> its place in the packet
        self._ids: dict[str, int] = {}
        self._record: list[int] = []
        self._shapes: dict[tuple[Any, ...], tuple[int, list[str], list[str]]] = {}
        self._told: list[list[Any]] = []  # the shapes as they are packed
        self._names: dict[str, int] = {}
        self._order: list[int] = []
        self._columns: list[list[list[Any]]] = []
        self._others: list[list[Any]] = []  # [place, heads] of an operation that differs from its Save

    def add(self, operation: Operation) -> None:
        if operation.op != op_id(operation.group, operation.number):
            raise NoColumns
        head = (operation.base_epoch, operation.base_rev, operation.not_seen, operation.user, operation.at, operation.skew,
                operation.schema)  # fmt: skip
        place = len(self._order)
        if operation.group != self._group:
            self._begin(operation.group, head)
        elif head != self._head:
            self._others.append([place, *head])
        self._counts[-1] += 1
        self._numbers.append(operation.number - self._counts[-1])
        self._record.append(0 if operation.record_id == operation.op else self._reference(operation.record_id, place))
        self._made[operation.op] = place
        self._put(operation, place)

    def _begin(self, group: str, head: tuple[Any, ...]) -> None:
        if group in self._groups:
            raise NoColumns  # a Save in two pieces
        self._groups[group] = len(self._groups)
        self._group, self._head = group, head
        self._counts.append(0)
        at, self._moment = _short_instant(head[4], self._moment)
        user = [self._named(head[3])] if is_id(head[3]) else head[3]
        for column, value in zip(self._heads, (*head[:3], user, at, *head[5:]), strict=True):
            column.append(value)

    def _reference(self, record_id: str, place: int) -> int:
        """How many places before it was made here; -1 for the next of the other ids, below that one that was named before."""
        made = self._made.get(record_id)
        return place - made if made is not None else self._named(record_id)

    def _named(self, given: str) -> int:
        if given in self._ids:
            return -2 - self._ids[given]
        self._ids[given] = len(self._ids)
        return -1

    def _put(self, operation: Operation, place: int) -> None:
        seen, more = operation.seen or {}, operation.more
        flags = bool(operation.closes) + 2 * bool(operation.reason) + 4 * bool(more)
        shape = (operation.kind, operation.entity, tuple(operation.fields), tuple(seen), flags)
        known = self._shapes.get(shape)
        number, first, second = known or self._begin_shape(shape)
        self._order.append(number + 1 if known else 0)
        values = [*(operation.fields[name] for name in first), *(seen[name] for name in second)]
        values += [value for value in (list(operation.closes), operation.reason, dict(more)) if value]
        for column, value in zip(self._columns[number], values, strict=True):
            if type(value) is str and len(value) == 36 and is_id(value):
                column.append([self._reference(value, place)])
            else:
                column.append([value] if type(value) is list else value)

    def _begin_shape(self, shape: tuple[Any, ...]) -> tuple[int, list[str], list[str]]:
        kind, entity, fields, seen, flags = shape
        first, second = sorted(fields), sorted(seen)
        numbers = [[self._names.setdefault(name, len(self._names)) for name in names] for names in (first, second)]
        self._told.append([kind, entity, numbers[0], 1 if first == second else numbers[1], flags])
        self._columns.append([[] for _ in range(len(fields) + len(seen) + flags.bit_count())])
        self._shapes[shape] = len(self._shapes), first, second
        return self._shapes[shape]

    def raw(self) -> bytes:
        numbers = self._numbers if any(self._numbers) else 0
        parts = [self._counts, self._heads, list(self._names), self._told, self._order, numbers, self._record, self._columns,
                 self._others]  # fmt: skip
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        ids = bytes.fromhex("".join([*self._groups, *self._ids]).replace("-", ""))
        return _LENGTH.pack(len(text)) + text + b"".join(ids[plane::_ID] for plane in range(_ID))


class _Reader:
    def __init__(self, parts: Any, planes: bytes) -> None:
        self._counts, heads, names, shapes, self._order, numbers, self._record, columns, others = parts
        if len(self._order) > MOST_OPERATIONS or sum(self._counts) != len(self._order) or min(self._counts, default=1) < 1:
            raise NotCanonical("so many operations are not in the packet")
        if len(planes) % _ID:
            raise NotCanonical("not whole ids")
        self._ids = _ids(planes)
        self._numbers = numbers or [0] * len(self._order)
        self._heads = list(zip(*heads, strict=True))
        self._others = {place: tuple(head) for place, *head in others}
        self._shapes = [_Shape(*shape, names=names, columns=given) for shape, given in zip(shapes, columns, strict=True)]
        self._made: list[str] = []
        self._ids_named = self._shapes_begun = 0
        self._size = 0

    def operations(self) -> Iterator[Operation]:
        moment, group_ids = 0, iter(self._ids[: len(self._counts)])
        self._ids = self._ids[len(self._counts) :]
        for count, group, head in zip(self._counts, group_ids, self._heads, strict=True):
            at, moment = _long_instant(head[4], moment)
            whole = (*head[:3], self._value(head[3], 0), at, *head[5:])
            for number in range(1, count + 1):
                yield self._operation(group, number, whole)
        if any(shape.left for shape in self._shapes) or len(self._record) != len(self._made):
            raise NotCanonical("columns that no operation asked for")

    def _operation(self, group: str, number: int, head: tuple[Any, ...]) -> Operation:
        place = len(self._made)
        epoch, rev, unseen, user, at, skew, schema = self._others.get(place, head)
        number += self._numbers[place]
        if type(number) is not int or not 0 <= number < 2**32:
            raise NotCanonical("no number in the group")
        op = op_id(group, number)
        self._made.append(op)
        shape = self._shape(self._order[place])
        reference = self._record[place]
        record_id = op if reference == 0 else self._referred(reference, place)
        base = {"e": epoch, "r": rev, "ns": unseen} if unseen else {"e": epoch, "r": rev}
        wire = shape.next(lambda value: self._value(value, place))
        wire |= {"op": op, "k": shape.kind, "e": shape.entity, "id": record_id, "b": base, "g": group, "n": number}
        wire |= {"u": user, "at": at, "sk": skew, "sv": schema}
        check_depth(wire)
        operation = Operation.from_wire(wire)
        self._size += len(operation.canonical())
        if self._size > MOST_CANONICAL:
            raise NotCanonical("unfolds to too much")
        return operation

    def _shape(self, number: int) -> _Shape:
        """0 stands for the next that was not met yet."""
        self._shapes_begun += number == 0
        return self._shapes[number - 1 if number else self._shapes_begun - 1]

    def _value(self, value: Any, place: int) -> Any:
        if type(value) is not list:
            return value
        (inner,) = value
        return self._referred(inner, place) if type(inner) is int else inner

    def _referred(self, reference: int, place: int) -> str:
        if reference == -1:
            self._ids_named += 1
            return self._ids[self._ids_named - 1]
        if reference < 0:
            return self._ids[-2 - reference]
        if reference > place:
            raise NotCanonical("an id that was not made yet")
        return self._made[place - reference]


class _Shape:
    """A kind of operation and what is left of its columns."""

    def __init__(
        self, kind: Any, entity: Any, fields: list[int], seen: Any, flags: int, *, names: list[str], columns: list[list[Any]]
    ) -> None:
        self.kind, self.entity = kind, entity
        self._fields = [names[number] for number in fields]
        self._seen = self._fields if seen == 1 else [names[number] for number in seen]
        if len({*self._fields}) != len(self._fields) or len({*self._seen}) != len(self._seen) or not 0 <= flags < 8:
            raise NotCanonical("a name stands twice")
        self._extras = [name for bit, name in ((1, "cl"), (2, "why"), (4, "more")) if flags & bit]
        if len(columns) != len(self._fields) + len(self._seen) + len(self._extras):
            raise NotCanonical("not a column a field")
        self._rows = iter(zip(*columns, strict=True)) if columns else None

    def next(self, understood: Any) -> dict[str, Any]:
        """What the next operation of this shape holds, by the keys of the wire."""
        values = [understood(value) for value in next(self._rows)] if self._rows is not None else []
        first, second = len(self._fields), len(self._fields) + len(self._seen)
        wire: dict[str, Any] = {}
        for name, value in zip(self._extras, values[second:], strict=True):
            wire |= value if name == "more" else {name: value}
        if self._fields:
            wire["f"] = dict(zip(self._fields, values[:first], strict=True))
        if self._seen:
            wire["o"] = dict(zip(self._seen, values[first:second], strict=True))
        return wire

    @property
    def left(self) -> bool:
        try:
            return self._rows is not None and next(self._rows, None) is not None
        except ValueError:
            return True  # columns of different lengths


def _ids(planes: bytes) -> list[str]:
    count = len(planes) // _ID
    text = bytes(planes[plane * count + row] for row in range(count) for plane in range(_ID)).hex()
    found = (text[start : start + 32] for start in range(0, len(text), 32))
    return [f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in found]


def _short_instant(at: str, before: int) -> tuple[Any, int]:
    """Seconds after the Save before, where the text is an instant in the one spelling; else the text."""
    try:
        moment = int((datetime.fromisoformat(at) - _EPOCH).total_seconds()) if len(at) == 20 and at[19] == "Z" else None
    except ValueError:
        moment = None
    if moment is None or _instant(moment) != at:
        return at, before
    return moment - before, moment


def _long_instant(at: Any, before: int) -> tuple[Any, int]:
    if type(at) is not int:
        return at, before
    return _instant(before + at), before + at


def _instant(moment: int) -> str:
    return (_EPOCH + timedelta(seconds=moment)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _no_float(text: str) -> Any:
    raise NotCanonical(f"not an integer: {text[:40]}")
