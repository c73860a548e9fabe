"""Local choices of the workspace, never synchronised."""

from __future__ import annotations

import json
from typing import Any

from poverty_desktop.storage.engine import Database


class SettingTable:
    """Implements `services.ports.Settings`. Values are JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: Any = None) -> Any:
        text = self._database.value("SELECT value FROM setting WHERE key = ?", (key,))
        return default if text is None else json.loads(text)

    def put(self, key: str, value: Any) -> None:
        if self.get(key) == value and value is not None:
            return
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, json.dumps(value, ensure_ascii=False)),
            )
