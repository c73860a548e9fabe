"""The drill, played once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.drill.machines import Machines
from tests.drill.script import Week


@pytest.fixture(scope="session")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """All machines after everything has happened and everybody has greeted until nothing changed."""
    machines = Machines(tmp_path_factory.mktemp("drill"))
    week = Week.begun(machines)
    week.offline()
    week.link_again()
    week.one_is_cloned()
    week.one_is_put_back()
    week.province_is_put_back()
    told = week.hong.round()
    assert (told.outcome, told.problem) == ("refused", "sync.restored")
    week.operator_adopts()
    print(f"everybody agreed after {machines.greet()} rounds each")
    yield week
    machines.close()
