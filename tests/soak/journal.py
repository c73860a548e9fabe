"""What a laptop's program said, written outside of its file: a line is in the kernel before the program goes on, so that it stays
when the process is killed, whatever becomes of the file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Journal:
    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, what: str, **facts: Any) -> None:
        os.write(self._file, json.dumps({"what": what, **facts}, ensure_ascii=False).encode() + b"\n")


class Reader:
    """Reads what is new in a journal. A line is written at once or not at all; a cut one ends the process that wrote it."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, 0

    def new(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        self._read += len(data)
        return [json.loads(line) for line in data.splitlines()]
