"""Who typed what and what stood on the screen then; and where the province must still have it (as in `tests/model/world.py`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from poverty_desktop.protocol.canonical import parse
from poverty_desktop.protocol.log import ConflictEntry
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.server import tables as t

DELETED = "deleted"  # the field of a delete, as conflicts name it


@dataclass(frozen=True)
class Typed:
    """One value as somebody typed it. `saw`: the record on the screen."""

    op: str
    who: str
    record_id: str
    field: str
    value: Any
    saw: Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """What the province has of one commune."""

    records: Mapping[str, tuple[Mapping[str, Any], bool]]  # record id -> body, deleted
    beside: frozenset[tuple[str, str, Any]]  # record, field, value: the sides of all conflicts
    custody: Mapping[str, Operation]
    log: Counter[str]

    @classmethod
    def read(cls, connection: Connection) -> Held:
        records = {row.rec_id: (row.body, row.del_rev is not None) for row in connection.execute(select(t.record))}
        conflicts = [ConflictEntry.model_validate(body) for body in connection.execute(select(t.conflict.c.body)).scalars()]
        kept = connection.execute(select(t.quarantine.c.raw).where(t.quarantine.c.open.is_(True))).scalars()
        operations = [Operation.from_wire(parse(bytes(raw))) for raw in kept]
        c = t.change_log.c
        log = Counter(connection.execute(select(c.op_id).where(c.kind_no == 0)).scalars())
        beside = frozenset(side for one in conflicts for side in _sides(one))
        return cls(records, beside, {one.op: one for one in operations}, log)


def _sides(one: ConflictEntry) -> set[tuple[str, str, Any]]:
    found = set()
    for side in (one.current, one.other):
        values = side if isinstance(side, dict) else {one.field: side}
        found |= {(one.of[1], key, value) for key, value in values.items()}
    return found


@dataclass
class Onlooker:
    typed: list[Typed] = field(default_factory=list)

    def where(self, one: Typed, held: Held) -> str:
        """ "current", "in a clash", "in custody", "replaced" by somebody who had it on the screen, or "lost"."""
        if one.op in held.custody:
            return "in custody"
        if held.log[one.op] != 1:
            return "lost"
        body, deleted = held.records[one.record_id]
        if deleted if one.field == DELETED else not deleted and body.get(one.field) == one.value:
            return "current"
        if (one.record_id, one.field, True if one.field == DELETED else one.value) in held.beside:
            return "in a clash"
        return "replaced" if any(self._knowingly(later, one, held) for later in self.typed) else "lost"

    @staticmethod
    def _knowingly(later: Typed, one: Typed, held: Held) -> bool:
        """Whoever wrote it had the value on the screen, and it took effect."""
        same = later.record_id == one.record_id and later.op != one.op and later.field in (one.field, DELETED)
        return same and later.op not in held.custody and held.log[later.op] == 1 and later.saw.get(one.field) == one.value
