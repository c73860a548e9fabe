"""The day on which practice and proofs play: inside the review of 2026, whatever the machine's calendar says."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

BEGINS = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # half past eight in the morning in Quang Ngai


class DayOfTheReview:
    """A clock that begins at `BEGINS` and runs on as time passes. Implements `services.ports.Clock`."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def now(self) -> datetime:
        return BEGINS + timedelta(seconds=time.monotonic() - self._started)

    def today(self) -> date:
        return self.now().date()

    def monotonic(self) -> float:
        return time.monotonic()
