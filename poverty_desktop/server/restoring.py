"""A province that was put back from a backup begins a new epoch in every stream; backups tell what is safe (sync.md 3.20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.epochs import Origin
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.server import admin
from poverty_desktop.server import tables as t
from poverty_desktop.server.backup_marks import BackupMark, add_marks, mark_of
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.guard import Facts
from poverty_desktop.server.past import origins_of
from poverty_desktop.server.province import Province


@dataclass(frozen=True)
class Adopted:
    """A stream that goes on after a restore. `lost`: how many revisions the backup did not hold, as far as is known."""

    commune: str
    epoch: int
    rev: int
    lost: int


def adopt(province: Province, *, anyway: bool = False) -> list[Adopted]:
    """Each stream goes on where the backup ends, in a new epoch. Raises `KnownProblem` server.not_restored when nothing is
    missing and nobody said `anyway` (a failover that may have lost its end)."""
    facts = province.guard.read()

    def work(connection: Connection) -> list[Adopted]:
        if not anyway and not province.guard.behind(connection):
            raise KnownProblem("server.not_restored")
        _communes_again(province, connection, facts)
        _refused_again(connection, facts)
        rows = connection.execute(select(t.stream).order_by(t.stream.c.sid).with_for_update()).all()
        return [_adopt(province, connection, row, facts) for row in rows]

    adopted = in_write(province.engine, work)
    province.guard.forget_look()
    return adopted


def _communes_again(province: Province, connection: Connection, facts: Facts) -> None:
    """Communes that were made after the backup: their laptops still know the stream."""
    here = set(connection.execute(select(t.stream.c.sid)).scalars())
    for sid, (code, name) in facts.communes.items():
        if sid not in here:
            admin.insert_stream(connection, sid, code, name, province.instant())


def _refused_again(connection: Connection, facts: Facts) -> None:
    """Devices that were refused after the backup stay so."""
    d = t.device.c
    for dev, state in facts.devices.items():
        connection.execute(update(t.device).where(d.id == dev).values(state=state))


def _adopt(province: Province, connection: Connection, row: Any, facts: Facts) -> Adopted:
    sid, known = row.sid, origins_of(connection, row.sid)
    origins = {epoch: origin for epoch, origin in facts.origins.get(sid, {}).items() if epoch not in known}
    epoch = max(row.epoch, facts.newest_epoch(sid), *known, 1) + 1
    was = facts.heads.get(sid)
    heads = {"sid": sid, "head": [epoch, row.head, bytes(row.chain).hex()]}
    province.guard.keep([{"sid": sid, "origin": [epoch, row.epoch, row.head]}, heads])  # first: an epoch is never given twice
    origins[epoch] = Origin(row.epoch, row.head)
    shared = {"sid": sid, "reason": "restored", "at": province.instant()}
    values = [{"epoch": e, "parent": one.parent, "start_rev": one.start, **shared} for e, one in origins.items()]
    connection.execute(insert(t.stream_epoch), values)
    connection.execute(update(t.stream).where(t.stream.c.sid == sid).values(epoch=epoch))
    _marks_again(connection, sid, facts)
    return Adopted(row.commune_code, epoch, row.head, max(0, was[1] - row.head) if was else 0)


def _marks_again(connection: Connection, sid: str, facts: Facts) -> None:
    """The backups in rotation are those of the guard, whatever the one that was put back knew of them."""
    connection.execute(delete(t.backup_mark).where(t.backup_mark.c.sid == sid))
    add_marks(connection, [mark for mark in facts.marks.values() if mark.sid == sid])


# --- backups ---------------------------------------------------------------------------------------------------------------


def read_backup(province: Province, restored: Engine) -> list[BackupMark]:
    """A backup that was put back elsewhere and opened as `restored` is read through, chain by chain: what it holds. Raises
    `KnownProblem` server.backup_damaged, and server.backup_empty where it holds no commune."""
    mark, at = province.new_id(), province.instant()
    with reading(restored) as connection:
        rows = connection.execute(select(t.stream)).all()
        for row in rows:
            read_through(connection, row)
        found = [mark_of(connection, row, mark, at) for row in rows]
    if not found:
        raise KnownProblem("server.backup_empty")
    return found


def keep_marks(province: Province, marks: list[BackupMark]) -> None:
    """What these backups hold is safe from now on, as far as every other one in rotation holds it too."""

    def work(connection: Connection) -> None:
        add_marks(connection, marks)
        province.guard.keep([{"backup": mark.row()} for mark in marks])  # what the guard alone knows, the next start adds

    in_write(province.engine, work)


def drop_backup(province: Province, mark: str) -> None:
    """A backup left the rotation. Raises `KnownProblem` server.no_backup. Asked again by whoever died over it, it ends."""
    here, b = any(name == mark for name, _ in province.guard.read().marks), t.backup_mark.c
    if here:
        province.guard.keep([{"gone": mark}])
    gone = in_write(province.engine, lambda connection: connection.execute(delete(t.backup_mark).where(b.mark == mark)).rowcount)
    if not here and not gone:
        raise KnownProblem("server.no_backup", mark=mark)


def read_through(connection: Connection, row: Any) -> None:
    """The log of this stream, entry by entry: it ends where the row says. Raises `KnownProblem` server.backup_damaged."""
    c, chain, rev = t.change_log.c, EMPTY, 0
    query = select(c.rev, c.entry, c.chain).where(c.sid == row.sid).order_by(c.rev).execution_options(yield_per=1000)
    with connection.execute(query) as entries:
        for found in entries:
            chain, rev = step(chain, LogEntry.model_validate(found.entry).canonical()), rev + 1
            if (found.rev, bytes(found.chain)) != (rev, chain):
                raise KnownProblem("server.backup_damaged", commune=row.commune_code)
    if (rev, chain) != (row.head, bytes(row.chain)):
        raise KnownProblem("server.backup_damaged", commune=row.commune_code)
