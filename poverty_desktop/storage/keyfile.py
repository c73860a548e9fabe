"""The key file beside the database: one random key, wrapped once per officer, checkable without the database.

`workspace.keys` is JSON: ``{"format", "version", "workspace", "check", "wraps": [{"kind", "id", …}], "digest"}``. `check` proves
a key right without the database, so a wrong password and a damaged database are told apart; `digest` tells a damaged key file
from a wrong password. An officer's name stands only inside the sealed wrap. Wraps of a kind this program does not know (a
recovery wrap for the province's public key) are carried along untouched.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.atomic import write_atomically

FILE_NAME = "workspace.keys"
KEY_BYTES = 32
_FORMAT = "poverty-desktop-keys"
_VERSION = 1
Random = Callable[[int], bytes]


@dataclass(frozen=True)
class KeyCosts:
    """What one guess of a password costs (Argon2id): memory in KiB, passes, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


STANDARD = KeyCosts()


@dataclass(frozen=True)
class Officer:
    """Who a password belongs to. `id` is the user of the operations."""

    id: str
    name: str


@dataclass(frozen=True)
class Unlocked:
    key: bytes
    officer: Officer


@dataclass(frozen=True)
class KeyFile:
    """The wraps of one workspace, as they stand on disk."""

    workspace: str
    check: str
    wraps: tuple[dict[str, Any], ...]

    def unlock(self, password: str) -> Unlocked:
        """The key and the officer of this password. Raises `KnownProblem("workspace.wrong_password")`."""
        for wrap in self.wraps:
            if wrap.get("kind") == "officer":
                found = _unwrap(wrap, password, self.workspace)
                if found and hmac.compare_digest(_check_value(found.key), self.check):
                    return found
        raise KnownProblem("workspace.wrong_password")

    def with_officer(
        self, key: bytes, officer: Officer, password: str, costs: KeyCosts = STANDARD, random: Random = os.urandom
    ) -> KeyFile:
        """Also opened by this officer's password; an older wrap of the same officer is replaced.

        Raises `KnownProblem("workspace.password_taken")` when another officer opens the file with this password: whoever
        typed it could not be told apart.
        """
        others = tuple(wrap for wrap in self.wraps if wrap.get("id") != officer.id)
        if any(wrap.get("kind") == "officer" and _unwrap(wrap, password, self.workspace) for wrap in others):
            raise KnownProblem("workspace.password_taken")
        return replace(self, wraps=(*others, _wrap(key, officer, password, self.workspace, costs, random)))

    def without_officer(self, officer_id: str) -> KeyFile:
        """No longer opened by this officer. The last one cannot be taken away (`ValueError`)."""
        left = tuple(wrap for wrap in self.wraps if wrap.get("id") != officer_id)
        if not any(wrap.get("kind") == "officer" for wrap in left):
            raise ValueError("the last officer")
        return replace(self, wraps=left)

    def write(self, folder: Path) -> None:
        """Replace the file whole: a cut leaves the old one or the new one."""
        content: dict[str, Any] = {"format": _FORMAT, "version": _VERSION, "workspace": self.workspace, "check": self.check}
        content["wraps"] = list(self.wraps)
        content["digest"] = _digest(content)
        write_atomically(folder / FILE_NAME, json.dumps(content, indent=1).encode())


def new_keyfile(
    workspace: str, key: bytes, officer: Officer, password: str, costs: KeyCosts = STANDARD, random: Random = os.urandom
) -> KeyFile:
    return KeyFile(workspace, _check_value(key), ()).with_officer(key, officer, password, costs, random)


def read_keyfile(folder: Path) -> KeyFile:
    """The key file of a workspace. Raises `KnownProblem`: workspace.missing, .no_access, .damaged,
    .newer_schema."""
    path = folder / FILE_NAME
    try:
        content = json.loads(path.read_bytes())
        if content["format"] == _FORMAT and int(content["version"]) > _VERSION:
            raise KnownProblem("workspace.newer_schema", folder=str(folder))
        if content["digest"] != _digest({name: value for name, value in content.items() if name != "digest"}):
            raise ValueError("digest")
        return KeyFile(content["workspace"], content["check"], tuple(content["wraps"]))
    except FileNotFoundError as error:
        raise KnownProblem("workspace.missing", folder=str(folder)) from error
    except OSError as error:
        raise KnownProblem("workspace.no_access", folder=str(folder)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise KnownProblem("workspace.damaged", folder=str(folder)) from error


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _check_value(key: bytes) -> str:
    return hmac.new(key, b"poverty-desktop key check", hashlib.sha256).hexdigest()[:32]


def _wrap(key: bytes, officer: Officer, password: str, workspace: str, costs: KeyCosts, random: Random) -> dict[str, Any]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = random(16), random(12)
    kdf = {"name": "argon2id", "memory_kib": costs.memory_kib, "passes": costs.passes, "lanes": costs.lanes, "salt": _text(salt)}
    inside = json.dumps({"key": _text(key), "name": officer.name}).encode()
    sealed = AESGCM(_stretched(password, kdf)).encrypt(nonce, inside, _bound(workspace, officer.id))
    return {"kind": "officer", "id": officer.id, "kdf": kdf, "nonce": _text(nonce), "sealed": _text(sealed)}


def _unwrap(wrap: dict[str, Any], password: str, workspace: str) -> Unlocked | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(_stretched(password, wrap["kdf"]))
    try:
        opened = cipher.decrypt(_bytes(wrap["nonce"]), _bytes(wrap["sealed"]), _bound(workspace, wrap["id"]))
    except InvalidTag:
        return None
    inside = json.loads(opened)
    return Unlocked(_bytes(inside["key"]), Officer(wrap["id"], inside["name"]))


def _stretched(password: str, kdf: dict[str, Any]) -> bytes:
    """256 bits from the password (RFC 9106); NFC, because keyboards deliver the same letters in two spellings."""
    import unicodedata

    from argon2.low_level import Type, hash_secret_raw

    secret = unicodedata.normalize("NFC", password).encode()
    return hash_secret_raw(secret, _bytes(kdf["salt"]), kdf["passes"], kdf["memory_kib"], kdf["lanes"], KEY_BYTES, Type.ID)


def _bound(workspace: str, wrap_id: str) -> bytes:
    """What a wrap is tied to: moved into another key file or under another officer it opens nothing."""
    return f"{_FORMAT}|{workspace}|{wrap_id}".encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
