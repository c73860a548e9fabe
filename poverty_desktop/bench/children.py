"""Modules of this package as processes of their own: a window is measured, or killed, from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SINCE = "POVERTY_DESKTOP_BENCH_SINCE"
"""Environment: `time.monotonic()` of the parent just before the child was started; one clock for all processes of a machine."""
PATIENCE_SECONDS = 120


def start(module: str, *arguments: str, password: str | None = None) -> subprocess.Popen[str]:
    """Start `poverty_desktop.bench.<module>` without a display; with a password its window opens the workspace by itself."""
    command = [sys.executable, "-m", f"poverty_desktop.bench.{module}", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(password))


def figures_of(module: str, *arguments: str, password: str | None = None) -> dict[str, Any]:
    """Run a child to its end and give the JSON object it printed last. RuntimeError with its words when it failed."""
    child = start(module, *arguments, password=password)
    out, errors = child.communicate(timeout=PATIENCE_SECONDS)
    if child.returncode or not out.strip():
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with {child.returncode}: {errors.strip()}")
    found: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return found


def since_start() -> float:
    """In a child: milliseconds since the parent started this process."""
    return (time.monotonic() - float(os.environ[SINCE])) * 1000


def environment(password: str | None) -> dict[str, str]:
    """What a child is started with."""
    from poverty_desktop.app.application import PASSWORD_VARIABLE  # a bare child must not carry the program in its memory

    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    clean = {name: value for name, value in os.environ.items() if name != PASSWORD_VARIABLE}
    ours = {"PYTHONPATH": path, "PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen", SINCE: repr(time.monotonic())}
    return clean | ours | ({PASSWORD_VARIABLE: password} if password else {})
