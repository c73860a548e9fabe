"""What laptop and province say to each other of whole states: snapshots, sums, buckets, salvage (sync.md 3.14, 3.20, 3.23)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from poverty_desktop.protocol.answers import Message, Signed


class SnapRow(Message):
    """A record as the province holds it. `meta`: "*" the rev of its creation, and exceptions per field; `state` of a conflict
    stands in its body. `last_op`, `user`, `at`, `why`: who changed it last, and why it was deleted."""

    entity: str = Field(alias="e")
    record_id: str = Field(alias="id")
    rev: int = Field(alias="r")
    deleted: bool = Field(False, alias="del")
    body: dict[str, Any] = Field(default_factory=dict, alias="b")
    meta: dict[str, int] = Field(default_factory=dict, alias="m")
    last_op: str = Field("", alias="o")
    user: str = Field("", alias="u")
    at: str = ""
    why: str | None = None


class Manifest(Message):
    """A snapshot of the stream at `rev`. `parts`: [SHA-256, bytes] of the compressed pages of rows, in order, written as `format`
    says (`snap_pages`). `lanes`: how far each of the asking device's lanes is in it, by incarnation; `custody`: its operations
    without effect as yet; `withdrawn`: those that never get one, with [operation, by, why, when] of the entry that said so."""

    sid: str
    epoch: int
    rev: int
    chain: str
    digest: str
    rows: int
    parts: list[tuple[str, int]]
    lanes: dict[str, int] = Field(default_factory=dict)
    custody: list[str] = Field(default_factory=list)
    withdrawn: list[tuple[str, str, str, str]] = Field(default_factory=list)
    format: int = 1


class ManifestAnswer(Signed):
    """`GET /v1/streams/{sid}/snapshot`."""

    manifest: Manifest


class SumsAnswer(Signed):
    """`GET /v1/streams/{sid}/digest?rev=`: the sums of the buckets, when the stream stands at that rev still; else none."""

    rev: int
    sums: dict[str, str] | None


class RowsAnswer(Signed):
    """`POST /v1/streams/{sid}/rows`: the records of some buckets at `rev`."""

    rev: int
    chain: str
    rows: list[SnapRow]


class SalvagePosted(Signed):
    """`POST /v1/streams/{sid}/salvage`: how many entries were kept."""

    kept: int
