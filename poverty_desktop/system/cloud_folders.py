"""Whether a folder is kept by a cloud client or lies on another machine.

Such a folder is refused for the workspace: a cloud client copies the database and its journal at different moments and brings
old ones back, and locks and flushes mean nothing on a network share (SQLite, "How to corrupt", sections 2 and 3).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from poverty_desktop.domain.problems import KnownProblem

_NETWORK_KINDS = re.compile(r"^(cifs|smb\w*|nfs\d?|ncpfs|afs|ceph|9p|davfs2?|fuse\.(?!portal|lxcfs|fuseext2|ntfs|exfat).*)$")
_CLOUD_VARIABLES = {
    "OneDrive": "OneDrive",
    "OneDriveCommercial": "OneDrive",
    "OneDriveConsumer": "OneDrive",
    "DropboxPath": "Dropbox",
}
_CLOUD_NAMES = (
    (re.compile(r"^onedrive(\s*-.*)?$", re.IGNORECASE), "OneDrive"),
    (re.compile(r"^dropbox(\s*\(.*\))?$", re.IGNORECASE), "Dropbox"),
    (
        re.compile(r"^(google ?drive|my drive|drive của tôi|googledrive(-.*)?|\.shortcut-targets-by-id)$", re.IGNORECASE),
        "Google Drive",
    ),
    (re.compile(r"^(icloud ?drive|com~apple~clouddocs)$", re.IGNORECASE), "iCloud"),
)
_CLOUD_MARKERS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".849c9593-d756-4e56-8d6e-42412f2a707b": "OneDrive",  # left by the OneDrive client at the root of its folder
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
}
NETWORK = "network"


@dataclass(frozen=True)
class Surroundings:
    """What the machine says about its folders. `mounts` pairs mount points with kinds of file system."""

    environment: Mapping[str, str]
    mounts: Iterable[tuple[str, str]] = ()
    network_drives: frozenset[str] = frozenset()  # Windows: letters of mapped drives, "Z:"


def surroundings() -> Surroundings:
    return Surroundings(dict(os.environ), tuple(_mounts()), _network_drives())


def refuse_unfit_folder(folder: Path) -> None:
    """Raises `KnownProblem("workspace.cloud_folder", service=…)` or `KnownProblem("workspace.network_folder")`."""
    keeper = keeper_of(folder, surroundings())
    if keeper == NETWORK:
        raise KnownProblem("workspace.network_folder", folder=str(folder))
    if keeper:
        raise KnownProblem("workspace.cloud_folder", folder=str(folder), service=keeper)


def keeper_of(folder: Path, around: Surroundings) -> str | None:
    """Name of the cloud service that keeps the folder, `NETWORK` for another machine's disk, None for a folder of our own."""
    for place in {folder.absolute(), folder.resolve()}:
        found = _by_variable(place, around.environment) or _by_name(place) or _by_marker(place)
        if found or _is_network(place, around):
            return found or NETWORK
    return None


def _by_variable(place: Path, environment: Mapping[str, str]) -> str | None:
    for name, service in _CLOUD_VARIABLES.items():
        root = environment.get(name)
        if root and Path(root).is_absolute() and place.is_relative_to(root):
            return service
    return None


def _by_name(place: PurePath) -> str | None:
    for part in place.parts:
        for pattern, service in _CLOUD_NAMES:
            if pattern.match(part):
                return service
    return None


def _by_marker(place: Path) -> str | None:
    for folder in (place, *place.parents):
        for marker, service in _CLOUD_MARKERS.items():
            # the home folder holds ~/.dropbox, the client's own settings, without being kept itself
            if (folder / marker).exists() and folder != Path.home():
                return service
    return None


def _is_network(place: Path, around: Surroundings) -> bool:
    if str(place).startswith(("\\\\", "//")) or place.drive.upper() in around.network_drives:
        return True
    holding = [(mount, kind) for mount, kind in around.mounts if place.is_relative_to(mount)]
    return bool(holding) and bool(_NETWORK_KINDS.match(max(holding, key=lambda found: len(found[0]))[1]))


def _mounts() -> Iterable[tuple[str, str]]:
    """Mount points of Linux (proc(5): blanks are written as \\040)."""
    table = Path("/proc/mounts")
    if not table.exists():
        return
    for line in table.read_text(errors="replace").splitlines():
        _, mount, kind = line.split(" ")[:3]
        yield mount.replace("\\040", " "), kind


def _network_drives() -> frozenset[str]:
    """Letters that Windows maps to another machine (GetDriveTypeW: DRIVE_REMOTE is 4)."""
    if os.name != "nt":
        return frozenset()
    import ctypes

    kind_of = ctypes.windll.kernel32.GetDriveTypeW  # type: ignore[attr-defined,unused-ignore]
    letters = (f"{chr(code)}:" for code in range(ord("A"), ord("Z") + 1))
    return frozenset(letter for letter in letters if kind_of(f"{letter}\\") == 4)
