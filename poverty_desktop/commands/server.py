"""`server run` and `server admin`: the other end (design.md section 8)."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poverty_desktop.server.province import Province


def add_arguments(subparsers: Any) -> None:
    """Adds the verb `server` to the command line's sub-parsers."""
    verbs = subparsers.add_parser("server", help="run or administer a province").add_subparsers(dest="server_verb", required=True)
    run_parser = verbs.add_parser("run", help="serve laptops until stopped")
    _add_place(run_parser)
    run_parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    run_parser.add_argument("--port", type=int, default=8765, help="port to listen on; 0 takes a free one")
    run_parser.add_argument("--port-file", type=Path, help="file that gets the port number once laptops may connect")
    run_parser.add_argument("--metrics-token", type=Path, metavar="FILE", help="file with the token of the monitor that reads "
                            "/metrics; without it only this machine may")  # fmt: skip
    run_parser.add_argument("--practice", action="store_true", help="a province for practice: real laptops refuse it")
    _add_admin(verbs.add_parser("admin", help="communes, codes and devices"))


def run(args: argparse.Namespace) -> int:
    """Does what the parsed arguments say; raises `KnownProblem` server.*. Gives the exit code."""
    _find_place(args)
    return _serve(args) if args.server_verb == "run" else _administer(args)


def _add_place(parser: argparse.ArgumentParser) -> None:
    said = "; without --data, what the environment says in "
    parser.add_argument("--data", type=Path, metavar="DIR", help=f"folder of the province's key and file{said}PROVINCE_DATA")
    url = f"PostgreSQL instead of the file, as postgresql://user:password@host/name{said}PROVINCE_DATABASE_URL"
    parser.add_argument("--database-url", help=url)
    guard = f"what no backup takes back; best on another disk{said}PROVINCE_GUARD"
    parser.add_argument("--guard", type=Path, metavar="FILE", help=guard)


def _find_place(args: argparse.Namespace) -> None:
    """All of one province from the arguments, or from the environment where no folder was named: never a part of each, lest
    the one's folder be used with another's database. Raises `KnownProblem("server.no_place")`."""
    from poverty_desktop.domain.problems import KnownProblem

    if args.data is not None:
        return
    data, guard = os.environ.get("PROVINCE_DATA"), os.environ.get("PROVINCE_GUARD")
    if not data:
        raise KnownProblem("server.no_place")
    args.data = Path(data)
    args.guard = args.guard or (Path(guard) if guard else None)
    args.database_url = args.database_url or os.environ.get("PROVINCE_DATABASE_URL") or None


def _add_admin(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="admin_verb", required=True)
    commune = verbs.add_parser("add-commune", help="the stream of a commune; made once")
    commune.add_argument("--code", required=True, help="five digits")
    commune.add_argument("--name", required=True)
    code = verbs.add_parser("code", help="a one-time code for an officer's laptop")
    code.add_argument("--commune", required=True, help="five digits")
    code.add_argument("--officer", required=True, help="full name")
    devices = verbs.add_parser("devices", help="all devices")
    revoke = verbs.add_parser("revoke", help="answer nothing to a device from now on")
    revoke.add_argument("--device", required=True, help="id of the device")
    order = verbs.add_parser("device", help="order a device at its next contact: hand over what waits, then lock or wipe itself")
    order.add_argument("order", choices=["lock", "unlock", "wipe"])
    order.add_argument("--device", required=True, help="id of the device")
    order.add_argument("--unsent-too", action="store_true", help="wipe also when something could not be handed over: it is lost")
    certificate = verbs.add_parser("certificate", help="from its next start the server speaks TLS by it")
    certificate.add_argument("--name", action="append", default=[], help="host or address, for programs other than laptops")
    adopt = verbs.add_parser("adopt-restore", help="go on after the database was put back from a backup: a new epoch")
    adopt.add_argument("--anyway", action="store_true", help="also when nothing is known to be missing (a failover)")
    guard = verbs.add_parser("adopt-guard", help="begin another guard file where the old one is lost for good: a new epoch")
    for verb in (commune, code, devices, revoke, order, certificate, adopt, guard, *_add_backups(verbs), *_add_custody(verbs)):
        _add_place(verb)
        verb.add_argument("--json", action="store_true", help="print JSON")


