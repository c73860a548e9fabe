"""What the writer of the value in use had on screen, of conflicts that come from now on. Frozen on the day it was written.

Revision ID: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE conflict ADD COLUMN current_saw TEXT")


def downgrade() -> None:
    raise RuntimeError("the copy made before the migration is the way back")
