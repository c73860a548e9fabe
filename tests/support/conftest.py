"""A commune with ten poor households and two others, the support services on it, and the window before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget

from poverty_desktop.documents.signature_list import signature_list_html
from poverty_desktop.domain.official_paper import paper_of
from poverty_desktop.domain.records import ClassRecord, Household, HouseholdMember, HouseholdShare, Village
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.support_batch_presenter import Support, SupportBatchPresenter
from poverty_desktop.gui.presenters.support_fields import SupportFields
from poverty_desktop.gui.presenters.support_presenter import SupportPresenter
from poverty_desktop.gui.screens.support_batch_screen import SupportBatchScreen
from poverty_desktop.gui.screens.support_screen import SupportScreen
from poverty_desktop.gui.shell import Shell
from poverty_desktop.gui.signature_paper import SignaturePaper
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.services.choosing_receivers import ChoosingReceivers
from poverty_desktop.services.support_drafts import SupportDrafts
from poverty_desktop.services.support_overview import summaries
from poverty_desktop.services.supporting import Supporting
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeClock, FakeLists, FakeRecords, FakeSettings
from tests.gui.fakes import DictMemory, ImmediateTasks
from tests.gui.keyboard import press, type_text
from tests.gui.windows import in_front

COMMUNE = "21289"
REFERENCE, TEXTS = load_reference(), load_texts("vi")
NAMES = (
    "Đinh Văn Đêng", "Đinh Thị Hlơn", "Hồ Thị Mơ", "Hồ Văn Bê", "Phạm Thị Xuy", "Phạm Văn Ngưk", "Đinh Văn Ít", "Hồ Thị Blôi",
    "Phạm Thị Lênh", "Đinh Văn Triêu",
)  # fmt: skip


def an_id(number: int) -> str:
    return f"0190a000-0000-7000-8000-{number:012d}"


@dataclass
class Commune:
    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    settings: FakeSettings = field(default_factory=lambda: FakeSettings(commune_code=COMMUNE, officer="lan"))
    printed: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.records = FakeRecords(self.clock)
        self.records.put(
            Village(id=an_id(1), commune_code=COMMUNE, name="Gò Ren"), Village(id=an_id(2), commune_code=COMMUNE, name="Nước Nia")
        )
        for number, name in enumerate((*NAMES, "Nguyễn Văn Khá", "Lê Thị Giàu")):
            key = an_id(100 + number)
            village, household_class = (an_id(1), "poor") if number < 10 else (an_id(2), "not_poor")
            self.records.put(
                Household(id=key, commune_code=COMMUNE, village_id=village, household_code=f"H-{number + 1:02d}"),
                HouseholdMember(
                    id=an_id(200 + number), household_id=key, full_name=name, relation_to_head=1,
                    personal_id_number=f"0510870{number:05d}",
                ),
                ClassRecord(
                    id=an_id(300 + number), household_id=key, household_class=household_class, effective_on="2026-01-01"
                ),
            )  # fmt: skip
        lists = FakeLists(self.records)
        self.supporting = Supporting(self.records, lists, self.clock, REFERENCE, self.settings)
        receivers = ChoosingReceivers(self.records, lists, REFERENCE, self.supporting)
        self.support = Support(self.supporting, receivers, SupportDrafts(self.settings, self.clock), self.settings)
        self.fields = SupportFields(REFERENCE, TEXTS, self.clock.today)

    def batch_presenter(self, frame: Frame) -> SupportBatchPresenter:
        paper = SignaturePaper(
            lambda data: signature_list_html(data, paper_of(REFERENCE, COMMUNE), TEXTS), self.printed.append, TEXTS
        )
        return SupportBatchPresenter(self.support, ImmediateTasks(), frame, self.fields, paper, self.folder)

    def list_presenter(self, frame: Frame) -> SupportPresenter:
        return SupportPresenter(lambda: summaries(self.records), ImmediateTasks(), frame, TEXTS)

    def shares(self) -> list[HouseholdShare]:
        return self.records.select(HouseholdShare)


@dataclass
class Desk:
    """The window, and the keyboard before it."""

    shell: Shell
    commune: Commune

    def find(self, name: str, kind: type[QWidget] = QWidget) -> Any:
        found = self.shell.current.findChild(kind, name)
        assert found is not None, name
        return found

    def words(self, name: str) -> str:
        return str(self.find(name, QLabel).text())

    def cell(self, name: str, row: int, column: int) -> str:
        return str(self.find(name, QTableView).model().index(row, column).data() or "")

    def type(self, *texts: str) -> None:
        """Each text, with Enter behind it."""
        from PySide6.QtCore import Qt

        for text in texts:
            type_text(self.shell, text)
            press(self.shell, Qt.Key.Key_Return)


@pytest.fixture
def commune(tmp_path: Path) -> Commune:
    return Commune(tmp_path)


@pytest.fixture
def desk(qtbot: Any, commune: Commune) -> Desk:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app)

    def support() -> SupportScreen:
        presenter = commune.list_presenter(shell)
        presenter.view = screen = SupportScreen(presenter, TEXTS)
        screen.bind()
        return screen

    def batch() -> SupportBatchScreen:
        presenter = commune.batch_presenter(shell)
        presenter.view = screen = SupportBatchScreen(presenter, commune.fields)
        screen.bind()
        return screen

    shell = Shell(TEXTS, {"support": support, "support_batch": batch}, DictMemory())
    in_front(qtbot, shell)
    return Desk(shell, commune)
