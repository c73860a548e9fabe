"""Drafts: what the status bar called saved is there again (issue "SIGKILL at 200 random moments"; sync.md 3.4 rule 4)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.services.ports import Draft
from poverty_desktop.storage.workspace import Workspace, open_workspace

PASSWORD = "mật khẩu thử"
TYPIST = """
import sys
from pathlib import Path
from poverty_desktop.services.ports import Draft
from poverty_desktop.storage.workspace import open_workspace
from poverty_desktop.system.clock import SystemClock
workspace = open_workspace(Path(sys.argv[1]), sys.argv[2], clock=SystemClock())
if workspace.drafts.get(sys.argv[3]) is None:
    workspace.drafts.open(Draft(sys.argv[3], "household", "h", "", "lan", workspace.records.base()))
print("ready", flush=True)
for number in range(1_000_000):
    workspace.drafts.keep(sys.argv[3], {f"member.{number % 7}.note": number, "last": number})
    print(number, flush=True)
"""


def a_draft(workspace: Workspace, subject: str = "h", **more: object) -> Draft:
    draft = Draft(workspace.records.new_group(), "household", subject, "Hộ mới", "lan", workspace.records.base(), **more)
    workspace.drafts.open(draft)
    return draft


def test_a_draft_comes_back_whole(workspace: Workspace) -> None:
    draft = a_draft(workspace, opened={"phone": None}, values={"phone": "1"}, notes={"numbers": {"a": 1}})
    kept = workspace.drafts.get(draft.id)
    assert kept.updated_at
    kept.updated_at = ""
    assert kept == draft


def test_a_kept_field_replaces_the_same_field_and_notes_are_added_to(workspace: Workspace) -> None:
    draft = a_draft(workspace, values={"phone": "1", "note": "a"}, notes={"numbers": {"a": 1}})
    workspace.drafts.keep(draft.id, {"phone": None}, {"title": "Đinh Thị Hường"})
    kept = workspace.drafts.get(draft.id)
    assert (kept.values, kept.title) == ({"phone": None, "note": "a"}, "Đinh Thị Hường")
    assert kept.notes == {"numbers": {"a": 1}, "title": "Đinh Thị Hường"}


def test_the_draft_typed_in_last_comes_first(workspace: Workspace) -> None:
    first, second = a_draft(workspace, "h1"), a_draft(workspace, "h2")
    workspace.drafts.keep(first.id, {"phone": "1"})
    assert [draft.id for draft in workspace.drafts.all()] == [first.id, second.id]
    assert workspace.drafts.of("h2").id == second.id


def test_a_field_of_a_dropped_draft_is_never_called_saved(workspace: Workspace) -> None:
    draft = a_draft(workspace)
    workspace.drafts.drop(draft.id)
    assert workspace.drafts.get(draft.id) is None
    with pytest.raises(LookupError):
        workspace.drafts.keep(draft.id, {"phone": "1"})


def test_a_kept_field_is_one_commit(workspace: Workspace) -> None:
    draft = a_draft(workspace)
    statements: list[str] = []
    workspace.database.connection.set_trace_callback(statements.append)
    workspace.drafts.keep(draft.id, {"phone": "1"}, {"title": "x"})
    workspace.database.connection.set_trace_callback(None)
    assert statements.count("COMMIT") == 1


def test_no_field_called_saved_is_lost_when_the_process_is_killed(workspace: Workspace, clock) -> None:
    draft_id = workspace.records.new_group()
    workspace.close()
    for seed in range(6):
        said = _killed_after(workspace.folder, draft_id, random.Random(seed).randrange(1, 60))
        again = open_workspace(workspace.folder, PASSWORD, clock=clock)
        kept = again.drafts.get(draft_id).values["last"]
        whole = again.verify().ok
        again.close()
        assert kept >= said
        assert whole


def _killed_after(folder: Path, draft_id: str, fields: int) -> int:
    """Let the child type and kill it once it called this many fields saved; the last it said."""
    command = [sys.executable, "-c", TYPIST, str(folder), PASSWORD, draft_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        said = [int(child.stdout.readline()) for _ in range(fields)][-1]
        child.send_signal(signal.SIGKILL)
    return said


def test_a_draft_is_replaced_whole_or_not_at_all(workspace: Workspace) -> None:
    """Taking over somebody else's change opens the draft anew: a disk that is full just then must not cost what was typed."""
    base = workspace.records.base()
    workspace.drafts.open(Draft("d", "household", "h", "", "lan", base, values={"household.note": "nhà cuối thôn", "x": 1}))
    pages = workspace.database.value("PRAGMA page_count")
    workspace.database.value(f"PRAGMA max_page_count = {pages}")
    typed = {"household.note": "nhà cuối thôn"}
    fresh = Draft("d", "household", "h", "", "lan", base, opened={"household.note": "x" * 4096 * 40}, values=typed)
    with pytest.raises(KnownProblem, match=r"save\.disk_full"):
        workspace.drafts.open(fresh)
    (kept,) = workspace.drafts.all()
    assert kept.values == {"household.note": "nhà cuối thôn", "x": 1}
    workspace.database.value("PRAGMA max_page_count = 1000000")
    workspace.drafts.open(fresh)
    (kept,) = workspace.drafts.all()
    assert kept.values == typed
