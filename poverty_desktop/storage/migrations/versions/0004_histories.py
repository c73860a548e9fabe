"""Several lanes in one file, received entries of several histories, sums of the store. Frozen on the day it was written.

Revision ID: 0004
"""

from __future__ import annotations

import hashlib
import json

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE sync_lane ADD COLUMN place INTEGER DEFAULT '0' NOT NULL",
    "ALTER TABLE sync_lane ADD COLUMN parent_seq INTEGER DEFAULT '0' NOT NULL",
    "ALTER TABLE draft ADD COLUMN inc TEXT DEFAULT '' NOT NULL",
    "UPDATE draft SET inc = coalesce((SELECT inc FROM sync_lane WHERE closed = 0), '')",
    "ALTER TABLE sync_device DROP COLUMN inc",
    """
    CREATE TABLE received ( sid TEXT NOT NULL, epoch INTEGER DEFAULT '0' NOT NULL, rev INTEGER DEFAULT '0' NOT NULL, entry TEXT,
    chain BLOB, until INTEGER, CONSTRAINT pk_sync_inlog PRIMARY KEY (sid, epoch, rev) ) WITHOUT ROWID
    """,
    """
    INSERT INTO received (sid, epoch, rev, entry, chain)
    SELECT l.sid, s.epoch, l.rev, l.entry, l.chain FROM sync_inlog l JOIN sync_stream s ON s.sid = l.sid
    """,
    "DROP TABLE sync_inlog",
    "ALTER TABLE received RENAME TO sync_inlog",
)
MODULUS = 1 << 128

# The operation named by a row must be of that very row: one statement can no longer change many rows under one operation.
RECORDS = (
    *("village", "household", "household_member", "review_round", "survey", "class_record", "support_batch", "support_line"),
    *("household_share", "account", "form_release", "double_entry"),
)
TRIPWIRES = (
    "DROP TRIGGER {table}_insert_needs_operation",
    """
    CREATE TRIGGER {table}_insert_needs_operation BEFORE INSERT ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
     AND NOT EXISTS (SELECT 1 FROM sync_op WHERE op_id = NEW.last_op AND rec_id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{table}: insert without an operation'); END
    """,
    "DROP TRIGGER {table}_update_needs_operation",
    """
    CREATE TRIGGER {table}_update_needs_operation BEFORE UPDATE ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
     AND (NEW.last_op IS OLD.last_op OR NEW.id IS NOT OLD.id
          OR NOT EXISTS (SELECT 1 FROM sync_op WHERE op_id = NEW.last_op AND rec_id = NEW.id))
    BEGIN SELECT RAISE(ABORT, '{table}: update without a new operation'); END
    """,
)

# The store and its sums are written by those who take in what the province ordered, and by nobody else.
STORE = tuple(
    f"""
    CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
    BEGIN SELECT RAISE(ABORT, '{table}: only what the province ordered'); END
    """
    for table, columns in (("sync_rec", "entity, rec_id, rev, base, meta, hash, deleted"), ("sync_bucket", "b, sum"))
    for name, event in (("is_ordered", "INSERT"), ("is_kept", "DELETE"), ("stays", f"UPDATE OF {columns}"))
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in RECORDS:
        for tripwire in TRIPWIRES:
            op.execute(tripwire.format(table=table))
    connection = op.get_bind()
    sums: dict[tuple[str, int], int] = {}
    for sid, entity, rec_id, base, deleted in connection.execute(
        text("SELECT sid, entity, rec_id, base, deleted FROM sync_rec WHERE base IS NOT NULL")
    ).fetchall():
        value = first128(entity, rec_id, base, bool(deleted))
        bucket = (sid, int(rec_id[-2:], 16))
        sums[bucket] = (sums.get(bucket, 0) + value) % MODULUS
        connection.execute(
            text("UPDATE sync_rec SET hash = :hash WHERE rec_id = :id"), {"hash": value.to_bytes(16, "big"), "id": rec_id}
        )
    connection.execute(text("DELETE FROM sync_bucket"))
    for (stream, number), total in sums.items():
        connection.execute(
            text("INSERT INTO sync_bucket (sid, b, sum) VALUES (:sid, :b, :sum)"),
            {"sid": stream, "b": number, "sum": total.to_bytes(16, "big")},
        )
    for trigger in STORE:
        op.execute(trigger)


def first128(entity: str, rec_id: str, base: str, deleted: bool) -> int:
    """Of a conflict only whether it is open; of a record its canonical body as it stands in the store."""
    if entity == "conflict":
        is_open = json.loads(base).get("state") == "open"
        told = json.dumps(["conflict", rec_id, is_open], separators=(",", ":"))
    else:
        told = f'["{entity}","{rec_id}",{base},{"true" if deleted else "false"}]'
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:16], "big")


def downgrade() -> None:
    raise RuntimeError("the copy made before the migration is the way back")
