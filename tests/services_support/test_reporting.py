"""Templates 7.1 and 7.2 from the records: they count right, agree with each other and reach Excel as numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from poverty_desktop.documents.report_workbook import write_report
from poverty_desktop.domain.class_history import Change
from poverty_desktop.domain.official_paper import MOTTO, NATION, paper_of
from poverty_desktop.domain.poverty_reports import (
    HouseholdYear,
    Rate,
    ReportUnit,
    check_changes,
    check_result,
    poverty_changes,
    poverty_result,
)
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, Household, HouseholdMember, ReviewRound, Survey, Village
from poverty_desktop.services.reporting import Reporting
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeClock, FakeLists, FakeRecords, FakeSettings

COMMUNE = "21289"
FORM = {"form_id": "phieu_b", "form_version": "1", "form_hash": "x", "standard_id": "mdp_2022_2025"}
UNITS = [ReportUnit("a", "Thôn A", "rural"), ReportUnit("b", "Thôn B", "rural"), ReportUnit("c", "Tổ C", "urban")]
classes = st.sampled_from([None, "poor", "near_poor", "average_living_standard", "not_poor"])
changes = st.builds(Change, classes, classes, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@st.composite
def household_years(draw: st.DrawFn) -> HouseholdYear:
    change = draw(changes)
    if change.arrived:
        change = Change(None, change.closing, change.was_poor, change.was_near_poor, True, change.left)
    village = draw(st.sampled_from(["a", "b", "c"]))
    return HouseholdYear(village, change, draw(st.integers(0, 9)), 0 if change.left else draw(st.integers(0, 9)))


@given(st.lists(household_years(), max_size=30))
def test_the_figures_of_any_commune_agree_with_each_other(households: list[HouseholdYear]) -> None:
    result, changed = poverty_result(UNITS, households), poverty_changes(UNITS, households)
    assert all(check.ok for check in check_result(result))
    assert [check for check in check_changes(changed, result, None) if not check.ok] == []


def test_a_commune_without_anybody_has_no_rates_and_no_errors() -> None:
    total = poverty_result(UNITS, [])[-1]
    assert [cell.percent for cell in total.cells if isinstance(cell, Rate)] == [None] * 6
    assert total.column(1) == 0


class Commune:
    """A commune typed household by household."""

    def __init__(self) -> None:
        self.records = FakeRecords()
        self.lists = FakeLists(self.records)
        settings = FakeSettings(commune_code=COMMUNE)
        self.reporting = Reporting(self.records, self.lists, settings, FakeClock(), load_reference())
        self.records.put(
            Village(id="v1", commune_code=COMMUNE, name="Làng Rề", position=1),
            Village(id="v2", commune_code=COMMUNE, name="2", kind="tổ dân phố", area_class="urban", position=2),
        )
        self.count = 0

    def round(self, state: str = "open", year: int = 2026) -> None:
        dates = {
            "starts_on": f"{year}-09-01",
            "ends_on": f"{year}-12-14",
            "decision_no": "12/QĐ-UBND" if state != "open" else None,
        }
        self.records.put(ReviewRound(id=f"r{year}", commune_code=COMMUNE, year=year, state=state, **FORM, **dates))

    def household(
        self, people: int, opening: str | None, now: str | None = None, official: str | None = None, **fields: Any
    ) -> str:
        self.count += 1
        key = f"h{self.count:02d}"
        self.records.put(Household(id=key, **{"commune_code": COMMUNE, "village_id": "v1", **fields}))
        self.records.put(*(HouseholdMember(id=f"{key}-{n}", household_id=key, position=n) for n in range(people)))
        if opening:
            self.history(key, "2026-01-01", opening, people, origin="opening")
        if now:
            survey = Survey(id=f"s{key}", round_id="r2026", household_id=key, state="finished", area_class="rural", **FORM)
            survey.household_class = now
            self.records.put(survey)
        if official:
            self.history(key, "2026-12-15", official, people, round_id="r2026")
        return key

    def history(self, household: str, day: str, household_class: str, people: int, **fields: Any) -> None:
        key = f"c{household}{day}"
        self.records.put(
            ClassRecord(
                id=key, household_id=household, household_class=household_class, effective_on=day, member_count=people, **fields
            )
        )


@pytest.fixture
def commune() -> Commune:
    made = Commune()
    made.household(4, "poor", now="poor", official="poor")
    made.household(5, "poor", now="near_poor", official="near_poor")
    made.household(3, "poor")  # not reviewed yet
    made.household(2, "near_poor", now="poor", official="poor", village_id="v2")
    relapsed = made.household(6, "not_poor", now="poor", official="poor")
    made.history(relapsed, "2024-01-01", "poor", 6)
    made.household(1, None, now="poor", official="near_poor")
    made.household(2, "poor", presence="moved_out", left_on="2026-05-01", left_reason="move_out")
    made.household(3, None, now="poor", official="poor", joined_on="2026-04-01", joined_reason="move_in")
    made.household(4, None)
    return made


def test_preliminary_changes_fall_into_the_columns_of_the_law(commune: Commune) -> None:
    commune.round()
    report = commune.reporting.poverty_changes(2026)
    assert report.total.cells == (4, 1, 0, 1, 1, 1, 1, 1, 6)
    people = next(row for row in report.rows if row.kind == "total" and row.measure == "people")
    assert people.cells == (14, 5, 0, 2, 2, 6, 1, 3, 19)
    assert report.ok
    assert report.not_reviewed == 1
    urban = next(row for row in report.rows if row.number == "I" and row.measure == "households")
    assert urban.column(5) == 1


def test_preliminary_result_counts_everybody_who_lives_here(commune: Commune) -> None:
    commune.round()
    report = commune.reporting.poverty_result(2026)
    assert (report.total.column(1), report.total.column(2)) == (8, 28)
    assert (report.total.column(3), report.total.column(5), report.total.column(9)) == (6, 1, 19)
    assert report.total.column(4) == Rate(6, 8)
    assert report.ok


def test_the_official_report_follows_the_decision_not_the_form(commune: Commune) -> None:
    commune.round("recognised")
    report = commune.reporting.poverty_changes(2026, "official")
    assert report.total.column(9) == 5
    assert report.total.column(7) == 0
    assert report.round_decision_no == "12/QĐ-UBND"
    assert commune.reporting.stages(2026) == ["preliminary", "official"]


def test_official_is_refused_before_recognition_and_any_without_a_round(commune: Commune) -> None:
    assert commune.reporting.stages(2026) == []
    with pytest.raises(KnownProblem, match=r"report\.no_round"):
        commune.reporting.poverty_result(2026)
    commune.round()
    with pytest.raises(KnownProblem, match=r"report\.round_not_recognised"):
        commune.reporting.poverty_result(2026, "official")


def test_the_start_is_compared_with_last_years_end(commune: Commune) -> None:
    commune.round()
    commune.round("recognised", 2025)
    commune.history("h01", "2025-12-15", "poor", 4, round_id="r2025")
    checks = {check.code: check for check in commune.reporting.poverty_changes(2026).checks}
    start = checks["start_is_last_end_households"]
    assert (start.left, start.right, start.ok) == (4, 1, False)


def test_a_household_without_village_is_shown_not_lost(commune: Commune) -> None:
    commune.round()
    commune.household(1, "poor", village_id=None)
    report = commune.reporting.poverty_result(2026)
    assert report.ok
    unknown = [row for row in report.rows if row.unit is not None and row.unit.id is None]
    assert unknown[0].column(3) == 1


@pytest.mark.parametrize("template", ["poverty_result", "poverty_changes"])
def test_the_workbook_reads_back_with_heading_numbers_and_checks(commune: Commune, tmp_path: Path, template: str) -> None:
    commune.round()
    report = getattr(commune.reporting, template)(2026)
    path = tmp_path / "bao_cao.xlsx"
    write_report(path, report, paper_of(load_reference(), COMMUNE, day="2026-12-15", practice=True), load_texts("en"))
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names[1] == "Kiểm tra số liệu"
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    words = [cell for row in rows for cell in row if isinstance(cell, str)]
    for word in (
        NATION,
        MOTTO,
        "ỦY BAN NHÂN DÂN XÃ SƠN HÀ",
        "TỈNH QUẢNG NGÃI",
        "NGƯỜI LẬP BIỂU",
        "TM. ỦY BAN NHÂN DÂN XÃ",
        "CHỦ TỊCH",
    ):
        assert word in words, word
    assert "Sơn Hà, ngày 15 tháng 12 năm 2026" in words
    assert "BẢN LUYỆN TẬP – SỐ LIỆU KHÔNG CÓ THẬT" in words
    total = next(row for row in rows if row[0] == "III")
    shown = [cell for cell in total[2:] if isinstance(cell, int | float)]
    expected = [cell.percent if isinstance(cell, Rate) else cell for cell in report.total.cells]
    assert shown == expected
    checks = book.get_sheet_by_index(1).to_python()
    assert {row[4] for row in checks[1:]} == {"Khớp"}
    assert len(checks) == len(report.checks) + 1


def test_every_check_has_a_sentence_in_both_languages(commune: Commune) -> None:
    commune.round()
    commune.round("recognised", 2025)
    reports = (commune.reporting.poverty_result(2026), commune.reporting.poverty_changes(2026))
    for texts in (load_texts("vi"), load_texts("en")):
        assert all(texts(f"report.check.{check.code}", **check.facts) for report in reports for check in report.checks)
