"""What the tour leaves behind: `tour.json`, and numbered pictures and documents beside it."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Step:
    name: str
    ok: bool = False
    seconds: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TourScreen:
    """The screen of a laptop: its pixels, and how much larger than by nature everything is drawn on it."""

    width: int
    height: int
    scale: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """What there is room for, in pixels of the layout."""
        return round(self.width / self.scale), round(self.height / self.scale)


SCREENS = {"1366x768": TourScreen(1366, 768), "1024x768@150": TourScreen(1024, 768, 1.5)}


class TourStopped(Exception):
    """A step did not hold, so the ones after it were not tried."""


class TourReport:
    """Collects the steps; the first one that does not hold ends the tour, and the report says where and why."""

    def __init__(self, out: Path, screen: TourScreen) -> None:
        self.out, self.screen = out, screen
        self.steps: list[Step] = []
        self._pictures = 0

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Run one step; what is put in the yielded dict becomes its figures."""
        step = Step(name)
        self.steps.append(step)
        started = time.monotonic()
        print(f"tour: {name} …", flush=True)
        try:
            yield step.figures
            step.ok = True
        except Exception as error:
            step.figures["error"] = "".join(traceback.format_exception(error)).strip()
            raise TourStopped(name) from error
        finally:
            step.seconds = round(time.monotonic() - started, 2)
            self.write()

    def picture_file(self, name: str) -> Path:
        self._pictures += 1
        return self.out / f"{self._pictures:02d}-{name}.png"

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step.ok for step in self.steps)

    def write(self) -> None:
        content = {"ok": self.ok, "steps": [asdict(step) for step in self.steps]}
        (self.out / "tour.json").write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
