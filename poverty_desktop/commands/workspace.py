"""`workspace create | info | verify | backup`: the life of the data file, for support staff, scripts and tests."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.services.guarding import LEAST_PASSWORD, Guarded, Guarding
from poverty_desktop.storage.keyfile import STANDARD, KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.cloud_folders import refuse_unfit_folder
from poverty_desktop.system.folders import default_workspace
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from poverty_desktop.system.single_instance import InstanceLock

PASSWORD_VARIABLE = "POVERTY_DESKTOP_PASSWORD"
NEW_PASSWORD_VARIABLE = "POVERTY_DESKTOP_NEW_PASSWORD"
_SHOWN = ("folder", "schema", "officer", "commune_code", "commune_name", "practice", "language", "bytes", "last_backup")


def add_arguments(subparsers: Any) -> None:
    """Add the verb to the parser of `__main__`; `handler` of the parsed namespace is `run`."""
    verb = subparsers.add_parser("workspace", help="create, describe, check or copy the encrypted data folder")
    doings = verb.add_subparsers(dest="doing", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="the data folder")
    common.add_argument("--json", action="store_true", help="print JSON")
    common.add_argument("--language", choices=("vi", "en"), default="vi")
    making = doings.add_parser("create", parents=[common], help="make a new, empty workspace")
    making.add_argument("--officer", required=True, help="full name of the officer")
    making.add_argument("--commune", required=True, metavar="CODE", help="five-digit code of the commune")
    making.add_argument("--practice", action="store_true", help="for practice: never syncs with a real province")
    for doing, words in (("info", "say what it holds"), ("verify", "read all of it and say what does not hold")):
        doings.add_parser(doing, parents=[common], help=words)
    accounts = doings.add_parser("account", parents=[common], help="let another officer open it with a password of their own")
    accounts.add_argument("act", choices=("add",))
    accounts.add_argument("name", metavar="NAME", help="full name of the other officer")
    copying = doings.add_parser("backup", parents=[common], help="make a verified copy")
    copying.add_argument("--to", type=Path, metavar="DIR", help="folder of the copies (default: inside the workspace)")
    restoring = doings.add_parser("restore", parents=[common], help="put a copy back; what it replaces is kept among the copies")
    restoring.add_argument("copy", type=Path, metavar="COPY", help="folder of the copy")
    verb.set_defaults(handler=run)


def run(args: argparse.Namespace, costs: KeyCosts = STANDARD) -> int:
    """Do what `args.doing` says. 0, or 1 with one sentence on stderr (JSON: ``{"ok": false, "problem", "sentence"}``)."""
    texts = load_texts(args.language)
    doings: dict[str, Callable[[], int]] = {
        "create": lambda: _create(args, texts, costs),
        "info": lambda: _info(args, texts),
        "verify": lambda: _verify(args, texts),
        "backup": lambda: _backup(args),
        "restore": lambda: _restore(args, texts),
        "account": lambda: _account(args, texts, costs),
    }
    try:
        return doings[args.doing]()
    except KnownProblem as problem:
        return _fail(args, texts, problem)


def password(texts: Texts, *, twice: bool = False) -> str:
    """From POVERTY_DESKTOP_PASSWORD or a prompt."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    typed = getpass.getpass(texts("workspace.password_prompt"))
    if twice and getpass.getpass(texts("workspace.password_again")) != typed:
        raise KnownProblem("workspace.passwords_differ")
    return typed


def new_password(texts: Texts) -> str:
    """Of an officer who is added: from POVERTY_DESKTOP_NEW_PASSWORD or a prompt, typed twice."""
    given = os.environ.get(NEW_PASSWORD_VARIABLE)
    typed = getpass.getpass(texts("workspace.new_password_prompt")) if given is None else given
    if given is None and getpass.getpass(texts("workspace.password_again")) != typed:
        raise KnownProblem("workspace.passwords_differ")
    if len(typed) < LEAST_PASSWORD:
        raise KnownProblem("workspace.weak_password", least=LEAST_PASSWORD)
    return typed


def guarding() -> Guarding:
    return Guarding(refuse_unfit_folder, InstanceLock.take)


def _folder(args: argparse.Namespace) -> Path:
    folder: Path = getattr(args, "workspace", None) or default_workspace()
    return folder


def _open(args: argparse.Namespace, texts: Texts) -> Guarded[Workspace]:
    secret = password(texts)
    return guarding().open(_folder(args), lambda folder: open_workspace(folder, secret, clock=SystemClock()))


