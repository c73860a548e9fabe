"""Who looked at, printed or exported what: a hash-chained log without citizen ids (design.md section 6)."""

from __future__ import annotations

import json
import re
from typing import Any

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.services.ports import Clock
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.instants import instant

_CITIZEN_ID = re.compile(r"\b\d{8}(\d{4})\b")


class AccessLog:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(self, user: str, action: str, **facts: str | int | None) -> None:
        """Add an entry; twelve-digit numbers keep only their last four digits."""
        with self._database.transaction() as connection:
            add_entry(connection, instant(self._clock.now()), user, action, facts)

    def entries(self, limit: int = 200) -> list[dict[str, Any]]:
        """Newest first."""
        found = self._database.rows("SELECT entry FROM access_log ORDER BY seq DESC LIMIT ?", (limit,))
        return [json.loads(row[0]) for row in found]

    def is_whole(self) -> bool:
        """Whether no entry was changed or taken out of the middle."""
        chain = EMPTY
        for entry, kept in self._database.rows("SELECT entry, chain FROM access_log ORDER BY seq"):
            chain = step(chain, entry.encode())
            if chain != kept:
                return False
        return True


def add_entry(connection: Any, at: str, user: str, action: str, facts: dict[str, Any]) -> None:
    last = connection.execute("SELECT chain FROM access_log ORDER BY seq DESC LIMIT 1").fetchone()
    entry = canonical({"at": at, "user": user, "action": action, **{key: masked(value) for key, value in facts.items()}})
    chain = step(last[0] if last else EMPTY, entry)
    connection.execute("INSERT INTO access_log (entry, chain) VALUES (?, ?)", (entry.decode(), chain))


def masked(value: Any) -> Any:
    """Text with citizen ids cut to their last four digits."""
    return _CITIZEN_ID.sub(r"********\1", value) if isinstance(value, str) else value
