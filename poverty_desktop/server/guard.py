"""What stands outside the database, so that a database put back from a backup shows (sync.md 3.20).

A file of one line a fact, appended after each commit and made short at each start: how far every stream has come, where each
epoch came from, what every backup in rotation holds, and which devices were refused. A backup that is put back takes none of
this back. The file has an identity that the database knows too, so that a lost file is not taken for a new one.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from poverty_desktop.protocol.canonical import NotCanonical, canonical, parse
from poverty_desktop.protocol.epochs import Origin
from poverty_desktop.protocol.stream_store import Head
from poverty_desktop.server import tables as t
from poverty_desktop.server.backup_marks import BackupMark

log = logging.getLogger(__name__)
_AGAIN_AFTER = 5.0  # seconds between two looks while the database is behind
_SURE_FOR = 60.0  # and while it is not


@dataclass
class Facts:
    """The file, read. `communes`: (code, name) and `heads`: (epoch, rev, chain) of every stream; `devices`: the states of those
    that an operator decided about."""

    identity: str | None = None
    communes: dict[str, tuple[str, str]] = field(default_factory=dict)
    heads: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    origins: dict[str, dict[int, Origin]] = field(default_factory=dict)
    marks: dict[tuple[str, str], BackupMark] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    def take(self, wire: dict[str, Any]) -> None:
        sid = wire.get("sid", "")
        if "guard" in wire:
            self.identity = str(wire["guard"])
        elif "device" in wire:
            self.devices[str(wire["device"])] = str(wire["state"])
        elif "head" in wire:
            epoch, rev, chain = wire["head"]
            self.heads[sid] = (epoch, rev, chain)
        elif "commune" in wire:
            code, name = wire["commune"]
            self.communes[sid] = (code, name)
        elif "origin" in wire:
            epoch, parent, start = wire["origin"]
            self.origins.setdefault(sid, {})[epoch] = Origin(parent, start)
        elif "backup" in wire:
            mark = BackupMark(**wire["backup"])
            self.marks[mark.mark, mark.sid] = mark
        elif "gone" in wire:
            self.marks = {key: mark for key, mark in self.marks.items() if key[0] != wire["gone"]}

    def lines(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [{"guard": self.identity}] if self.identity else []
        found += [{"sid": sid, "commune": list(one)} for sid, one in self.communes.items()]
        found += [{"sid": sid, "head": list(head)} for sid, head in self.heads.items()]
        for sid, origins in self.origins.items():
            found += [{"sid": sid, "origin": [epoch, one.parent, one.start]} for epoch, one in origins.items()]
        found += [{"device": dev, "state": state} for dev, state in self.devices.items()]
        return found + [{"backup": mark.row()} for mark in self.marks.values()]

    def newest_epoch(self, sid: str) -> int:
        known = self.heads.get(sid, (1, 0, ""))
        return max(known[0], *self.origins.get(sid, ()), 1)


class Guard:
    """The file. Lines that were cut by a crash are passed over: the next commit of their stream writes them again.

    `identity`: which file the database knows; None: it knows none yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.identity: str | None = None
        self._lock = threading.Lock()
        self._restored = False
        self._looked: float | None = None
        self.is_written = True  # whether the last commit could be noted

    def read(self) -> Facts:
        facts = Facts()
        try:
            data = self.path.read_bytes()
        except OSError:
            return facts
        for line in data.split(b"\n"):
            try:
                facts.take(parse(line))
            except (NotCanonical, TypeError, ValueError, AttributeError):
                continue
        return facts

    def note(self, head: Head) -> None:
        """A commit: the stream stands here now. What was committed is answered also where the guard cannot be written."""
        try:
            self._append([{"sid": head.sid, "head": [head.epoch, head.rev, head.chain.hex()]}], flush=False)
            self.is_written = True
        except OSError as error:
            self.is_written = False
            log.error("the guard file cannot be written (%s): a restore may go unnoticed", error.strerror)

    def keep(self, lines: Iterable[dict[str, Any]]) -> None:
        """Facts that must not be lost: on the disk when this returns."""
        self._append(lines, flush=True)

    def shorten(self) -> None:
        """The same facts in as few lines as they need."""
        with self._lock:
            self._replace(self.read())

    def begin(self, facts: Facts) -> None:
        """A new file that says this; what stood in its place lies beside it."""
        with self._lock:
            if self.path.exists():
                os.replace(self.path, self.path.with_name(f"{self.path.name}.old-{facts.identity}"))
            self._replace(facts)
            self.identity, self._looked = facts.identity, None

    def _replace(self, facts: Facts) -> None:
        partial = self.path.with_name(self.path.name + ".part")
        with partial.open("wb") as file:
            file.write(b"".join(canonical(line) + b"\n" for line in facts.lines()))
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self.path)

    def behind(self, connection: Connection) -> set[str]:
        """The streams of which the database holds less, or something else, than was committed once."""
        facts = self.read()
        return {sid for sid, head in facts.heads.items() if not _holds(connection, sid, head)}

    def restored(self, look: Any) -> bool:
        """Whether the database is behind, or the file is not the one it knows; `look()` opens a read transaction. Looked at again
        once in a while."""
        with self._lock:
            wait = _AGAIN_AFTER if self._restored else _SURE_FOR
            if self._looked is not None and time.monotonic() < self._looked + wait:
                return self._restored
            with look() as connection:
                known = connection.execute(select(t.guard_file.c.identity)).scalar()
                self.identity = known or self.identity  # another program may have adopted a new file
                lost = self.is_lost()
                self._restored = lost or bool(self.behind(connection))
            if lost:
                log.error("the guard file is not the one that the database knows: nothing is served until one is adopted")
            self._looked = time.monotonic()
            return self._restored

    def is_lost(self) -> bool:
        """Whether the file that the database knows is gone, or another one stands in its place."""
        return self.identity is not None and self.read().identity != self.identity

    def forget_look(self) -> None:
        with self._lock:
            self._looked = None

    def _append(self, lines: Iterable[dict[str, Any]], *, flush: bool) -> None:
        with self._lock, self.path.open("ab") as file:
            file.write(b"".join(canonical(line) + b"\n" for line in lines))
            if flush:
                file.flush()
                os.fsync(file.fileno())


def _holds(connection: Connection, sid: str, head: tuple[int, int, str]) -> bool:
    epoch, rev, chain = head
    s, log = t.stream.c, t.change_log.c
    row = connection.execute(select(s.epoch, s.head).where(s.sid == sid)).first()
    if row is None or row.epoch < epoch:
        return False
    if row.epoch > epoch or rev == 0:
        return True
    found = connection.execute(select(log.chain).where(log.sid == sid, log.rev == rev)).scalar()
    return found is not None and bytes(found).hex() == chain
