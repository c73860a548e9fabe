"""Snapshots are kept in columns: those that were made before are made anew when they are asked for (sync.md 3.14)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("snapshot", "snapshot_part"):
        op.execute(sa.delete(sa.table(name)))
