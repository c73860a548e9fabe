"""Names and notes that look like markup or formulas are shown and written as what they are: text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from poverty_desktop.documents.report_workbook import write_report
from poverty_desktop.domain.official_paper import OfficialPaper
from poverty_desktop.domain.poverty_reports import Report
from poverty_desktop.domain.records import HouseholdMember
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.system.resources import load_texts
from tests.attacks.conftest import Desk
from tests.gui.keyboard import CONTROL

Key = Qt.Key
MARKED = '<b>Mơ</b> "O\'Đinh" <img src="x">'


def rename(desk: Desk, name: str) -> None:
    """Another laptop gave the head this name."""

    def write() -> None:
        records = desk.application.open_office.workspace.records
        head = records.select(HouseholdMember, household_id=desk.home)[0]
        records.save(Save(records.new_group(), "x", records.base(), [Change("u", head.entity, head.id, 1, {"full_name": name})]))

    desk.application.tasks.storage(write)
    desk.settle()


def taken_for_markup(desk: Desk) -> list[str]:
    """Labels in sight that draw the name as markup instead of as it is spelled."""
    labels = [one for one in desk.shell.findChildren(QLabel) if one.isVisible() and "<b>Mơ" in one.text()]
    auto, rich = Qt.TextFormat.AutoText, Qt.TextFormat.RichText
    return [
        f"{one.objectName()}: {one.text()}"
        for one in labels
        if one.textFormat() == rich or (one.textFormat() == auto and Qt.mightBeRichText(one.text()))
    ]


@pytest.mark.parametrize("place", ["work", "households", "household", "review", "survey", "support"])
def test_a_name_with_markup_is_shown_as_it_is_spelled(desk: Desk, place: str) -> None:
    rename(desk, MARKED)
    desk.go(place, **({"household_id": desk.home} if place in ("household", "survey") else {}))
    if place == "survey":
        desk.press(Key.Key_PageDown)
        desk.settle()
    if place == "household":
        desk.shell.current.removal.ask("x", MARKED)
    desk.shell.tell("red", f"Hộ {MARKED}")
    assert taken_for_markup(desk) == []


def test_a_decomposed_name_is_stored_composed_and_a_huge_note_whole(desk: Desk) -> None:
    desk.go("household", household_id=desk.home)
    note = desk.sees("household.note")
    note.setFocus()
    note.insert(unicodedata.normalize("NFD", "Đường lên Gò Rền ") + "ồ" * 30_000)
    desk.press(Key.Key_S, CONTROL)
    desk.close()
    found = desk.on_disk().household.note
    assert found == "Đường lên Gò Rền " + "ồ" * 30_000


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "http://evil.example", "{=1+1}"])
def test_no_text_becomes_a_formula_or_a_link_in_a_report(tmp_path: Path, name: str) -> None:
    paper = OfficialPaper(name, name, name, maker_name=name, chair_name=name)
    report = Report("7.1", 2026, "preliminary", 14, (), (), 0, None)
    file = tmp_path / "bao-cao.xlsx"
    write_report(file, report, paper, load_texts("vi"))
    cells = [
        cell for sheet in load_workbook(file) for row in sheet.iter_rows() for cell in row if cell.value in (name, name.upper())
    ]
    assert len(cells) == 3
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
