"""When to try again after a round that failed (sync.md 3.18). Pure: times on the monotonic clock and randomness come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 15 * 60.0
LONGEST_ASKED_SECONDS = 60 * 60.0
PORTAL_SECONDS = 60.0
SPREAD_SECONDS = 120.0
LINK_SPREAD_SECONDS = 20.0


@dataclass(frozen=True)
class Retry:
    """`attempt` failures in a row; no try by itself before `not_before` (monotonic seconds). `asked` when the server said so."""

    attempt: int = 0
    not_before: float = 0.0
    asked: bool = False

    def remaining(self, now: float) -> float:
        """Seconds still to wait at monotonic time `now`. A wait longer than any we set was made before the machine was
        restarted, on another monotonic clock: it is over."""
        wait = self.not_before - now
        return wait if 0 < wait <= LONGEST_ASKED_SECONDS * 1.2 else 0.0


def after_failure(retry: Retry, now: float, random: Callable[[], float]) -> Retry:
    """Full jitter: random(0, min(15 min, 2 s · 2ⁿ)). `random()` is uniform in [0, 1)."""
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(retry.attempt, 16))
    return Retry(retry.attempt + 1, now + random() * longest)


def after_request_to_wait(retry: Retry, now: float, seconds: float, random: Callable[[], float]) -> Retry:
    """`Retry-After` of the server: honoured up to one hour, then spread by ±20 %."""
    wait = min(max(seconds, 0.0), LONGEST_ASKED_SECONDS)
    return Retry(retry.attempt, now + wait * (0.8 + 0.4 * random()), asked=True)


def after_portal(retry: Retry, now: float) -> Retry:
    """Not our server: look again in a minute; the count of failures does not grow."""
    return Retry(retry.attempt, now + PORTAL_SECONDS)


def after_link(retry: Retry, now: float, random: Callable[[], float]) -> Retry:
    """A link has appeared: the next try by itself comes within moments, spread, since a whole office gets its line back at once.
    What the server asked for stands, and failures still count, so that a line that comes and goes waits longer and longer."""
    soon = Retry(retry.attempt, now + random() * LINK_SPREAD_SECONDS)
    return retry if retry.asked or retry.remaining(now) <= soon.remaining(now) else soon


def after_start(retry: Retry, now: float, random: Callable[[], float]) -> Retry:
    """The first try by itself after a start, when a thousand laptops are opened at half past seven: within two minutes, any time
    of them. A wait that is longer stays."""
    spread = Retry(retry.attempt, now + random() * SPREAD_SECONDS)
    return retry if retry.remaining(now) >= spread.remaining(now) else spread
