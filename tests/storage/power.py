"""A disk that forgets what was not flushed (sync.md 4.3 T5): a file system layer inside SQLCipher's own library.

The library that the program uses exports SQLite's interface for file systems, so the layer is put there with `ctypes` and the
program runs as it is, encryption and all. It passes everything on and keeps a record of it; the record up to any moment gives
what a power cut at that moment may leave: all that was flushed, and of the rest any part, down to half a sector.
"""

from __future__ import annotations

import ctypes as c
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import _sqlite3 as library

SECTOR = 512
FULL = 13  # SQLITE_FULL
_POINTER = c.c_void_p
_VFS_METHODS = (
    "Open", "Delete", "Access", "FullPathname", "DlOpen", "DlError", "DlSym", "DlClose", "Randomness", "Sleep",
    "CurrentTime", "GetLastError", "CurrentTimeInt64", "SetSystemCall", "GetSystemCall", "NextSystemCall",
)  # fmt: skip
_FILE_METHODS = (
    "Close", "Read", "Write", "Truncate", "Sync", "FileSize", "Lock", "Unlock", "CheckReservedLock", "FileControl",
    "SectorSize", "DeviceCharacteristics", "ShmMap", "ShmLock", "ShmBarrier", "ShmUnmap", "Fetch", "Unfetch",
)  # fmt: skip


class _Vfs(c.Structure):
    _fields_ = [("version", c.c_int), ("file_size", c.c_int), ("path_size", c.c_int), ("next", _POINTER), ("name", c.c_char_p),
                ("data", _POINTER), *((name, _POINTER) for name in _VFS_METHODS)]  # fmt: skip


class _Methods(c.Structure):
    _fields_ = [("version", c.c_int), *((name, _POINTER) for name in _FILE_METHODS)]


class _File(c.Structure):
    _fields_ = [("methods", c.POINTER(_Methods))]


_OPEN = c.CFUNCTYPE(c.c_int, _POINTER, _POINTER, c.POINTER(_File), c.c_int, _POINTER)
_DELETE = c.CFUNCTYPE(c.c_int, _POINTER, c.c_char_p, c.c_int)
_CLOSE = c.CFUNCTYPE(c.c_int, c.POINTER(_File))
_WRITE = c.CFUNCTYPE(c.c_int, c.POINTER(_File), _POINTER, c.c_int, c.c_int64)
_TRUNCATE = c.CFUNCTYPE(c.c_int, c.POINTER(_File), c.c_int64)
_SYNC = c.CFUNCTYPE(c.c_int, c.POINTER(_File), c.c_int)


@dataclass(frozen=True)
class Event:
    """What happened to a file. `what`: found, write, truncate, sync, delete, and said (the program told its user so)."""

    what: str
    path: str = ""
    at: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """The record. `room`: bytes that files may still grow by; None: enough."""

    events: list[Event] = field(default_factory=list)
    room: int | None = None

    def said(self) -> None:
        self.events.append(Event("said"))

    def unflushed(self) -> set[str]:
        """Names of the files of which something is not on the disk now."""
        found: set[str] = set()
        for event in self.events:
            if event.what in ("write", "truncate"):
                found.add(Path(event.path).name)
            elif event.what in ("sync", "delete"):
                found.discard(Path(event.path).name)
        return found

    def after_a_cut(self, moment: int, seed: int, share: float | None = None) -> dict[str, bytes]:
        """What the files hold when the power went before event `moment`: one of many possibilities. `share` of what was not
        flushed is there; None: by chance."""
        chance, flushed, pending = random.Random(seed), {}, {}  # type: ignore[var-annotated]
        for event in self.events[:moment]:
            if event.what == "found":
                flushed.setdefault(event.path, event.data)
            elif event.what in ("write", "truncate"):
                pending.setdefault(event.path, []).append(event)
            elif event.what == "sync":
                flushed[event.path] = _written(flushed.get(event.path, b""), pending.pop(event.path, []))
            elif event.what == "delete":
                flushed.pop(event.path, None)
                pending.pop(event.path, None)
        for path, rest in pending.items():
            if path in flushed or chance.random() < 0.5:
                flushed[path] = _written(flushed.get(path, b""), _some(rest, chance, share))
        return flushed


def _written(data: bytes, events: list[Event]) -> bytes:
    found = bytearray(data)
    for event in events:
        if event.what == "truncate":
            del found[event.at :]
        else:
            found.extend(bytes(max(0, event.at + len(event.data) - len(found))))
            found[event.at : event.at + len(event.data)] = event.data
    return bytes(found)


