"""What must hold of a released questionnaire, wherever it comes from: laptop and province ask the same.

The lists that a form reads from files (`pulldata`, `select_one_from_file`) are part of its release. Its XForm bears the hash of
them all, so that the hash of the form stands for the lists too: another list makes another form, which needs another version.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Any

AttachedFiles = Mapping[str, Mapping[str, str]]  # file name -> {"sha256": hex, "data": base64}
_ROOT = re.compile(r"<instance>\s*<[^\s/>]+")
_MARKED = re.compile(rf'{_ROOT.pattern} attached="([0-9a-f]{{64}})"')


def is_sound(release: Mapping[str, Any]) -> bool:
    return is_checked(release) and is_whole(release)


def is_checked(release: Mapping[str, Any]) -> bool:
    """Whether, once released, another account than its maker's checked it."""
    checked_by = release.get("checked_by")
    return release.get("state", "proposed") != "released" or (bool(checked_by) and checked_by != release.get("made_by"))


def is_whole(release: Mapping[str, Any]) -> bool:
    """Whether the form is what its hash says, and its lists are those that the form was released with."""
    xform, files = str(release.get("xform", "")), release.get("files") or {}
    if _sha256(xform.encode()) != release.get("form_hash"):
        return False
    marked = _MARKED.search(xform)
    try:
        contents(files)
    except ValueError:
        return False
    return (marked[1] if marked else "") == (_hash_of(files) if files else "")


def attached(lists: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """The lists as a release holds them."""
    return {name: {"sha256": _sha256(data), "data": base64.b64encode(data).decode()} for name, data in sorted(lists.items())}


def contents(files: AttachedFiles) -> dict[str, bytes]:
    """The lists by file name. ValueError where one is not what its hash says."""
    found = {}
    for name, file in files.items():
        try:
            found[name] = base64.b64decode(file.get("data", ""), validate=True)
        except binascii.Error as error:
            raise ValueError(name) from error
        if _sha256(found[name]) != file.get("sha256"):
            raise ValueError(name)
    return found


def marked(xform: str, files: AttachedFiles) -> str:
    """The XForm with the hash of its lists on the root of its record; the same where it has none."""
    return _ROOT.sub(lambda root: f'{root[0]} attached="{_hash_of(files)}"', xform, count=1) if files else xform


def _hash_of(files: AttachedFiles) -> str:
    """Of lines as `sha256sum` prints them, by name."""
    return _sha256("".join(f"{file['sha256']}  {name}\n" for name, file in sorted(files.items())).encode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
