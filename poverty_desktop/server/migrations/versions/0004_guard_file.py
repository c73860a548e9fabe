"""The database knows which guard file stands outside it (sync.md 3.20)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    identity = sa.Column("identity", sa.Uuid(as_uuid=False), nullable=False)
    op.create_table("guard_file", identity, sa.PrimaryKeyConstraint("identity", name="pk_guard_file"))
