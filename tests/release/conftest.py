"""A commune with two officers, on the records in memory; small workbooks that convert in a moment."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.records import FormRelease
from poverty_desktop.services.releasing import Releasing
from poverty_desktop.system.released_forms import ShippedForms
from tests.fakes import FakeClock, FakeRecords, FakeSettings
from tests.forms.conftest import phieu_b as phieu_b
from tests.forms.conftest import phieu_b_demo as phieu_b_demo
from tests.forms.making import Row, q, workbook

STANDARDS = ("mdp_2022_2025", "mdp_2027_2030")
LAN, BINH = ("lan", "Nguyễn Thị Lan"), ("binh", "Trần Văn Bình")
TOILET = [
    {"list_name": "toilet", "name": "vip", "label": "VIP"},
    {"list_name": "toilet", "name": "none", "label": "None"},
]
ROWS = [
    q("text", "respondent", label="Respondent"),
    q("select_one toilet", "toilet", label="Latrine"),
    q("integer", "rooms", label="Rooms"),
]


def small(rows: list[Row] = ROWS, choices: list[Row] = TOILET, version: str = "1", **settings: str) -> bytes:
    return workbook(rows, choices, {"form_id": "visit", "form_title": "Visit", "version": version, **settings})


class Office:
    """The records of one commune; `as_` gives the use cases as one officer has them."""

    def __init__(self, practice: bool = False) -> None:
        self.clock = FakeClock()
        self.records = FakeRecords(self.clock)
        self.practice = practice

    def as_(self, officer: tuple[str, str]) -> Releasing:
        settings = FakeSettings(officer=officer[0], officer_name=officer[1])
        return Releasing(self.records, settings, self.clock, ShippedForms(), STANDARDS, self.practice)

    def proposed(self, source: bytes, standard_id: str | None = None) -> FormRelease:
        lan = self.as_(LAN)
        return lan.propose(lan.examine(source, standard_id))

    def released(self, source: bytes, standard_id: str | None = None) -> FormRelease:
        return self.as_(BINH).confirm(self.proposed(source, standard_id))


@pytest.fixture
def office() -> Office:
    return Office()
