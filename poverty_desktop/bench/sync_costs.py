"""What one round cost, at both ends and on the line between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from poverty_desktop.bench.asked_child import AskedChild, forget_peak, peak_mib, processor_seconds
from poverty_desktop.bench.figures import Bench


@dataclass(frozen=True)
class Cost:
    """Seconds, bytes of TCP payload, MiB. None: this machine does not tell."""

    wall: float
    laptop_cpu: float
    province_cpu: float | None
    up: int
    down: int
    trips: int
    laptop_peak: float | None
    province_peak: float | None
    told: dict[str, Any]

    @property
    def bytes(self) -> int:
        return self.up + self.down


def cost_of(work: Callable[[], dict[str, Any]], line: AskedChild, server: int) -> Cost:
    """`work` asks a laptop's process for something that goes over `line` to the process `server`."""
    line.ask("passed")
    forget_peak(server)
    before = processor_seconds(server)
    told = work()
    after, passed = processor_seconds(server), line.ask("passed")
    spent = None if before is None or after is None else after - before
    return Cost(
        told["wall"], told["cpu"], spent, passed["up"], passed["down"], told.get("trips", 1), told["peak"], peak_mib(server), told
    )


_FIGURES = (
    ("wall", "s", "wall"),
    ("laptop processor", "s", "laptop_cpu"),
    ("province processor", "s", "province_cpu"),
    ("up", "bytes", "up"),
    ("down", "bytes", "down"),
    ("round trips", "round trips", "trips"),
    ("laptop peak memory", "MiB", "laptop_peak"),
    ("province peak memory", "MiB", "province_peak"),
)


def add_cost(bench: Bench, name: str, cost: Cost, floor: Cost | None = None) -> None:
    """A line a figure; against the floor's where there is one."""
    for what, unit, attribute in _FIGURES:
        value, limit = getattr(cost, attribute), getattr(floor, attribute) if floor else None
        if value is not None:
            bench.add(f"{name}: {what}", value, unit, ("floor", limit) if limit else None)
