"""How the province is, for whoever runs it: alive, ready and why not, and the figures of its monitor (sync.md 3.24)."""

from __future__ import annotations

import hmac
import ipaddress
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from poverty_desktop.protocol import messages
from poverty_desktop.server import tables as t
from poverty_desktop.server.calls import JSON, Call
from poverty_desktop.server.database import reading
from poverty_desktop.server.metrics import MEDIA_TYPE, family
from poverty_desktop.server.province import Province
from poverty_desktop.server.refusals import Refused

LEAST_FREE = 200 << 20  # bytes on the disk of the data folder
OVERDUE = timedelta(days=3)  # sync.md 3.24: 95 % of what waits on laptops is younger
Reason = Literal["database", "restored", "guard_lost", "guard_not_written", "disk_full"]
_REASONS: tuple[Reason, ...] = get_args(Reason)
Samples = list[tuple[dict[str, str], float]]


class Live(messages.Signed):
    status: Literal["live"] = "live"


class Ready(messages.Signed):
    status: Literal["ready", "not_ready"]
    reasons: list[Reason]


def live(province: Province, call: Call) -> messages.Signed:
    """The process answers; nothing else is asked."""
    return Live(nonce=call.nonce)


def ready(province: Province, call: Call) -> Response:
    """200, or 503 with the reasons why laptops are told to wait."""
    found = reasons(province)
    answer = Ready(nonce=call.nonce, status="not_ready" if found else "ready", reasons=found)
    body = messages.signed(answer, province.signer.sign)
    return Response(body, status_code=503 if found else 200, media_type=JSON, headers={"Cache-Control": "no-store"})


def reasons(province: Province) -> list[Reason]:
    found: list[Reason] = []
    try:
        if province.restored():
            found.append("guard_lost" if province.guard.is_lost() else "restored")
        with reading(province.engine) as connection:
            connection.execute(select(1))
    except SQLAlchemyError:
        found.append("database")
    if not province.guard.is_written:
        found.append("guard_not_written")
    if shutil.disk_usage(province.settings.data_dir).free < LEAST_FREE:
        found.append("disk_full")
    return found


def metrics(province: Province, call: Call) -> Response:
    """The figures, for the monitor: with the token that was set for it, or where none was, from this machine only."""
    if not _is_the_monitor(province, call):
        raise Refused("not_found")
    why = reasons(province)
    lines = [*_state(province, why), *province.metrics.lines()]
    if "database" not in why:
        with reading(province.engine) as connection:
            lines += _stored(connection, province)
    return Response("\n".join(lines) + "\n", media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def _is_the_monitor(province: Province, call: Call) -> bool:
    token = province.settings.metrics_token
    if token is not None:
        given = call.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    forwarded = {"forwarded", "x-forwarded-for", "x-real-ip", "via"} & {name.lower() for name in call.headers}
    return not forwarded and _is_loopback(call.host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _state(province: Province, why: list[Reason]) -> Iterator[str]:
    yield from _gauge("province_ready", "Whether laptops are served", [({}, not why)])
    samples: Samples = [({"reason": reason}, reason in why) for reason in _REASONS]
    yield from _gauge("province_not_ready", "Why they are not", samples)
    free = shutil.disk_usage(province.settings.data_dir).free
    yield from _gauge("province_disk_free_bytes", "Room on the disk of the data folder", [({}, free)])


def _stored(connection: Connection, province: Province) -> Iterator[str]:
    stream, quarantine, device = t.stream.c, t.quarantine.c, t.device.c
    held = select(quarantine.reason, func.count()).where(quarantine.open.is_(True)).group_by(quarantine.reason)
    devices = select(device.state, func.count()).group_by(device.state)
    overdue = (province.now().astimezone(UTC) - OVERDUE).strftime("%Y-%m-%d")
    late = select(func.count()).where(device.pending > 0, device.oldest_pending < overdue)
    yield from _number(connection, "province_streams", "Communes", select(func.count(stream.sid)))
    yield from _number(connection, "province_log_entries", "Operations in the logs", select(func.sum(stream.head)))
    yield from _number(connection, "province_conflicts_open", "Conflicts nobody has settled",
                       select(func.count()).where(t.conflict.c.open.is_(True)))  # fmt: skip
    yield from _by(connection, "province_quarantine_open", "Operations kept without effect", "reason", held)
    yield from _number(connection, "province_parked", "Packets that wait for one before them", select(func.count(t.parked.c.sid)))
    yield from _by(connection, "province_devices", "Laptops", "state", devices)
    yield from _number(connection, "province_devices_overdue", "Laptops with work older than 3 days that has not come", late)
    yield from _backups(connection, province)


def _backups(connection: Connection, province: Province) -> Iterator[str]:
    """How much would be lost with the database now: what no verified backup holds, and how old the newest one is."""
    mark, stream = t.backup_mark.c, t.stream.c
    best = select(mark.sid, mark.epoch, func.max(mark.rev).label("rev")).group_by(mark.sid, mark.epoch).subquery()
    behind = select(func.sum(stream.head - func.coalesce(best.c.rev, 0))).outerjoin_from(
        t.stream, best, (best.c.sid == stream.sid) & (best.c.epoch == stream.epoch)
    )
    yield from _number(connection, "province_backups", "Verified backups in rotation", select(func.count(mark.mark.distinct())))
    yield from _number(connection, "province_backup_lag_operations", "Operations that no verified backup holds", behind)
    newest = connection.execute(select(func.max(mark.at))).scalar()
    age: Samples = [] if newest is None else [({}, (province.now() - datetime.fromisoformat(newest)).total_seconds())]
    yield from _gauge("province_backup_age_seconds", "Since the newest verified backup", age)


def _number(connection: Connection, name: str, words: str, query: Select[Any]) -> Iterator[str]:
    yield from _gauge(name, words, [({}, int(connection.execute(query).scalar() or 0))])


def _by(connection: Connection, name: str, words: str, label: str, query: Select[Any]) -> Iterator[str]:
    rows = sorted((str(value), int(count)) for value, count in connection.execute(query))
    yield from _gauge(name, words, [({label: value}, count) for value, count in rows])


def _gauge(name: str, words: str, samples: Samples) -> Iterator[str]:
    yield from family(name, "gauge", words, iter(samples))
