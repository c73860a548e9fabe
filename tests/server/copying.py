"""All rows of a database as values, and put back: a backup and its restore, on any engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from poverty_desktop.server import tables as t

Copy = dict[str, list[dict[str, Any]]]


def copied(connection: Connection, *, streams_only: bool = False) -> Copy:
    tables = [table for table in t.metadata.sorted_tables if not (streams_only and table.name in t.REFERENCE)]
    return {table.name: [dict(row._mapping) for row in connection.execute(select(table))] for table in tables}


def put_back(connection: Connection, copy: Copy) -> None:
    for name, rows in copy.items():
        table = t.metadata.tables[name]
        connection.execute(delete(table))
        if rows:
            connection.execute(insert(table), rows)
