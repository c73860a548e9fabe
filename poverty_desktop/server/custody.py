"""What the province keeps without effect, and what a person decides about it (sync.md 3.9, 3.17): `server admin quarantine` …"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.canonical import parse
from poverty_desktop.protocol.identity import is_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.staged import Decision
from poverty_desktop.protocol.stream import release as release_rows
from poverty_desktop.protocol.stream import withdraw as withdraw_rows
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import reading
from poverty_desktop.server.province import RULES, Province
from poverty_desktop.server.sql_stream import SqlStream
from poverty_desktop.server.taking import checks_of, in_stream


@dataclass(frozen=True)
class Kept:
    """An operation in custody. `group`: the Save it belongs to, which is decided about as a whole."""

    op: str
    group: str
    commune: str
    device: str
    officer: str
    reason: str
    waits_for: str | None
    kind: str
    entity: str
    record: str
    at: str
    rev: int


def kept(province: Province, *, commune: str | None = None, reason: str | None = None) -> list[Kept]:
    """All that is open, in the order it came."""
    q, s, lane = t.quarantine.c, t.stream.c, t.lane.c
    query = (
        select(t.quarantine, s.commune_code, lane.dev, t.account.c.name)
        .join(t.stream, s.sid == q.sid)
        .join(t.lane, (lane.sid == q.sid) & (lane.lane == q.lane))
        .outerjoin(t.device, t.device.c.id == lane.dev)
        .outerjoin(t.account, t.account.c.id == t.device.c.account)
        .where(q.open.is_(True))
        .order_by(s.commune_code, q.rev)
    )
    query = query if commune is None else query.where(s.commune_code == commune)
    query = query if reason is None else query.where(q.reason == reason)
    with reading(province.engine) as connection:
        return [_kept(row) for row in connection.execute(query)]


def _kept(row: Any) -> Kept:
    operation = Operation.from_wire(parse(bytes(row.raw)))
    return Kept(
        row.op_id, row.grp, row.commune_code, row.dev, row.name or "", row.reason, row.waits_for, operation.kind,
        operation.entity, operation.record_id, operation.at, row.rev,
    )  # fmt: skip


def release(province: Province, found: Sequence[Kept]) -> int:
    """Try these again, each with the whole of its Save. How many operations have an effect now."""
    return sum(_each_stream(province, found, lambda stream, groups: _release(province, stream, groups)))


def withdraw(province: Province, found: Sequence[Kept], why: str, by: str = "") -> int:
    """These never get an effect; they are kept, asked about no more, and their laptops are told who decided it and why. How many
    operations, with the whole of their Saves."""
    decision = Decision(nfc(by), nfc(why), province.instant())
    return sum(_each_stream(province, found, lambda stream, groups: _withdraw(stream, groups, decision)))


def named(province: Province, op: str) -> list[Kept]:
    """The operation of this id, if it is in custody. Raises `KnownProblem` server.not_in_custody."""
    found = [one for one in kept(province) if one.op == op] if is_id(op) else []
    if not found:
        raise KnownProblem("server.not_in_custody", op=op)
    return found


def _each_stream(province: Province, found: Sequence[Kept], work: Any) -> list[int]:
    by_commune: dict[str, set[str]] = {}
    for one in found:
        by_commune.setdefault(one.commune, set()).add(one.group)
    with reading(province.engine) as connection:
        sids = {commune: _sid(connection, commune) for commune in by_commune}
    return [
        in_stream(province, sids[commune], lambda stream, groups=groups: work(stream, sorted(groups)))  # type: ignore[misc]
        for commune, groups in by_commune.items()
    ]


def _release(province: Province, stream: SqlStream, groups: list[str]) -> int:
    rows = stream.custody(groups=groups)
    return release_rows(stream, rows, province.instant(), RULES, checks_of(stream)) if rows else 0


def _withdraw(stream: SqlStream, groups: list[str], decision: Decision) -> int:
    rows = stream.custody(groups=groups)
    return withdraw_rows(stream, rows, decision, decision.at, RULES, checks_of(stream)) if rows else 0


def _sid(connection: Connection, commune: str) -> str:
    s = t.stream.c
    return str(connection.execute(select(s.sid).where(s.commune_code == commune, s.kind == "commune")).scalar())
