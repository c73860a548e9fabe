"""What each copy of a workspace holds, read with an officer's password before one of them is put back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.services.keeping import CopyHeld
from poverty_desktop.storage import copies
from poverty_desktop.storage.engine import connect, problems_of_opening
from poverty_desktop.storage.keyfile import FILE_NAME as KEY_FILE
from poverty_desktop.storage.keyfile import read_keyfile

_COUNTS = {
    "households": "SELECT count(*) FROM household WHERE NOT deleted",
    "people": "SELECT count(*) FROM household_member WHERE NOT deleted",
    "surveys": "SELECT count(*) FROM survey WHERE NOT deleted",
    "waiting": "SELECT count(*) FROM sync_op WHERE state < 3",
}
_LAST = "SELECT max(at) FROM (SELECT max(changed_at) AS at FROM household UNION ALL SELECT max(changed_at) FROM survey)"


def look_into(folder: Path, password: str) -> list[CopyHeld]:
    """The copies in the workspace at `folder`, newest first; of one that does not open, why. Raises
    `KnownProblem("workspace.wrong_password")` when the password opens none of them although it could."""
    keys: dict[bytes, bytes | str] = {}
    found = [_held(copy, password, keys) for copy in copies.copies(folder / copies.FOLDER)]
    problems = {one.problem for one in found}
    if "workspace.wrong_password" in problems and "" not in problems:
        raise KnownProblem("workspace.wrong_password")
    return found


def _held(copy: Path, password: str, keys: dict[bytes, bytes | str]) -> CopyHeld:
    """`keys`: by content of a key file, the key, or why there is none; to stretch a password takes a moment."""
    file = copy / copies.DATABASE
    at, size = _instant(copy.name), file.stat().st_size if file.is_file() else 0
    replaced = copy.name.endswith("-replaced")
    try:
        key = _key(copy, password, keys)
        with problems_of_opening(copy):
            return CopyHeld(copy.name, at, size, replaced=replaced, **_facts(file, key))
    except KnownProblem as problem:
        return CopyHeld(copy.name, at, size, replaced=replaced, problem=problem.code)


def _key(copy: Path, password: str, keys: dict[bytes, bytes | str]) -> bytes:
    try:
        content = (copy / KEY_FILE).read_bytes()
    except OSError as error:
        raise KnownProblem("workspace.damaged", folder=str(copy)) from error
    if content not in keys:
        try:
            keys[content] = read_keyfile(copy).unlock(password).key
        except KnownProblem as problem:
            keys[content] = problem.code
    key = keys[content]
    if isinstance(key, str):
        raise KnownProblem(key, folder=str(copy))
    return key


def _facts(file: Path, key: bytes) -> dict[str, Any]:
    if not file.is_file():
        raise KnownProblem("workspace.damaged", folder=str(file.parent))
    connection = connect(file, key)
    try:
        facts: dict[str, Any] = {name: connection.execute(query).fetchone()[0] for name, query in _COUNTS.items()}
        return facts | {"last_change": connection.execute(_LAST).fetchone()[0] or ""}
    except driver.OperationalError as error:
        raise KnownProblem("workspace.damaged", folder=str(file.parent)) from error
    finally:
        connection.close()


def _instant(name: str) -> str:
    """When the copy was made, as its name says; "" for a folder that somebody named otherwise."""
    try:
        made = datetime.strptime(name.removesuffix("-replaced"), "%Y-%m-%dT%H%M%S.%f%z")
    except ValueError:
        return ""
    return made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
