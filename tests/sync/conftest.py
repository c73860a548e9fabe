"""A running province, and laptops on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poverty_desktop.storage.workspace import NewWorkspace, create
from poverty_desktop.system.clock import SystemClock
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD, Laptop, RunningProvince


@pytest.fixture
def province(tmp_path: Path) -> Iterator[RunningProvince]:
    running = RunningProvince(tmp_path / "province")
    yield running
    running.close()


@pytest.fixture
def new_laptop(tmp_path: Path) -> Iterator[Callable[..., Laptop]]:
    made: list[Laptop] = []

    def make(name: str = "a", practice: bool = True, commune: str = COMMUNE) -> Laptop:
        folder = tmp_path / f"laptop-{name}"
        new = NewWorkspace(officer_name=f"Cán bộ {name}", commune_code=commune, practice=practice)
        laptop = Laptop(create(folder, PASSWORD, new, clock=SystemClock(), costs=CHEAP), folder)
        made.append(laptop)
        return laptop

    yield make
    for laptop in made:
        laptop.close()
