"""The province's tables (sync.md 3.29), the same on SQLite and PostgreSQL.

Every key begins with the stream (`sid`), so that the schema can be spread over machines by stream (stack.md section 5);
`REFERENCE` names the tables that stand on every machine instead. A test over this metadata keeps it so.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from poverty_desktop.server.columns import INSTANT, JSON, UUID, metadata
from poverty_desktop.server.machine_tables import account, challenge, chunk, device, device_grant, enrolment_code, guard_file

__all__ = ["REFERENCE", "account", "backup_mark", "bucket", "challenge", "change_log", "chunk", "conflict", "device",
           "device_grant", "enrolment_code", "guard_file", "lane", "lane_op", "metadata", "packet", "parked", "quarantine",
           "record", "snapshot", "snapshot_part", "stream", "stream_epoch"]  # fmt: skip

REFERENCE = frozenset({"account", "enrolment_code", "device", "device_grant", "challenge", "chunk", "guard_file"})

stream = Table(
    "stream",
    metadata,
    Column("sid", UUID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("commune_code", String(5), nullable=False),
    Column("name", Text, nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("living", BigInteger, nullable=False, server_default="0"),  # records that are not deleted
    Column("weight", BigInteger, nullable=False, server_default="0"),  # letters of all log entries
    Column("created_at", INSTANT, nullable=False),
)

stream_epoch = Table(
    "stream_epoch",
    metadata,
    Column("sid", UUID),
    Column("epoch", Integer),
    Column("parent", Integer),  # the epoch of the backup that was put back; none of the first
    Column("start_rev", BigInteger, nullable=False),  # the last revision that it held
    Column("reason", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    PrimaryKeyConstraint("sid", "epoch"),
)

lane = Table(
    "lane",
    metadata,
    Column("sid", UUID),
    Column("lane", Integer),
    Column("dev", UUID, nullable=False),
    Column("inc", UUID, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("parent", Integer),
    Column("parent_seq", BigInteger),
    Column("branch", Boolean, nullable=False, server_default=false()),  # its numbers go on from its parent's
    PrimaryKeyConstraint("sid", "lane"),
    UniqueConstraint("sid", "dev", "inc"),
)

lane_op = Table(
    "lane_op",
    metadata,
    Column("sid", UUID),
    Column("lane", Integer),
    Column("seq", BigInteger),
    Column("op_id", UUID, nullable=False),
    Column("rev", BigInteger),
    Column("chain", LargeBinary, nullable=False),
    PrimaryKeyConstraint("sid", "lane", "seq"),
    Index(None, "sid", "op_id"),
)

change_log = Table(
    "change_log",
    metadata,
    Column("sid", UUID),
    Column("rev", BigInteger),
    Column("op_id", UUID, nullable=False),
    Column("kind_no", Integer, nullable=False),  # 0 the operation itself, 1 a held operation applied later
    Column("grp", UUID, nullable=False),
    Column("entity", Text, nullable=False),
    Column("rec_id", UUID, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", JSON, nullable=False),  # the operation as it was signed
    Column("entry", JSON, nullable=False),  # the log entry as it is sent
    Column("plain", Boolean, nullable=False),  # applied exactly as sent: to its maker a position is enough (A3)
    Column("outcome", String(16), nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("weight", BigInteger, nullable=False, server_default="0"),  # letters of all entries up to this one
    Column("rx", INSTANT, nullable=False),
    PrimaryKeyConstraint("sid", "rev"),
    UniqueConstraint("sid", "op_id", "kind_no"),
)

record = Table(
    "record",
    metadata,
    Column("sid", UUID),
    Column("rec_id", UUID),
    Column("entity", Text, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("body", JSON, nullable=False),
    Column("meta", JSON, nullable=False),
    Column("del_rev", BigInteger),
    PrimaryKeyConstraint("sid", "rec_id"),
    Index(None, "sid", "entity"),
)

conflict = Table(
    "conflict",
    metadata,
    Column("sid", UUID),
    Column("cid", UUID),
    Column("rec_id", UUID, nullable=False),
    Column("field", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("rev", BigInteger, nullable=False, server_default="0"),  # that opened it
    Column("closed_rev", BigInteger),
    PrimaryKeyConstraint("sid", "cid"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("sid", UUID),
    Column("op_id", UUID),
    Column("grp", UUID, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("waits_for", UUID),
    Column("raw", LargeBinary, nullable=False),  # byte for byte what the device signed (3.17)
    Column("lane", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("rev", BigInteger, nullable=False, server_default="0"),  # of its entry without effect: the order in which they came
    Column("open", Boolean, nullable=False),
    PrimaryKeyConstraint("sid", "op_id"),
    Index(None, "sid", "open"),
)

packet = Table(
    "packet",
    metadata,
    Column("sid", UUID),
    Column("packet", String(64)),
    Column("dev", UUID, nullable=False),
    Column("answer", JSON, nullable=False),  # the ack without nonce and signature
    PrimaryKeyConstraint("sid", "packet"),
)

bucket = Table(
    "bucket",
    metadata,
    Column("sid", UUID),
    Column("b", Integer),
    Column("sum", LargeBinary, nullable=False),  # 16 bytes (3.23)
    PrimaryKeyConstraint("sid", "b"),
)

parked = Table(
    "parked",
    metadata,
    Column("sid", UUID),
    Column("packet", String(64)),
    Column("lane", Integer, nullable=False),
    Column("dev", UUID, nullable=False),
    Column("seq_from", BigInteger, nullable=False),
    Column("header", JSON, nullable=False),
    Column("lines", LargeBinary, nullable=False),  # the canonical operations, one a line
    Column("grant_", String(4), nullable=False),  # what the device might do when it came
    Column("rx", INSTANT, nullable=False),
    PrimaryKeyConstraint("sid", "packet"),
    Index(None, "sid", "lane"),
)

backup_mark = Table(
    "backup_mark",
    metadata,
    Column("sid", UUID),
    Column("mark", UUID),  # one backup has one mark in each stream
    Column("at", INSTANT, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("lanes", JSON, nullable=False),  # {"device incarnation": [last, chain]}
    PrimaryKeyConstraint("sid", "mark"),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("sid", UUID),
    Column("epoch", Integer),
    Column("rev", BigInteger),
    Column("chain", LargeBinary, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("raw", BigInteger, nullable=False),  # bytes before compression
    Column("parts", JSON, nullable=False),  # [[SHA-256, bytes], …]
    PrimaryKeyConstraint("sid", "epoch", "rev"),
)

snapshot_part = Table(
    "snapshot_part",
    metadata,
    Column("sid", UUID),
    Column("sha", String(64)),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("sid", "sha"),
)
