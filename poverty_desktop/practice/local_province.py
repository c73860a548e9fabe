"""A province on this machine's loopback address, for practice and for proofs. It marks itself as practice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

START_TIMEOUT_SECONDS = 60


class LocalProvince:
    """A `server run --practice` child process with its data in `folder`; stops with the context."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port_file = folder / "port"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0  # chosen at the first start, the same at each one after
        self.url = ""

    def __enter__(self) -> LocalProvince:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._port_file.unlink(missing_ok=True)
        log = (self._folder / "server.log").open("ab")
        place = ["--data", str(self._folder), "--port", str(self._port), "--port-file", str(self._port_file)]
        command = [*_program(), "server", "run", "--practice", *place]
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=_environment())
        self._port = self._wait_for_port()
        self.url = f"http://127.0.0.1:{self._port}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        assert self._process is not None
        return self._process.pid

    def _wait_for_port(self) -> int:
        """The port that the server wrote down once it listens."""
        assert self._process is not None
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            written = self._port_file.read_text() if self._port_file.exists() else ""
            if written.strip():
                return int(written)
            time.sleep(0.05)
        raise RuntimeError(f"the practice province did not start; see {self._folder / 'server.log'}")

    def admin(self, *arguments: str) -> Any:
        """Run a `server admin` verb on this province and give its JSON."""
        command = [*_program(), "server", "admin", *arguments, "--data", str(self._folder), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
        if done.returncode:
            raise RuntimeError(f"server admin {' '.join(arguments)}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def code_for(self, commune_code: str, commune_name: str, officer: str) -> str:
        """A one-time code that enrols one laptop for this commune; the commune is added where it is new."""
        self.admin("add-commune", "--code", commune_code, "--name", commune_name)
        return str(self.admin("code", "--commune", commune_code, "--officer", officer)["code"])


def _program() -> list[str]:
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "poverty_desktop"]


def _environment() -> dict[str, str]:
    """The child's environment: the source tree is found wherever the parent found it, and Qt is not asked for."""
    root = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