def _add_backups(verbs: Any) -> list[argparse.ArgumentParser]:
    backup = verbs.add_parser("backup", help="copy the province's file, read the copy through, and mark what it holds")
    backup.add_argument("--to", type=Path, required=True, metavar="FILE")
    mark = verbs.add_parser("backup-mark", help="read a backup that was put back elsewhere through, and mark what it holds")
    mark.add_argument("--restored", required=True, metavar="PLACE", help="a file, or postgresql://user:password@host/name")
    gone = verbs.add_parser("backup-gone", help="a backup left the rotation")
    gone.add_argument("--mark", required=True, help="id of the backup")
    move = verbs.add_parser("move", help="copy the stopped province from its file into an empty PostgreSQL database")
    move.add_argument("--to", required=True, metavar="ADDRESS", help="postgresql://user:password@host/name")
    return [backup, mark, gone, move, verbs.add_parser("backups", help="the backups in rotation")]


def _add_custody(verbs: Any) -> list[argparse.ArgumentParser]:
    quarantine = verbs.add_parser("quarantine", help="what is kept without effect")
    release = verbs.add_parser("release", help="try what is kept again: one operation with its Save, or all of a reason")
    withdraw = verbs.add_parser("withdraw", help="leave what is kept without effect for good")
    for verb in (quarantine, release, withdraw):
        verb.add_argument("--commune", help="five digits")
        verb.add_argument("--reason", help="only what is kept for this reason")
    for verb in (release, withdraw):
        verb.add_argument("--op", help="id of the operation")
    withdraw.add_argument("--why", required=True, help="the officer reads it")
    withdraw.add_argument("--by", default="", help="who decided it; the officer reads it")
    snapshots = verbs.add_parser("snapshots", help="make a snapshot of each commune that has gone on since its last one")
    return [quarantine, release, withdraw, snapshots]


