"""Local choices of the workspace, and the questionnaires it holds. Neither is synchronised."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from poverty_desktop.services.ports import Clock
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.instants import instant


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


class FormReleases:
    """Every version of a questionnaire that a record of this workspace may need, as XForm XML; immutable (design.md 4)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, form_id: str, version: str) -> bytes | None:
        xml: bytes | None = self._database.value(
            "SELECT xml FROM form_release WHERE form_id = ? AND version = ?", (form_id, version)
        )
        return xml

    def put(self, form_id: str, version: str, title: str, xml: bytes) -> str:
        """Keep a release and give its SHA-256. Raises `ValueError` when this version holds another text already."""
        digest = hashlib.sha256(xml).hexdigest()
        kept = self._database.value("SELECT hash FROM form_release WHERE form_id = ? AND version = ?", (form_id, version))
        if kept not in (None, digest):
            raise ValueError(f"{form_id} {version} is released with another text")
        if kept is None:
            values = (form_id, version, digest, title, xml, instant(self._clock.now()))
            with self._database.transaction() as connection:
                connection.execute(
                    "INSERT INTO form_release (form_id, version, hash, title, xml, kept_at) VALUES (?, ?, ?, ?, ?, ?)", values
                )
        return digest
