"""The lists that a released form reads, with their hashes. Frozen on the day it was written.

Revision ID: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE form_release ADD COLUMN files TEXT DEFAULT '{}' NOT NULL")


def downgrade() -> None:
    raise RuntimeError("the copy made before the migration is the way back")
