"""Paper and scanner in the whole program on its encrypted file: what is printed is scanned, from wherever one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from poverty_desktop.app import Application
from poverty_desktop.app.application import PASSWORD_VARIABLE
from poverty_desktop.domain.survey_code import survey_code
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.storage.keyfile import KeyCosts
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create
from poverty_desktop.storage.writers import WriterQueries
from tests.fakes import FakeClock
from tests.gui.windows import come_to_rest
from tests.review.conftest import COMMUNE
from tests.year.test_paper import codes_on, words_of

PASSWORD = "mat khau thu"


def households(workspace: Workspace, count: int = 3) -> list[str]:
    """A village with this many households of one person."""
    group = workspace.records.new_group()
    village = op_id(group, 1)
    changes = [Change("c", "village", village, 1, {"commune_code": COMMUNE, "name": "Gò Ren", "area_class": "rural"})]
    homes = []
    for place in range(count):
        home, person = op_id(group, 2 * place + 2), op_id(group, 2 * place + 3)
        fields = {"commune_code": COMMUNE, "village_id": village, "household_code": f"H-{place}"}
        changes.append(Change("c", "household", home, 2 * place + 2, fields))
        named = {
            "household_id": home,
            "full_name": f"Hồ Văn {'ABCDE'[place]}",
            "relation_to_head": 1,
            "sex": 1,
            "birth_date": "1980",
        }
        changes.append(Change("c", "household_member", person, 2 * place + 3, named))
        homes.append(home)
    workspace.records.save(Save(group, workspace.officer.id, workspace.records.base(), changes))
    return homes


class Office:
    def __init__(self, application: Application, homes: list[str]) -> None:
        self.application, self.shell, self.homes = application, application.shell, homes

    def wait(self) -> None:
        come_to_rest(self.application.tasks)

    def until(self, done: Callable[[], bool]) -> None:
        while not done():
            self.wait()

    def scan(self, code: str) -> None:
        window = self.shell.windowHandle()
        for letter in code:
            shift = letter.isupper() or letter == ":"
            QTest.keyClick(window, letter, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)
        QTest.keyClick(window, Qt.Key.Key_Return)
        self.wait()

    def code(self, place: int) -> str:
        found: list[str] = []
        reviewing = self.application.open_office.reviewing
        self.application.tasks.storage(lambda: found.append(survey_code(reviewing.current_round(), self.homes[place])))
        self.wait()
        return found[0]

    def told(self) -> str:
        return " ".join(label.text() for label in self.shell.current.messages.findChildren(type(self.shell.practice)))


@pytest.fixture
def office(tmp_path: Path, qapp: QApplication, qtbot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = create(tmp_path / "kho", PASSWORD, NewWorkspace("Hồ Thị Mơ", COMMUNE), clock=FakeClock(), costs=KeyCosts(64, 1, 1))
    homes = households(made)
    made.close()
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    bugs: list[BaseException] = []
    application = Application(tmp_path / "kho", clock=FakeClock())
    application.tasks.on_bug = bugs.append
    application.show()
    office = Office(application, homes)
    qtbot.waitUntil(lambda: application.shell.current is not None and application.shell.current.place == "work")
    application.shell.activateWindow()
    office.wait()
    yield office
    application.close()
    assert bugs == []


def test_a_scan_opens_the_survey_from_any_place_and_keeps_what_was_half_typed(office: Office) -> None:
    office.scan(office.code(1))
    assert office.shell.current.place == "survey"
    assert "Hồ Văn B" in office.shell.current.title_text
    office.shell.current.paper.stand_on("identification/enumerator")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "Lan")  # not left yet
    office.scan(office.code(2))
    assert "Hồ Văn C" in office.shell.current.title_text
    kept: list[object] = []
    drafts = office.application.open_office.workspace.drafts
    office.application.tasks.storage(lambda: kept.append(drafts.all()[0].values["identification/enumerator"]))
    office.wait()
    assert kept == ["Lan"]


def test_a_scan_into_a_search_box_leaves_the_search_alone_and_an_unknown_code_gets_a_sentence(office: Office) -> None:
    office.shell.go("households")
    office.wait()
    office.shell.current.start_search()
    QTest.keyClicks(QApplication.focusWidget(), "ho van")
    office.scan(office.code(0)[:-2] + "99")
    assert office.shell.current.place == "households"
    assert "đọc không trọn" in office.told()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "ho van"
    office.scan(office.code(0))
    assert "Hồ Văn A" in office.shell.current.title_text


def test_a_pile_is_printed_with_ctrl_p_and_every_sheet_leads_back(office: Office, tmp_path: Path) -> None:
    office.shell.go("review")
    office.wait()
    QTest.keyClick(office.shell.windowHandle(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    form = office.shell.current.paper_form
    form.scope.setCurrentIndex(2)
    form.scope.activated.emit(2)
    QTest.keyClick(office.shell.windowHandle(), Qt.Key.Key_Return)
    office.until(lambda: form.isHidden())
    (file,) = office.application.documents_folder.glob("*.pdf")
    assert "Đã in phiếu của 3 hộ" in office.told()
    codes = codes_on(file, tmp_path)
    assert codes == [office.code(place) for place in range(3)]
    assert "Mã hộ H-2 · tờ 1/" in words_of(file)
    office.scan(codes[2])
    assert "Hồ Văn C" in office.shell.current.title_text


def test_printing_is_stopped_with_esc_and_what_is_done_is_kept(office: Office) -> None:
    office.shell.go("review")
    office.wait()
    QTest.keyClick(office.shell.windowHandle(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    screen = office.shell.current
    screen.paper_form.scope.setCurrentIndex(2)
    screen.paper_form.scope.activated.emit(2)
    papers = screen.paper_form
    progress: list[int] = []
    papers.progress.valueChanged.connect(lambda done: done == 1 and (progress.append(done), screen.cancel()))
    QTest.keyClick(office.shell.windowHandle(), Qt.Key.Key_Return)
    office.until(lambda: papers.isHidden())
    (file,) = office.application.documents_folder.glob("*.pdf")
    assert "Đã dừng: 1 trên 3 hộ" in office.told()
    assert "H-0" in words_of(file)
    assert progress == [1]


def test_who_keyed_a_survey_is_read_from_the_file(tmp_path: Path) -> None:
    made = create(tmp_path / "kho", PASSWORD, NewWorkspace("Hồ Thị Mơ", COMMUNE), clock=FakeClock(), costs=KeyCosts(64, 1, 1))
    home, group = households(made, 1)[0], made.records.new_group()
    survey = {"round_id": home, "household_id": home, "form_id": "b", "form_version": "1", "form_hash": "0"}
    fields = {**survey, "standard_id": "mdp_2022_2025", "area_class": "rural"}
    made.records.save(Save(group, "another user", made.records.base(), [Change("c", "survey", op_id(group, 1), 1, fields)]))
    assert WriterQueries(made.database).of_surveys([op_id(group, 1), home]) == {op_id(group, 1): "another user"}
    made.close()
