"""Own operations that the province keeps aside: why, what was written over them since, and those that were given up.

Frozen on the day it was written.

Revision ID: 0005
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE sync_custody ( op_id TEXT NOT NULL, why TEXT, over TEXT, given_up_at TEXT, given_up_by TEXT, given_up_why TEXT,
    CONSTRAINT pk_sync_custody PRIMARY KEY (op_id) ) WITHOUT ROWID
    """,
    "DROP VIEW quarantine",
    """
    CREATE VIEW quarantine AS SELECT * FROM sync_op WHERE state = 3 AND outcome IN ('held', 'quarantined')
    AND op_id NOT IN (SELECT op_id FROM sync_custody WHERE given_up_at IS NOT NULL)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the copy made before the migration is the way back")
