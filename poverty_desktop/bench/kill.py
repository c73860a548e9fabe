"""`bench kill`: SIGKILL at random moments of typing in the real windows loses no field that the status line called saved."""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poverty_desktop.app.office import Office
from poverty_desktop.bench import children
from poverty_desktop.bench.figures import Bench
from poverty_desktop.bench.offices import PASSWORD, new_office, opened_office
from poverty_desktop.domain.records import Household, Survey

MOMENTS = 200
TYPING_SECONDS = 1.5
"""A moment is drawn evenly from this much typing, counted from the first key."""
HOUSEHOLDS = 40
Place = tuple[str, str, str]  # screen, household id, key


@dataclass
class Promise:
    """What a field must hold: the value last called saved, or one typed after it (which may have been committed unsigned)."""

    saved: Any
    later: list[Any] = field(default_factory=list)

    def kept_by(self, found: Any) -> bool:
        return found == self.saved or found in self.later


@dataclass
class Tally:
    moments: int = 0
    called_saved: int = 0
    typed: int = 0
    checked: int = 0
    losses: list[str] = field(default_factory=list)
    damaged: int = 0
    promises: dict[Place, Promise] = field(default_factory=dict)

    def hear(self, lines: Iterable[list[Any]]) -> None:
        """What one typist said until it was killed. RuntimeError when it stopped by itself."""
        typed: dict[int, tuple[Place, Any]] = {}
        for line in lines:
            if line[0] == "typed":
                place, value = (line[2], line[3], line[4]), line[5]
                typed[line[1]] = place, value
                self.typed += 1
                if place in self.promises:
                    self.promises[place].later.append(value)
            elif line[0] == "saved":
                self._promise(typed, line[1])
            elif line[0] == "stuck":
                raise RuntimeError(f"the typist stopped: {line[1]}")

    def _promise(self, typed: dict[int, tuple[Place, Any]], number: int) -> None:
        place, value = typed[number]
        later = [other for n, (where, other) in typed.items() if n > number and where == place]
        self.promises[place] = Promise(value, later)
        self.called_saved += 1

    def check(self, office: Office) -> None:
        """Look every promise up in the reopened file. A broken one is counted once, then forgotten."""
        if not office.workspace.verify().ok:
            self.damaged += 1
        for place, promise in list(self.promises.items()):
            found = value_on_disk(office, *place)
            self.checked += 1
            if promise.kept_by(found):
                self.promises[place] = Promise(found)
            else:
                self.losses.append(f"{place}: called saved {promise.saved!r}, found {found!r}")
                del self.promises[place]


def kill(moments: int = MOMENTS, seed: int = 1) -> Bench:
    """Figures: moments, fields typed and called saved, look-ups after a restart, losses, files that did not verify."""
    dice, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "workspace"
        new_office(folder, HOUSEHOLDS).workspace.close()
        for _ in range(moments):
            tally.hear(_killed(folder, dice))
            tally.moments += 1
            with opened_office(folder) as office:
                tally.check(office)
    bench = Bench("kill")
    bench.add("SIGKILL at a random moment of typing", tally.moments, "moments")
    bench.add("fields typed", tally.typed, "fields")
    bench.add("fields called saved by the status line", tally.called_saved, "fields")
    bench.add("look-ups of such fields after a restart", tally.checked, "look-ups")
    bench.add("losses", len(tally.losses), "fields", ("called saved", tally.called_saved))
    bench.add("files that did not verify", tally.damaged, "files", ("restarts", tally.moments))
    bench.notes += tally.losses
    bench.broken = bool(tally.losses or tally.damaged)
    return bench


def _killed(folder: Path, dice: random.Random) -> list[list[Any]]:
    """One typist from its start to its death, and all that it said."""
    child = children.start("typist", str(folder), str(dice.randrange(2**31)), password=PASSWORD)
    assert child.stdout is not None
    heard: list[str] = []
    first = child.stdout.readline()
    if not first:
        raise RuntimeError(f"the typist did not start: {child.communicate()[1]}")
    reader = threading.Thread(target=lambda out=child.stdout: heard.extend(out))
    reader.start()
    time.sleep(dice.uniform(0, TYPING_SECONDS))
    child.kill()
    child.wait()
    reader.join()
    child.stdout.close()
    if child.stderr is not None:
        child.stderr.close()
    return [json.loads(line) for line in [first, *heard] if line.endswith("\n")]


def value_on_disk(office: Office, screen: str, household_id: str, key: str) -> Any:
    """The value of a field as the next start finds it: in the draft if one is there, else in the record."""
    at = office.workspace
    drafts = [one for one in at.drafts.all() if one.kind == screen and _household_of(one) == household_id]
    if drafts and key in drafts[0].values:
        return drafts[0].values[key]
    if screen == "household":
        household = at.records.get(Household, household_id)
        return getattr(household, key.removeprefix("household."), None)
    surveys = at.records.select(Survey, household_id=household_id)
    return surveys[0].answers.get(key) if surveys else None


def _household_of(draft: Any) -> str:
    return str(draft.subject_id if draft.kind == "household" else draft.notes.get("household_id"))
