"""A small commune in memory, a rural and an urban village, and the review on top of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.records import ClassRecord, Household, HouseholdMember, Village
from poverty_desktop.domain.reference import Reference
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.presenters.survey_presenter import SurveyPresenter
from poverty_desktop.gui.presenters.survey_state import SurveyState
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.services.reviewing import Reviewing
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.released_forms import OFFICIAL, ShippedForms
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeClock, FakeDrafts, FakeLists, FakeRecords, FakeSettings
from tests.gui.fakes import ImmediateTasks, RecordingFrame

COMMUNE = "21289"


def an_id(number: int) -> str:
    return f"0190a000-0000-7000-8000-{number:012d}"


RURAL, URBAN = an_id(1), an_id(2)
MO_S, MO, HUSBAND, SON, BABY, GRANNY = (an_id(number) for number in range(10, 16))
TOWN_S, TOWN_HEAD = an_id(30), an_id(31)
REFERENCE = load_reference()
READ: dict[str, FormDefinition] = {}
"""The questionnaires by hash, read once for all tests: a release never changes, and reading one takes longer than most tests."""


def person(number: str, household: str, position: int, name: str, relation: int, sex: int, born: str) -> HouseholdMember:
    return HouseholdMember(
        id=number, household_id=household, position=position, full_name=name, relation_to_head=relation, sex=sex, birth_date=born
    )


@dataclass
class Commune:
    """Hồ Thị Mơ's household of five in a rural village, a single man in an urban one."""

    form: str = OFFICIAL
    clock: FakeClock = field(default_factory=FakeClock)
    settings: FakeSettings = field(default_factory=lambda: FakeSettings(commune_code=COMMUNE, officer="Đinh Văn Sơn"))
    reference: Reference = REFERENCE

    def __post_init__(self) -> None:
        self.drafts = FakeDrafts(self.clock)
        self.records = FakeRecords(self.clock, self.drafts)
        self.lists = FakeLists(self.records, self.drafts)
        self.forms = ShippedForms(self.form)
        self.records.put(
            Village(id=RURAL, commune_code=COMMUNE, name="Gò Ren", area_class="rural", position=1),
            Village(id=URBAN, commune_code=COMMUNE, name="Tổ dân phố 2", kind="tổ dân phố", area_class="urban", position=2),
            Household(id=MO_S, commune_code=COMMUNE, village_id=RURAL, household_code="21289-0001"),
            person(MO, MO_S, 0, "Hồ Thị Mơ", 1, 2, "1987-05-02"),
            person(HUSBAND, MO_S, 1, "Đinh Văn Hrê", 2, 1, "1985"),
            person(SON, MO_S, 2, "Đinh Văn Đông", 3, 1, "2014-03-10"),
            person(BABY, MO_S, 3, "Đinh Thị Út", 3, 2, "2024-01-15"),
            person(GRANNY, MO_S, 4, "Phạm Thị Bương", 4, 2, "1950"),
            ClassRecord(id=an_id(20), household_id=MO_S, household_class="poor", effective_on="2026-01-01", origin="opening"),
            Household(id=TOWN_S, commune_code=COMMUNE, village_id=URBAN, household_code="21289-0002"),
            person(TOWN_HEAD, TOWN_S, 0, "Nguyễn Văn Thành", 1, 1, "1970-01-01"),
        )
        self.reviewing = self.service()

    def service(self) -> Reviewing:
        """The review as a process that has just been started sees it."""
        made = Reviewing(
            self.records, self.drafts, self.lists, self.settings, self.clock, self.reference, self.forms
        )
        made._sheets._parsed = READ
        return made


class Desk:
    """A presenter with everything around it in memory; `states` are all pictures it drew."""

    def __init__(self, commune: Commune, texts: Texts) -> None:
        self.commune, self.frame, self.tasks = commune, RecordingFrame(), ImmediateTasks()
        self.presenter = SurveyPresenter(commune.service(), self.tasks, texts, self.frame)
        self.states: list[SurveyState] = []
        self.presenter.show = self.states.append

    @property
    def state(self) -> SurveyState:
        return self.presenter.state


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    apply_theme(qapp)
    return qapp


@pytest.fixture
def texts() -> Texts:
    return load_texts("vi")


@pytest.fixture
def commune() -> Commune:
    return Commune()


@pytest.fixture
def desk(commune: Commune, texts: Texts) -> Desk:
    return Desk(commune, texts)
