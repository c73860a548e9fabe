"""The province's tables that stand on every machine: accounts, codes, devices, uploads (stack.md section 5)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from poverty_desktop.server.columns import INSTANT, UUID, metadata

account = Table(
    "account",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("commune_code", String(5), nullable=False),
    Column("created_at", INSTANT, nullable=False),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("sid", UUID, nullable=False),
    Column("account", UUID, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("dev", UUID),  # who used it
)

device = Table(
    "device",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("pub", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),  # active | locked | wiping | wiping_all | wiped | revoked
    Column("fingerprint", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("app", Text, nullable=False),
    Column("account", UUID, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("seen_at", INSTANT),
    Column("pending", Integer),
    Column("oldest_pending", INSTANT),
    Column("first", UUID),  # of a laptop that enrolled again: the device whose name its lanes bear
)

device_grant = Table(
    "device_grant",
    metadata,
    Column("dev", UUID),
    Column("sid", UUID),
    Column("mode", String(4), nullable=False),  # rw | r
    PrimaryKeyConstraint("dev", "sid"),
)

guard_file = Table(
    "guard_file",
    metadata,
    Column("identity", UUID, primary_key=True),  # of the file outside; one row
)

challenge = Table(
    "challenge",
    metadata,
    Column("challenge", String(64), primary_key=True),
    Column("dev", UUID, nullable=False),
    Column("expires", BigInteger, nullable=False),  # seconds since 1970 by the server's clock
)

chunk = Table(
    "chunk",
    metadata,
    Column("dev", UUID),
    Column("sha", String(64)),
    Column("data", LargeBinary, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("dev", "sha"),
)
