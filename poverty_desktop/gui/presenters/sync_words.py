"""Counts, sizes, moments and rounds as an officer reads them."""

from __future__ import annotations

from datetime import datetime

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.protocol.laptop import Receipt, RoundReport

CANONICAL_TO_LINE = 5  # what goes over the line is about a fifth of the canonical bytes (sync.md 2.1)


def number(count: int) -> str:
    """1234 -> "1.234"."""
    return f"{count:,}".replace(",", ".")


def size(count: int) -> str:
    """Bytes with a Vietnamese decimal comma: "0,8 KB", "12,3 KB", "1,8 MB"; less than a tenth of a KB is one."""
    if not count:
        return "0 KB"
    count = max(count, 100)
    for unit, divisor in (("KB", 1000), ("MB", 1_000_000)):
        if count < divisor * 1000 or unit == "MB":
            return f"{count / divisor:.1f} {unit}".replace(".", ",")
    return ""


def moment(instant: str | None) -> str:
    """A UTC instant as the local "10:42 23/11/2026"; "" for none."""
    return datetime.fromisoformat(instant).astimezone().strftime("%H:%M %d/%m/%Y") if instant else ""


def day(instant: str | None) -> str:
    """The local day of a UTC instant: "23/11/2026"; "" for none."""
    return moment(instant).partition(" ")[2]


def round_words(texts: Texts, line: RoundReport) -> str:
    """One round in plain words: how it ended, what went and came, and what a person must look at."""
    nothing = line.outcome == "done" and not (line.sent or line.received or line.rotations or line.salvaged or line.repaired)
    key = "sync.round.done_nothing" if nothing else f"sync.round.{line.outcome}"
    parts = [texts(key, sent=number(line.sent), received=number(line.received))]
    if line.conflicts:
        parts.append(texts("sync.round.conflicts", count=number(line.conflicts)))
    if line.counts.get("quarantined"):
        parts.append(texts("sync.round.quarantined", count=number(line.counts["quarantined"])))
    if line.unprojected:
        parts.append(texts("sync.round.unprojected", count=number(line.unprojected)))
    if line.rotations:
        parts.append(texts("sync.round.rotations"))
    if line.salvaged:
        parts.append(texts("sync.round.salvaged", count=number(line.salvaged)))
    if line.repaired:
        parts.append(texts("sync.round.repaired", count=number(line.repaired)))
    return "; ".join(parts) + "."


def traffic_words(texts: Texts, line: RoundReport) -> str:
    """What it cost the line, and how long it took."""
    return texts("sync.traffic", up=size(line.up), down=size(line.down), time=length(texts, line.millis / 1000))


def time_words(texts: Texts, count: int, a_second: float | None) -> str:
    """How much is to be sent and how long so many bytes will take at a measured speed; says so where none was measured."""
    if not a_second:
        return texts("sync.waiting_time_unknown", size=size(count))
    return texts("sync.waiting_time", size=size(count), time=length(texts, count / a_second), speed=size(round(a_second)))


def length(texts: Texts, seconds: float) -> str:
    """Whole seconds, from two minutes on whole minutes; never none."""
    if seconds < 120:
        return texts("sync.time.seconds", count=max(1, round(seconds)))
    return texts("sync.time.minutes", count=number(round(seconds / 60)))


def receipt_words(texts: Texts, receipt: Receipt | None) -> str:
    if receipt is None:
        return texts("sync.receipt_none")
    return texts("sync.receipt", number=receipt.number, count=number(sum(receipt.counts.values())), moment=moment(receipt.at))


def problem_of(line: RoundReport) -> KnownProblem | None:
    """The problem that ended the round, for its sentence."""
    return KnownProblem(line.problem, **line.facts) if line.problem else None
