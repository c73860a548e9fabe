"""The fake keeps the contract of the real storage."""

from __future__ import annotations

import pytest

from poverty_desktop.services.ports import Lists, Records
from tests.contracts.records_contract import RecordsContract
from tests.fakes import FakeLists, FakeRecords


class TestFake(RecordsContract):
    @pytest.fixture
    def records(self) -> Records:
        return FakeRecords()

    @pytest.fixture
    def lists(self, records: FakeRecords) -> Lists:
        return FakeLists(records)