def _serve(args: argparse.Namespace) -> int:
    import logging

    from poverty_desktop.server.hosting import serve
    from poverty_desktop.server.settings import Settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    token = args.metrics_token.read_text().strip() if args.metrics_token else None
    settings = Settings(args.data, args.database_url, args.practice, args.guard, token)
    with _alone(args.data) if args.database_url is None else nullcontext():
        serve(settings, host=args.host, port=args.port, port_file=args.port_file)
    return 0


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Nobody else serves from the file in this folder. Raises `KnownProblem("server.running")`."""
    from poverty_desktop.domain.problems import KnownProblem
    from poverty_desktop.system.single_instance import InstanceLock

    try:
        lock = InstanceLock.take(data, "province.lock", "server.running")
    except OSError as error:
        raise KnownProblem("server.folder", path=str(data)) from error
    try:
        yield
    finally:
        lock.release()


def _administer(args: argparse.Namespace) -> int:
    from sqlalchemy.exc import DBAPIError

    from poverty_desktop.domain.problems import KnownProblem
    from poverty_desktop.server.province import open_province
    from poverty_desktop.server.settings import Settings

    try:
        settings = Settings(args.data, args.database_url, guard=args.guard)
        province = open_province(settings, guard_may_be_lost=args.admin_verb == "adopt-guard")
    except DBAPIError as error:
        raise KnownProblem("server.database") from error
    try:
        found = _VERBS[args.admin_verb](province, args)
    finally:
        province.close()
    print(json.dumps(found, ensure_ascii=False, indent=2) if args.json else _readable(found))
    return 0


def _add_commune(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import admin

    return asdict(admin.add_commune(province, args.code, args.name))


def _code(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import admin

    return asdict(admin.make_code(province, args.commune, args.officer))


def _devices(province: Province, _args: argparse.Namespace) -> Any:
    from poverty_desktop.server import admin

    return [asdict(device) for device in admin.devices(province)]


def _revoke(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import admin

    admin.revoke(province, args.device)
    return {"id": args.device, "state": "revoked"}


def _order(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import admin

    return {"id": args.device, "state": admin.order(province, args.device, args.order, unsent_too=args.unsent_too)}


def _certificate(_province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server.tls import make_certificate

    return asdict(make_certificate(args.data, args.name))


def _adopt(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import restoring

    return [asdict(stream) for stream in restoring.adopt(province, anyway=args.anyway)]


def _adopt_guard(province: Province, _args: argparse.Namespace) -> Any:
    from poverty_desktop.server.guard_identity import begin_anew

    begun = begin_anew(province.engine, province.guard, province.instant())
    return [{"commune": commune, "epoch": epoch, "rev": rev} for commune, epoch, rev in begun]


def _backup(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import backups

    return backups.shown(backups.make(province, args.to))


def _backup_mark(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import backups

    return backups.shown(backups.mark(province, args.restored))


def _backups(province: Province, _args: argparse.Namespace) -> Any:
    from poverty_desktop.server import backups

    return backups.in_rotation(province)


def _backup_gone(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import restoring

    restoring.drop_backup(province, args.mark)
    return {"mark": args.mark, "state": "gone"}


def _move(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import moving

    def heard(table: str, done: int, total: int) -> None:
        print(f"{table}: {done}/{total}", file=sys.stderr)

    with _alone(args.data):
        return [asdict(stream) for stream in moving.move(province, args.to, heard)]


def _quarantine(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import custody
    from poverty_desktop.system.resources import load_texts

    words, kept = load_texts("vi"), custody.kept(province, commune=args.commune, reason=args.reason)
    why = {one.reason: f"server.reason.{one.reason}" for one in kept}
    return [asdict(one) | {"why": words(why[one.reason]) if words.has(why[one.reason]) else ""} for one in kept]


def _release(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import custody

    return {"applied": custody.release(province, _chosen(province, args))}


def _withdraw(province: Province, args: argparse.Namespace) -> Any:
    from poverty_desktop.server import custody

    return {"withdrawn": custody.withdraw(province, _chosen(province, args), args.why, args.by)}


def _chosen(province: Province, args: argparse.Namespace) -> Any:
    """One operation, or all of a reason: never everything without a word."""
    from poverty_desktop.domain.problems import KnownProblem
    from poverty_desktop.server import custody

    if args.op:
        return custody.named(province, args.op)
    if not args.reason:
        raise KnownProblem("server.name_custody")
    return custody.kept(province, commune=args.commune, reason=args.reason)


def _snapshots(province: Province, _args: argparse.Namespace) -> Any:
    from poverty_desktop.server.snapshots import make_ready

    return make_ready(province, behind=0)


_VERBS: dict[str, Callable[[Province, argparse.Namespace], Any]] = {
    "add-commune": _add_commune,
    "certificate": _certificate,
    "code": _code,
    "device": _order,
    "devices": _devices,
    "revoke": _revoke,
    "adopt-restore": _adopt,
    "adopt-guard": _adopt_guard,
    "backup": _backup,
    "backup-mark": _backup_mark,
    "backups": _backups,
    "backup-gone": _backup_gone,
    "move": _move,
    "quarantine": _quarantine,
    "release": _release,
    "withdraw": _withdraw,
    "snapshots": _snapshots,
}


def _readable(found: Any) -> str:
    """`name: value` lines, a blank line between things; a word where there is none."""
    from poverty_desktop.system.resources import load_texts

    things = found if isinstance(found, list) else [found]
    if not things:
        return load_texts("vi")("server.nothing")
    return "\n\n".join("\n".join(f"{name}: {value}" for name, value in thing.items()) for thing in things)
