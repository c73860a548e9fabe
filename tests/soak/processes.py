"""Children that are forked ready-made, and killed without a word."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any


def context() -> BaseContext:
    """Where processes can be forked, from one that has everything imported; elsewhere each begins anew."""
    if sys.platform == "win32":
        return mp.get_context("spawn")
    found = mp.get_context("forkserver")
    found.set_forkserver_preload(["tests.soak.preload"])
    return found


class Child:
    """One process. `errors`: a file that gets what it says of its own accord."""

    def __init__(self, at: BaseContext, errors: Path, target: Callable[..., None], *arguments: Any) -> None:
        self._process: BaseProcess = at.Process(target=_run, args=(errors, target, arguments), daemon=True)  # type: ignore[attr-defined]
        self._process.start()

    @property
    def lives(self) -> bool:
        return self._process.is_alive()

    @property
    def ended_badly(self) -> bool:
        return self._process.exitcode not in (None, 0, -9)

    def kill(self) -> bool:
        """SIGKILL; whether it was still alive."""
        lived = self.lives
        self._process.kill()
        self._process.join()
        return lived

    def stop(self) -> None:
        """It stands still until `go_on`."""
        os.kill(self._process.pid or 0, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self._process.pid or 0, signal.SIGCONT)

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it ended by itself within this time."""
        self._process.join(seconds)
        return not self.lives


def _run(errors: Path, target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with errors.open("ab") as file:
        os.dup2(file.fileno(), 2)
    target(*arguments)


def _end_with_parent() -> None:
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
