"""The parts of a running province, built once and passed in."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from poverty_desktop.domain import merge_rules
from poverty_desktop.protocol.identity import UuidClock
from poverty_desktop.protocol.merging import Rules
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.server.backup_marks import add_marks, missing_here
from poverty_desktop.server.database import database_url, in_write, migrate, open_engine, reading
from poverty_desktop.server.guard import Guard
from poverty_desktop.server.guard_identity import recognise
from poverty_desktop.server.keys import province_signer
from poverty_desktop.server.metrics import Metrics
from poverty_desktop.server.settings import Settings

RULES = Rules(merge_rules.field_class, merge_rules.merge_group, merge_rules.climbs)
WRITERS = 32  # how many requests may wait for a write transaction before the next is told to come later


@dataclass
class Province:
    settings: Settings
    engine: Engine
    signer: Signer
    guard: Guard
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    writers: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(WRITERS))
    metrics: Metrics = field(default_factory=Metrics)
    building: threading.Lock = field(default_factory=threading.Lock)  # of snapshots: one at a time
    _ids: UuidClock = field(default_factory=lambda: UuidClock(secrets.token_bytes, lambda: time.time_ns() // 1_000_000))
    _ids_lock: threading.Lock = field(default_factory=threading.Lock)

    def instant(self) -> str:
        """The server's clock as it stands in answers: UTC with Z, to the second."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def new_id(self) -> str:
        with self._ids_lock:
            return self._ids.uuid7()

    def restored(self) -> bool:
        """Whether the database holds less than was committed once: it was put back and not adopted yet (sync.md 3.20)."""
        return self.guard.restored(lambda: reading(self.engine))

    def close(self) -> None:
        self.engine.dispose()


def open_province(settings: Settings, *, guard_may_be_lost: bool = False) -> Province:
    """Open (or make) the province of this data folder, its schema brought up to date. Raises `KnownProblem` server.guard_lost
    where the guard file is not the one that the database knows."""
    signer = province_signer(settings.data_dir)
    engine = open_engine(database_url(settings.data_dir, settings.database_url))
    migrate(engine)
    province = Province(settings, engine, signer, Guard(settings.guard_path))
    try:
        recognise(province.engine, province.guard, may_be_lost=guard_may_be_lost)
    except BaseException:
        province.close()
        raise
    _complete_marks(province)
    return province


def _complete_marks(province: Province) -> None:
    """Backups that are in rotation by the guard bound what is safe, also where a program died before the database knew."""
    marks = province.guard.read().marks.values()
    with reading(province.engine) as connection:
        if not missing_here(connection, marks):
            return
    in_write(province.engine, lambda connection: add_marks(connection, missing_here(connection, marks)))
