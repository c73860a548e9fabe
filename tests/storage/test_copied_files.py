"""A file that was put back from a copy, or brought from another machine, is noticed at once and begins anew (sync.md 3.19)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.copies import DATABASE
from poverty_desktop.storage.putting_back import put_back
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.witness import file_of
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from tests.storage.conftest import CHEAP, PASSWORD, TestClock

Opening = Callable[..., Workspace]


@pytest.fixture
def folder(tmp_path: Path, clock: TestClock) -> Path:
    create(tmp_path / "kho", PASSWORD, NewWorkspace("Nguyễn Thị Lan", "21001"), clock=clock, costs=CHEAP).close()
    return tmp_path / "kho"


@pytest.fixture
def opening(folder: Path, clock: TestClock) -> Iterator[Opening]:
    opened: list[Workspace] = []

    def open_it(machine: str = "máy một") -> Workspace:
        opened.append(open_workspace(folder, PASSWORD, clock=clock, machine=machine))
        return opened[-1]

    yield open_it
    for workspace in opened:
        workspace.close()


def work(workspace: Workspace, code: str) -> str:
    group = workspace.records.new_group()
    change = Change("c", "household", op_id(group, 1), 1, {"commune_code": "21001", "household_code": code})
    workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), [change]))
    return change.record_id


def incarnation(workspace: Workspace) -> str:
    return SqliteSyncStore(workspace.database).incarnation()


def test_the_same_file_goes_on_as_it_was(opening: Opening) -> None:
    first = opening()
    before = incarnation(first)
    work(first, "1")
    first.close()
    again = opening()
    assert (again.begun_anew, incarnation(again)) == ("", before)


def test_a_file_older_than_the_machine_remembers_begins_anew_with_its_work(opening: Opening, folder: Path) -> None:
    first = opening()
    work(first, "1")
    first.close()
    old = (folder / DATABASE).read_bytes()
    later = opening()
    before = incarnation(later)
    work(later, "2")
    later.close()
    (folder / DATABASE).write_bytes(old)
    restored = opening()
    assert restored.begun_anew == "older"
    assert incarnation(restored) != before
    store = SqliteSyncStore(restored.database)
    assert [one.fields["household_code"] for one in store.own_operations(1, 9)] == ["1"]
    assert store.standing().waiting == 1
    assert restored.verify().faults == []
    restored.close()
    assert opening().begun_anew == ""


def test_a_file_on_another_machine_begins_anew_once(opening: Opening) -> None:
    first = opening()
    work(first, "1")
    before = incarnation(first)
    first.close()
    moved = opening("máy hai")
    assert (moved.begun_anew, incarnation(moved) == before) == ("machine", False)
    moved.close()
    assert opening("máy hai").begun_anew == ""


def test_a_machine_without_a_name_changes_nothing(opening: Opening) -> None:
    opening().close()
    assert opening("").begun_anew == ""


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"last": 9}'])
def test_a_lost_or_broken_memory_of_the_machine_is_no_harm(opening: Opening, folder: Path, kept: str) -> None:
    first = opening()
    work(first, "1")
    first.close()
    file_of(folder).write_text(kept)
    assert opening().begun_anew == ""


def test_the_memory_of_another_workspace_of_the_same_name_does_not_count(opening: Opening, folder: Path) -> None:
    opening().close()
    seen = json.loads(file_of(folder).read_text())
    file_of(folder).write_text(json.dumps(seen | {"workspace": "another", "last": 99}))
    assert opening().begun_anew == ""


def test_a_form_that_was_open_when_the_file_began_anew_has_not_seen_what_came_after(opening: Opening) -> None:
    workspace = opening()
    home = work(workspace, "1")
    base = workspace.records.base()
    work(workspace, "2")
    store = SqliteSyncStore(workspace.database)
    store.start_anew("00000000-0000-4000-8000-000000000000")
    work(workspace, "3")
    change = Change("u", "household", home, 1, {"phone": "09"})
    workspace.records.save(Save(workspace.records.new_group(), workspace.officer.id, base, [change]))
    (last,) = store.own_operations(4, 4)
    assert last.not_seen == 2


def test_a_copy_is_put_back_and_what_it_replaces_is_kept(opening: Opening, folder: Path, clock: TestClock) -> None:
    first = opening()
    work(first, "1")
    copy = first.backup()
    work(first, "2")
    before = incarnation(first)
    first.close()
    replaced = put_back(folder, copy, PASSWORD, clock=clock)
    restored = opening()
    assert [home.household_code for home in restored.records.select(Household)] == ["1"]
    assert incarnation(restored) != before
    assert restored.verify().faults == []
    kept = open_workspace(Path(shutil.copytree(replaced, folder.parent / "xem")), PASSWORD, clock=clock)
    assert {home.household_code for home in kept.records.select(Household)} == {"1", "2"}
    kept.close()


def test_a_damaged_workspace_is_restored_from_a_copy(opening: Opening, folder: Path, clock: TestClock) -> None:
    first = opening()
    work(first, "1")
    copy = first.backup()
    first.close()
    (folder / DATABASE).write_bytes(b"x" * 8192)
    put_back(folder, copy, PASSWORD, clock=clock)
    assert [home.household_code for home in opening().records.select(Household)] == ["1"]


def test_a_copy_of_another_workspace_is_refused(opening: Opening, folder: Path, clock: TestClock, tmp_path: Path) -> None:
    other = create(tmp_path / "khác", PASSWORD, NewWorkspace("Y", "21001"), clock=clock, costs=CHEAP)
    copy = other.backup()
    other.close()
    with pytest.raises(KnownProblem, match=r"workspace\.other_copy"):
        put_back(folder, copy, PASSWORD, clock=clock)
    with pytest.raises(KnownProblem, match=r"workspace\.wrong_password"):
        put_back(tmp_path / "khác", copy, "sai mật khẩu", clock=clock)
    assert opening().begun_anew == ""


def test_a_kill_while_a_copy_is_put_back_leaves_the_old_file_or_the_new(
    opening: Opening, folder: Path, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends between any two renames."""
    first = opening()
    work(first, "1")
    copy = first.backup()
    work(first, "2")
    first.close()
    rename = Path.replace

    class Killed(BaseException):
        pass

    for moment in range(4):
        left = [moment]

        def replace(self: Path, target: Path, left: list[int] = left) -> Path:
            if not left[0]:
                raise Killed
            left[0] -= 1
            return rename(self, target)

        monkeypatch.setattr(Path, "replace", replace)
        try:
            put_back(folder, copy, PASSWORD, clock=clock)
        except Killed:
            pass
        finally:
            monkeypatch.setattr(Path, "replace", rename)
        workspace = opening()
        assert workspace.verify().faults == []
        assert {home.household_code for home in workspace.records.select(Household)} in ({"1"}, {"1", "2"})
        workspace.close()
