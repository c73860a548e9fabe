"""The process dies at any statement of what recovery writes: the file is as before, or as after
(sync.md 3.27, 4.3 T4)."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.workspace import NewWorkspace, create
from tests.model.world import Verb, World
from tests.storage.conftest import CHEAP, PASSWORD, TestClock
from tests.storage.stored_laptop import SpareDisks, StoredLaptop, enrolled

WRITES = ("settle", "rotate", "take_snapshot", "keep_stable", "accepted", "take_in")
A_WEEK: list[Verb] = [
    ("create", 0, 0, 0), ("create", 1, 1, 0), ("good_sync", 0, 0, 0), ("good_sync", 1, 0, 0), ("good_sync", 0, 0, 0),
    ("backup_province", 0, 0, 0), ("good_sync", 0, 0, 0), ("clone", 0, 0, 0), ("edit", 0, 0, 0), ("edit", 2, 0, 1),
    ("good_sync", 0, 0, 0), ("create", 2, 0, 0), ("good_sync", 2, 0, 0), ("edit", 0, 0, 0), ("sync", 0, 1, 1),
    ("good_sync", 0, 0, 0), ("restore_province", 0, 0, 0), ("create", 0, 0, 0), ("good_sync", 0, 0, 0), ("good_sync", 1, 0, 0),
]  # fmt: skip
"""A clone, a conflict, a restored province and a lost answer: every write of recovery happens."""

Call = tuple[Path, tuple[Any, ...]]


class Watched(StoredLaptop):
    """Keeps the file as it was before the largest call of each kind, and what it was called with."""

    calls: dict[str, Call]
    spare: SpareDisks
    most: Counter[str]

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.disk.store, name)
        return (lambda *given: self._kept(name, method, given)) if name in WRITES else method

    def take_in(self, epoch: int, entries: Any) -> Any:
        return self._kept("take_in", super().take_in, (epoch, entries))

    def _kept(self, name: str, method: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        path = self.spare.unused()
        self.disk.database.copy_to(path)
        before = self.disk.database.connection.total_changes
        result = method(*given)
        written = self.disk.database.connection.total_changes - before
        if written > self.most[name]:
            self.most[name] = written
            self.calls[name] = path, given
        return result


@pytest.fixture(scope="module")
def key() -> bytes:
    return bytes(range(32))


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory, key: bytes) -> dict[str, Call]:
    folder = tmp_path_factory.mktemp("week")
    new = NewWorkspace("Nguyễn Thị Lan", "21001")
    made = create(folder / "kho", PASSWORD, new, clock=TestClock(), costs=CHEAP, random=lambda size: key[:size])
    spare = SpareDisks(folder, enrolled(made), Watched)
    Watched.calls, Watched.spare, Watched.most = {}, spare, Counter()
    world = World(new_laptop=spare.laptop)
    for verb in A_WEEK:
        world.do(verb)
    world.check_end()
    spare.clear()
    made.close()
    return Watched.calls


@pytest.mark.parametrize("name", WRITES)
def test_a_kill_at_any_statement_leaves_the_file_as_before_or_as_after(
    name: str, calls: dict[str, Call], key: bytes, tmp_path: Path
) -> None:
    path, given = calls[name]
    before = _everything(path, key)
    assert _in_a_child(path, tmp_path, key, name, given, None) == 0
    after = _everything(tmp_path / "work.db", key)
    assert before != after
    moment = 1
    while _in_a_child(path, tmp_path, key, name, given, moment) != 0:
        killed = _everything(tmp_path / "work.db", key)
        assert killed in (before, after), moment
        moment += 1
    assert moment > 3


def _in_a_child(path: Path, folder: Path, key: bytes, name: str, given: tuple[Any, ...], at: int | None) -> int:
    """Do it on a copy, in a process that dies before its statement `at`; how it ended."""
    work = folder / "work.db"
    for file in folder.glob("work.db*"):
        file.unlink()
    shutil.copyfile(path, work)
    child = os.fork()
    if child == 0:
        _do(work, key, name, given, at)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _do(path: Path, key: bytes, name: str, given: tuple[Any, ...], at: int | None) -> None:
    """In the child: ends it, with 0 when everything was done."""
    passed = 0

    def count(_: str) -> None:
        nonlocal passed
        passed += 1
        if passed == at:
            os._exit(9)

    try:
        database = Database(path, key)
        database.connection.set_trace_callback(count)
        getattr(SqliteSyncStore(database), name)(*given)
        database.connection.set_trace_callback(None)
        database.close()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must hear of it
        os._exit(1)
    os._exit(0)


def _everything(path: Path, key: bytes) -> dict[str, list[Any]]:
    database = Database(path, key)
    tables = [row[0] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {name: sorted(database.rows(f"SELECT * FROM {name}"), key=repr) for name in tables if "search" not in name}
    database.close()
    return found
