"""First tables of the province (sync.md 3.29)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UUID = sa.Uuid(as_uuid=False)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "stream",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("sid", name="pk_stream"),
    )
    op.create_table(
        "stream_epoch",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("start_rev", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("sid", "epoch", name="pk_stream_epoch"),
    )
    op.create_table(
        "lane",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("dev", UUID, nullable=False),
        sa.Column("inc", UUID, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("parent", sa.Integer),
        sa.Column("parent_seq", sa.BigInteger),
        sa.PrimaryKeyConstraint("sid", "lane", name="pk_lane"),
        sa.UniqueConstraint("sid", "dev", "inc", name="uq_lane_sid_dev_inc"),
    )
    op.create_table(
        "lane_op",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("op_id", UUID, nullable=False),
        sa.Column("rev", sa.BigInteger),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sid", "lane", "seq", name="pk_lane_op"),
    )
    op.create_index("ix_lane_op_sid_lane_op_op_id", "lane_op", ["sid", "op_id"])
    op.create_table(
        "change_log",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("op_id", UUID, nullable=False),
        sa.Column("kind_no", sa.Integer, nullable=False),
        sa.Column("grp", UUID, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("rec_id", UUID, nullable=False),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("entry", JSON, nullable=False),
        sa.Column("plain", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("rx", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("sid", "rev", name="pk_change_log"),
        sa.UniqueConstraint("sid", "op_id", "kind_no", name="uq_change_log_sid_op_id_kind_no"),
    )
    op.create_table(
        "record",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("rec_id", UUID, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("meta", JSON, nullable=False),
        sa.Column("del_rev", sa.BigInteger),
        sa.PrimaryKeyConstraint("sid", "rec_id", name="pk_record"),
    )
    op.create_index("ix_record_sid_record_entity", "record", ["sid", "entity"])
    op.create_table(
        "conflict",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("cid", UUID, nullable=False),
        sa.Column("rec_id", UUID, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("closed_rev", sa.BigInteger),
        sa.PrimaryKeyConstraint("sid", "cid", name="pk_conflict"),
    )
    op.create_table(
        "quarantine",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("op_id", UUID, nullable=False),
        sa.Column("grp", UUID, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("waits_for", UUID),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("sid", "op_id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_sid_quarantine_open", "quarantine", ["sid", "open"])
    op.create_table(
        "packet",
        sa.Column("sid", UUID, nullable=False),
        sa.Column("packet", sa.String(64), nullable=False),
        sa.Column("dev", UUID, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.PrimaryKeyConstraint("sid", "packet", name="pk_packet"),
    )
    op.create_table(
        "account",
        sa.Column("id", UUID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("commune_code", sa.String(5), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("sid", UUID, nullable=False),
        sa.Column("account", UUID, nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("dev", UUID),
        sa.PrimaryKeyConstraint("code_hash", name="pk_enrolment_code"),
    )
    op.create_table(
        "device",
        sa.Column("id", UUID, nullable=False),
        sa.Column("pub", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("app", sa.Text, nullable=False),
        sa.Column("account", UUID, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32)),
        sa.Column("pending", sa.Integer),
        sa.Column("oldest_pending", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
    )
    op.create_table(
        "device_grant",
        sa.Column("dev", UUID, nullable=False),
        sa.Column("sid", UUID, nullable=False),
        sa.Column("mode", sa.String(4), nullable=False),
        sa.PrimaryKeyConstraint("dev", "sid", name="pk_device_grant"),
    )
    op.create_table(
        "challenge",
        sa.Column("challenge", sa.String(64), nullable=False),
        sa.Column("dev", UUID, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("challenge", name="pk_challenge"),
    )
    op.create_table(
        "chunk",
        sa.Column("dev", UUID, nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("dev", "sha", name="pk_chunk"),
    )


def downgrade() -> None:
    for table in (
        "chunk",
        "challenge",
        "device_grant",
        "device",
        "enrolment_code",
        "account",
        "packet",
        "quarantine",
        "conflict",
        "record",
        "change_log",
        "lane_op",
        "lane",
        "stream_epoch",
        "stream",
    ):
        op.drop_table(table)
