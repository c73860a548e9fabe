"""The copies that every sentence about damage promises are really made while one works."""

from __future__ import annotations

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.storage.workspace import open_workspace
from tests.attacks.conftest import PASSWORD, Desk, Found
from tests.fakes import FakeClock


def test_a_copy_is_made_while_the_program_is_open_and_opens_like_the_workspace(desk: Desk) -> None:
    copies = desk.folder / "backups"
    for _ in range(2):  # the second look finds today's copy
        desk.application.keep_copy()
        desk.settle()
    (made,) = copies.iterdir()
    opened = open_workspace(made, PASSWORD, clock=FakeClock())
    found = Found(opened, desk.home)
    opened.close()
    assert found.names == ["Hồ Thị Mơ", "Đinh Văn Hrê"]


def test_a_copy_that_cannot_be_made_is_told_once_and_the_work_goes_on(desk: Desk) -> None:

    def full() -> None:
        raise KnownProblem("workspace.no_space", folder=str(desk.folder))

    desk.application.open_office.workspace.backup = full  # a disk without room for a second file
    desk.application.keep_copy()
    desk.settle()
    assert ["đã đầy" in bar.sentence for bar in desk.shell.current.messages.bars] == [True]
    assert not desk.application._copy_timer.isActive()
    desk.application.lock()
    desk.settle()
