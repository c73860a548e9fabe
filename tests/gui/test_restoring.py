"""A copy is put back from the window: also where the file does not open any more. Nothing is deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPushButton, QWidget

from poverty_desktop.app import Application
from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.keyfile import FILE_NAME as KEY_FILE
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.sync_store import SqliteSyncStore
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create, open_workspace
from tests.fakes import FakeClock
from tests.gui.keyboard import press, type_text
from tests.gui.windows import come_to_rest

PASSWORD = "mat khau thu"
COMMUNE = "21139"


def add_household(workspace: Workspace, code: str) -> None:
    group = workspace.records.new_group()
    fields = {"commune_code": COMMUNE, "household_code": code}
    change = Change("c", "household", op_id(group, 1), 1, fields)
    workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), [change]))


def codes(workspace: Workspace) -> list[str | None]:
    return sorted(str(one.household_code) for one in workspace.records.select(Household))


@pytest.fixture(scope="session")
def with_copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two copies: of one household, of two; it holds three."""
    folder, clock = tmp_path_factory.mktemp("copied") / "kho", FakeClock()
    made = create(folder, PASSWORD, NewWorkspace("Đinh Văn Sơn", COMMUNE), clock=clock, costs=KeyCosts(64, 1, 1))
    for code in ("001", "002", "003"):
        add_household(made, code)
        if code != "003":
            made.backup()
            clock.instant += timedelta(days=1)
    made.close()
    return folder


class Seat:
    """Somebody before the window."""

    def __init__(self, folder: Path, qtbot) -> None:
        self.folder, self.qtbot, self.bugs = folder, qtbot, []
        self.window = Application(folder, language="vi", clock=FakeClock())
        self.window.tasks.on_bug = self.bugs.append
        self.window.shell.resize(1366, 768)
        self.window.show()
        self.until("unlock")
        self.shell.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.shell)

    @property
    def shell(self) -> QWidget:
        return self.window.shell

    def until(self, place: str) -> None:
        self.qtbot.waitUntil(lambda: self.shell.current is not None and self.shell.current.place == place, timeout=15_000)
        come_to_rest(self.window.tasks)

    def sees(self, kind: type, name: str):
        found = [one for one in self.shell.findChildren(kind, name) if one.isVisible()]
        return found[0] if found else None

    def words(self) -> str:
        return "\n".join(label.text() for label in self.shell.findChildren(QLabel) if label.isVisible())

    def click(self, name: str) -> None:
        self.sees(QPushButton, name).click()
        come_to_rest(self.window.tasks)

    def looks(self, password: str = PASSWORD) -> list[str]:
        """From the password to the list of copies, by keyboard."""
        if self.shell.current.place != "restore":
            self.click("unlock.restore")
            self.until("restore")
        type_text(self.shell, password)
        press(self.shell, Qt.Key.Key_Return)
        come_to_rest(self.window.tasks)
        found = self.sees(QListWidget, "restore.copies")
        return [found.item(row).text() for row in range(found.count())] if found else []


@pytest.fixture
def seat(qapp, qtbot, tmp_path: Path, with_copies: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    monkeypatch.delenv("POVERTY_DESKTOP_PASSWORD", raising=False)
    made = Seat(Path(shutil.copytree(with_copies, tmp_path / "kho")), qtbot)
    yield made
    made.window.close()
    assert made.bugs == []


def on_disk(folder: Path) -> tuple[list[str | None], str]:
    opened = open_workspace(folder, PASSWORD, clock=FakeClock())
    try:
        return codes(opened), SqliteSyncStore(opened.database).incarnation()
    finally:
        opened.close()


def test_a_damaged_file_is_replaced_by_a_copy_chosen_from_the_list_and_kept(seat: Seat) -> None:
    file = seat.folder / "workspace.db"
    incarnation = on_disk(seat.folder)[1]
    file.write_bytes(b"\x55" * 20_000)
    type_text(seat.shell, PASSWORD)
    press(seat.shell, Qt.Key.Key_Return)
    come_to_rest(seat.window.tasks)
    assert "Khôi phục từ bản sao…" in seat.words()  # what the sentence says to press stands below it
    newest, oldest = seat.looks()
    assert "2 hộ" in newest
    assert "1 hộ" in oldest
    assert "2 thay đổi lúc đó chưa gửi" in newest
    press(seat.shell, Qt.Key.Key_Down)
    press(seat.shell, Qt.Key.Key_Return)
    seat.until("work")
    assert codes(seat.window.open_office.workspace) == ["001"]
    assert any("Đã khôi phục từ bản sao" in bar.sentence for bar in seat.shell.current.messages.bars)
    (kept,) = (seat.folder / "backups").glob("*-replaced")
    assert (kept / "workspace.db").read_bytes() == b"\x55" * 20_000
    assert seat.window.syncing.state().standing.waiting == 1
    seat.window.close()
    assert on_disk(seat.folder)[1] != incarnation


def test_a_wrong_password_is_told_and_nothing_changes(seat: Seat) -> None:
    before = (seat.folder / "workspace.db").read_bytes()
    assert seat.looks("sai mật khẩu") == []
    assert "Mật khẩu không đúng" in seat.words()
    assert seat.sees(QLineEdit, "restore.password").text() == ""
    assert len(seat.looks()) == 2
    press(seat.shell, Qt.Key.Key_Escape)
    seat.until("unlock")
    assert (seat.folder / "workspace.db").read_bytes() == before
    assert list((seat.folder / "backups").glob("*-replaced")) == []


def test_a_damaged_copy_says_so_and_cannot_be_chosen(seat: Seat) -> None:
    newest = max((seat.folder / "backups").iterdir())
    (newest / "workspace.db").write_bytes(b"\x55" * 9000)
    first, _ = seat.looks()
    assert "Không đọc được: bản này bị hỏng." in first
    found = seat.sees(QListWidget, "restore.copies")
    assert found.currentRow() == 1  # the newest whole one
    found.setCurrentRow(0)
    assert not seat.sees(QPushButton, "action.restore").isEnabled()


def test_a_copy_damaged_where_nobody_looked_is_refused_before_anything_is_touched(seat: Seat) -> None:
    before = (seat.folder / "workspace.db").read_bytes()
    newest = max((seat.folder / "backups").iterdir())
    data = bytearray((newest / "workspace.db").read_bytes())
    place = 60 * 4096  # a page that no count reads
    data[place : place + 4000] = b"\x55" * 4000
    (newest / "workspace.db").write_bytes(data)
    assert "2 hộ" in seat.looks()[0]
    seat.click("action.restore")
    assert "bị hỏng" in seat.words()
    assert seat.shell.current.place == "restore"
    assert (seat.folder / "workspace.db").read_bytes() == before


def test_without_copies_it_is_said(seat: Seat) -> None:
    shutil.rmtree(seat.folder / "backups")
    assert seat.looks() == []
    assert "Chưa có bản sao nào" in seat.words()
    assert seat.sees(QPushButton, "action.restore") is None


def test_a_damaged_key_file_is_mended_by_that_of_the_copy(seat: Seat) -> None:
    (seat.folder / KEY_FILE).write_text("{")
    seat.looks()
    seat.click("action.restore")
    seat.until("work")
    assert codes(seat.window.open_office.workspace) == ["001", "002"]
