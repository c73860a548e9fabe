"""A small commune in memory, and the register on top of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from poverty_desktop.domain.records import ClassRecord, Household, HouseholdMember, Village
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.household_presenter import HouseholdPresenter
from poverty_desktop.gui.presenters.households_presenter import HouseholdsPresenter
from poverty_desktop.gui.presenters.member_fields import MemberFields
from poverty_desktop.services.registering import Registering
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeClock, FakeDrafts, FakeLists, FakeRecords, FakeSettings
from tests.gui.fakes import ImmediateTasks, RecordingFrame

COMMUNE = "21289"


def an_id(number: int) -> str:
    return f"0190a000-0000-7000-8000-{number:012d}"


GO_REN, NUOC_NIA = an_id(1), an_id(2)
MO_S_HOUSEHOLD, MO, SON = an_id(10), an_id(11), an_id(12)


@dataclass
class Commune:
    """The ports in memory with two villages and one household (Hồ Thị Mơ and her son)."""

    clock: FakeClock = field(default_factory=FakeClock)
    settings: FakeSettings = field(default_factory=lambda: FakeSettings(commune_code=COMMUNE, officer="Đinh Văn Sơn"))

    def __post_init__(self) -> None:
        self.drafts = FakeDrafts(self.clock)
        self.records = FakeRecords(self.clock, self.drafts)
        self.lists = FakeLists(self.records, self.drafts)
        self.records.put(
            Village(id=GO_REN, commune_code=COMMUNE, name="Gò Ren", position=1),
            Village(id=NUOC_NIA, commune_code=COMMUNE, name="Nước Nia", position=2),
            Household(id=MO_S_HOUSEHOLD, commune_code=COMMUNE, village_id=GO_REN, household_code="H-01", phone="0905111222"),
            HouseholdMember(
                id=MO, household_id=MO_S_HOUSEHOLD, position=0, full_name="Hồ Thị Mơ", relation_to_head=1, sex=2,
                birth_date="1987-05-02", personal_id_number="051187000123", ethnic_group="19", activity_status=1,
            ),
            HouseholdMember(
                id=SON, household_id=MO_S_HOUSEHOLD, position=1, full_name="Đinh Văn Đông", relation_to_head=3, sex=1,
                birth_date="2012", ethnic_group="19", activity_status=3,
            ),
            ClassRecord(id=an_id(20), household_id=MO_S_HOUSEHOLD, household_class="poor", effective_on="2026-01-01"),
        )  # fmt: skip
        self.registering = self.service()

    def service(self) -> Registering:
        """The register as a process that has just been started sees it."""
        return Registering(self.records, self.drafts, self.lists, self.settings, self.clock)


@pytest.fixture
def commune() -> Commune:
    return Commune()


@pytest.fixture
def texts() -> Texts:
    return load_texts("vi")


@pytest.fixture(scope="session")
def fields() -> MemberFields:
    return MemberFields(load_reference(), load_texts("vi"))


@pytest.fixture
def frame() -> RecordingFrame:
    return RecordingFrame()


@pytest.fixture
def household(commune: Commune, frame: RecordingFrame, texts: Texts, fields: MemberFields) -> HouseholdPresenter:
    return HouseholdPresenter(commune.registering, ImmediateTasks(), frame, commune.clock, texts, fields)


@pytest.fixture
def households(commune: Commune, frame: RecordingFrame) -> HouseholdsPresenter:
    return HouseholdsPresenter(commune.registering, ImmediateTasks(), frame)
