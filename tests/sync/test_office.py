"""The program itself, two windows of it, against a real province: enrol, send, clash, settle, lock in the middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton

from poverty_desktop.app import Application
from poverty_desktop.domain.records import HouseholdMember
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.storage.workspace import NewWorkspace, create
from poverty_desktop.system.clock import SystemClock
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD, RunningProvince

Open = Callable[[str], Application]


@pytest.fixture
def office(tmp_path: Path, qapp, qtbot) -> Iterator[Open]:
    apply_theme(qapp)
    opened: list[Application] = []

    def open_office(name: str) -> Application:
        folder = tmp_path / name
        new = NewWorkspace(officer_name=f"Cán bộ {name}", commune_code=COMMUNE, practice=True)
        create(folder, PASSWORD, new, clock=SystemClock(), costs=CHEAP).close()
        app = Application(folder)
        opened.append(app)
        app.tasks.storage(lambda: app.open(PASSWORD), lambda _: app.entered())
        app.tasks.settle()
        app.shell.show()
        return app

    yield open_office
    for app in opened:
        app.close()


def enrol(app: Application, province: RunningProvince) -> None:
    app.shell.go("sync")
    app.tasks.settle()
    app.shell.findChild(QLineEdit, "sync.address").setText(province.url)
    app.shell.findChild(QLineEdit, "sync.code").setText(province.code())
    app.shell.findChild(QPushButton, "sync.enrol").click()
    app.tasks.settle()


def test_two_offices_meet_through_the_province_by_their_windows(province: RunningProvince, office: Open) -> None:
    from poverty_desktop.services.ports import Change, Save

    a, b = office("a"), office("b")
    records = a.open_office.workspace.records
    group = records.new_group()
    from poverty_desktop.protocol.identity import op_id

    ids = op_id(group, 1), op_id(group, 2)
    member = {"household_id": ids[0], "full_name": "Hồ Thị Mơ", "relation_to_head": 1, "sex": 2}
    changes = [
        Change("c", "household", ids[0], 1, {"commune_code": COMMUNE}),
        Change("c", "household_member", ids[1], 2, member),
    ]
    records.save(Save(group, "người", records.base(), changes))
    for app in (a, b):
        enrol(app, province)
    for app, sex in ((a, 1), (b, None)):
        there = app.open_office.workspace.records
        seen = there.get(HouseholdMember, ids[1]).sex
        change = Change("u", "household_member", ids[1], 1, {"sex": sex}, {"sex": seen})
        there.save(Save(there.new_group(), app.open_office.workspace.officer.id, there.base(), [change]))
    for app in (a, b, a):
        app.shell.findChild(QPushButton, "sync.now").click()
        app.tasks.settle()
    assert a.shell.status_line.sign.needs_you == 1
    a.shell.findChild(QPushButton, "sync.conflicts").click()
    a.tasks.settle()
    assert a.shell.findChild(QListWidget, "conflicts.list").count() == 1
    assert a.shell.findChild(QLabel, "conflicts.current_value").text() == "Nam"
    assert a.shell.findChild(QLabel, "conflicts.other_value").text() == "(để trống)"
    assert "Cán bộ a" in a.shell.findChild(QLabel, "conflicts.current_by").text()


def test_locking_while_a_round_is_on_its_way_loses_nothing_and_is_no_bug(province: RunningProvince, office: Open) -> None:
    app = office("a")
    enrol(app, province)
    bugs: list[BaseException] = []
    app.tasks.on_bug = bugs.append
    app.shell.findChild(QPushButton, "sync.now").click()
    app.lock()
    app.tasks.settle()
    app.tasks.storage(lambda: app.open(PASSWORD), lambda _: app.entered())
    app.tasks.settle()
    app.shell.go("sync")
    app.sync_runner.start()
    app.tasks.settle()
    assert not bugs
    assert app.sync_runner.state.rounds[0].outcome == "done"
