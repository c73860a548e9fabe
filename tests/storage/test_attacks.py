"""Files that were cut, emptied or damaged, and processes killed where it hurts: said in a sentence, nothing given up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.copies import DATABASE, copies
from poverty_desktop.storage.keyfile import FILE_NAME as KEY_FILE
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, exists, open_workspace
from tests.storage.conftest import CHEAP, PASSWORD, TestClock

ROOT = Path(__file__).parents[2]
CREATING = """
import os, sys
from pathlib import Path
from poverty_desktop.storage import keyfile, workspace
from tests.storage.conftest import CHEAP, PASSWORD, TestClock
kill = lambda *_, **__: os._exit(9)
at, folder = sys.argv[1:]
if at == "key": workspace.new_keyfile = kill
if at == "database": workspace.Database = kill
if at == "schema": workspace.migrate = kill
if at == "fill": workspace._fill = kill
if at == "made": workspace.put_in_place = kill
workspace.create(Path(folder), PASSWORD, workspace.NewWorkspace("Lan", "21001"), clock=TestClock(), costs=CHEAP)
"""


@pytest.mark.parametrize("at", ["key", "database", "schema", "fill", "made"])
def test_a_process_killed_while_it_makes_a_workspace_leaves_none_or_a_whole_one(tmp_path: Path, at: str) -> None:
    folder = tmp_path / "kho"
    killed = subprocess.run([sys.executable, "-c", CREATING, at, str(folder)], cwd=ROOT, check=False)
    assert killed.returncode == 9
    new = NewWorkspace("Lan", "21001")
    begun = exists(folder)
    made = open_workspace(folder, PASSWORD, clock=TestClock()) if begun else create(
        folder, PASSWORD, new, clock=TestClock(), costs=CHEAP
    )  # fmt: skip
    try:
        assert made.settings.get("commune_code") == "21001"
        assert made.verify().ok
    finally:
        made.close()
    assert begun == (at == "made")


def test_an_emptied_file_is_damaged_and_never_opened_as_a_new_one(workspace: Workspace, clock: TestClock) -> None:
    """A cut of the power can leave a file of no length; opened as empty, it would rotate the good copies away."""
    workspace.backup()
    workspace.close()
    (workspace.folder / DATABASE).write_bytes(b"")
    with pytest.raises(KnownProblem) as told:
        open_workspace(workspace.folder, PASSWORD, clock=clock)
    assert told.value.code == "workspace.damaged"
    assert len(copies(workspace.folder / "backups")) == 1


def test_a_damaged_page_is_said_when_it_is_read(workspace: Workspace, household: str, clock: TestClock) -> None:
    workspace.close()
    file = workspace.folder / DATABASE
    pages = bytearray(file.read_bytes())
    for page in range(1, len(pages) // 4096):
        pages[page * 4096 + 200 : page * 4096 + 216] = bytes(16)
    file.write_bytes(pages)
    with pytest.raises(KnownProblem) as told:
        _read(workspace.folder, clock)
    assert told.value.code == "workspace.damaged"


def _read(folder: Path, clock: TestClock) -> None:
    opened = open_workspace(folder, PASSWORD, clock=clock)
    try:
        opened.lists.households("hường")
    finally:
        opened.close()


def test_a_key_file_that_cannot_be_read_is_a_known_problem(workspace: Workspace, clock: TestClock) -> None:
    workspace.close()
    (workspace.folder / KEY_FILE).rename(workspace.folder / "away")
    (workspace.folder / KEY_FILE).mkdir()
    with pytest.raises(KnownProblem) as told:
        open_workspace(workspace.folder, PASSWORD, clock=clock)
    assert told.value.code == "workspace.no_access"


def test_what_a_killed_copy_left_is_taken_away_by_the_next(workspace: Workspace) -> None:
    left = workspace.folder / "backups" / "2026-08-30T010000.000000Z.part"
    left.mkdir(parents=True)
    (left / DATABASE).write_bytes(bytes(5000))
    made = workspace.backup()
    assert list((workspace.folder / "backups").iterdir()) == [made]
