"""Room on the disk that is kept for typing (sync.md 4.3 T6): a file that is given up when the disk is nearly full, so that a Save
is written all the same; and a bound for work that can wait.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from poverty_desktop.domain.problems import KnownProblem

FILE_NAME = "workspace.reserve"
BYTES = 20 << 20
SCARCE = 8 << 20  # bytes free: below, the reserve is given up, and nothing comes in from the province
AMPLE = 10 * BYTES  # bytes free: from here on a reserve may be laid by


class Reserve:
    """Of the workspace in `folder`. `free`: bytes that the disk has left for us."""

    def __init__(self, folder: Path, free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free) -> None:
        self._folder, self.free = folder, free

    @property
    def path(self) -> Path:
        return self._folder / FILE_NAME

    def lay_by(self) -> None:
        """Make it where it is missing and there is ample room. What cannot be made is not there: nothing else depends on it."""
        with contextlib.suppress(OSError):
            if self.path.exists() or self.free(self._folder) < AMPLE:
                return
            with self.path.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, BYTES)
                else:
                    file.truncate(BYTES)  # Windows gives it its clusters at once

    def give_up(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def is_scarce(self) -> bool:
        try:
            return self.free(self._folder) < SCARCE
        except OSError:
            return False

    def before_a_save(self) -> None:
        """What is typed comes first: where room is scarce the reserve is given up for it."""
        if self.is_scarce():
            self.give_up()

    def before_what_can_wait(self) -> None:
        """Raises `KnownProblem("sync.disk_full")` where the rest of the room is for Saves."""
        if self.is_scarce():
            raise KnownProblem("sync.disk_full", folder=str(self._folder), megabytes=SCARCE >> 20)
