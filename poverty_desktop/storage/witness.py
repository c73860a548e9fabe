"""What the machine remembers of a workspace, beside its folder: how far its lane had come (sync.md 3.19).

A file that was put back from a copy is older than this; its next operations would bear numbers that the province has with other
content. So it goes on in a new incarnation at once. Losing the file loses nothing: the chain of the lane tells it as well, later.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from poverty_desktop.storage.atomic import write_atomically
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.keyfile import read_keyfile

_CHAIN = "SELECT chain FROM sync_op WHERE inc = ? AND seq = ?"


def file_of(folder: Path) -> Path:
    return folder.parent / f"{folder.name}.witness.json"


def remember(database: Database) -> None:
    """Write down where the open lane stands. What cannot be written is not remembered."""
    folder = database.path.parent
    row = database.row("SELECT inc, last_seq, chain FROM sync_lane WHERE closed = 0")
    if row is None:
        return
    seen = {"workspace": read_keyfile(folder).workspace, "inc": row[0], "last": row[1], "chain": bytes(row[2]).hex()}
    if seen != _read(folder):
        with contextlib.suppress(OSError):
            write_atomically(file_of(folder), json.dumps(seen).encode())


def is_older(database: Database) -> bool:
    """Whether the machine remembers operations of this workspace that the file does not hold."""
    folder = database.path.parent
    seen = _read(folder)
    if seen.get("workspace") != read_keyfile(folder).workspace:
        return False
    row = database.row("SELECT last_seq, chain, closed FROM sync_lane WHERE inc = ?", (seen["inc"],))
    if row is None:
        return True
    last, chain, closed = row
    if closed:
        return False  # it was left since: the file is newer than the witness
    there = chain if seen["last"] == last else database.value(_CHAIN, (seen["inc"], seen["last"]))
    return bool(seen["last"] > last or (there is not None and bytes(there).hex() != seen["chain"]))


def _read(folder: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(file_of(folder).read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found.get("last"), int):
            return found
    return {}
