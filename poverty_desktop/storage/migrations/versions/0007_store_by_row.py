"""The store is kept row by row beside a small index of ids. With the rows in the index each survey took a page of its own, and
a commune that came at once cost a third more. Frozen on the day it was written.

Revision ID: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = "sid, entity, rec_id, rev, base, meta, hash, deleted, deleted_reason, last_op, changed_by, changed_at, proj_error"
GUARDED = "entity, rec_id, rev, base, meta, hash, deleted"
ONLY_THE_PROVINCE = """
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
    BEGIN SELECT RAISE(ABORT, 'sync_rec: only what the province ordered'); END
    """
STATEMENTS = (
    """
    CREATE TABLE sync_rec_by_row ( sid TEXT, entity TEXT NOT NULL, rec_id TEXT NOT NULL, rev INTEGER DEFAULT '0' NOT NULL, base
    TEXT, meta TEXT, hash BLOB, deleted INTEGER DEFAULT '0' NOT NULL, deleted_reason TEXT, last_op TEXT, changed_by TEXT,
    changed_at TEXT, proj_error TEXT, CONSTRAINT pk_sync_rec PRIMARY KEY (rec_id) )
    """,
    f"INSERT INTO sync_rec_by_row ({COLUMNS}) SELECT {COLUMNS} FROM sync_rec ORDER BY rec_id",
    "DROP TABLE sync_rec",
    "ALTER TABLE sync_rec_by_row RENAME TO sync_rec",
    f"CREATE TRIGGER sync_rec_is_ordered BEFORE INSERT ON sync_rec {ONLY_THE_PROVINCE}",
    f"CREATE TRIGGER sync_rec_is_kept BEFORE DELETE ON sync_rec {ONLY_THE_PROVINCE}",
    f"CREATE TRIGGER sync_rec_stays BEFORE UPDATE OF {GUARDED} ON sync_rec {ONLY_THE_PROVINCE}",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the copy made before the migration is the way back")
