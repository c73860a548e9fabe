"""One laptop as a process of its own, so that what its end costs is told apart. Run by `bench sync`."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from poverty_desktop.app.office import Office
from poverty_desktop.bench.asked_child import answer_questions, forget_peak, peak_mib
from poverty_desktop.bench.offices import opened_office
from poverty_desktop.bench.yardstick_office import edit_surveys
from poverty_desktop.protocol.laptop import RoundReport
from poverty_desktop.services.syncing import Syncing
from poverty_desktop.system.resources import load_texts


class Laptop:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._syncing = self._connected()

    def _connected(self) -> Syncing:
        return self._office.synchronised(lambda: load_texts("vi"), lambda work: work())

    def enrol(self, url: str, code: str) -> None:
        self._syncing.enrol(url, code)

    def moved(self, url: str) -> None:
        self._syncing.moved(url)

    def edit(self, count: int, seed: int) -> None:
        edit_surveys(self._office, count, seed)

    def round(self, rounds: int = 1) -> dict[str, Any]:
        """Rounds until one ends complete, `rounds` at the most: seconds, processor seconds, peak of memory, the last report."""
        forget_peak()
        started, worked = time.perf_counter(), time.process_time()
        reports: list[RoundReport] = []
        while not reports or (reports[-1].outcome != "done" and len(reports) < rounds):
            reports.append(self._syncing.round())
        worked, wall = time.process_time() - worked, time.perf_counter() - started
        trips, sent = (sum(getattr(one, name) for one in reports) for name in ("round_trips", "sent"))
        found = {"wall": wall, "cpu": worked, "peak": peak_mib(), "rounds": len(reports), "trips": trips, "sent": sent}
        return found | {"outcome": reports[-1].outcome, "problem": reports[-1].problem, "report": asdict(reports[-1])}

    def reconnect(self) -> None:
        """Another program's life: no token, no connection."""
        self._syncing.close()
        self._syncing = self._connected()


def main() -> None:
    with opened_office(Path(sys.argv[1])) as office:
        laptop = Laptop(office)
        verbs = ("enrol", "moved", "edit", "round", "reconnect")
        answer_questions({verb: getattr(laptop, verb) for verb in verbs})


if __name__ == "__main__":
    main()