def _some(events: list[Event], chance: random.Random, share: float | None) -> list[Event]:
    """Any part of what was not flushed: nothing, nearly all, or each sector by itself, whole or torn."""
    share = chance.choice([0.0, 0.1, 0.5, 0.95]) if share is None else share
    kept: list[Event] = []
    for event in events:
        if event.what == "truncate":
            kept += [event] if chance.random() < share else []
            continue
        for start in range(0, len(event.data), SECTOR):
            sector = event.data[start : start + SECTOR]
            if chance.random() < share:
                torn = sector if chance.random() < 0.9 else sector[: chance.randrange(len(sector))]
                kept.append(Event("write", event.path, event.at + start, torn))
    return kept


class _Layer:
    """The callbacks, and what they stand upon; kept alive as long as files are open."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self.disk, self.folder = disk, str(folder)
        self.names: dict[int, str] = {}
        self.sizes: dict[str, int] = {}
        self.sqlite = c.CDLL(library.__file__)
        self.sqlite.sqlite3_vfs_find.restype = c.POINTER(_Vfs)
        self.below = self.sqlite.sqlite3_vfs_find(None)
        self.vfs = _Vfs.from_buffer_copy(self.below.contents)
        self.vfs.name, self.vfs.next = b"power", None
        self.kept: list[Any] = []
        self.methods: dict[int, _Methods] = {}
        self.vfs.Open = self._hook(_OPEN, self._open)
        self.vfs.Delete = self._hook(_DELETE, self._delete)

    def _hook(self, kind: Any, function: Any) -> Any:
        self.kept.append(kind(function))
        return c.cast(self.kept[-1], _POINTER)

    def _original(self, file: Any) -> _Methods:
        return self.methods[c.addressof(file.contents.methods.contents)]

    def _open(self, _: Any, name: Any, file: Any, flags: int, out: Any) -> int:
        code = int(_OPEN(self.below.contents.Open)(c.addressof(self.below.contents), name, file, flags, out))
        path = c.string_at(name).decode() if name else ""
        if code == 0 and path.startswith(self.folder):
            key = c.addressof(file.contents)
            self.names[key] = path
            self.sizes.setdefault(path, Path(path).stat().st_size)
            self.disk.events.append(Event("found", path, 0, Path(path).read_bytes()))
            file.contents.methods = c.pointer(self._watched(file.contents.methods.contents))
        return code

    def _watched(self, original: _Methods) -> _Methods:
        methods = _Methods.from_buffer_copy(original)
        methods.Write, methods.Sync = self._hook(_WRITE, self._write), self._hook(_SYNC, self._sync)
        methods.Truncate = self._hook(_TRUNCATE, self._truncate)
        self.kept.append(methods)
        self.methods[c.addressof(methods)] = original
        return methods

    def _delete(self, _: Any, name: bytes, flags: int) -> int:
        self.disk.events.append(Event("delete", name.decode()))
        return int(_DELETE(self.below.contents.Delete)(c.addressof(self.below.contents), name, flags))

    def _write(self, file: Any, data: Any, size: int, at: int) -> int:
        path = self.names[c.addressof(file.contents)]
        grows = max(0, at + size - self.sizes[path])
        if self.disk.room is not None:
            if grows > self.disk.room:
                return FULL
            self.disk.room -= grows
        self.sizes[path] += grows
        self.disk.events.append(Event("write", path, at, c.string_at(data, size)))
        return int(_WRITE(self._original(file).Write)(file, data, size, at))

    def _truncate(self, file: Any, size: int) -> int:
        path = self.names[c.addressof(file.contents)]
        self.disk.events.append(Event("truncate", path, size))
        if self.disk.room is not None:
            self.disk.room += max(0, self.sizes[path] - size)
        self.sizes[path] = min(size, self.sizes[path])
        return int(_TRUNCATE(self._original(file).Truncate)(file, size))

    def _sync(self, file: Any, flags: int) -> int:
        self.disk.events.append(Event("sync", self.names[c.addressof(file.contents)]))
        return int(_SYNC(self._original(file).Sync)(file, flags))


@contextmanager
def recorded(folder: Path) -> Iterator[Disk]:
    """Files under `folder` that are opened from now on are recorded; all of them are closed before the end."""
    layer = _Layer(Disk(), folder)
    layer.sqlite.sqlite3_vfs_register(c.byref(layer.vfs), 1)
    try:
        yield layer.disk
    finally:
        layer.sqlite.sqlite3_vfs_unregister(c.byref(layer.vfs))


def laid_out(files: dict[str, bytes], old: Path, new: Path) -> None:
    """The folder after the cut: other files as they are, those of the record as it left them."""
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(old, new, ignore=shutil.ignore_patterns("*.db", "*.sqlite", "*-wal", "*-shm"))
    for path, data in files.items():
        place = new / Path(path).relative_to(old)
        if place.parent.is_dir():
            place.write_bytes(data)
