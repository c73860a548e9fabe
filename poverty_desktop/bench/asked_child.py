"""Modules of this package as processes that are asked for work over their pipes, and what a process costs.

Processor time and memory of a process come from `/proc`; where there is none (Windows) they are None and the figure is left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from poverty_desktop.bench import children

Answering = Callable[..., Any]


class AskedChild:
    """`poverty_desktop.bench.<module>` as a process; `ask` waits for its answer."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"poverty_desktop.bench.{module}", *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=children.environment(None)
        )
        self.pid = self._process.pid

    def ask(self, verb: str, **given: Any) -> Any:
        """Raises RuntimeError when the child ended, with what it was asked."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"verb": verb, **given}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process ended when it was asked to {verb}")
        return json.loads(line)

    def close(self) -> None:
        self._process.communicate(timeout=60)


@contextmanager
def asked_child(module: str, *arguments: str) -> Iterator[AskedChild]:
    child = AskedChild(module, *arguments)
    try:
        yield child
    finally:
        child.close()


def answer_questions(verbs: dict[str, Answering]) -> None:
    """In the child: answer until the parent closes the pipe."""
    for line in sys.stdin:
        asked = json.loads(line)
        answer = verbs[asked.pop("verb")](**asked)
        print(json.dumps(answer), flush=True)


def processor_seconds(pid: int) -> float | None:
    """User and system time of a process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    import os

    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def forget_peak(pid: int | str = "self") -> None:
    """Let the peak of memory begin anew."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        return


def peak_mib(pid: int | str = "self") -> float | None:
    """The most memory that was resident since the peak was forgotten."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), None)
