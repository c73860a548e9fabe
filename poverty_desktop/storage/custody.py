"""Own operations in the province's custody: read with their reasons, given up or sent again (`services.attending.Custody`)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from poverty_desktop.protocol.operations import Operation
from poverty_desktop.services.attending import Closed, KeptAside
from poverty_desktop.services.ports import Clock, Save
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.instants import instant
from poverty_desktop.storage.projecting import ON_TOP
from poverty_desktop.storage.recorder import Recorder
from poverty_desktop.storage.showing import Showing

_KEPT = """
SELECT q.body, q.outcome, c.why, c.over FROM quarantine q LEFT JOIN sync_custody c USING (op_id)
  LEFT JOIN sync_lane l USING (sid, inc) ORDER BY l.place, q.seq"""
_CLOSED = """
SELECT o.body, c.given_up_at, c.given_up_by, c.given_up_why FROM sync_custody c JOIN sync_op o USING (op_id)
 WHERE c.given_up_why <> '' ORDER BY c.given_up_at DESC, o.grp, o.seq LIMIT ?"""
_SAVES = "SELECT count(DISTINCT grp) FROM quarantine WHERE outcome = 'quarantined'"
_GIVE_UP = """
INSERT INTO sync_custody (op_id, given_up_at, given_up_by, given_up_why) VALUES (?, ?, ?, ?)
ON CONFLICT (op_id) DO UPDATE SET given_up_at = excluded.given_up_at, given_up_by = excluded.given_up_by,
 given_up_why = excluded.given_up_why"""


class SqliteCustody:
    """Owned by the storage lane."""

    def __init__(self, database: Database, recorder: Recorder, clock: Clock) -> None:
        self._database, self._recorder, self._clock = database, recorder, clock

    def count(self) -> int:
        return int(self._database.value(_SAVES))

    def kept_aside(self) -> list[KeptAside]:
        rows = self._database.rows(_KEPT)
        return [
            KeptAside(_operation(body), outcome, why or "", tuple(json.loads(over or "[]"))) for body, outcome, why, over in rows
        ]

    def closed(self, most: int) -> list[Closed]:
        rows = self._database.rows(_CLOSED, (most,))
        return [Closed(_operation(body), by or "", why, at or "") for body, at, by, why in rows]

    def related(self, groups: Collection[str], records: Collection[str]) -> list[Operation]:
        """Own operations on top of the store that belong to these Saves or name these records, in the order they were made."""
        named = [f"o.grp IN ({', '.join('?' * len(groups))})", *["instr(o.body, ?)"] * len(records)]
        rows = self._database.rows(
            f"SELECT o.body {ON_TOP} AND ({' OR '.join(named)}) ORDER BY l.place, o.seq", [*groups, *records]
        )
        return [_operation(row[0]) for row in rows]

    def give_up(self, operations: Sequence[Operation], reason: str, user: str, instead: Save | None) -> datetime:
        """They leave the top of the store, with who gave them up and why, and `instead` is saved; all in one transaction."""
        now = self._clock.now()
        with self._database.applying() as connection:
            kept = [(operation.op, instant(now), user, reason) for operation in operations]
            connection.executemany(_GIVE_UP, kept)
            _show(connection, operations)
            if instead is not None:
                self._recorder.write(connection, instead)
        return now


def _show(connection: Any, operations: Sequence[Operation]) -> None:
    showing = Showing(connection)
    showing.touch_operations((one.entity, one.record_id, one.kind, one.canonical().decode()) for one in operations)
    showing.finish()


def _operation(body: str) -> Operation:
    return Operation.from_wire(json.loads(body))
