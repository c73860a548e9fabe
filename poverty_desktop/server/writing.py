"""Writes what a packet did, a few statements for all of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, update

from poverty_desktop.protocol.staged import HeldRow, LogRow, Staged
from poverty_desktop.server import tables as t


def write_staged(connection: Connection, sid: str, staged: Staged, known: set[str], received: str, weight: int) -> int:
    """All rows of one packet, inside the caller's transaction. `known`: the records that have a row. `weight`: how
    long the log was before, in letters; gives how long it is after."""
    rows = []
    for row in staged.log:
        wire = row.entry.wire()
        weight += len(json.dumps(wire, ensure_ascii=False))
        rows.append(_log_row(sid, row, wire, received, weight))
    _insert(connection, t.change_log, rows)
    _write_records(connection, sid, staged, known)
    _insert(connection, t.conflict, _conflict_rows(sid, staged))
    _close_conflicts(connection, sid, staged)
    _write_custody(connection, sid, staged)
    return weight


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(insert(table), rows)


def _log_row(sid: str, row: LogRow, wire: dict[str, Any], received: str, weight: int) -> dict[str, Any]:
    operation = row.item.operation
    return {
        "sid": sid,
        "rev": row.entry.rev,
        "op_id": operation.op,
        "kind_no": row.entry.replay,
        "grp": operation.group,
        "entity": operation.entity,
        "rec_id": operation.record_id,
        "lane": row.item.lane,
        "seq": row.item.seq,
        "user_id": operation.user,
        "at": operation.at,
        "body": operation.wire(),
        "entry": wire,
        "plain": row.plain,
        "outcome": row.entry.outcome,
        "chain": row.chain,
        "weight": weight,
        "rx": received,
    }


def _write_records(connection: Connection, sid: str, staged: Staged, known: set[str]) -> None:
    """Those that an entry changed: one that only opened a conflict, or agreed, leaves its record as it was."""
    revs = {row.entry.record_id: row.entry.rev for row in staged.log if row.entry.effect or row.entry.deleted is not None}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for record_id, rev in revs.items():
        state = staged.records[record_id]
        values = {"rev": rev, "body": state.body, "meta": state.meta, "del_rev": state.deleted_rev}
        if record_id not in known:
            new.append({"sid": sid, "rec_id": record_id, "entity": state.entity, **values})
        else:
            changed.append({"_sid": sid, "_rec_id": record_id, **values})
    _insert(connection, t.record, new)
    if changed:
        c = t.record.c
        here = (c.sid == bindparam("_sid")) & (c.rec_id == bindparam("_rec_id"))
        connection.execute(update(t.record).where(here), changed)


def _conflict_rows(sid: str, staged: Staged) -> Iterator[dict[str, Any]]:
    for row in staged.log:
        for entry in row.entry.conflicts:
            closed = staged.closed.get(entry.cid)
            here = {"sid": sid, "cid": entry.cid, "rec_id": entry.of[1], "field": entry.field, "body": entry.wire()}
            yield {**here, "open": closed is None, "rev": row.entry.rev, "closed_rev": closed}


def _close_conflicts(connection: Connection, sid: str, staged: Staged) -> None:
    closing = [{"_sid": sid, "_cid": cid, "_rev": rev} for cid, rev in staged.closed.items() if cid not in staged.conflicts]
    if closing:
        c = t.conflict.c
        here = (c.sid == bindparam("_sid")) & (c.cid == bindparam("_cid"))
        connection.execute(update(t.conflict).where(here).values(open=False, closed_rev=bindparam("_rev")), closing)


def _write_custody(connection: Connection, sid: str, staged: Staged) -> None:
    revs = {row.item.operation.op: row.entry.rev for row in staged.log if not row.entry.replay}
    new = [row for row in staged.custody.values() if row.new]
    _insert(connection, t.quarantine, [_custody_row(sid, row, revs[row.item.operation.op]) for row in new])
    known = [
        {"_sid": sid, "_op": op, "reason": row.reason, "waits_for": row.waits_for, "open": row.open}
        for op, row in staged.custody.items()
        if not row.new
    ]
    if known:
        c = t.quarantine.c
        connection.execute(update(t.quarantine).where((c.sid == bindparam("_sid")) & (c.op_id == bindparam("_op"))), known)


def _custody_row(sid: str, row: HeldRow, rev: int) -> dict[str, Any]:
    operation = row.item.operation
    return {
        "sid": sid,
        "op_id": operation.op,
        "grp": operation.group,
        "reason": row.reason,
        "waits_for": row.waits_for,
        "raw": operation.canonical(),
        "lane": row.item.lane,
        "seq": row.item.seq,
        "rev": rev,
        "open": row.open,
    }
