"""Keeping the data: a verified copy when one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from poverty_desktop.services.ports import Clock, Settings

LAST_COPY = "backup.last"


@dataclass(frozen=True)
class CopyHeld:
    """A copy and what it holds. `at`, `last_change`: UTC instants, "" where it is not known; `waiting`: operations that the
    province had not signed for; `replaced`: what lay in the workspace when another copy was put back; `problem`: why it does not
    open, a code, "" when it does."""

    name: str
    at: str
    bytes: int
    households: int = 0
    people: int = 0
    surveys: int = 0
    waiting: int = 0
    last_change: str = ""
    replaced: bool = False
    problem: str = ""


class Copyable(Protocol):
    def backup(self) -> Path:
        """A verified, rotating copy; raises `KnownProblem` when there is no space."""
        ...


class Keeping:
    def __init__(self, workspace: Copyable, settings: Settings, clock: Clock, every: timedelta = timedelta(hours=20)) -> None:
        """`every`: less than a day, so that a copy is made each working day whatever the hour it begins."""
        self._workspace, self._settings, self._clock, self._every = workspace, settings, clock, every

    def last_copy(self) -> datetime | None:
        """When the last verified copy was made; named in every risky dialog (design.md section 6)."""
        kept = self._settings.get(LAST_COPY)
        return None if kept is None else datetime.fromisoformat(kept["at"])

    def is_due(self) -> bool:
        """Also when the clock went back behind the last copy: a wrong date must not stop the copies."""
        last, now = self.last_copy(), self._clock.now()
        return last is None or now < last or now - last >= self._every

    def copy(self) -> Path:
        """Make and verify a copy now."""
        made = self._workspace.backup()
        self._settings.put(LAST_COPY, {"at": self._clock.now().isoformat(), "folder": str(made)})
        return made

    def copy_if_due(self) -> Path | None:
        return self.copy() if self.is_due() else None
