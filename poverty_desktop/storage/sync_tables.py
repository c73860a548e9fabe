"""The laptop's own tables: synchronisation (sync.md 3.28), drafts, settings, lists, log of access.

Ids are UUID text, chains and sums bytes, instants ISO text. States of an operation: see `OpState`.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import REAL as Real
from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text, text

from poverty_desktop.storage.tables import TABLES


class OpState(IntEnum):
    """Where an operation is (sync.md 3.12): pending → sealed → custody → accepted → confirmed → stable."""

    PENDING = 0
    SEALED = 1
    CUSTODY = 2
    ACCEPTED = 3
    CONFIRMED = 4
    STABLE = 5


UNBOUND = "local"  # the stream of a workspace that has not met its province yet


def _table(name: str, *columns: Column[object] | PrimaryKeyConstraint | Index, rowid: bool = False) -> Table:
    return Table(name, _metadata, *columns, sqlite_with_rowid=rowid)


def _text(name: str, *, key: bool = False, null: bool = True) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=null and not key)


def _whole(name: str, default: int | None = 0) -> Column[object]:
    return Column(name, Integer, nullable=default is None, server_default=None if default is None else str(default))


def _bytes(name: str, *, null: bool = True) -> Column[object]:
    return Column(name, LargeBinary, nullable=null)


def _key(*names: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint(*names)


_metadata: MetaData = TABLES.metadata

# --- synchronisation -----------------------------------------------------------------------------------------------

sync_device = _table(
    "sync_device", _text("id", key=True), _text("fingerprint"), _bytes("cert"), _bytes("private_key"),
    _bytes("province_key"), _text("server"), _whole("practice"), _text("commune_code"), _text("created_at"),
)  # fmt: skip
sync_stream = _table(
    "sync_stream", _text("sid", key=True), _text("kind"), _whole("epoch"), _whole("rev"), _bytes("chain", null=False),
    _bytes("digest"), _whole("stable_rev"), _text("grant_"),
)  # fmt: skip
sync_lane = _table(
    "sync_lane", _text("sid", null=False), _text("inc", null=False), _whole("last_seq"), _bytes("chain", null=False),
    _whole("acked_seq"), _whole("stable_seq"), _text("parent"), _whole("closed"), _whole("place"), _whole("parent_seq"),
    _key("sid", "inc"),
)  # fmt: skip  # `place`: its number among the lanes of this file; `parent_seq`: where the lane before it was left
sync_op = _table(
    "sync_op", _text("sid", null=False), _text("inc", null=False), _whole("seq"),
    Column("op_id", Text, nullable=False, unique=True),
    _text("grp", null=False), _text("entity", null=False), _text("rec_id", null=False), _text("kind", null=False),
    _text("body", null=False), _bytes("chain", null=False), _text("at", null=False), _whole("state"), _whole("epoch", None),
    _whole("rev", None), _text("packet"), _text("outcome"), _key("sid", "inc", "seq"),
)  # fmt: skip
Index("ix_sync_op_rec_id", sync_op.c.rec_id, sqlite_where=text("state < 4"))
Index("ix_sync_op_state", sync_op.c.state, sqlite_where=text("state < 4"))
sync_custody = _table(
    "sync_custody", _text("op_id", key=True), _text("why"), _text("over"), _text("given_up_at"), _text("given_up_by"),
    _text("given_up_why"),
)  # fmt: skip  # own operations that the province keeps aside (`custody.py`)
sync_rec = _table(
    "sync_rec", _text("sid"), _text("entity", null=False), _text("rec_id", key=True), _whole("rev"), _text("base"),
    _text("meta"), _bytes("hash"), _whole("deleted"), _text("deleted_reason"), _text("last_op"), _text("changed_by"),
    _text("changed_at"), _text("proj_error"), rowid=True,
)  # fmt: skip
sync_bucket = _table("sync_bucket", _text("sid", null=False), _whole("b"), _bytes("sum", null=False), _key("sid", "b"))
sync_inlog = _table(
    "sync_inlog", _text("sid", null=False), _whole("epoch"), _whole("rev"), _text("entry"), _bytes("chain"),
    _whole("until", None), _key("sid", "epoch", "rev"),
)  # fmt: skip  # `until`: of a dead history, the revision of the living one that holds what became of the entry
sync_packet = _table(
    "sync_packet", _text("id", key=True), _text("sid"), _text("inc"), _whole("seq_from"), _whole("seq_to"), _bytes("bytes"),
    _whole("state"), _text("road"), _text("made_at"), rowid=True,
)  # fmt: skip
sync_session = _table(
    "sync_session", Column("id", Integer, primary_key=True), _text("started"), _text("ended"), _text("outcome"), _whole("up"),
    _whole("down"), _text("detail"), rowid=True,
)  # fmt: skip
sync_retry = _table(
    "sync_retry", _text("k", key=True), _whole("attempt"), Column("not_before_mono", Real), _text("boot_id"),
    _text("not_before_wall"),
)  # fmt: skip
sync_ctx = _table("sync_ctx", Column("id", Integer, primary_key=True), rowid=True)  # a row here opens the tripwires

# --- this laptop only ----------------------------------------------------------------------------------------------

draft = _table(
    "draft", _text("id", key=True), _text("kind", null=False), Column("subject_id", Text, nullable=False, index=True),
    _text("household_id"), _text("title", null=False), _text("owner", null=False), _whole("epoch"), _whole("rev"),
    _whole("own_seq"), _text("opened", null=False), _text("notes", null=False), _text("updated_at", null=False),
    Column("inc", Text, nullable=False, server_default=""),
)  # fmt: skip
draft_value = _table(
    "draft_value", Column("draft_id", Text, ForeignKey("draft.id", ondelete="CASCADE"), nullable=False), _text("key", null=False),
    _text("value", null=False), _text("at", null=False), _key("draft_id", "key"),
)  # fmt: skip
setting = _table("setting", _text("key", key=True), _text("value", null=False))
access_log = _table(
    "access_log", Column("seq", Integer, primary_key=True), _text("entry", null=False), _bytes("chain", null=False), rowid=True
)
household_line = _table(
    "household_line", Column("key", Integer, primary_key=True), Column("household_id", Text, nullable=False, unique=True),
    _whole("living"), _text("sort", null=False), _text("village_id"), _text("village_name"), _text("household_code"),
    _text("head_name"), _text("personal_id_tail"), _whole("member_count"), _text("household_class"), _text("names", null=False),
    _text("code", null=False), _text("ids", null=False), _text("village", null=False), _text("phone", null=False), rowid=True,
)  # fmt: skip
Index("ix_household_line_living_sort", household_line.c.living, household_line.c.sort)
Index("ix_household_line_village_id_sort", household_line.c.village_id, household_line.c.sort)
