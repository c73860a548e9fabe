"""A laptop that enrols again keeps its lanes: they bear the name of its first device (sync.md 3.19)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("first", sa.Uuid(as_uuid=False)))
