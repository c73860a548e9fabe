"""A workspace: the folder with the encrypted file, its key file and its copies; and all ports on the open file.

`create` and `open_workspace` raise `KnownProblem`: workspace.missing, .exists, .wrong_password, .damaged, .newer_schema,
.no_space, .already_open. Whether the folder is a fit place, and the lock against a second program, are
`services.guarding`'s.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import sqlcipher3.dbapi2 as driver

from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.identity import UuidClock
from poverty_desktop.services.ports import OWN_CODE_WANTED, Clock
from poverty_desktop.storage import copies, verifying, witness
from poverty_desktop.storage.access_log import AccessLog, add_entry
from poverty_desktop.storage.atomic import flush_folder
from poverty_desktop.storage.custody import SqliteCustody
from poverty_desktop.storage.drafts import DraftTable
from poverty_desktop.storage.engine import Database, problems_of_opening
from poverty_desktop.storage.instants import instant
from poverty_desktop.storage.keyfile import FILE_NAME as KEY_FILE
from poverty_desktop.storage.keyfile import KEY_BYTES, STANDARD, KeyCosts, Officer, Random, new_keyfile, read_keyfile
from poverty_desktop.storage.lists import ListQueries
from poverty_desktop.storage.migrating import migrate, schema_of
from poverty_desktop.storage.recorder import Recorder
from poverty_desktop.storage.reprojecting import show_what_was_stored
from poverty_desktop.storage.settings import SettingTable
from poverty_desktop.storage.sync_tables import UNBOUND

MAKING = "making"
"""The folder inside the workspace where a new one is made."""
MACHINE = "sync.machine"
"""Setting: the fingerprint of the machine that this file was worked on last."""
Copied = Literal["", "older", "machine"]
"""Why a file begins anew: it is older than the machine remembers, or it comes from another machine."""


@dataclass(frozen=True)
class NewWorkspace:
    """What a workspace is made with. Settings of the same names hold it afterwards (`officer` is the user's id)."""

    officer_name: str
    commune_code: str
    commune_name: str = ""
    practice: bool = False
    language: str = "vi"
    more: dict[str, Any] = field(default_factory=dict)


class Workspace:
    """An open workspace. Close it on the lane that owns it."""

    def __init__(self, folder: Path, database: Database, key: bytes, officer: Officer, clock: Clock, random: Random) -> None:
        self.folder = folder
        self.database = database
        self.officer = officer
        self.ids = UuidClock(random, lambda: int(clock.now().timestamp() * 1000))
        self.records = Recorder(database, clock, self.ids)
        self.custody = SqliteCustody(database, self.records, clock)
        self.drafts = DraftTable(database, clock)
        self.lists = ListQueries(database, self.drafts, self.records)
        self.settings = SettingTable(database)
        self.access_log = AccessLog(database, clock)
        self.begun_anew: Copied = ""
        self._key = key
        self._clock = clock

    @property
    def practice(self) -> bool:
        return bool(self.settings.get("practice", False))

    def verify(self) -> verifying.Findings:
        """Read everything: pages, structure, chains, search index. Takes seconds; counts what it read."""
        return verifying.verify(self.database, self.access_log)

    def backup(self, to: Path | None = None, kept: int = copies.KEPT) -> Path:
        """A verified copy (in `backups` by default), rotating. Gives its folder, which opens like a workspace."""
        return copies.keep_copy(self.database, self._key, to or self.folder / copies.FOLDER, self._clock.now(), kept)

    def keep_room(self) -> None:
        """Lay room on the disk by for Saves, where there is ample."""
        self.database.reserve.lay_by()

    def last_backup(self) -> Path | None:
        found = copies.copies(self.folder / copies.FOLDER)
        return found[0] if found else None

    def add_officer(self, name: str, password: str, costs: KeyCosts = STANDARD) -> Officer:
        """Another officer of this laptop, or, with the name of the present one, a new password for them."""
        same = nfc(name) == self.officer.name
        officer = self.officer if same else Officer(self.ids.uuid7(), nfc(name))
        read_keyfile(self.folder).with_officer(self._key, officer, password, costs).write(self.folder)
        return officer

    def info(self) -> dict[str, Any]:
        """Facts for a person or a script; no personal data but the officer's own name."""
        names = ("commune_code", "commune_name", "practice", "language")
        counts = ("household", "household_member", "survey", "draft", "sync_op")
        backup = self.last_backup()
        return {
            "folder": str(self.folder),
            "schema": schema_of(self.database),
            "officer": self.officer.name,
            **{name: self.settings.get(name) for name in names},
            "counts": {name: self.database.value(f"SELECT count(*) FROM {name}") for name in counts},
            "bytes": (self.folder / copies.DATABASE).stat().st_size,
            "last_backup": backup.name if backup else None,
        }

    def close(self) -> None:
        with contextlib.suppress(KnownProblem, driver.Error):  # a damaged file closes all the same
            witness.remember(self.database)
        self.database.close()


def create(
    folder: Path, password: str, new: NewWorkspace, *, clock: Clock, costs: KeyCosts = STANDARD, random: Random = os.urandom
) -> Workspace:
    """Make a workspace in `folder` (made if missing) and open it.

    It is made aside and put in place when it is whole: a process that is killed leaves none, or a whole one.
    """
    if exists(folder):
        raise KnownProblem("workspace.exists", folder=str(folder))
    ids = UuidClock(random, lambda: int(clock.now().timestamp() * 1000))
    key, officer = random(KEY_BYTES), Officer(ids.uuid7(), nfc(new.officer_name))
    making = folder / MAKING
    try:
        with problems_of_opening(folder):
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(parents=True)
            new_keyfile(ids.uuid7(), key, officer, password, costs, random).write(making)
        workspace = opened(making, key, officer, clock, random, new=True)
        try:
            _fill(workspace, new, clock, random)
        finally:
            workspace.database.close()
        with problems_of_opening(folder):
            (making / KEY_FILE).replace(folder / KEY_FILE)
            put_in_place(folder)
        return opened(folder, key, officer, clock, random)
    except KnownProblem as problem:
        shutil.rmtree(making, ignore_errors=True)
        if problem.code in ("save.disk_full", "workspace.no_space"):
            raise KnownProblem("workspace.no_space", folder=str(folder)) from problem
        raise


def put_in_place(folder: Path) -> None:
    """The last step of making a workspace; done at the next opening where the process was killed before it."""
    (folder / MAKING / copies.DATABASE).replace(folder / copies.DATABASE)
    shutil.rmtree(folder / MAKING, ignore_errors=True)
    flush_folder(folder)


def open_workspace(
    folder: Path, password: str, *, clock: Clock, random: Random = os.urandom, machine: str = ""
) -> Workspace:
    """Open with an officer's password; `Workspace.officer` says whose it was. `machine`: the fingerprint of this one, "" where
    it is not known; with it, or by what the machine remembers, a copy is told from the original (`Workspace.begun_anew`)."""
    keys = read_keyfile(folder)
    if not (folder / copies.DATABASE).exists() and (folder / MAKING / copies.DATABASE).is_file():
        put_in_place(folder)
    if not (folder / copies.DATABASE).is_file():
        raise KnownProblem("workspace.damaged", folder=str(folder))
    unlocked = keys.unlock(password)
    workspace = opened(folder, unlocked.key, unlocked.officer, clock, random)
    workspace.settings.put("officer", unlocked.officer.id)  # whose operations follow: the laptop may know several officers
    workspace.settings.put("officer_name", unlocked.officer.name)
    workspace.access_log.note(unlocked.officer.id, "opened")
    workspace.begun_anew = _begun_anew(workspace, machine, random)
    return workspace


def _begun_anew(workspace: Workspace, machine: str, random: Random) -> Copied:
    """Go on in a new incarnation where this file is not the one that this machine worked on last (sync.md 3.19)."""
    known = workspace.settings.get(MACHINE)
    moved = bool(machine) and known not in (None, machine)
    found: Copied = "older" if witness.is_older(workspace.database) else "machine" if moved else ""
    if found:
        from poverty_desktop.storage.sync_store import SqliteSyncStore

        store = SqliteSyncStore(workspace.database)
        store.start_anew(new_incarnation(random))
        workspace.access_log.note(workspace.officer.id, "began_anew", why=found)
        if moved and store.enrolled() is not None:
            workspace.settings.put(OWN_CODE_WANTED, True)
    if machine:
        workspace.settings.put(MACHINE, machine)
    witness.remember(workspace.database)
    return found


def new_incarnation(random: Random) -> str:
    return str(uuid.UUID(bytes=random(16), version=4))


def exists(folder: Path) -> bool:
    """Whether the folder holds a workspace, or what is left of one."""
    return (folder / KEY_FILE).exists() or (folder / copies.DATABASE).exists()


def opened(folder: Path, key: bytes, officer: Officer, clock: Clock, random: Random, *, new: bool = False) -> Workspace:
    """The workspace in `folder`, brought to the schema of this program."""
    database = Database(folder / copies.DATABASE, key)
    try:
        if not new and schema_of(database) == 0:  # a file cut to nothing: as a new one it would hide that all is gone
            raise KnownProblem("workspace.damaged", folder=str(folder))
        with problems_of_opening(folder):
            migrate(database, lambda: copies.keep_copy(database, key, folder / copies.FOLDER, clock.now()))
            show_what_was_stored(database)
    except BaseException:
        database.close()
        raise
    return Workspace(folder, database, key, officer, clock, random)


def _fill(workspace: Workspace, new: NewWorkspace, clock: Clock, random: Random) -> None:
    """Settings, the lane of this file and its stream, which is bound to the province's at enrolment."""
    at = instant(clock.now())
    incarnation = new_incarnation(random)
    settings = {
        **new.more, "officer": workspace.officer.id, "officer_name": workspace.officer.name, "commune_code": new.commune_code,
        "commune_name": nfc(new.commune_name), "practice": new.practice, "language": new.language, "created_at": at,
    }  # fmt: skip
    with workspace.database.transaction() as connection:
        connection.executemany(
            "INSERT INTO setting (key, value) VALUES (?, ?)", [(name, json.dumps(value)) for name, value in settings.items()]
        )
        connection.execute("INSERT INTO sync_stream (sid, kind, chain) VALUES (?, 'commune', ?)", (UNBOUND, EMPTY))
        connection.execute("INSERT INTO sync_lane (sid, inc, chain) VALUES (?, ?, ?)", (UNBOUND, incarnation, EMPTY))
        add_entry(connection, at, workspace.officer.id, "created", {})
