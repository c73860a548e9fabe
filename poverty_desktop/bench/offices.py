"""Workspaces to measure on: the invented commune in a folder of its own, with keys that cost nothing to derive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poverty_desktop.app.office import Office
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.services.practice_commune import PRACTICE_COMMUNE, PracticeCommune, practice_commune
from poverty_desktop.services.practising import populate
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.reference_files import load_reference

PASSWORD = "mật khẩu đo tốc độ"
CHEAP = KeyCosts(64, 1, 1)
"""Argon2id with next to no work: what is measured is the program, not the price of guessing."""
_OFFICER = "Cán bộ Mẫu"
_PAGE = 5_000  # log entries taken in by one transaction, as a first pull does


def new_office(folder: Path, households: int = 0) -> Office:
    """A practice workspace with so many invented households, written by the officer's own door (one Save a household)."""
    new = NewWorkspace(_OFFICER, PRACTICE_COMMUNE, practice=True)
    office = _office(create(folder, PASSWORD, new, clock=SystemClock(), costs=CHEAP))
    if households:
        at = office.workspace
        populate(at.records, practice_commune(PRACTICE_COMMUNE, households=households), at.officer.id)
        office.reviewing.begin_round(office.clock.today().year)
    return office


def pulled_office(folder: Path, households: int) -> Office:
    """The same commune as it arrives by a first pull: log entries through the applier, thousands in one transaction."""
    office = new_office(folder)
    at = office.workspace
    store = SqliteSyncStore(at.database)
    page: list[LogEntry] = []
    for entry in _log(at, practice_commune(PRACTICE_COMMUNE, households=households)):
        page.append(entry)
        if len(page) == _PAGE:
            store.take_in(1, page)
            page = []
    store.take_in(1, page)
    return office


@contextmanager
def opened_office(folder: Path) -> Iterator[Office]:
    """The office of an existing workspace; its file is closed at the end."""
    office = _office(open_workspace(folder, PASSWORD, clock=SystemClock()))
    try:
        yield office
    finally:
        office.workspace.close()


def _office(workspace: Workspace) -> Office:
    return Office(workspace, SystemClock(), load_reference())


def _log(workspace: Workspace, commune: PracticeCommune) -> Iterator[LogEntry]:
    """The commune as the province would have ordered it: one group a household, everything created."""
    writer = _LogWriter(workspace)
    villages = [writer.entry("village", fields) for fields in commune.villages]
    yield from villages
    for household in commune.households:
        writer.begin()
        first = writer.entry("household", {**household.fields, "village_id": villages[household.village].record_id})
        yield first
        for member in household.members:
            yield writer.entry("household_member", {**member, "household_id": first.record_id})
        for record in household.classes:
            yield writer.entry("class_record", {**record, "household_id": first.record_id})


class _LogWriter:
    """Numbers entries densely over the stream and operations within their group."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._rev = 0
        self.begin()

    def begin(self) -> None:
        self._group, self._number = self._workspace.records.new_group(), 0

    def entry(self, entity: str, fields: dict[str, object]) -> LogEntry:
        self._rev, self._number = self._rev + 1, self._number + 1
        made = op_id(self._group, self._number)
        effect = {name: value for name, value in fields.items() if value is not None}
        return LogEntry.model_validate(
            {"rev": self._rev, "op": made, "lane": 9, "seq": self._rev, "k": "c", "e": entity, "id": made, "eff": effect,
             "g": self._group, "u": "practice", "at": "2026-01-05T08:00:00Z", "st": "applied"}
        )  # fmt: skip
