"""Records and conflicts as a laptop's store holds them (sync.md 3.3, 3.26): rows of a snapshot and of a repair."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, func, select

from poverty_desktop.protocol.log import ConflictEntry
from poverty_desktop.protocol.messages import SnapRow
from poverty_desktop.protocol.patches import patched
from poverty_desktop.server import tables as t

_FETCHED = 1000


def snap_rows(connection: Connection, sid: str, buckets: Collection[int] | None = None) -> Iterator[SnapRow]:
    """All records in the order they were changed last, so that what was written together stands together; then all conflicts. Of
    some buckets only where they are named."""
    yield from _records(connection, sid, buckets)
    yield from _conflicts(connection, sid, buckets)


def _records(connection: Connection, sid: str, buckets: Collection[int] | None) -> Iterator[SnapRow]:
    r, last, gone = t.record.c, t.change_log.alias("last_change"), t.change_log.alias("deleting")
    columns = (r.entity, r.rec_id, r.rev, r.body, r.meta, r.del_rev, last.c.op_id, last.c.user_id, last.c.at, gone.c.entry)
    query = (
        select(*columns)
        .join_from(t.record, last, and_(last.c.sid == r.sid, last.c.rev == r.rev))
        .outerjoin(gone, and_(gone.c.sid == r.sid, gone.c.rev == r.del_rev))
        .where(r.sid == sid, _within(connection, r.rec_id, buckets))
        .order_by(r.rev)
    )
    for row in _streamed(connection, query):
        yield SnapRow(
            entity=row.entity, record_id=row.rec_id, rev=row.rev, deleted=row.del_rev is not None, body=row.body, meta=row.meta,
            last_op=row.op_id, user=row.user_id, at=row.at, why=(row.entry or {}).get("why"),
        )  # fmt: skip


def _conflicts(connection: Connection, sid: str, buckets: Collection[int] | None) -> Iterator[SnapRow]:
    c, closing = t.conflict.c, t.change_log
    query = (
        select(c.cid, c.body, c.rev, c.closed_rev, closing.c.entry, closing.c.body.label("operation"))
        .outerjoin_from(t.conflict, closing, and_(closing.c.sid == c.sid, closing.c.rev == c.closed_rev))
        .where(c.sid == sid, _within(connection, c.cid, buckets))
        .order_by(c.cid)
    )
    for row in _streamed(connection, query):
        yield _conflict(row)


def _conflict(row: Any) -> SnapRow:
    """As the laptop makes it of the entries that opened and closed it."""
    conflict = ConflictEntry.model_validate(row.body)
    fields = {name: value for name, value in conflict.record().items() if name != "id"}
    meta = {"*": row.rev}
    who = {"last_op": conflict.other_op, "user": conflict.other_by or "", "at": conflict.other_at or ""}
    if row.entry is not None:
        settled = {"state": "resolved", "chosen": _chosen(conflict.field, row), "reason": row.entry.get("why")}
        fields |= settled
        meta |= dict.fromkeys(settled, row.closed_rev)
        who = {"last_op": row.entry["op"], "user": row.entry.get("u", ""), "at": row.entry.get("at", "")}
    rev = row.closed_rev or row.rev
    return SnapRow(entity="conflict", record_id=row.cid, rev=rev, body=patched({}, fields), meta=meta, **who)


def _chosen(field: str, row: Any) -> Any:
    """The value that stood after the settling: what was set, else what was there and agreed with."""
    effect = row.entry.get("eff", {})
    if not field or "+" in field:
        return effect or None
    again = [one["cur"] for one in row.entry.get("conf", []) if one.get("f") == field and "cur" in one]
    return effect[field] if field in effect else again[0] if again else row.operation.get("f", {}).get(field)


def _within(connection: Connection, column: Any, buckets: Collection[int] | None) -> ColumnElement[bool]:
    """The last byte of the id; a UUID is 36 letters as text in PostgreSQL, and 32 in SQLite."""
    if buckets is None:
        return column.is_not(None)  # type: ignore[no-any-return]
    letters = 32 if connection.dialect.name == "sqlite" else 36
    return func.substr(cast(column, String), letters - 1).in_([f"{bucket:02x}" for bucket in buckets])


def _streamed(connection: Connection, query: Any) -> Iterator[Any]:
    with connection.execute(query.execution_options(yield_per=_FETCHED)) as rows:
        yield from rows
