"""One program at a time on one workspace, by a lock that the operating system gives back when the program dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from poverty_desktop.domain.problems import KnownProblem

FILE_NAME = "workspace.lock"


class InstanceLock:
    """Held from `take` to `release`, or to the end of the process, however it ends: a file left over locks nobody out."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @classmethod
    def take(cls, folder: Path, name: str = FILE_NAME, problem: str = "workspace.already_open") -> InstanceLock:
        """Raises `KnownProblem(problem)` while another program (or window) holds the lock of this name."""
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / name).open("a+b")
        try:
            _lock(file)
        except OSError as error:
            file.close()
            raise KnownProblem(problem, folder=str(folder)) from error
        _sign(file)
        return cls(file)

    def release(self) -> None:
        """Give the folder free. A second call does nothing."""
        self._file.close()


def _sign(file: IO[bytes]) -> None:
    """Leave the process number for support staff; only the lock itself decides. The locked first byte stays a blank."""
    file.seek(0)
    file.truncate()
    file.write(b" %d\n" % os.getpid())
    file.flush()


if sys.platform == "win32":

    def _lock(file: IO[bytes]) -> None:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:

    def _lock(file: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
