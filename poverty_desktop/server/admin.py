"""What the province's administrator does: communes, codes, devices (`server admin …`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.identity import is_id
from poverty_desktop.server import enrolment
from poverty_desktop.server import tables as t
from poverty_desktop.server.backup_marks import BackupMark
from poverty_desktop.server.database import in_write, reading
from poverty_desktop.server.guard import Facts
from poverty_desktop.server.province import Province


@dataclass(frozen=True)
class Commune:
    sid: str
    code: str
    name: str
    new: bool


@dataclass(frozen=True)
class Code:
    code: str
    commune: str
    officer: str
    account: str
    hours: int


@dataclass(frozen=True)
class Device:
    id: str
    commune: str
    officer: str
    name: str
    state: str
    enrolled_at: str
    seen_at: str | None
    pending: int | None


def add_commune(province: Province, code: str, name: str) -> Commune:
    """The stream of a commune, made where it is new. Raises `KnownProblem("server.commune_code")` for a malformed code."""
    if len(code) != 5 or not (code.isascii() and code.isdigit()):
        raise KnownProblem("server.commune_code", given=code)

    def work(connection: Connection) -> Commune:
        known = _commune(connection, code)
        if known is not None:
            return known
        sid = province.new_id()
        insert_stream(connection, sid, code, nfc(name), province.instant())
        empty = _in_earlier_backups(province.guard.read(), sid)
        if empty:
            connection.execute(insert(t.backup_mark), empty)
        return Commune(sid, code, nfc(name), True)

    made = in_write(province.engine, work)
    _tell_guard(province, made)
    return made


def _tell_guard(province: Province, made: Commune) -> None:
    """What the guard does not know yet: of a new commune, and of one whose maker died before he came to the guard."""
    facts = province.guard.read()
    lines: list[dict[str, Any]] = []
    if made.sid not in facts.communes:
        lines.append({"sid": made.sid, "commune": [made.code, made.name]})
        lines += [{"backup": row} for row in _in_earlier_backups(facts, made.sid)]
    if made.sid not in facts.heads:
        lines.append({"sid": made.sid, "head": [1, 0, EMPTY.hex()]})
    if lines:
        province.guard.keep(lines)


def _in_earlier_backups(facts: Facts, sid: str) -> list[dict[str, Any]]:
    """What the backups in rotation hold of a stream that is made after them: nothing, and so nothing of it is safe yet."""
    known = {mark.mark: mark.at for mark in facts.marks.values()}
    return [BackupMark(mark, sid, at, 1, 0, {}).row() for mark, at in known.items()]


def insert_stream(connection: Connection, sid: str, code: str, name: str, at: str) -> None:
    """A stream without a history, in its first epoch."""
    values = {"sid": sid, "kind": "commune", "commune_code": code, "name": name, "created_at": at}
    connection.execute(insert(t.stream), {**values, "head": 0, "chain": EMPTY, "epoch": 1})
    first = {"sid": sid, "epoch": 1, "start_rev": 0, "reason": "created", "at": at}
    connection.execute(insert(t.stream_epoch), first)


def add_account(province: Province, commune: str, officer: str, role: str = "officer") -> str:
    """The account of an officer of a commune; the same name in the same commune is the same account. Gives its id."""
    return in_write(province.engine, lambda connection: _account(province, connection, commune, nfc(officer), role))


def make_code(province: Province, commune: str, officer: str) -> Code:
    """A one-time code bound to commune and officer. Raises `KnownProblem("server.no_commune")`."""

    def work(connection: Connection) -> Code:
        stream = _commune(connection, commune)
        if stream is None:
            raise KnownProblem("server.no_commune", commune=commune)
        account = _account(province, connection, commune, nfc(officer), "officer")
        code = enrolment.make_code(province, connection, stream.sid, account)
        hours = int(enrolment.LIFETIME.total_seconds()) // 3600
        return Code(code, commune, nfc(officer), account, hours)

    return in_write(province.engine, work)


def devices(province: Province) -> list[Device]:
    """All devices, oldest first."""
    d, s = t.device.c, t.stream.c
    query = (
        select(d.id, s.commune_code, t.account.c.name.label("officer"), d.name, d.state, d.created_at, d.seen_at, d.pending)
        .join(t.account, t.account.c.id == d.account)
        .join(t.device_grant, t.device_grant.c.dev == d.id)
        .join(t.stream, s.sid == t.device_grant.c.sid)
        .order_by(d.created_at, d.id)
    )
    with reading(province.engine) as connection:
        return [Device(*row) for row in connection.execute(query)]


def revoke(province: Province, device: str) -> None:
    """Nothing is answered to this device from now on. Raises `KnownProblem("server.no_device")`."""

    def work(connection: Connection) -> int:
        return connection.execute(update(t.device).where(t.device.c.id == device).values(state="revoked")).rowcount

    if not is_id(device) or in_write(province.engine, work) == 0:
        raise KnownProblem("server.no_device", device=device)
    province.guard.keep([{"device": device, "state": "revoked"}])  # a backup that is put back does not let it in again


def order(province: Province, device: str, kind: str, *, unsent_too: bool = False) -> str:
    """Lock, unlock or wipe a device; it hears of it at its next hello. Gives its state. A wipe may be taken back (unlock) until
    the device has carried it out. Raises `KnownProblem` server.no_device, server.device_gone (revoked or wiped already)."""
    state = {"lock": "locked", "unlock": "active", "wipe": "wiping_all" if unsent_too else "wiping"}[kind]
    d = t.device.c

    def work(connection: Connection) -> None:
        row = enrolment.device_row(connection, device)
        if row is None:
            raise KnownProblem("server.no_device", device=device)
        if row.state in ("revoked", "wiped"):
            raise KnownProblem("server.device_gone", device=device)
        connection.execute(update(t.device).where(d.id == device).values(state=state))

    if not is_id(device):
        raise KnownProblem("server.no_device", device=device)
    in_write(province.engine, work)
    province.guard.keep([{"device": device, "state": state}])
    return state


def _commune(connection: Connection, code: str) -> Commune | None:
    s = t.stream.c
    query = select(s.sid, s.commune_code, s.name).where(s.commune_code == code, s.kind == "commune")
    row = connection.execute(query).first()
    return None if row is None else Commune(row.sid, row.commune_code, row.name, False)


def _account(province: Province, connection: Connection, commune: str, officer: str, role: str) -> str:
    a = t.account.c
    known = connection.execute(select(a.id).where(a.commune_code == commune, a.name == officer)).scalar()
    if known is not None:
        return str(known)
    account = province.new_id()
    values = {"id": account, "name": officer, "role": role, "commune_code": commune, "created_at": province.instant()}
    connection.execute(insert(t.account), values)
    return account
