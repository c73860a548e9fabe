from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.services.ports import Draft
from poverty_desktop.storage.copies import DATABASE
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from poverty_desktop.system.resources import load_texts

PASSWORD = "mật khẩu thử"


def problem_of(doing: Callable[[], object]) -> KnownProblem:
    with pytest.raises(KnownProblem) as raised:
        doing()
    return raised.value


def test_what_was_saved_is_there_after_closing(workspace: Workspace, household: str, clock) -> None:
    workspace.close()
    again = open_workspace(workspace.folder, PASSWORD, clock=clock)
    kept = again.records.get(Household, household)
    again.close()
    assert kept is not None
    assert kept.household_code == "21001-0007"


def test_the_password_says_who_is_working(workspace: Workspace, clock) -> None:
    minh = workspace.add_officer("Phạm Minh", "mật khẩu khác")
    workspace.close()
    again = open_workspace(workspace.folder, "mật khẩu khác", clock=clock)
    again.close()
    assert again.officer == minh


def test_a_wrong_password_is_not_called_damage(workspace: Workspace, clock) -> None:
    workspace.close()
    assert problem_of(lambda: open_workspace(workspace.folder, "sai", clock=clock)).code == "workspace.wrong_password"


def test_a_damaged_file_is_not_called_a_wrong_password(workspace: Workspace, clock) -> None:
    workspace.close()
    path = workspace.folder / DATABASE
    data = bytearray(path.read_bytes())
    data[16:2000] = bytes(1984)
    path.write_bytes(data)
    assert problem_of(lambda: open_workspace(workspace.folder, PASSWORD, clock=clock)).code == "workspace.damaged"


def test_a_file_of_a_newer_program_is_left_alone(workspace: Workspace, clock) -> None:
    workspace.database.connection.execute("PRAGMA user_version = 99")
    workspace.close()
    before = (workspace.folder / DATABASE).read_bytes()
    assert problem_of(lambda: open_workspace(workspace.folder, PASSWORD, clock=clock)).code == "workspace.newer_schema"
    assert (workspace.folder / DATABASE).read_bytes() == before


def test_a_second_opening_is_refused_even_without_the_lock_file(workspace: Workspace) -> None:
    program = (
        "import sys; from pathlib import Path; from poverty_desktop.storage.workspace import open_workspace\n"
        "from poverty_desktop.system.clock import SystemClock; from poverty_desktop.domain.problems import KnownProblem\n"
        "try: open_workspace(Path(sys.argv[1]), sys.argv[2], clock=SystemClock())\n"
        "except KnownProblem as problem: print(problem.code)\n"
    )
    command = [sys.executable, "-c", program, str(workspace.folder), PASSWORD]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "workspace.already_open"


def test_no_space_for_a_new_workspace_leaves_nothing_behind(tmp_path: Path) -> None:
    """The file size limit of the process stands for a full disk; it works without rights and on every Unix."""
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from poverty_desktop.storage.workspace import NewWorkspace, create\n"
        "from poverty_desktop.storage.keyfile import KeyCosts\n"
        "from poverty_desktop.system.clock import SystemClock; from poverty_desktop.domain.problems import KnownProblem\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "new = NewWorkspace('Lan', '21001')\n"
        "try: create(Path(sys.argv[1]), 'mật khẩu', new, clock=SystemClock(), costs=KeyCosts(64, 1, 1))\n"
        "except KnownProblem as problem: print(problem.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "kho")], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "workspace.no_space"
    assert list((tmp_path / "kho").iterdir()) == []


def test_the_five_troubles_are_five_sentences_in_both_languages() -> None:
    codes = ("wrong_password", "damaged", "newer_schema", "no_space", "already_open")
    for language in ("vi", "en"):
        texts = load_texts(language)
        sentences = {texts.problem(KnownProblem(f"workspace.{code}", folder="/kho")) for code in codes}
        assert len(sentences) == 5


def test_an_existing_workspace_is_never_overwritten(workspace: Workspace, clock) -> None:
    new = NewWorkspace("Minh", "21002")
    assert problem_of(lambda: create(workspace.folder, "mật khẩu", new, clock=clock)).code == "workspace.exists"


def test_no_name_stands_in_clear_in_the_file_its_wal_or_its_copies(workspace: Workspace, household: str) -> None:
    group = workspace.records.new_group()
    draft = Draft(group, "household", household, "Đinh Thị Hường", "lan", workspace.records.base())
    workspace.drafts.open(draft)
    workspace.drafts.keep(group, {"member.x.full_name": "Đinh Thị Hường"})
    workspace.backup()
    files = [path for path in workspace.folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    for path in files:
        data = path.read_bytes()
        for text in ("Hường", "huong", "051123456789", "Nguyễn"):
            assert text.encode() not in data, path
            assert text.encode("utf-16-le") not in data, path


def test_a_copy_opens_like_a_workspace_and_old_ones_go(workspace: Workspace, household: str, clock) -> None:
    made = [workspace.backup(kept=2) for _ in range(4)]
    assert [path.exists() for path in made] == [False, False, True, True]
    copy = open_workspace(made[-1], PASSWORD, clock=clock)
    found = copy.records.get(Household, household)
    copy.close()
    assert found is not None


def test_a_copy_that_does_not_prove_good_is_not_kept(workspace: Workspace, household: str, monkeypatch) -> None:
    whole = workspace.database.copy_to

    def half(path: Path) -> None:
        whole(path)
        with path.open("r+b") as file:
            file.seek(8192)
            file.write(bytes(4096))

    monkeypatch.setattr(workspace.database, "copy_to", half)
    assert problem_of(workspace.backup).code == "workspace.damaged"
    assert workspace.last_backup() is None


def test_verify_finds_a_changed_operation_a_stale_line_and_a_forged_access(workspace: Workspace, household: str) -> None:
    workspace.access_log.note("lan", "printed", household=household)
    assert workspace.verify().ok
    execute = workspace.database.connection.execute
    execute("DROP TRIGGER sync_op_is_frozen")
    execute("UPDATE sync_op SET body = replace(body, '0912', '0913') WHERE seq = 2")
    execute("UPDATE household_line SET member_count = 9")
    execute("UPDATE access_log SET entry = replace(entry, 'printed', 'opened')")
    kinds = {fault.partition(":")[0] for fault in workspace.verify().faults}
    assert kinds == {"lane", "search", "access_log"}


def test_verify_finds_a_changed_page(workspace: Workspace, household: str, clock) -> None:
    workspace.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    workspace.close()
    copy = workspace.folder.parent / "chép"
    shutil.copytree(workspace.folder, copy)
    with (copy / DATABASE).open("r+b") as file:
        file.seek(40 * 4096 + 100)
        file.write(b"\0\1\2")
    again = open_workspace(copy, PASSWORD, clock=clock)
    faults = again.verify().faults
    again.close()
    assert any(fault.startswith("pages:") for fault in faults)


def test_the_access_log_keeps_only_the_tail_of_a_citizen_id(workspace: Workspace) -> None:
    workspace.access_log.note("lan", "searched", text="số 051123456789")
    assert workspace.access_log.entries(1)[0]["text"] == "số ********6789"
