"""The log of rounds and the schedule of retries (sync.md 3.18, 3.24): both outlive a restart."""

from __future__ import annotations

import json
from typing import Any

from poverty_desktop.protocol.backoff import Retry
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.laptop import Receipt, RoundReport
from poverty_desktop.storage.engine import Database

KEPT = 200  # rounds in the ring
_COUNTED = ("millis", "rotations", "salvaged", "repaired")


def begin(database: Database, at: str) -> int:
    """The number of a new round; until its end is written it counts as unfinished."""
    with database.transaction() as connection:
        cursor = connection.execute("INSERT INTO sync_session (started, outcome) VALUES (?, 'unfinished')", (at,))
        connection.execute("DELETE FROM sync_session WHERE id <= ?", (cursor.lastrowid - KEPT,))
        return int(cursor.lastrowid)


def end(database: Database, report: RoundReport) -> None:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE sync_session SET ended = ?, outcome = ?, up = ?, down = ?, detail = ? WHERE id = ?",
            (report.ended, report.outcome, report.up, report.down, _detail(report), report.id),
        )


def newest(database: Database, limit: int) -> list[RoundReport]:
    rows = database.rows(
        "SELECT id, started, ended, outcome, up, down, detail FROM sync_session ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [_report(row) for row in rows]


def retry(database: Database) -> Retry:
    row = database.row("SELECT attempt, not_before_mono, boot_id FROM sync_retry WHERE k = 'province'")
    return Retry(row[0], row[1], row[2] == "asked") if row else Retry()


def keep_retry(database: Database, retry: Retry) -> None:
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO sync_retry (k, attempt, not_before_mono, boot_id) VALUES ('province', ?, ?, ?)",
            (retry.attempt, retry.not_before, "asked" if retry.asked else ""),
        )


def _detail(report: RoundReport) -> str:
    receipt = report.receipt
    detail: dict[str, Any] = {
        "sent": report.sent,
        "received": report.received,
        "trips": report.round_trips,
        "counts": dict(report.counts),
        "conflicts": report.conflicts,
        "unprojected": report.unprojected,
        **{name: getattr(report, name) for name in _COUNTED},
        "problem": report.problem,
        "facts": {name: value if isinstance(value, int) else str(value) for name, value in report.facts.items()},
        "receipt": receipt and {"no": receipt.number, "at": receipt.at, "counts": dict(receipt.counts), "proof": receipt.proof},
    }
    return canonical(detail).decode()


def _report(row: tuple[Any, ...]) -> RoundReport:
    detail = json.loads(row[6]) if row[6] else {}
    kept = detail.get("receipt")
    return RoundReport(
        id=row[0],
        started=row[1],
        ended=row[2],
        outcome=row[3],
        up=row[4],
        down=row[5],
        sent=detail.get("sent", 0),
        received=detail.get("received", 0),
        round_trips=detail.get("trips", 0),
        counts=detail.get("counts", {}),
        conflicts=detail.get("conflicts", 0),
        unprojected=detail.get("unprojected", 0),
        **{name: detail.get(name, 0) for name in _COUNTED},
        problem=detail.get("problem"),
        facts=detail.get("facts", {}),
        receipt=Receipt(kept["no"], kept["at"], kept["counts"], tuple(kept["proof"])) if kept else None,
    )
