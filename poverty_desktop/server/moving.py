"""A province moves from its file to PostgreSQL: everything in one transaction, compared before it counts (README, "Running a
province"). The file is only read. Killed at any moment, the target is as empty as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.digests import Sums, conflict_hash, record_hash
from poverty_desktop.server import buckets
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import database_url, open_engine, reading, upgrade, writing
from poverty_desktop.server.province import Province
from poverty_desktop.server.restoring import read_through

Heard = Callable[[str, int, int], None]
"""(table, rows that are there, rows that there will be)"""

_ROWS, _BYTES = 1000, 4 << 20  # of one batch; a larger row goes alone


@dataclass(frozen=True)
class Moved:
    """A stream as both databases have it."""

    commune: str
    epoch: int
    rev: int
    records: int
    digest: str


def move(province: Province, to: str, heard: Heard = lambda table, done, total: None) -> list[Moved]:
    """Copy this province, which nobody may use meanwhile, into the empty PostgreSQL database at `to`. Key and guard file stay
    where they are.

    Raises `KnownProblem` server.move_from_file, server.move_to_postgresql, server.move_not_empty, server.move_differs (nothing
    was kept then), server.database."""
    url = database_url(Path(), to)
    if province.engine.dialect.name != "sqlite":
        raise KnownProblem("server.move_from_file")
    if url.get_backend_name() != "postgresql":
        raise KnownProblem("server.move_to_postgresql")
    engine = open_engine(url)
    try:
        with reading(province.engine) as source, writing(engine) as target:
            return _move(source, target, heard)
    except DBAPIError as error:
        raise KnownProblem("server.database") from error
    finally:
        engine.dispose()


def _move(source: Connection, target: Connection, heard: Heard) -> list[Moved]:
    if inspect(target).get_table_names():
        raise KnownProblem("server.move_not_empty")
    upgrade(target)
    for table in t.metadata.sorted_tables:
        if _copied(source, target, table, heard) != _content(_rows(target, table)):
            raise KnownProblem("server.move_differs", table=table.name)
    return [_compared(source, target, row) for row in source.execute(select(t.stream).order_by(t.stream.c.commune_code)).all()]


def _copied(source: Connection, target: Connection, table: Table, heard: Heard) -> tuple[int, int]:
    """What was read: how many rows, and the sum of their hashes."""
    total, done, content = _count(source, table), 0, (0, 0)
    for batch in _batches(_rows(source, table)):
        target.execute(insert(table), batch)
        content = _added(content, _content(batch))
        done += len(batch)
        heard(table.name, done, total)
    return content


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    with connection.execute(select(table).execution_options(yield_per=_ROWS)) as rows:
        for row in rows:
            yield dict(row._mapping)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, (bytes, str)))
        if len(batch) == _ROWS or size > _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _content(rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> tuple[int, int]:
    content = (0, 0)
    for row in rows:
        values = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
        data = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).digest()
        content = _added(content, (1, int.from_bytes(data, "big")))
    return content


def _added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """In whatever order the rows come."""
    return one[0] + other[0], (one[1] + other[1]) % (1 << 256)


def _compared(source: Connection, target: Connection, row: Any) -> Moved:
    """The log is read through in the target, chain by chain; its records give the digest that the source keeps."""
    read_through(target, row)
    sums, records = _sums(target, row.sid)
    if sums.digest != buckets.read(source, row.sid).digest:
        raise KnownProblem("server.move_differs", table=f"record {row.commune_code}")
    return Moved(row.commune_code, row.epoch, row.head, records, sums.digest)


def _sums(connection: Connection, sid: str) -> tuple[Sums, int]:
    sums, count, r, c = Sums(), 0, t.record.c, t.conflict.c
    records = select(r.entity, r.rec_id, r.body, r.del_rev).where(r.sid == sid)
    with connection.execute(records.execution_options(yield_per=_ROWS)) as rows:
        for entity, rec_id, body, del_rev in rows:
            sums.change(rec_id, 0, record_hash(entity, rec_id, body, del_rev is not None))
            count += 1
    for cid, is_open in connection.execute(select(c.cid, c.open).where(c.sid == sid)):
        sums.change(cid, 0, conflict_hash(cid, is_open))
    return sums, count
