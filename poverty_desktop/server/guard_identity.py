"""Which guard file belongs to the database, and what to do when it is gone (sync.md 3.20).

A database that was put back notices it by the guard file; a file made anew would know of nothing. So the database keeps the
identity of its file, and a province whose file is missing does not start until its operator has begun another one.
"""

from __future__ import annotations

import secrets
import uuid

from sqlalchemy import Connection, Engine, delete, insert, select

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.epochs import Origin
from poverty_desktop.server import tables as t
from poverty_desktop.server.backup_marks import BackupMark
from poverty_desktop.server.database import in_write
from poverty_desktop.server.guard import Facts, Guard

_LEAP = 1_000_000


def recognise(engine: Engine, guard: Guard, *, may_be_lost: bool = False) -> None:
    """The file is the one that the database knows; where it knows none yet, that one from now on. Raises `KnownProblem`
    server.guard_lost."""
    guard.identity = in_write(engine, lambda connection: _known(connection, guard))
    if guard.is_lost() and not may_be_lost:
        raise KnownProblem("server.guard_lost", path=str(guard.path))


def _known(connection: Connection, guard: Guard) -> str:
    known = connection.execute(select(t.guard_file.c.identity)).scalar()
    if known is not None:
        return str(known)
    identity, found = str(uuid.uuid4()), guard.read().identity
    if found is None and not _is_missed(connection, guard):
        guard.keep([{"guard": identity}])
    connection.execute(insert(t.guard_file), {"identity": found or identity})
    return found or identity


def _is_missed(connection: Connection, guard: Guard) -> bool:
    """Of a database of an earlier release, which knows no identity: it has communes, so there was a file."""
    return not guard.path.exists() and connection.execute(select(t.stream.c.sid)).first() is not None


def begin_anew(engine: Engine, guard: Guard, at: str) -> list[tuple[str, int, int]]:
    """Another guard file, from what the database knows: (commune, epoch, rev) of each stream. Whether the database lost anything
    cannot be told without the old file, so each stream begins a new epoch, as after a restore; its number leaps over those that
    the old file may have given. Raises `KnownProblem` server.guard_known, server.guard_of_another."""
    if not guard.is_lost():
        raise KnownProblem("server.guard_known", path=str(guard.path))
    if guard.read().identity is not None:
        raise KnownProblem("server.guard_of_another", path=str(guard.path))
    identity = str(uuid.uuid4())

    def work(connection: Connection) -> tuple[Facts, list[tuple[str, int, int]]]:
        connection.execute(delete(t.guard_file))
        connection.execute(insert(t.guard_file), {"identity": identity})
        rows = connection.execute(select(t.stream).order_by(t.stream.c.sid).with_for_update()).all()
        for row in rows:
            epoch = row.epoch + 1 + secrets.randbelow(_LEAP)
            values = {"sid": row.sid, "epoch": epoch, "parent": row.epoch, "start_rev": row.head}
            connection.execute(insert(t.stream_epoch), {**values, "reason": "guard lost", "at": at})
            connection.execute(t.stream.update().where(t.stream.c.sid == row.sid).values(epoch=epoch))
        return _facts(connection, identity)

    facts, begun = in_write(engine, work)
    guard.begin(facts)
    return begun


def _facts(connection: Connection, identity: str) -> tuple[Facts, list[tuple[str, int, int]]]:
    """All that the database knows of what stands in a guard file."""
    facts, rows = Facts(identity), connection.execute(select(t.stream).order_by(t.stream.c.commune_code)).all()
    for row in rows:
        facts.communes[row.sid] = (row.commune_code, row.name)
        facts.heads[row.sid] = (row.epoch, row.head, bytes(row.chain).hex())
    for one in connection.execute(select(t.stream_epoch).where(t.stream_epoch.c.parent.is_not(None))):
        facts.origins.setdefault(one.sid, {})[one.epoch] = Origin(one.parent, one.start_rev)
    for found in connection.execute(select(t.backup_mark)):
        facts.marks[found.mark, found.sid] = BackupMark(**found._mapping)
    refused = select(t.device.c.id, t.device.c.state).where(t.device.c.state != "active")
    facts.devices = {row.id: row.state for row in connection.execute(refused)}
    return facts, [(row.commune_code, row.epoch, row.head) for row in rows]
