"""Released forms and double entries as synchronised records, notes beside answers. Frozen on the day it was written.

The table `form_release` of the first schema was of this laptop only and nothing ever wrote to it; its place is taken by the
synchronised record of the same name.

Revision ID: 0002
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE survey ADD COLUMN field_notes TEXT DEFAULT '{}' NOT NULL",
    "ALTER TABLE survey ADD COLUMN started_from VARCHAR",
    "DROP TABLE form_release",
    """
    CREATE TABLE form_release ( id VARCHAR(36) NOT NULL, form_id VARCHAR NOT NULL, version VARCHAR NOT NULL, form_hash VARCHAR
    NOT NULL, title VARCHAR NOT NULL, standard_id VARCHAR, state VARCHAR NOT NULL, xform VARCHAR NOT NULL, source VARCHAR NOT
    NULL, made_by VARCHAR NOT NULL, made_at VARCHAR NOT NULL, checked_by VARCHAR, checked_at VARCHAR, differences TEXT NOT NULL,
    points TEXT NOT NULL, official BOOLEAN NOT NULL, last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR,
    changed_at VARCHAR, deleted BOOLEAN NOT NULL, deleted_reason VARCHAR, CONSTRAINT pk_form_release PRIMARY KEY (id) )
    """,
    "CREATE INDEX ix_form_release_form_id ON form_release (form_id)",
    """
    CREATE TABLE double_entry ( id VARCHAR(36) NOT NULL, round_id VARCHAR(36) NOT NULL, household_id VARCHAR(36) NOT NULL,
    survey_id VARCHAR(36), form_id VARCHAR NOT NULL, form_version VARCHAR NOT NULL, form_hash VARCHAR NOT NULL, answers TEXT NOT
    NULL, keyed_by VARCHAR NOT NULL, keyed_on VARCHAR NOT NULL, state VARCHAR NOT NULL, settlement TEXT NOT NULL, last_op
    VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted BOOLEAN NOT NULL, deleted_reason
    VARCHAR, CONSTRAINT pk_double_entry PRIMARY KEY (id) )
    """,
    "CREATE INDEX ix_double_entry_household_id ON double_entry (household_id)",
    "CREATE INDEX ix_double_entry_round_id ON double_entry (round_id)",
)

TRIPWIRES = (
    """
    CREATE TRIGGER {table}_insert_needs_operation BEFORE INSERT ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx) AND NOT EXISTS (SELECT 1 FROM sync_op WHERE op_id = NEW.last_op)
    BEGIN SELECT RAISE(ABORT, '{table}: insert without an operation'); END
    """,
    """
    CREATE TRIGGER {table}_update_needs_operation BEFORE UPDATE ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
     AND (NEW.last_op IS OLD.last_op OR NEW.id IS NOT OLD.id OR NOT EXISTS (SELECT 1 FROM sync_op WHERE op_id = NEW.last_op))
    BEGIN SELECT RAISE(ABORT, '{table}: update without a new operation'); END
    """,
    """
    CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
    BEGIN SELECT RAISE(ABORT, '{table}: deletion is a state'); END
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in ("form_release", "double_entry"):
        for tripwire in TRIPWIRES:
            op.execute(tripwire.format(table=table))


def downgrade() -> None:
    raise RuntimeError("the copy made before the migration is the way back")
