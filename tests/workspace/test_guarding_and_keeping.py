"""Use cases of the workspace on the real file, lock and folder check."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.services.guarding import Guarded, Guarding
from poverty_desktop.services.keeping import Keeping
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.cloud_folders import refuse_unfit_folder
from poverty_desktop.system.single_instance import InstanceLock

PASSWORD = "mật khẩu thử"


@pytest.fixture
def guarding() -> Guarding:
    return Guarding(refuse_unfit_folder, InstanceLock.take)


def make(folder: Path) -> Workspace:
    return create(folder, PASSWORD, NewWorkspace("Lan", "21001"), clock=SystemClock(), costs=KeyCosts(64, 1, 1))


def open_it(folder: Path, password: str = PASSWORD) -> Workspace:
    return open_workspace(folder, password, clock=SystemClock())


def code_of(raised: pytest.ExceptionInfo[KnownProblem]) -> str:
    return raised.value.code


def test_a_second_window_is_told_and_after_closing_may_open(tmp_path: Path, guarding: Guarding) -> None:
    first: Guarded[Workspace] = guarding.create(tmp_path / "kho", PASSWORD, make)
    with pytest.raises(KnownProblem) as raised:
        guarding.open(tmp_path / "kho", open_it)
    assert code_of(raised) == "workspace.already_open"
    first.close()
    guarding.open(tmp_path / "kho", open_it).close()


def test_a_wrong_password_gives_the_folder_free_again(tmp_path: Path, guarding: Guarding) -> None:
    guarding.create(tmp_path / "kho", PASSWORD, make).close()
    with pytest.raises(KnownProblem) as raised:
        guarding.open(tmp_path / "kho", lambda folder: open_it(folder, "sai"))
    assert code_of(raised) == "workspace.wrong_password"
    guarding.open(tmp_path / "kho", open_it).close()


def test_a_cloud_folder_is_refused_before_anything_is_written(tmp_path: Path, guarding: Guarding) -> None:
    with pytest.raises(KnownProblem) as raised:
        guarding.create(tmp_path / "Dropbox" / "kho", PASSWORD, make)
    assert code_of(raised) == "workspace.cloud_folder"
    assert list(tmp_path.iterdir()) == []


def test_a_short_password_is_refused(tmp_path: Path, guarding: Guarding) -> None:
    with pytest.raises(KnownProblem) as raised:
        guarding.create(tmp_path / "kho", "1234567", make)
    assert code_of(raised) == "workspace.weak_password"


def test_a_folder_that_is_not_there_is_not_made_by_opening(tmp_path: Path, guarding: Guarding) -> None:
    with pytest.raises(KnownProblem) as raised:
        guarding.open(tmp_path / "kho", open_it)
    assert code_of(raised) == "workspace.missing"
    assert not (tmp_path / "kho").exists()


class SetClock(SystemClock):
    moment = datetime(2026, 9, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def test_a_copy_is_made_when_one_is_due_and_also_after_the_clock_went_back(tmp_path: Path) -> None:
    workspace = make(tmp_path / "kho")
    clock = SetClock()
    keeping = Keeping(workspace, workspace.settings, clock)
    made = []
    for step in (timedelta(0), timedelta(hours=1), timedelta(hours=20), timedelta(days=-300)):
        clock.moment += step
        made.append(keeping.copy_if_due() is not None)
    workspace.close()
    assert made == [True, False, True, True]
