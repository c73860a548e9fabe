"""A Save that the province keeps aside, as a new one: the same records with the values as they now stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from poverty_desktop.domain.merge_rules import may_patch
from poverty_desktop.domain.records import SYNCED, Record
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.patches import value_of
from poverty_desktop.services.ports import Change, Records

Read = Callable[[str, str], Record | None]
"""(entity, id) -> the living record as the officer sees it."""


def changes_again(operations: Sequence[Operation], group: str, read: Read, naming: Sequence[Record] = ()) -> list[Change]:
    """The changes of the new Save `group`, in the order they were first made. A record that the old ones would have made gets
    another id, also where others name it: in this Save, and in `naming`, which the province took without it. Each names the
    operations it stands for."""
    numbers = {record_id: number for number, record_id in enumerate(dict.fromkeys(one.record_id for one in operations), 1)}
    renamed = {one.record_id: op_id(group, numbers[one.record_id]) for one in operations if one.kind == "c"}
    changes: list[Change] = []
    for record_id in numbers:
        ours = [one for one in operations if one.record_id == record_id]
        made = _created(ours, read) if record_id in renamed else list(_changed(ours, read))
        for change in made:
            number = numbers[record_id] if record_id in renamed else len(numbers) + len(changes) + 1
            target = renamed.get(record_id, record_id)
            closes = (*change.closes, *(one.op for one in ours))
            fields = {key: _renamed(value, renamed) for key, value in change.fields.items()}
            changes.append(Change(change.kind, change.entity, target, number, fields, closes=closes, reason=change.reason))
    for record in naming:
        fields = {
            key: renamed[value] for key, value in _names(record).items() if value in renamed and may_patch(record.entity, key)
        }
        changes.append(Change("u", record.entity, record.id, len(numbers) + len(changes) + 1, fields))
    return changes


def naming(records: Records, made: Iterable[str], but: Collection[str]) -> list[Record]:
    """Living records that name one of `made` and may be changed, without those of `but`."""
    found: dict[str, Record] = {}
    for kind in SYNCED:
        for key in kind.model_fields:
            if key.endswith("_id") and may_patch(kind.entity, key):
                found |= {one.id: one for record_id in made for one in records.select(kind, **{key: record_id})}
    return [one for one in found.values() if one.id not in but]


def _names(record: Record) -> dict[str, Any]:
    return {key: value for key, value in record.model_dump().items() if key.endswith("_id")}


def _created(operations: Sequence[Operation], read: Read) -> list[Change]:
    """One creation of what stands there now; none where it was deleted again."""
    first = operations[0]
    record = read(first.entity, first.record_id)
    if record is None:
        return []
    return [Change("c", first.entity, first.record_id, 0, record.model_dump(exclude={"id"}))]


def _changed(operations: Sequence[Operation], read: Read) -> Iterator[Change]:
    entity, record_id = operations[0].entity, operations[0].record_id
    record = read(entity, record_id)
    body = record.model_dump() if record else {}
    keys = {key: value for one in operations if one.kind in ("u", "z") for key, value in one.fields.items()}
    if any(one.kind == "z" for one in operations):
        yield Change("z", entity, record_id, 0)
    if keys and record is not None:
        yield Change("u", entity, record_id, 0, {key: value_of(body, key) for key in keys})
    for one in operations:
        if one.kind == "r":
            yield Change("r", entity, record_id, 0, dict(one.fields), closes=one.closes, reason=one.reason)
        elif one.kind == "d":
            yield Change("d", entity, record_id, 0, reason=one.reason)


def _renamed(value: Any, renamed: dict[str, str]) -> Any:
    return renamed.get(value, value) if isinstance(value, str) else value
