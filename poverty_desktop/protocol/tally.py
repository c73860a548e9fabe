"""What a round says while it runs, and what it has achieved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from poverty_desktop.protocol.laptop import TakenIn
from poverty_desktop.protocol.link import Pushed
from poverty_desktop.protocol.messages import Ack

Phase = Literal["probe", "auth", "hello", "rotate", "salvage", "snapshot", "push", "pull", "repair", "done"]


@dataclass(frozen=True)
class Progress:
    """Counted progress: `done` of `total` operations in this phase, and the bytes so far."""

    phase: Phase
    done: int = 0
    total: int = 0
    up: int = 0
    down: int = 0


class Stopped(Exception):
    """The officer asked to stop; what is done is kept."""


@dataclass
class Tally:
    """What a round has achieved so far; true at every moment, also when it is cut."""

    sent: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    received: int = 0
    conflicts: int = 0
    unprojected: int = 0
    rotations: int = 0
    salvaged: int = 0  # entries of others that a restored province got back from us
    repaired: int = 0  # records that were not as the province has them
    acks: list[Ack] = field(default_factory=list)
    proof: list[str] = field(default_factory=list)
    next_after_s: int = 0
    skew: int | None = None  # wall clock of this laptop minus the province's, in seconds

    def add(self, taken: TakenIn) -> None:
        self.received += taken.foreign
        self.conflicts += taken.conflicts
        self.unprojected += taken.unprojected

    def count(self, pushed: Pushed, counts: dict[str, int]) -> None:
        self.counts.update(counts)
        self.sent += sum(counts.values())
        self.acks.append(pushed.ack)
        self.proof.append(pushed.proof)

    def set_skew(self, now: datetime, theirs: str) -> None:
        self.skew = round((now - datetime.fromisoformat(theirs)).total_seconds())
