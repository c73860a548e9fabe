"""A real encrypted workspace for each test, with a cheap key derivation and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create

PASSWORD = "mật khẩu thử"
CHEAP = KeyCosts(memory_kib=64, passes=1, lanes=1)


class TestClock:
    __test__ = False

    def __init__(self) -> None:
        self.moment = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def today(self) -> date:
        return self.moment.date()

    def monotonic(self) -> float:
        return self.moment.timestamp()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def workspace(tmp_path: Path, clock: TestClock) -> Iterator[Workspace]:
    made = create(tmp_path / "kho", PASSWORD, NewWorkspace("Nguyễn Thị Lan", "21001"), clock=clock, costs=CHEAP)
    yield made
    made.close()


@pytest.fixture
def register(workspace: Workspace) -> Callable[..., str]:
    """Create one record through the recorder and give its id."""

    def made(entity: str, **fields: object) -> str:
        group = workspace.records.new_group()
        change = Change("c", entity, op_id(group, 1), 1, fields)
        workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), [change]))
        return change.record_id

    return made


@pytest.fixture
def household(register: Callable[..., str]) -> str:
    village = register("village", commune_code="21001", name="Thôn Đá Chát", position=2)
    home = register("household", commune_code="21001", village_id=village, household_code="21001-0007", phone="0912345678")
    register(
        "household_member", household_id=home, full_name="Đinh Thị Hường", relation_to_head=1, personal_id_number="051123456789"
    )
    return home
