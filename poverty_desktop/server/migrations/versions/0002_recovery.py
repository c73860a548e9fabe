"""What recovery needs: branches of lanes, parked packets, sums by bucket, snapshots, backup marks (sync.md 3.19-3.23)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from poverty_desktop.protocol.digests import conflict_hash, record_hash, sums_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("stream", _whole("living"))
    op.add_column("stream", _whole("weight"))
    op.add_column("stream_epoch", sa.Column("parent", sa.Integer))
    op.add_column("lane", sa.Column("branch", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("change_log", _whole("weight"))
    op.add_column("quarantine", _whole("rev"))
    op.add_column("conflict", _whole("rev"))
    _tables()
    _fill(op.get_bind())


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _tables() -> None:
    op.create_table(
        "bucket",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("b", sa.Integer, nullable=False),
        sa.Column("sum", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sid", "b", name="pk_bucket"),
    )
    op.create_table(
        "parked",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("packet", sa.String(64), nullable=False),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("dev", UUID, nullable=False),
        sa.Column("seq_from", sa.BigInteger, nullable=False),
        sa.Column("header", JSON, nullable=False),
        sa.Column("lines", sa.LargeBinary, nullable=False),
        sa.Column("grant_", sa.String(4), nullable=False),
        sa.Column("rx", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("sid", "packet", name="pk_parked"),
    )
    op.create_index("ix_parked_sid_parked_lane", "parked", ["sid", "lane"])
    op.create_table(
        "backup_mark",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("mark", UUID, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("lanes", JSON, nullable=False),
        sa.PrimaryKeyConstraint("sid", "mark", name="pk_backup_mark"),
    )
    op.create_table(
        "snapshot",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("raw", sa.BigInteger, nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("sid", "epoch", "rev", name="pk_snapshot"),
    )
    op.create_table(
        "snapshot_part",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sid", "sha", name="pk_snapshot_part"),
    )


def _fill(connection: sa.Connection) -> None:
    """Sums, living records and weights of the streams that are there."""
    for (sid,) in connection.execute(sa.select(sa.column("sid", UUID)).select_from(sa.table("stream"))).all():
        _sums(connection, sid)
        _weights(connection, sid)
    rev = "SELECT rev FROM change_log l WHERE l.sid = quarantine.sid AND l.op_id = quarantine.op_id AND l.kind_no = 0"
    connection.execute(sa.text(f"UPDATE quarantine SET rev = coalesce(({rev}), 0)"))


def _sums(connection: sa.Connection, sid: str) -> None:
    living, hashes = 0, []
    for row in _rows(connection, "record", sid, sa.column("rec_id", UUID), "entity", sa.column("body", JSON), "del_rev"):
        hashes.append((row.rec_id, record_hash(row.entity, row.rec_id, row.body, row.del_rev is not None)))
        living += row.del_rev is None
    for row in _rows(connection, "conflict", sid, sa.column("cid", UUID), "open"):
        hashes.append((row.cid, conflict_hash(row.cid, bool(row.open))))
    table = sa.table("bucket", sa.column("sid", UUID), sa.column("b"), sa.column("sum", sa.LargeBinary))
    found = [{"sid": sid, "b": int(b, 16), "sum": bytes.fromhex(value)} for b, value in sums_of(hashes).wire().items()]
    if found:
        connection.execute(sa.insert(table), found)
    _set(connection, "stream", sid, living=living)


def _weights(connection: sa.Connection, sid: str) -> None:
    weight, found, opened = 0, [], []
    for row in _rows(connection, "change_log", sid, "rev", sa.column("entry", JSON), order="rev"):
        weight += len(json.dumps(row.entry, ensure_ascii=False))
        found.append({"r": row.rev, "w": weight, "s": sid})
        opened += [{"r": row.rev, "c": conflict["cid"], "s": sid} for conflict in row.entry.get("conf", [])]
    table = sa.table("change_log", sa.column("sid", UUID), sa.column("rev"), sa.column("weight"))
    if found:
        here = (table.c.sid == sa.bindparam("s")) & (table.c.rev == sa.bindparam("r"))
        connection.execute(sa.update(table).where(here).values(weight=sa.bindparam("w")), found)
    _set(connection, "stream", sid, weight=weight)
    conflict = sa.table("conflict", sa.column("sid", UUID), sa.column("cid", UUID), sa.column("rev"))
    if opened:
        here = (conflict.c.sid == sa.bindparam("s")) & (conflict.c.cid == sa.bindparam("c"))
        connection.execute(sa.update(conflict).where(here).values(rev=sa.bindparam("r")), opened)


def _rows(connection: sa.Connection, name: str, sid: str, *columns: Any, order: str = "") -> Iterator[Any]:
    wanted = [sa.column(column) if isinstance(column, str) else column for column in columns]
    query = sa.select(*wanted).select_from(sa.table(name)).where(sa.column("sid", UUID) == sid)
    return iter(connection.execute(query.order_by(sa.column(order)) if order else query).all())


def _set(connection: sa.Connection, name: str, sid: str, **values: int) -> None:
    table = sa.table(name, sa.column("sid", UUID), *(sa.column(key) for key in values))
    connection.execute(sa.update(table).where(table.c.sid == sid).values(**values))
