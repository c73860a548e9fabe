"""The real storage keeps the contract that the fakes keep."""

from __future__ import annotations

import pytest

from poverty_desktop.services.ports import Lists, Records
from poverty_desktop.storage.workspace import Workspace
from tests.contracts.records_contract import RecordsContract


class TestReal(RecordsContract):
    @pytest.fixture
    def records(self, workspace: Workspace) -> Records:
        return workspace.records

    @pytest.fixture
    def lists(self, workspace: Workspace) -> Lists:
        return workspace.lists
