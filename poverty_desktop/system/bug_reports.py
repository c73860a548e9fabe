"""The one hook for bugs: a report that helps to mend the program and holds nobody's data."""

from __future__ import annotations

import contextlib
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path


def describe(error: BaseException) -> str:
    """Kind of error and the lines of code it came through; never its message, arguments or variables, which may hold names."""
    lines = [f"{type(error).__module__}.{type(error).__qualname__}"]
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}")
    cause = error.__cause__ or error.__context__
    return "\n".join(lines) + (f"\ncaused by {describe(cause)}" if cause is not None else "")


class BugReports:
    """Writes reports into `folder` and tells a person once per report through `notify` (any thread)."""

    def __init__(self, folder: Path, now: Callable[[], datetime], version: str) -> None:
        self._folder, self._now, self._version = folder, now, version
        self.notify: Callable[[Path], None] = lambda report: None

    def bug(self, error: BaseException) -> Path:
        """Keep a report of `error` and say where it is. Never raises: the record of a bug must not be another one."""
        at = self._now()
        file = self._folder / f"bug-{at:%Y%m%d-%H%M%S-%f}.txt"
        system = f"poverty-desktop {self._version}, Python {sys.version.split()[0]}, {platform.platform()}"
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{system}\n{at.isoformat()}\n\n{describe(error)}\n", encoding="utf-8")
        sys.stderr.write(describe(error) + "\n")
        self.notify(file)
        return file
