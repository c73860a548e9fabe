"""The program on a practice commune that is ready to use: workspace, 300 invented households, and a province to send them to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poverty_desktop.app.application import PASSWORD_VARIABLE
from poverty_desktop.app.office import Office
from poverty_desktop.practice.local_province import LocalProvince
from poverty_desktop.services.practice_commune import PRACTICE_COMMUNE, PRACTICE_YEAR, practice_commune
from poverty_desktop.services.practising import populate
from poverty_desktop.services.syncing import Syncing
from poverty_desktop.storage.keyfile import STANDARD, KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, exists, open_workspace
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts

PASSWORD = "luyen tap 2026"
OFFICER = "Hồ Thị Mơ (tập)"


def practise(folder: Path) -> int:
    """Open the window on `folder`/workspace, made at the first time, with its province running beside it until it is closed."""
    workspace = folder / "workspace"
    with LocalProvince(folder / "province") as province:
        if not exists(workspace):
            print(f"practice: making 300 invented households in {workspace}", flush=True)
            _make_whole(workspace, province)
        _say_where(workspace, province)
        print(f"practice: province at {province.url}; password after a lock: {PASSWORD}", flush=True)
        os.environ[PASSWORD_VARIABLE] = PASSWORD
        from poverty_desktop.app import run

        return run(workspace)


def make_practice_workspace(folder: Path, *, costs: KeyCosts = STANDARD) -> Workspace:
    """A practice workspace with its households and the round of this year, open; no province yet."""
    new = NewWorkspace(OFFICER, PRACTICE_COMMUNE, _commune_name(), practice=True)
    workspace = create(folder, PASSWORD, new, clock=SystemClock(), costs=costs)
    populate(workspace.records, practice_commune(), workspace.officer.id)
    _office(workspace).reviewing.begin_round(PRACTICE_YEAR)
    return workspace


def _make_whole(folder: Path, province: LocalProvince) -> None:
    """Made aside and put in place when it is whole, so that a making that was cut leaves nothing half."""
    making = folder.with_name(f"{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    workspace = make_practice_workspace(making)
    try:
        with _exchange(workspace) as syncing:
            syncing.enrol(province.url, province.code_for(PRACTICE_COMMUNE, _commune_name(), OFFICER))
    finally:
        workspace.close()
    making.rename(folder)


def _say_where(folder: Path, province: LocalProvince) -> None:
    """The province listens on another port at each start."""
    workspace = open_workspace(folder, PASSWORD, clock=SystemClock())
    try:
        with _exchange(workspace) as syncing:
            syncing.moved(province.url)
    finally:
        workspace.close()


@contextmanager
def _exchange(workspace: Workspace) -> Iterator[Syncing]:
    syncing = _office(workspace).synchronised(load_texts, lambda work: work())
    try:
        yield syncing
    finally:
        syncing.close()


def _office(workspace: Workspace) -> Office:
    return Office(workspace, SystemClock(), load_reference())


def _commune_name() -> str:
    unit = load_reference().unit(PRACTICE_COMMUNE)
    assert unit is not None
    return unit.name