def _create(args: argparse.Namespace, texts: Texts, costs: KeyCosts) -> int:
    unit = load_reference().unit(args.commune)
    if unit is None:
        raise KnownProblem("workspace.unknown_commune", commune=args.commune)
    secret = password(texts, twice=True)
    new = NewWorkspace(args.officer, unit.code, unit.name, practice=args.practice, language=args.language)
    made = guarding().create(_folder(args), secret, lambda folder: create(folder, secret, new, clock=SystemClock(), costs=costs))
    made.close()
    sentence = texts("workspace.created", commune=args.commune, folder=_folder(args))
    _show(args, {"ok": True, "folder": str(_folder(args)), "commune_code": args.commune}, [sentence])
    return 0


def _info(args: argparse.Namespace, texts: Texts) -> int:
    with opened_workspace(args, texts) as workspace:
        facts = workspace.info()
    lines = [f"{texts(f'workspace.info.{name}')}: {_shown(texts, facts[name])}" for name in _SHOWN]
    lines += [f"{texts(f'workspace.info.{name}')}: {count}" for name, count in facts["counts"].items()]
    _show(args, {"ok": True, **facts}, lines)
    return 0


def _verify(args: argparse.Namespace, texts: Texts) -> int:
    with opened_workspace(args, texts) as workspace:
        found = workspace.verify()
    facts = {"ok": found.ok, "operations": found.operations, "households": found.households, "faults": found.faults}
    if found.ok:
        sentence = texts("workspace.ok", operations=found.operations, households=found.households)
    else:
        sentence = texts("workspace.faulty", count=len(found.faults))
    _show(args, facts, [sentence, *found.faults])
    return 0 if found.ok else 1


def _backup(args: argparse.Namespace) -> int:
    with opened_workspace(args, load_texts(args.language)) as workspace:
        made = workspace.backup(args.to)
    _show(args, {"ok": True, "backup": str(made)}, [str(made)])
    return 0


def _restore(args: argparse.Namespace, texts: Texts) -> int:
    from poverty_desktop.storage.putting_back import put_back

    secret, folder = password(texts), _folder(args)
    replaced = guarding().restore(folder, lambda found: put_back(found, args.copy, secret, clock=SystemClock()))
    sentence = texts("workspace.restored", copy=args.copy.name, replaced=replaced)
    _show(args, {"ok": True, "folder": str(folder), "replaced": str(replaced)}, [sentence])
    return 0


def _account(args: argparse.Namespace, texts: Texts, costs: KeyCosts) -> int:
    """The random key of the file wrapped once more, with the new officer's password (design.md section 6)."""
    with opened_workspace(args, texts) as workspace:
        if nfc(args.name) == workspace.officer.name:
            raise KnownProblem("workspace.account_exists", name=workspace.officer.name)
        officer = workspace.add_officer(args.name, new_password(texts), costs)
        workspace.access_log.note(workspace.officer.id, "account_added", account=officer.id)
    _show(args, {"ok": True, "account": officer.name, "id": officer.id}, [texts("workspace.account_added", name=officer.name)])
    return 0


def _shown(texts: Texts, value: Any) -> str:
    if isinstance(value, bool):
        return texts("workspace.yes" if value else "workspace.no")
    return texts("workspace.none") if value in (None, "") else str(value)


def _show(args: argparse.Namespace, facts: Mapping[str, Any], lines: list[str]) -> None:
    print(json.dumps(facts, ensure_ascii=False) if args.json else "\n".join(lines))


def _fail(args: argparse.Namespace, texts: Texts, problem: KnownProblem) -> int:
    sentence = texts.problem(problem)
    if args.json:
        print(json.dumps({"ok": False, "problem": problem.code, "sentence": sentence}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)
    return 1


@contextmanager
def opened_workspace(args: argparse.Namespace, texts: Texts) -> Iterator[Workspace]:
    """The workspace of a verb that reads or writes it: under its lock, closed whatever happens. Where `args.account` names an
    officer, the password must be theirs; raises `KnownProblem("workspace.other_account")`."""
    opened = _open(args, texts)
    try:
        officer, wanted = opened.workspace.officer.name, getattr(args, "account", None)
        if wanted is not None and nfc(wanted) != officer:
            raise KnownProblem("workspace.other_account", name=officer, wanted=wanted)
        yield opened.workspace
    finally:
        opened.close()
