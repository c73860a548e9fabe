"""Restoring: a copy becomes the workspace again, and begins anew as a laptop (sync.md 3.19).

What it replaces is kept among the copies. Killed at any moment, the folder holds the old file or the new one.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.services.ports import Clock
from poverty_desktop.storage import copies
from poverty_desktop.storage.atomic import write_atomically
from poverty_desktop.storage.engine import problems_of_opening
from poverty_desktop.storage.keyfile import FILE_NAME as KEY_FILE
from poverty_desktop.storage.keyfile import Random, Unlocked, read_keyfile
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.workspace import MAKING, new_incarnation, opened, put_in_place


def put_back(folder: Path, copy: Path, password: str, *, clock: Clock, random: Random = os.urandom) -> Path:
    """Make `copy` the workspace in `folder`. The password is one that opens the copy. Gives the folder where what was replaced
    lies now. Raises `KnownProblem`: workspace.other_copy, and what opening a workspace raises; nothing is changed then."""
    keys = read_keyfile(copy)
    if _is_of_another(folder, keys.workspace):
        raise KnownProblem("workspace.other_copy", folder=str(copy))
    unlocked = keys.unlock(password)
    copies.check_copy(copy / copies.DATABASE, unlocked.key)
    with problems_of_opening(folder):
        _prepare(folder / MAKING, copy, unlocked, clock, random)
        replaced = _set_aside(folder, clock.now())
        (folder / MAKING / KEY_FILE).replace(folder / KEY_FILE)
        put_in_place(folder)
    return replaced


def put_back_named(folder: Path, *, name: str, password: str, clock: Clock) -> Path:
    """The same with one of the workspace's own copies."""
    return put_back(folder, folder / copies.FOLDER / name, password, clock=clock)


def _is_of_another(folder: Path, workspace: str) -> bool:
    """Where the key file is gone or damaged, nobody can tell, and it is what the copy is to mend."""
    try:
        return read_keyfile(folder).workspace != workspace
    except KnownProblem as problem:
        if problem.code in ("workspace.missing", "workspace.damaged"):
            return False
        raise


def _prepare(making: Path, copy: Path, unlocked: Unlocked, clock: Clock, random: Random) -> None:
    """The copy beside, already in its new incarnation."""
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    shutil.copyfile(copy / copies.DATABASE, making / copies.DATABASE)
    write_atomically(making / KEY_FILE, (copy / KEY_FILE).read_bytes())
    workspace = opened(making, unlocked.key, unlocked.officer, clock, random)
    try:
        SqliteSyncStore(workspace.database).start_anew(new_incarnation(random))
        workspace.access_log.note(unlocked.officer.id, "restored", copy=copy.name)
    finally:
        workspace.database.close()


def _set_aside(folder: Path, at: datetime) -> Path:
    """What lies in the workspace now, also where it is damaged: a folder among the copies."""
    replaced = folder / copies.FOLDER / (at.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ") + "-replaced")
    replaced.mkdir(parents=True)
    if (folder / KEY_FILE).exists():
        write_atomically(replaced / KEY_FILE, (folder / KEY_FILE).read_bytes())
    for file in sorted(folder.glob(f"{copies.DATABASE}-*")):
        file.replace(replaced / file.name)
    if (folder / copies.DATABASE).exists():
        (folder / copies.DATABASE).replace(replaced / copies.DATABASE)
    return replaced
