"""The brake on what a pull may take away (sync.md 3.9): more deletions than an ordinary day makes wait for a person's yes.

The limit is the province's own for a packet (`stream.most_deletes`). Once pulled, the brake stays pulled over rounds and restarts
until a person releases it; what the laptop itself deleted is not counted, and the officer's own work still goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any, cast

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.laptop import Parts, SyncStore, TakenIn
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.messages import Manifest
from poverty_desktop.protocol.stream import most_deletes
from poverty_desktop.services.ports import Settings

BRAKE = "sync.brake"
"""Setting: {"count", "living"} while a pull waits for a person."""


class Brake:
    """Stands between a round and the store; a new one for each round. Runs on the lane that owns the file."""

    def __init__(self, store: SyncStore, settings: Settings, *, released: bool) -> None:
        """`released`: a person has said yes to what this round brings."""
        self._store, self._settings, self._released = store, settings, released
        self._living: set[str] | None = None  # at the start of the round, minus what the round took away
        self._limit = 0
        self._taken = 0

    @classmethod
    def before(cls, store: SyncStore, settings: Settings, *, released: bool) -> SyncStore:
        return cast(SyncStore, cls(store, settings, released=released))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def take_in(self, epoch: int, entries: Sequence[LogEntry]) -> TakenIn:
        """Raises `KnownProblem("sync.many_deletes")` before anything of these entries is applied."""
        gone = {entry.record_id for entry in entries if entry.deleted}
        if gone or self._pulled:
            self._check(gone)
        return self._store.take_in(epoch, entries)

    def take_snapshot(self, manifest: Manifest, parts: Parts, common: Mapping[str, int]) -> None:
        """As `take_in`; what the snapshot lacks because it was made here and is sent again is not taken away. A snapshot of the
        same history only saves bytes: it is left out then, so that the round still sends what waits here before the log is
        refused."""
        at = {inc: min(position, manifest.lanes.get(inc, 0)) for inc, position in common.items()}
        try:
            gone = self._living_here - _living_in(parts) if self._living_here else set()
            self._check(gone - self._store.made_after(at) if gone else gone)
        except KnownProblem:
            if manifest.epoch != self._store.standing().cursor.epoch:
                raise
        else:
            self._store.take_snapshot(manifest, parts, common)

    @property
    def _pulled(self) -> Mapping[str, int] | None:
        found: Mapping[str, int] | None = self._settings.get(BRAKE)
        return found

    @property
    def _living_here(self) -> set[str]:
        if self._living is None:
            self._living = self._store.living()
            self._limit = most_deletes(len(self._living))
        return self._living

    def _check(self, gone: Collection[str]) -> None:
        if self._released:
            if self._pulled:
                self._settings.put(BRAKE, None)
            return
        here = self._living_here
        fresh = here.intersection(gone)
        self._taken += len(fresh)
        if self._pulled is None and self._taken > self._limit:
            self._settings.put(BRAKE, {"count": self._taken, "living": len(here)})
        if facts := self._pulled:
            raise KnownProblem("sync.many_deletes", **facts)
        here -= fresh


def _living_in(parts: Parts) -> set[str]:
    living: set[str] = set()
    for page in chain.from_iterable(parts):
        living.update(record_id for record_id, gone in zip(page.ids, page.gone, strict=True) if not gone)
    return living
