"""The machines of the drill: a province with its backups, and laptops as the program itself puts them together."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from poverty_desktop.__main__ import main
from poverty_desktop.app.office import Office
from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.laptop import RoundReport
from poverty_desktop.server.database import reading
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.workspace import NewWorkspace, create, open_workspace
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from tests.drill.clock import TurnedClock
from tests.drill.onlooker import DELETED, Held, Onlooker, Typed
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD, RunningProvince

KINDS = {"household": Household, "household_member": HouseholdMember}


class ProvinceMachine:
    """The province's computer: the server, and what its operator types."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "province.sqlite"
        self.running = RunningProvince(folder)

    @property
    def url(self) -> str:
        return self.running.url

    def operate(self, *words: str) -> None:
        assert main(["server", "admin", *words, "--data", str(self.folder)]) == 0

    def stop(self) -> None:
        self.running.close()
        self.running.province.close()

    def start(self) -> None:
        self.running = RunningProvince(self.folder)

    def put_back(self, backup: Path) -> None:
        """Only the database: the guard file is outside it."""
        self.stop()
        for left in self.folder.glob(f"{self.file.name}*"):
            left.unlink()
        shutil.copyfile(backup, self.file)
        self.start()

    def held(self) -> Held:
        with reading(self.running.province.engine) as connection:
            return Held.read(connection)


class Laptop:
    """One machine with one folder; what is typed on it is told to the onlooker."""

    def __init__(self, name: str, folder: Path, clock: TurnedClock, onlooker: Onlooker) -> None:
        self.name, self.folder = name, folder
        self._clock, self._onlooker = clock, onlooker
        self._seen: dict[str, dict[str, Any]] = {}
        self.open()

    def open(self) -> None:
        self.workspace = open_workspace(self.folder, PASSWORD, clock=self._clock)
        office = Office(self.workspace, self._clock, load_reference())
        self.keeping = office.keeping
        self.syncing = office.synchronised(lambda: load_texts("vi"), lambda work: work())
        self.store = SqliteSyncStore(self.workspace.database)
        self.is_open = True

    def close(self) -> None:
        """Safe to call twice."""
        if self.is_open:
            self.is_open = False
            self.syncing.close()
            self.workspace.close()

    def put_back(self, copy: Path) -> None:
        """The file was ruined; somebody puts the files of a copy in its place by hand."""
        self.close()
        kept = self.folder.with_name(f"copy-of-{self.name}")
        shutil.copytree(copy, kept)
        shutil.rmtree(self.folder)
        kept.rename(self.folder)
        self.open()

    def copied_to(self, name: str) -> Laptop:
        """A second machine with a copy of the whole folder."""
        self.close()
        folder = self.folder.with_name(name)
        shutil.copytree(self.folder, folder)
        self.open()
        return Laptop(name, folder, self._clock, self._onlooker)

    # --- typing ------------------------------------------------------------------------------------------------------------

    def add(self, code: str, head: str) -> tuple[str, str]:
        """A household with its head: their ids."""
        group = self.workspace.records.new_group()
        home, member = op_id(group, 1), op_id(group, 2)
        self._save(
            group,
            Change("c", "household", home, 1, {"commune_code": COMMUNE, "household_code": code}),
            Change("c", "household_member", member, 2, {"household_id": home, "full_name": head, "relation_to_head": 1}),
        )
        return home, member

    def edit(self, entity: str, record_id: str, **fields: Any) -> None:
        seen = self._screen(entity, record_id)
        was = {name: seen.get(name) for name in fields}
        self._save(self.workspace.records.new_group(), Change("u", entity, record_id, 1, fields, was))

    def delete(self, entity: str, record_id: str) -> None:
        self._save(self.workspace.records.new_group(), Change("d", entity, record_id, 1, reason="nhập trùng"))

    def _screen(self, entity: str, record_id: str) -> dict[str, Any]:
        found = self.workspace.records.get(KINDS[entity], record_id)
        return found.model_dump() if found else {}

    def _save(self, group: str, *changes: Change) -> None:
        for change in changes:
            screen, op = self._screen(change.entity, change.record_id), op_id(group, change.number)
            for name, value in (change.fields or {DELETED: True}).items():
                self._onlooker.typed.append(Typed(op, self.name, change.record_id, name, value, screen))
        records = self.workspace.records
        records.save(Save(group, self.workspace.officer.id, records.base(), list(changes)))

    # --- exchanging --------------------------------------------------------------------------------------------------------

    def round(self) -> RoundReport:
        return self.syncing.round()

    def synced(self) -> RoundReport:
        report = self.round()
        assert report.outcome == "done", (self.name, report)
        return report

    def shown(self) -> dict[str, list[Any]]:
        """Everything that this laptop shows of households and people, whatever the order."""
        select = self.workspace.records.select
        rows = {entity: [one.model_dump() for one in select(kind)] for entity, kind in KINDS.items()}
        return {entity: sorted(found, key=lambda row: str(row["id"])) for entity, found in rows.items()}

    def clashes(self) -> list[tuple[str, str, str]]:
        return sorted((one.id, one.current.text, one.other.text) for one in self.syncing.conflicts())


class Machines:
    """All of them, at one clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.onlooker = folder, TurnedClock(), Onlooker()
        self.province = ProvinceMachine(folder / "province")
        self.laptops: list[Laptop] = []

    def laptop(self, name: str, officer: str) -> Laptop:
        folder = self.folder / name
        new = NewWorkspace(officer_name=officer, commune_code=COMMUNE, practice=True)
        create(folder, PASSWORD, new, clock=self.clock, costs=CHEAP).close()
        made = Laptop(name, folder, self.clock, self.onlooker)
        made.syncing.enrol(self.province.url, self.province.running.code(officer))
        self.laptops.append(made)
        return made

    def cloned(self, laptop: Laptop, name: str) -> Laptop:
        clone = laptop.copied_to(name)
        self.laptops.append(clone)
        return clone

    def find_province(self) -> None:
        """It listens elsewhere since its last start."""
        for laptop in self.laptops:
            laptop.syncing.moved(self.province.url)

    def greet(self, most: int = 6) -> int:
        """Everybody synchronises until nothing changes; in how many rounds each."""
        before: list[Any] = []
        for number in range(1, most + 1):
            for laptop in self.laptops:
                self.clock.turn(minutes=5)
                laptop.synced()
            now = [laptop.store.standing() for laptop in self.laptops]
            if now == before:
                return number
            before = now
        raise AssertionError(f"something still changes after {most} rounds each: {before}")

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.close()
        self.province.stop()
