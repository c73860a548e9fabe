"""The province's tables (sync.md 3.29), the same on SQLite and PostgreSQL.

Every key begins with the stream (`sid`), so that the schema can be spread over machines by stream (stack.md section 5);
`REFERENCE` names the tables that stand on every machine instead. A test over this metadata keeps it so.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={"ix": "ix_%(column_0_N_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)
REFERENCE = frozenset({"account", "enrolment_code", "device", "device_grant", "challenge", "chunk"})

_uuid = Uuid(as_uuid=False)
_json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_instant = String(32)  # UTC with Z: evidence and display, never order

stream = Table(
    "stream",
    metadata,
    Column("sid", _uuid, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("commune_code", String(5), nullable=False),
    Column("name", Text, nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("created_at", _instant, nullable=False),
)

stream_epoch = Table(
    "stream_epoch",
    metadata,
    Column("sid", _uuid),
    Column("epoch", Integer),
    Column("start_rev", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", _instant, nullable=False),
    PrimaryKeyConstraint("sid", "epoch"),
)

lane = Table(
    "lane",
    metadata,
    Column("sid", _uuid),
    Column("lane", Integer),
    Column("dev", _uuid, nullable=False),
    Column("inc", _uuid, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("parent", Integer),
    Column("parent_seq", BigInteger),
    PrimaryKeyConstraint("sid", "lane"),
    UniqueConstraint("sid", "dev", "inc"),
)

lane_op = Table(
    "lane_op",
    metadata,
    Column("sid", _uuid),
    Column("lane", Integer),
    Column("seq", BigInteger),
    Column("op_id", _uuid, nullable=False),
    Column("rev", BigInteger),
    Column("chain", LargeBinary, nullable=False),
    PrimaryKeyConstraint("sid", "lane", "seq"),
    Index(None, "sid", "op_id"),
)

change_log = Table(
    "change_log",
    metadata,
    Column("sid", _uuid),
    Column("rev", BigInteger),
    Column("op_id", _uuid, nullable=False),
    Column("kind_no", Integer, nullable=False),  # 0 the operation itself, 1 a held operation applied later
    Column("grp", _uuid, nullable=False),
    Column("entity", Text, nullable=False),
    Column("rec_id", _uuid, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", _json, nullable=False),  # the operation as it was signed
    Column("entry", _json, nullable=False),  # the log entry as it is sent
    Column("plain", Boolean, nullable=False),  # applied exactly as sent: to its maker a position is enough (A3)
    Column("outcome", String(16), nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("rx", _instant, nullable=False),
    PrimaryKeyConstraint("sid", "rev"),
    UniqueConstraint("sid", "op_id", "kind_no"),
)

record = Table(
    "record",
    metadata,
    Column("sid", _uuid),
    Column("rec_id", _uuid),
    Column("entity", Text, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("body", _json, nullable=False),
    Column("meta", _json, nullable=False),
    Column("del_rev", BigInteger),
    PrimaryKeyConstraint("sid", "rec_id"),
    Index(None, "sid", "entity"),
)

conflict = Table(
    "conflict",
    metadata,
    Column("sid", _uuid),
    Column("cid", _uuid),
    Column("rec_id", _uuid, nullable=False),
    Column("field", Text, nullable=False),
    Column("body", _json, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("closed_rev", BigInteger),
    PrimaryKeyConstraint("sid", "cid"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("sid", _uuid),
    Column("op_id", _uuid),
    Column("grp", _uuid, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("waits_for", _uuid),
    Column("raw", LargeBinary, nullable=False),  # byte for byte what the device signed (3.17)
    Column("lane", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("open", Boolean, nullable=False),
    PrimaryKeyConstraint("sid", "op_id"),
    Index(None, "sid", "open"),
)

packet = Table(
    "packet",
    metadata,
    Column("sid", _uuid),
    Column("packet", String(64)),
    Column("dev", _uuid, nullable=False),
    Column("answer", _json, nullable=False),  # the ack without nonce and signature
    PrimaryKeyConstraint("sid", "packet"),
)

# --- on every machine -------------------------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    Column("id", _uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("commune_code", String(5), nullable=False),
    Column("created_at", _instant, nullable=False),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("sid", _uuid, nullable=False),
    Column("account", _uuid, nullable=False),
    Column("expires_at", _instant, nullable=False),
    Column("dev", _uuid),  # who used it
)

device = Table(
    "device",
    metadata,
    Column("id", _uuid, primary_key=True),
    Column("pub", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),  # active | revoked
    Column("fingerprint", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("app", Text, nullable=False),
    Column("account", _uuid, nullable=False),
    Column("created_at", _instant, nullable=False),
    Column("seen_at", _instant),
    Column("pending", Integer),
    Column("oldest_pending", _instant),
)

device_grant = Table(
    "device_grant",
    metadata,
    Column("dev", _uuid),
    Column("sid", _uuid),
    Column("mode", String(4), nullable=False),  # rw | r
    PrimaryKeyConstraint("dev", "sid"),
)

challenge = Table(
    "challenge",
    metadata,
    Column("challenge", String(64), primary_key=True),
    Column("dev", _uuid, nullable=False),
    Column("expires", BigInteger, nullable=False),  # seconds since 1970 by the server's clock
)

chunk = Table(
    "chunk",
    metadata,
    Column("dev", _uuid),
    Column("sha", String(64)),
    Column("data", LargeBinary, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("dev", "sha"),
)
