"""A running province, and laptops on demand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.workspace import NewWorkspace, create, open_workspace
from poverty_desktop.system.clock import SystemClock
from tests.sync.cutter import Cutter
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD, Laptop, RunningProvince
from tests.sync.sync_window import Window


@pytest.fixture
def province(tmp_path: Path) -> Iterator[RunningProvince]:
    running = RunningProvince(tmp_path / "province")
    yield running
    running.close()


@pytest.fixture
def cutter(province: RunningProvince) -> Iterator[Cutter]:
    between = Cutter(province.port)
    yield between
    between.close()


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bool, str], Path]:
    """A closed workspace for each name a laptop may have, made once: each test gets copies, and no two of them are alike."""

    @cache
    def made(name: str, practice: bool, commune: str) -> Path:
        folder = tmp_path_factory.mktemp("untouched") / "laptop"
        new = NewWorkspace(officer_name=f"Cán bộ {name}", commune_code=commune, practice=practice)
        create(folder, PASSWORD, new, clock=SystemClock(), costs=CHEAP).close()
        return folder

    return made


@pytest.fixture
def new_laptop(tmp_path: Path, untouched: Callable[[str, bool, str], Path]) -> Iterator[Callable[..., Laptop]]:
    made: list[Laptop] = []

    def make(name: str = "a", practice: bool = True, commune: str = COMMUNE) -> Laptop:
        folder = tmp_path / f"laptop-{name}"
        shutil.copytree(untouched(name, practice, commune), folder)
        laptop = Laptop(open_workspace(folder, PASSWORD, clock=SystemClock()), folder)
        made.append(laptop)
        return laptop

    yield make
    for laptop in made:
        laptop.close()


@pytest.fixture
def workspace_file(new_laptop: Callable[..., Laptop]) -> Database:
    """The open file of a laptop."""
    return new_laptop().workspace.database


@pytest.fixture
def window(qtbot, qapp) -> Iterator[Callable[..., Window]]:
    apply_theme(qapp)
    opened: list[Window] = []

    def open_window(laptop: Laptop, language: str = "vi") -> Window:
        opened.append(Window(qtbot, laptop, language))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()
