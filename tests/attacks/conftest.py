"""The whole program in its real window on a real encrypted file, ready to be treated badly."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.app import Application
from poverty_desktop.app.application import PASSWORD_VARIABLE
from poverty_desktop.domain.records import Household, HouseholdMember, Survey
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Draft, Save
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from tests.fakes import FakeClock
from tests.gui.keyboard import press, type_text

PASSWORD = "mat khau thu"
COMMUNE = "21139"


def make_workspace(folder: Path) -> str:
    """One household of two in a rural village; its id."""
    made = create(folder, PASSWORD, NewWorkspace("Đinh Văn Sơn", COMMUNE), clock=FakeClock(), costs=KeyCosts(64, 1, 1))
    group = made.records.new_group()
    village, home = op_id(group, 1), op_id(group, 2)
    changes = [
        Change("c", "village", village, 1, {"commune_code": COMMUNE, "name": "Gò Ren", "area_class": "rural"}),
        Change("c", "household", home, 2, {"commune_code": COMMUNE, "village_id": village, "household_code": "21139-0001"}),
    ]
    for place, (name, relation, sex, born) in enumerate((("Hồ Thị Mơ", 1, 2, "1987"), ("Đinh Văn Hrê", 2, 1, "1985"))):
        person = {"household_id": home, "position": place, "full_name": name, "relation_to_head": relation, "sex": sex}
        fields = {**person, "birth_date": born, "ethnic_group": "19"}
        changes.append(Change("c", "household_member", op_id(group, place + 3), place + 3, fields))
    made.records.save(Save(group, made.officer.id, made.records.base(), changes))
    made.close()
    return home


class Desk:
    """The window on the workspace; `on_disk` reads what another process would find after the window is gone."""

    def __init__(self, folder: Path, home: str, until: Callable[..., None]) -> None:
        self.folder, self.until = folder, until
        self.home = home
        self.bugs: list[BaseException] = []
        self.start()

    def start(self) -> None:
        self.application = Application(self.folder, clock=FakeClock())
        self.application.tasks.on_bug = self.bugs.append
        self.application.show()
        self.shell = self.application.shell
        self.shell.activateWindow()
        self.until(lambda: self.shell.current is not None and self.shell.current.place == "work", timeout=15_000)
        self.until(lambda: QApplication.activeWindow() is self.shell)
        self.settle()

    def settle(self) -> None:
        self.application.tasks.settle()

    def go(self, place: str, **facts: Any) -> None:
        self.shell.go(place, **facts)
        self.settle()

    def sees(self, name: str) -> Any:
        found = [one for one in self.shell.findChildren(QWidget, name) if one.isVisible()]
        assert found, name
        return found[0]

    def stand_on(self, name: str) -> None:
        self.sees(name).setFocus()

    def type(self, text: str) -> None:
        type_text(self.shell, text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
        press(self.shell, key, modifiers, times)

    def close(self) -> None:
        self.application.close()

    def on_disk(self) -> Found:
        opened = open_workspace(self.folder, PASSWORD, clock=FakeClock())
        try:
            return Found(opened, self.home)
        finally:
            opened.close()


class Found:
    """What stands in the file: the household, names, drafts with their values."""

    def __init__(self, at: Workspace, home: str) -> None:
        self.household = at.records.get(Household, home)
        self.names = [one.full_name for one in at.records.select(HouseholdMember, household_id=home)]
        self.drafts: list[Draft] = at.drafts.all()
        self.surveys = at.records.select(Survey)

    def typed(self, ending: str) -> list[Any]:
        """Values of all drafts under keys that end so."""
        return [value for draft in self.drafts for key, value in draft.values.items() if key.endswith(ending)]

    def answered(self, ending: str) -> list[Any]:
        """The same, or what a Save made of it."""
        saved = [value for survey in self.surveys for key, value in survey.answers.items() if key.endswith(ending)]
        return self.typed(ending) or saved


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    apply_theme(qapp)
    return qapp


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A closed workspace that each test gets a copy of, and the household in it."""
    folder = tmp_path_factory.mktemp("untouched") / "kho"
    return folder, make_workspace(folder)


@pytest.fixture
def desk(
    qapp: QApplication, qtbot, tmp_path: Path, untouched: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    whole, home = untouched
    made = Desk(Path(shutil.copytree(whole, tmp_path / "kho")), home, qtbot.waitUntil)
    yield made
    made.close()
    assert made.bugs == []
