"""The commune of the review's tests, with a survey that was finished; and the same on an encrypted file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create
from tests.fakes import FakeClock
from tests.review.conftest import COMMUNE, commune, desk, qapp, texts
from tests.sync.laptops import CHEAP

__all__ = ["commune", "desk", "qapp", "texts"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = create(tmp_path / "kho", "mật khẩu thử", NewWorkspace("Sơn", COMMUNE), clock=FakeClock(), costs=CHEAP)
    yield made
    made.close()
