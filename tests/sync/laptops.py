"""A real province behind uvicorn on loopback, and real encrypted laptops that talk to it through the real link."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.protocol.codes import full_code
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.laptop import RoundReport, StorageCall
from poverty_desktop.protocol.messages import SnapRow
from poverty_desktop.protocol.snap_pages import SnapPage
from poverty_desktop.server import admin
from poverty_desktop.server.app import app_of
from poverty_desktop.server.province import Province, open_province
from poverty_desktop.server.settings import Settings
from poverty_desktop.server.tls import certificate_file
from poverty_desktop.services.attending import Attending
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.sync_conflicts import Settling
from poverty_desktop.services.syncing import Syncing
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.workspace import Workspace, open_workspace
from poverty_desktop.sync.province_link import HttpProvinceLink
from poverty_desktop.sync.transport import Transport
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.resources import load_texts

COMMUNE = "21139"
PASSWORD = "mật khẩu"
CHEAP = KeyCosts(64, 1, 1)


def rows_of(parts: Iterable[Iterable[SnapPage]]) -> list[SnapRow]:
    """What stands in the parts of a snapshot."""
    return [row for part in parts for page in part for row in page.rows()]


class RunningProvince:
    """uvicorn in a thread; `close` stops it and the database."""

    def __init__(self, folder: Path, practice: bool = True) -> None:
        """By TLS where a certificate was made in `folder`."""
        self.province: Province = open_province(Settings(folder, practice=practice))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        certificate = certificate_file(folder)
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app_of(self.province), log_config=None, access_log=False, timeout_graceful_shutdown=2, ssl_certfile=certificate
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)
        self._thread.start()
        admin.add_commune(self.province, COMMUNE, "Xã Ba Xa")

    def code(self, officer: str = "Phạm Văn Đôn") -> str:
        return admin.make_code(self.province, COMMUNE, officer).code

    @property
    def wrong_code(self) -> str:
        """One that names this province and that it never gave."""
        return full_code("2222222222", self.province.signer.public)

    def settled(self) -> None:
        """Until it has noticed that a line was cut, and kept what had arrived: on a real line it has seconds for that."""
        ticks = threading.Event()
        while self._server.server_state.tasks:
            ticks.wait(0.001)

    def close(self) -> None:
        """Safe to call twice."""
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()


@dataclass
class Laptop:
    """One officer's laptop: a workspace and everything that synchronises it, on the calling thread."""

    workspace: Workspace
    folder: Path
    link: HttpProvinceLink = field(default_factory=lambda: HttpProvinceLink(Transport(2, 5)))

    clock: SystemClock = field(default_factory=SystemClock)
    closed: bool = False
    call: StorageCall = lambda work: work()

    def __post_init__(self) -> None:
        self.store = SqliteSyncStore(self.workspace.database)
        at, settings, user = self.workspace, self.workspace.settings, lambda: self.workspace.officer.id
        settling = Settling(at.records, lambda: load_texts("vi"), user)
        attending = Attending(at.custody, at.records, at.drafts, settling.wording, user)
        self.syncing = Syncing(self.link, self.store, settings, settling, attending, self.clock, lambda work: self.call(work))

    @property
    def records(self) -> Any:
        return self.workspace.records

    def enrol(self, province: RunningProvince, *, named: bool = False) -> None:
        """Unless `named`, the officer is not introduced: then only what a test writes is counted."""
        if not named:
            self.workspace.settings.put("officer_name", "")
        self.syncing.enrol(province.url, province.code())

    def round(self, **how: Any) -> RoundReport:
        return self.syncing.round(**how)

    def synced(self) -> RoundReport:
        """A round that must succeed."""
        report = self.round()
        assert report.outcome == "done", report
        return report

    def add_household(self, name: str = "Hồ Thị Mơ", members: int = 1, **fields: Any) -> tuple[str, str]:
        """A household with its head, in one Save: their ids."""
        group = self.records.new_group()
        household_id, member_id = op_id(group, 1), op_id(group, 2)
        changes = [Change("c", "household", household_id, 1, {"commune_code": COMMUNE, **fields})]
        for place in range(members):
            head = {"household_id": household_id, "full_name": name, "relation_to_head": 1, "position": place}
            changes.append(Change("c", "household_member", op_id(group, place + 2), place + 2, head))
        self.records.save(Save(group, self.workspace.officer.id, self.records.base(), changes))
        return household_id, member_id

    def edit(self, entity: str, record_id: str, **fields: Any) -> None:
        """Open the form, see what stands there, and save other values."""
        kind = {"household": Household, "household_member": HouseholdMember}[entity]
        seen = self.records.get(kind, record_id)
        was = {name: getattr(seen, name) for name in fields}
        change = Change("u", entity, record_id, 1, fields, was)
        self.records.save(Save(self.records.new_group(), self.workspace.officer.id, self.records.base(), [change]))

    def phone(self, household_id: str) -> str | None:
        return self.records.get(Household, household_id).phone

    def name(self, member_id: str) -> str | None:
        return self.records.get(HouseholdMember, member_id).full_name

    def store_rows(self) -> dict[str, tuple[Any, ...]]:
        """What the province confirmed, record by record."""
        rows = self.workspace.database.rows("SELECT rec_id, entity, base, meta, deleted FROM sync_rec ORDER BY rec_id")
        return {row[0]: row[1:] for row in rows}

    @classmethod
    def at(cls, folder: Path, clock: SystemClock | None = None) -> Laptop:
        """The laptop whose file lies in `folder`, opened again."""
        clock = clock or SystemClock()
        return cls(open_workspace(folder, PASSWORD, clock=clock), folder, clock=clock)

    def close(self) -> None:
        """Safe to call twice."""
        if not self.closed:
            self.closed = True
            self.link.close()
            self.workspace.close()


def clash(province: RunningProvince, new_laptop: Callable[..., Laptop]) -> tuple[Laptop, Laptop, str]:
    """Two laptops that changed the same name while offline and have both synchronised: a's "Hồ Thị Mơi" stands, b's
    "Hồ Thị Mờ" is kept beside it. Gives both laptops and the member."""
    a, b = new_laptop("a"), new_laptop("b")
    _, member_id = a.add_household("Hồ Thị Mơ")
    for laptop in (a, b):
        laptop.enrol(province)
        laptop.synced()
    a.edit("household_member", member_id, full_name="Hồ Thị Mơi")
    b.edit("household_member", member_id, full_name="Hồ Thị Mờ")
    for laptop in (a, b, a):
        laptop.synced()
    return a, b, member_id
