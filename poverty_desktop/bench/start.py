"""`bench start`: the window's first paint against a bare Qt window, and the painted form against bare Qt editors."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from poverty_desktop.bench.children import figures_of
from poverty_desktop.bench.figures import Bench
from poverty_desktop.bench.offices import new_office

RUNS, ROUNDS = 11, 5


def start(runs: int = RUNS, rounds: int = ROUNDS) -> Bench:
    """Medians over child processes that are started in turns, after one of each that warms the disk."""
    bench = Bench("start")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "workspace"
        new_office(folder, 8).workspace.close()
        ours, bare = _in_turns(("first_paint", "program", str(folder)), ("first_paint", "bare"), runs)
        for name, key in (("from the start of the process", "from_process_ms"), ("from QApplication", "from_qt_ms")):
            plain = [one[key] for one in bare]
            _add(bench, f"first paint of the window, {name}", [one[key] for one in ours], "bare Qt window", plain)
        _forms(bench, folder, max(1, runs // 3), rounds)
    return bench


def _forms(bench: Bench, folder: Path, runs: int, rounds: int) -> None:
    """Each process paints its form several times; what counts is the median of all."""
    arguments = (str(folder), str(rounds))
    ours, bare = _in_turns(("painted_form", "ours", *arguments), ("painted_form", "bare", *arguments), runs)
    limit = f"bare Qt form of {bare[0]['editors']} editors"
    whole = f"{limit} that shows all {bare[0]['options']} options and {bare[0]['hints']} hints, as ours does"
    for name, key in (("longest section of phieu_b painted", "form_ms"), ("whole survey screen painted", "screen_ms")):
        for bound, timed in ((limit, "form_ms"), (whole, "whole_ms")):
            _add(bench, name, [one for run in ours for one in run[key]], bound, [one for run in bare for one in run[timed]])


def _in_turns(ours: tuple[str, ...], bare: tuple[str, ...], runs: int) -> tuple[list[Any], list[Any]]:
    figures_of(*ours)
    figures_of(*bare)
    pairs = [(figures_of(*ours), figures_of(*bare)) for _ in range(runs)]
    return [one for one, _ in pairs], [one for _, one in pairs]


def _add(bench: Bench, name: str, ours: list[float], limit: str, bare: list[float]) -> None:
    bench.add(name, statistics.median(ours), "ms", (limit, statistics.median(bare)))
