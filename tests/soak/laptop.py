"""A laptop as the soak sees it from outside: a folder, a journal, and a process that can be killed."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.salvaging import tells_all
from poverty_desktop.storage import copies, witness
from poverty_desktop.storage.engine import connect
from poverty_desktop.storage.keyfile import FILE_NAME as KEY_FILE
from poverty_desktop.storage.keyfile import read_keyfile
from poverty_desktop.storage.putting_back import put_back
from poverty_desktop.storage.workspace import MAKING
from tests.soak import officer
from tests.soak.journal import Reader
from tests.soak.ledger import Ledger
from tests.soak.processes import Child
from tests.sync.laptops import PASSWORD


@dataclass
class Machine:
    """`place` holds the workspace, what the machine remembers of it, the journal, and what the process says of itself."""

    name: str
    place: Path
    hardware: str
    code: str
    at: BaseContext
    ledger: Ledger
    last: str = ""  # what the program was doing when it was heard last
    child: Child | None = None
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        self.reader = Reader(self.journal)

    @property
    def folder(self) -> Path:
        return self.place / "workspace"

    @property
    def journal(self) -> Path:
        return self.place / "journal"

    @property
    def runs(self) -> bool:
        return self.child is not None and self.child.lives

    def post(self, url: str, chance: random.Random) -> officer.Post:
        days_off = chance.choice([0.0, 0.0, -700.0, 0.01, 3000.0])
        return officer.Post(
            self.folder, self.journal, self.name, self.hardware, url, self.code, chance.randrange(2**31), days_off,
            self.ledger.promised(self.name),
        )  # fmt: skip

    def switch_on(self, post: officer.Post) -> None:
        self.child = Child(self.at, self.place / "errors", officer.work, post)

    def kill(self) -> int:
        """1 if it was running; what it had said is heard."""
        killed = int(self.child.kill()) if self.child else 0
        self.child = None
        self.hear()
        return killed

    def hear(self) -> list[dict[str, Any]]:
        lines = self.reader.new()
        self.ledger.hear(self.name, lines)
        if lines:
            self.last = lines[-1].get("phase", lines[-1]["what"])
        return lines

    # --- its disk ----------------------------------------------------------------------------------------------------------

    def own(self) -> set[str]:
        """Operations of its own that its file holds."""
        return {row[0] for row in self._rows("SELECT op_id FROM sync_op")}

    def received(self) -> set[str]:
        """Operations of which it has an entry that says what they did."""
        entries = (_entry(json.loads(row[0])) for row in self._rows("SELECT entry FROM sync_inlog"))
        return {entry.op for entry in entries if tells_all(entry)}

    def given_up(self) -> set[str]:
        return {row[0] for row in self._rows("SELECT op_id FROM sync_custody WHERE given_up_at IS NOT NULL")}

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        """From a copy of the file as it is at this moment: the program must not find it in use."""
        with tempfile.TemporaryDirectory() as place, self._standing_still():
            for file in (KEY_FILE, copies.DATABASE, f"{copies.DATABASE}-wal"):
                for folder in (self.folder / MAKING, self.folder):
                    if (folder / file).is_file():
                        shutil.copyfile(folder / file, Path(place) / file)
            return _rows_of(Path(place), sql)

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        child = self.child if self.runs else None
        if child is None:
            yield
            return
        child.stop()
        try:
            yield
        finally:
            child.go_on()

    def copies(self) -> list[Path]:
        return copies.copies(self.folder / copies.FOLDER)

    def put_back_by_hand(self, copy: Path, *, new_disk: bool) -> None:
        """Somebody puts the files of a copy in the place of the file; on a new disk nothing is remembered."""
        for left in self.folder.glob(f"{copies.DATABASE}*"):
            left.unlink()
        for name in (copies.DATABASE, KEY_FILE):
            shutil.copyfile(copy / name, self.folder / name)
        if new_disk:
            witness.file_of(self.folder).unlink(missing_ok=True)

    def put_back_by_menu(self, copy: Path, patience: float | None) -> int:
        """In a process of its own, killed after `patience` seconds; 1 if it was."""
        child = Child(self.at, self.place / "errors", _put_back, self.folder, copy)
        if child.wait(patience):
            return 0
        return int(child.kill())

    def become_clone_of(self, other: Machine) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        witness.file_of(self.folder).unlink(missing_ok=True)
        shutil.copytree(other.folder, self.folder)


def _entry(wire: dict[str, Any]) -> LogEntry:
    """Unchecked: there are many."""
    names = {"eff": "effect", "conf": "conflicts", "close": "closed", "del": "deleted", "st": "outcome", "k": "kind"}
    return LogEntry.model_construct(**{names.get(key, key): value for key, value in wire.items()})


def _rows_of(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    if not (folder / copies.DATABASE).exists() or not (folder / KEY_FILE).exists():
        return []
    connection = connect(folder / copies.DATABASE, read_keyfile(folder).unlock(PASSWORD).key)
    try:
        return list(connection.execute(sql))
    finally:
        connection.close()


def _put_back(folder: Path, copy: Path) -> None:
    put_back(folder, copy, PASSWORD, clock=officer.HurriedClock(0.0))
