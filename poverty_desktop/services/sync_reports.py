"""What a round leaves behind: a line in the log of rounds, the receipt of the province, and the speed of the line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.laptop import Receipt, RoundOutcome, RoundReport
from poverty_desktop.protocol.link import Traffic
from poverty_desktop.protocol.tally import Tally

ROUNDS_MEASURED = 10
LEAST_BYTES = 2_000  # a shorter round measures how long the province thinks, not the line


@dataclass(frozen=True)
class Span:
    """When a round ran: its number, wall-clock instants for people, and its length on the monotonic clock."""

    id: int
    started: str
    ended: str
    seconds: float


def report_of(
    span: Span, outcome: RoundOutcome, tally: Tally, before: Traffic, after: Traffic, problem: KnownProblem | None
) -> RoundReport:
    """The report of a round; `before` and `after` are the traffic of the link at its two ends."""
    return RoundReport(
        id=span.id,
        started=span.started,
        ended=span.ended,
        outcome=outcome,
        sent=tally.sent,
        received=tally.received,
        up=after.up - before.up,
        down=after.down - before.down,
        round_trips=after.round_trips - before.round_trips,
        millis=round(span.seconds * 1000),
        counts=dict(tally.counts),
        conflicts=tally.conflicts,
        unprojected=tally.unprojected,
        rotations=tally.rotations,
        salvaged=tally.salvaged,
        repaired=tally.repaired,
        problem=problem.code if problem else None,
        facts=dict(problem.facts) if problem else {},
        receipt=receipt_of(tally),
    )


def receipt_of(tally: Tally) -> Receipt | None:
    """The receipt of a round: its number is made of the last packet's id and the hash of its signed acks, so it cannot be guessed
    and proves which bytes arrived."""
    if not tally.acks:
        return None
    last, mark = tally.acks[-1], hash_of_proof(tally.proof)
    number = "-".join((last.packet[:4], last.packet[4:8], mark[:4], mark[4:8])).upper()
    return Receipt(number, last.received, dict(tally.counts), tuple(tally.proof))


def hash_of_proof(proof: Iterable[str]) -> str:
    """SHA-256, in hex, over the signed acks of a round, one a line."""
    return hashlib.sha256("\n".join(proof).encode()).hexdigest()


def bytes_a_second(rounds: Iterable[RoundReport]) -> float | None:
    """What the newest rounds carried in both directions by the time they took, thinking of the province included; None where
    none was long enough to measure. `rounds` newest first."""
    measured = [line for line in rounds if line.millis and line.up + line.down >= LEAST_BYTES][:ROUNDS_MEASURED]
    taken = sum(line.millis for line in measured)
    return sum(line.up + line.down for line in measured) * 1000 / taken if taken else None
