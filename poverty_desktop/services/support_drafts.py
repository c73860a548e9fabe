"""What was typed on a support screen and is no record yet: on disk at once, on this laptop only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from poverty_desktop.services.ports import Clock, Settings

NEW_BATCH = "batch"


class SupportDrafts:
    """Half-filled batches and lists of shares, as JSON values under a key (`NEW_BATCH`, or the id of a line)."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def kept(self, key: str) -> Any:
        """None when nothing is half-filled."""
        return self._settings.get(f"support.draft.{key}")

    def keep(self, key: str, value: Any) -> datetime:
        """Commit what was typed and say when."""
        self._settings.put(f"support.draft.{key}", value)
        return self._clock.now()

    def drop(self, key: str) -> None:
        if self.kept(key) is not None:
            self._settings.put(f"support.draft.{key}", None)
