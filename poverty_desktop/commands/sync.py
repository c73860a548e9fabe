"""`sync`: one round with the province, or the enrolment before it; for scripts and support staff."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poverty_desktop.commands.workspace import guarding, password
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.folders import default_workspace
from poverty_desktop.system.machine import fingerprint
from poverty_desktop.system.resources import load_texts

if TYPE_CHECKING:
    from poverty_desktop.protocol.laptop import RoundReport
    from poverty_desktop.services.syncing import Syncing
    from poverty_desktop.storage.workspace import Workspace


def add_arguments(subparsers: Any) -> None:
    """Add the verb to the parser of `__main__`; `handler` of the parsed namespace is `run`."""
    verb = subparsers.add_parser("sync", help="send what waits and fetch what changed: one round with the province")
    verb.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="the data folder")
    verb.add_argument("--server", metavar="URL", help="address of the province; needed when first enrolling, then kept")
    verb.add_argument("--enrol", metavar="CODE", help="one-time code that connects this laptop first; also anew")
    verb.add_argument("--allow-deletes", action="store_true", help="a person said yes to the many deletions of the last round")
    verb.add_argument("--allow-plain-http", action="store_true", help="practice only: a province on another machine without TLS")
    verb.add_argument("--json", action="store_true", help="print JSON: counts per outcome, bytes, round trips, receipt")
    verb.add_argument("--language", choices=("vi", "en"), default="vi")
    verb.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """0 when the round ended complete; else 1 with one sentence on stderr, after what was done."""
    texts = load_texts(args.language)
    try:
        return _round(args, texts)
    except KnownProblem as problem:
        return _fail(args, texts, problem)


def syncing_of(workspace: Workspace, texts: Texts) -> Syncing:
    """The service on an open workspace, everything on the calling thread."""
    from poverty_desktop.services.attending import Attending
    from poverty_desktop.services.sync_conflicts import Settling
    from poverty_desktop.services.syncing import Syncing
    from poverty_desktop.storage.sync_store import SqliteSyncStore
    from poverty_desktop.sync.province_link import PARTS_FOLDER, HttpProvinceLink

    store = SqliteSyncStore(workspace.database)
    settling = Settling(workspace.records, lambda: texts, lambda: workspace.officer.id)
    link = HttpProvinceLink(parts=workspace.folder / PARTS_FOLDER)
    attending = Attending(workspace.custody, workspace.records, workspace.drafts, settling.wording, lambda: workspace.officer.id)
    return Syncing(link, store, workspace.settings, settling, attending, SystemClock(), lambda work: work())


def _round(args: argparse.Namespace, texts: Texts) -> int:
    from poverty_desktop.storage.workspace import open_workspace

    secret = password(texts)
    folder = getattr(args, "workspace", None) or default_workspace()
    opened = guarding().open(folder, lambda found: open_workspace(found, secret, clock=SystemClock(), machine=fingerprint()))
    try:
        syncing = syncing_of(opened.workspace, texts)
        try:
            _connect(args, syncing)
            report = syncing.round(allow_deletes=args.allow_deletes)
        finally:
            syncing.close()
        waiting = syncing.state(1)
        _show(args, texts, report, waiting.standing.waiting, waiting.conflicts_open)
    finally:
        opened.close()
    return 0 if report.outcome == "done" else 1


def _connect(args: argparse.Namespace, syncing: Syncing) -> None:
    if args.allow_plain_http:
        syncing.allow_plain_http()
    if args.enrol:
        syncing.enrol(args.server or "", args.enrol)  # again at the same address where none is named
    elif args.server:
        syncing.moved(args.server)


def _show(args: argparse.Namespace, texts: Texts, report: RoundReport, waiting: int, conflicts: int) -> None:
    problem = KnownProblem(report.problem, **report.facts) if report.problem else None
    sentence = texts.problem(problem) if problem else ""
    if args.json:
        print(json.dumps(_facts(report, waiting, conflicts) | {"sentence": sentence or None}, ensure_ascii=False))
        return
    print(texts(f"sync.round.{report.outcome}", sent=report.sent, received=report.received))
    for outcome, count in sorted(report.counts.items()):
        print(f"  {texts(f'sync.outcome.{outcome}')}: {count}")
    print(texts("sync.command_traffic", up=f"{report.up} byte", down=f"{report.down} byte", trips=report.round_trips))
    if report.receipt:
        counted = sum(report.receipt.counts.values())
        print(texts("sync.receipt", number=report.receipt.number, count=counted, moment=report.receipt.at))
    if sentence:
        print(sentence, file=sys.stderr)


def _facts(report: RoundReport, waiting: int, conflicts: int) -> dict[str, Any]:
    receipt = report.receipt
    return {
        "ok": report.outcome == "done",
        "outcome": report.outcome,
        "sent": report.sent,
        "received": report.received,
        "counts": dict(report.counts),
        "bytes": {"up": report.up, "down": report.down},
        "round_trips": report.round_trips,
        "receipt": receipt and asdict(receipt),
        "waiting": waiting,
        "conflicts_opened": report.conflicts,
        "conflicts_open": conflicts,
        "problem": report.problem,
    }


def _fail(args: argparse.Namespace, texts: Texts, problem: KnownProblem) -> int:
    sentence = texts.problem(problem)
    if args.json:
        print(json.dumps({"ok": False, "problem": problem.code, "sentence": sentence}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)
    return 1
