from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.system.single_instance import FILE_NAME, InstanceLock

HOLDER = (
    "import sys, time; from pathlib import Path; from poverty_desktop.system.single_instance import InstanceLock\n"
    "lock = InstanceLock.take(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()\n"
)


def test_two_programs_cannot_hold_one_folder(tmp_path: Path) -> None:
    lock = InstanceLock.take(tmp_path)
    with pytest.raises(KnownProblem, match=r"workspace\.already_open"):
        InstanceLock.take(tmp_path)
    lock.release()
    InstanceLock.take(tmp_path).release()


def test_two_folders_can_be_open_in_one_process(tmp_path: Path) -> None:
    locks = [InstanceLock.take(tmp_path / name) for name in ("một", "hai")]
    for lock in locks:
        lock.release()


def test_a_killed_program_leaves_a_file_but_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(KnownProblem, match=r"workspace\.already_open"):
            InstanceLock.take(tmp_path)
        holder.kill()
    assert (tmp_path / FILE_NAME).exists()
    InstanceLock.take(tmp_path).release()
