"""A figure and the limit it is held against, both measured in the same run: only the ratio travels between machines."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Denominator:
    """The named limit: what the same work costs without us."""

    name: str
    value: float


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    denominator: Denominator | None = None

    @property
    def ratio(self) -> float | None:
        if self.denominator is None or not self.denominator.value:
            return None
        return round(self.value / self.denominator.value, 2)


@dataclass
class Bench:
    """The figures of one benchmark, and what they were measured on."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # how something was counted, or what was found wrong
    broken: bool = False  # a promise was found broken; a missed limit is none

    def add(self, name: str, value: float, unit: str, against: tuple[str, float] | None = None) -> None:
        self.figures.append(Figure(name, value, unit, Denominator(*against) if against else None))

    def as_json(self) -> str:
        figures = [_figure_dict(figure) for figure in self.figures]
        found = {"bench": self.name, "machine": machine(), "figures": figures, "notes": self.notes}
        return json.dumps(found, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        heading = f"{self.name} on {machine()['processors']} processors, Python {machine()['python']}"
        return "\n".join([heading, *map(_line, self.figures), *(f"  ({note})" for note in self.notes)])


def _figure_dict(figure: Figure) -> dict[str, Any]:
    limit = figure.denominator
    return {
        "name": figure.name,
        "value": round(figure.value, 4),
        "unit": figure.unit,
        "denominator": None if limit is None else {"name": limit.name, "value": round(limit.value, 4)},
        "ratio": figure.ratio,
    }


def _line(figure: Figure) -> str:
    line = f"  {figure.name}: {figure.value:.4g} {figure.unit}"
    limit = figure.denominator
    return line if limit is None else f"{line}   {figure.ratio} x {limit.name} ({limit.value:.4g})"


def machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0..1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_ms(work: Callable[[], object], runs: int) -> float:
    """Median wall time of `work` over `runs` runs, in milliseconds."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000
