"""A clock that the drill turns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

MONDAY = datetime(2026, 11, 9, 1, 30, tzinfo=UTC)  # half past eight in Quảng Ngãi


class TurnedClock:
    """Implements `services.ports.Clock`; the same for everybody in the drill."""

    def __init__(self) -> None:
        self._passed = timedelta()

    def turn(self, **how: float) -> None:
        self._passed += timedelta(**how)

    def now(self) -> datetime:
        return MONDAY + self._passed

    def today(self) -> date:
        return self.now().date()

    def monotonic(self) -> float:
        return self._passed.total_seconds()
