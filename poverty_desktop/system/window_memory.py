"""What a window remembers beside the encrypted file: size, place, language. No personal data; losing it loses nothing."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any


class WindowMemory:
    """A small JSON file. What cannot be read or written is simply not remembered."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._values: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(file.read_text(encoding="utf-8"))
            self._values = found if isinstance(found, dict) else {}

    def get(self, key: str, default: Any = None) -> Any:
        return self._values.get(key, default)

    def put(self, key: str, value: Any) -> None:
        if self._values.get(key) != value:
            self._values[key] = value
            with contextlib.suppress(OSError):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.write_text(json.dumps(self._values), encoding="utf-8")
