"""Real processes, killed at random moments, with disasters in between; in the end all agree, and nothing that was called saved is
lost, doubled or silently overwritten (issue "Sync", "Proof")."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.soak.closing import Closing
from tests.soak.laptop import Machine
from tests.soak.ledger import Ledger
from tests.soak.line import Line
from tests.soak.processes import context
from tests.soak.province import ProvinceMachine

OFFICERS = ("Đôn", "Hồng", "Mơ")
MOST_LAPTOPS = 5
BAD_LINE = 0.15


@dataclass(frozen=True)
class Asked:
    kills: int
    seed: int
    folder: Path
    database_url: str | None = None
    minutes: float = float("inf")  # no kill after so many
    longest: float = 1.2  # seconds between two steps
    say: Callable[[str], None] = lambda text: None


class Soak:
    def __init__(self, asked: Asked) -> None:
        self._asked, self._chance = asked, random.Random(asked.seed)
        self._at, self._pause = context(), threading.Event()
        self.ledger, self.kills, self.killed_while = Ledger(), 0, Counter[str]()
        self.disasters: Counter[str] = Counter()
        self._lost_at_owner: set[str] = set()
        self.province = ProvinceMachine(asked.folder / "province", self._at, self._chance, asked.database_url)
        self.line = Line(self.province.port, asked.seed)
        self.laptops = [self._machine(name, name) for name in OFFICERS]

    def _machine(self, name: str, hardware: str, code: str = "") -> Machine:
        place = self._asked.folder / f"laptop {name}"
        return Machine(name, place, hardware, code or self.province.code(name), self._at, self.ledger)

    def run(self) -> dict[str, Any]:
        began = time.monotonic()
        try:
            self._begin()
            steps: dict[Callable[[], None], int] = {
                self._kill_a_laptop: 58, self._kill_the_province: 20, self._power_cut: 3, self._back_up: 6,
                self._put_back_by_hand: 3, self._put_back_by_menu: 3,
                self._clone: 2, self._restore_the_province: 3, self._another_line: 4,
            }  # fmt: skip
            while self.kills < self._asked.kills and time.monotonic() < began + 60 * self._asked.minutes:
                self._work_on(self._chance.uniform(0.05, self._asked.longest))
                self._chance.choices(list(steps), list(steps.values()))[0]()
            return self._end(began)
        finally:
            for laptop in self.laptops:
                laptop.kill()
            self.province.kill()
            self.line.close()

    # --- between the kills --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.province.answers()
        for laptop in self.laptops:
            self._switch_on(laptop)
        waiting = set(OFFICERS)
        while waiting:
            self._work_on(0.05)
            for laptop in self.laptops:
                if any(line["what"] == "round" and line["outcome"] == "done" for line in laptop.hear()):
                    waiting.discard(laptop.name)
        while not self.province.kept:
            self.kills += self.province.back_up()
        self.line.badness = BAD_LINE

    def _work_on(self, seconds: float) -> None:
        self._pause.wait(seconds)

    def _switch_on(self, laptop: Machine) -> None:
        laptop.switch_on(laptop.post(self.line.url, self._chance))

    def _note_kills(self, count: int, while_: str) -> None:
        before = self.kills // 50
        self.kills += count
        self.killed_while[while_] += count
        if self.kills // 50 > before:
            self._asked.say(f"{self.kills} kills, {len(self.ledger.saved)} operations called saved, {dict(self.disasters)}")

    def _kill(self, laptop: Machine) -> None:
        self._note_kills(killed := laptop.kill(), f"laptop: {laptop.last}" if killed else "")

    # --- the steps ------------------------------------------------------------------------------------------------------------

    def _kill_a_laptop(self) -> None:
        laptop = self._chance.choice(self.laptops)
        self._kill(laptop)
        if self._chance.random() < 0.85:  # else it stays off for a while
            self._switch_on(laptop)
        off = [one for one in self.laptops if not one.runs]
        if len(off) > 2:
            self._switch_on(self._chance.choice(off))

    def _kill_the_province(self) -> None:
        self._note_kills(self.province.kill(), "province")
        if self._chance.random() < 0.3:
            self._work_on(self._chance.uniform(0.1, 1.0))
        self.province.start()

    def _power_cut(self) -> None:
        """Everything at once."""
        for laptop in self.laptops:
            self._kill(laptop)
        self._kill_the_province()
        for laptop in self.laptops:
            self._switch_on(laptop)

    def _back_up(self) -> None:
        self.disasters["backups of the province"] += 1
        self._note_kills(self.province.back_up(), "backup of the province")

    def _put_back_by_hand(self) -> None:
        new_disk = self._chance.random() < 0.5
        self._put_back("by hand", lambda laptop, copy: laptop.put_back_by_hand(copy, new_disk=new_disk))

    def _put_back_by_menu(self) -> None:
        patience = self._chance.uniform(0.0, 0.3) if self._chance.random() < 0.5 else None

        def by_menu(laptop: Machine, copy: Path) -> None:
            self._note_kills(laptop.put_back_by_menu(copy, patience), "laptop: put back by its menu")

        self._put_back("by menu", by_menu)

    def _put_back(self, how: str, put: Callable[[Machine, Path], None]) -> None:
        laptop = self._chance.choice(self.laptops)
        copies = laptop.copies()
        if copies:
            self._kill(laptop)
            had = laptop.own() | laptop.received()
            put(laptop, self._chance.choice(copies[:3]))
            self._note_gone(had - laptop.own() - laptop.received())
            self.ledger.forget_promises(laptop.name)
            self.disasters[f"laptops put back {how}"] += 1
            self._switch_on(laptop)

    def _clone(self) -> None:
        """One machine's disk is copied onto another: a new one, or one that had another clone."""
        original = self._chance.choice(self.laptops[: len(OFFICERS)])
        if not (original.folder / "workspace.db").exists():
            return
        if len(self.laptops) < MOST_LAPTOPS:
            clone = self._machine(f"{original.name} {len(self.laptops)}", "", original.code)
            self.laptops.append(clone)
        else:
            clone = self._chance.choice(self.laptops[len(OFFICERS) :])
        self._kill(original)
        self._kill(clone)
        had = clone.own() | clone.received()
        clone.hardware = original.hardware if self._chance.random() < 0.5 else f"{clone.name} {self.kills}"
        clone.become_clone_of(original)
        self._note_gone(had - clone.own() - clone.received())
        self.ledger.forget_promises(clone.name)
        self.disasters["clones"] += 1
        self._switch_on(original)
        self._switch_on(clone)

    def _note_gone(self, left: set[str]) -> None:
        """What a disk took with it that is nowhere else; and what is only at the province now, until others have received it."""
        self._lost_at_owner |= left
        self.ledger.gone |= left - self._on_disks() - self.province.operations()

    def _on_disks(self) -> set[str]:
        return set().union(*(laptop.own() | laptop.received() for laptop in self.laptops))

    def _restore_the_province(self) -> None:
        self._note_kills(self.province.kill(), "province")
        before, disks = self.province.operations(), self._on_disks()
        self.province.put_back()
        vanished = before - disks - self.province.operations()
        self.ledger.gone |= vanished & self._lost_at_owner
        if strange := vanished - self._lost_at_owner:
            self.ledger.broken.append(f"{len(strange)} operations were at the province only, although their laptops live")
        self.disasters["province put back"] += 1
        self.province.start()
        self._work_on(self._chance.uniform(0.0, 0.8))  # laptops hear that it was restored
        self._note_kills(self.province.kill(), "province, put back and not adopted")
        self._note_kills(self.province.adopt(), "adopt-restore")
        self.province.start()

    def _another_line(self) -> None:
        self.line.badness = self._chance.choice([0.0, BAD_LINE, 0.5])

    # --- the end ----------------------------------------------------------------------------------------------------------------

    def _end(self, began: float) -> dict[str, Any]:
        """Faults stop; everybody synchronises until nothing changes."""
        self.line.badness = 0.0
        for laptop in self.laptops:
            self._kill(laptop)
        self._note_kills(self.province.kill(), "province")
        killing = time.monotonic() - began
        self.province.start()
        self.province.answers()
        closing = Closing(self.laptops, self.province, self.ledger, self.line.url)
        figures = closing.figures()
        self.killed_while.pop("", None)
        return {
            "seed": self._asked.seed, "kills": self.kills,
            "database": "postgresql" if self._asked.database_url else "sqlite", **figures,
            "cut connections": self.line.cuts, "disasters": dict(self.disasters),
            "killed while": dict(self.killed_while.most_common()), "interrupted operator": dict(self.province.interrupted),
            "seconds of killing": round(killing), "seconds": round(time.monotonic() - began),
        }  # fmt: skip
