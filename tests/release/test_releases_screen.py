"""The place of the forms in the window: propose a workbook, look, release it as the second officer, all by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from poverty_desktop.app.release_screens import _read
from poverty_desktop.domain.records import FormRelease
from poverty_desktop.gui.presenters.releases_presenter import ReleasesPresenter
from poverty_desktop.gui.screens.releases_screen import ReleasesScreen
from poverty_desktop.system.resources import load_texts
from tests.forms.making import q
from tests.gui.fakes import ImmediateTasks, RecordingFrame
from tests.release.conftest import BINH, LAN, ROWS, Office, small
from tests.release.workbooks import AREAS, changed, rows_of, set_cell

STANDARDS = (("mdp_2022_2025", "Chuẩn 2022-2025"),)


def presenter_of(office: Office, officer: tuple[str, str]) -> ReleasesPresenter:
    made = ReleasesPresenter(office.as_(officer), ImmediateTasks(), RecordingFrame(), load_texts("vi"), _read, STANDARDS)
    made.load()
    return made


@pytest.fixture
def workbook(tmp_path: Path) -> str:
    file = tmp_path / "visit.xlsx"
    file.write_bytes(small())
    return str(file)


def test_the_second_officer_sees_points_and_differences_and_releases_with_two_keystrokes(office: Office, workbook: str) -> None:
    lan = presenter_of(office, LAN)
    lan.propose(workbook, "mdp_2022_2025")
    assert [line.title for line in lan.state.lines] == ["visit 1\nchờ kiểm tra"]
    assert not lan.state.line.may_release
    binh = presenter_of(office, BINH)
    assert "tổng điểm B1 được nhập từ phiếu giấy" in binh.state.line.words
    assert "mdp_2022_2025" not in binh.state.line.words
    assert "Chưa có người kiểm tra." in binh.state.line.words
    binh.release()
    assert (binh.state.asking, office.records.select(FormRelease)[0].state) == (True, "proposed")
    assert binh.cancel()
    binh.release()
    binh.release()
    assert office.records.select(FormRelease)[0].state == "released"
    assert "người kiểm tra: Trần Văn Bình" in binh.state.told
    assert not binh.state.line.may_release


def test_the_maker_is_told_that_another_has_to_check(office: Office, workbook: str) -> None:
    lan = presenter_of(office, LAN)
    lan.propose(workbook, None)
    lan.release()
    lan.release()
    assert "một cán bộ khác" in lan.state.told
    assert office.records.select(FormRelease)[0].state == "proposed"


def test_a_faulty_workbook_shows_its_cells_and_stores_nothing(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "faulty.xlsx"
    file.write_bytes(small([*ROWS, q("text", "remark", relevant="${nowhere} = 1")]))
    lan = presenter_of(office, LAN)
    lan.propose(str(file), None)
    assert "survey!D5" in lan.state.faults
    assert (lan.state.tone, lan.state.lines) == ("red", ())


def test_the_same_form_again_and_a_withdrawal_are_told(office: Office, workbook: str) -> None:
    lan = presenter_of(office, LAN)
    lan.propose(workbook, None)
    lan.propose(workbook, None)
    assert "đã có trong danh sách" in lan.state.told
    lan.withdraw()
    assert lan.state.lines[0].title.endswith("đã thu hồi")
    assert not lan.state.line.may_withdraw


def test_the_screen_shows_lines_and_details_and_releases_by_ctrl_enter(office: Office, workbook: str, qtbot: QtBot) -> None:
    office.as_(LAN).propose(office.as_(LAN).examine(Path(workbook).read_bytes()))
    presenter = presenter_of(office, BINH)
    screen = ReleasesScreen(presenter, load_texts("vi"))
    qtbot.addWidget(screen)
    presenter.view = screen
    screen.bind()
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.opened()
    screen.focus_first()
    assert screen.list.count() == 1
    assert "phiên bản trước" in screen.details.accessibleName()
    assert "visit" in screen.details.toPlainText()
    for _ in range(2):
        qtbot.keyClick(screen.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert office.records.select(FormRelease)[0].checked_by == "binh"
    assert not screen.main_action.isVisible()


def fill(book: openpyxl.Workbook, lists: Sequence[str]) -> None:
    for row in rows_of(book, lists):
        for column in AREAS:
            set_cell(book, "choices", column, row, row)


def test_the_table_of_points_stands_below_what_is_said_of_it(office: Office, workbook: str, qtbot: QtBot) -> None:
    office.proposed(changed(lambda book: fill(book, ("toilet",)), version="2026119901"), "mdp_2022_2025")
    presenter = presenter_of(office, BINH)
    screen = ReleasesScreen(presenter, load_texts("vi"))
    qtbot.addWidget(screen)
    screen.render(presenter.state)
    assert "Bảng điểm B1" in screen.points_words.text()
    assert "Bảng điểm B1" not in screen.details.toPlainText()
    assert screen.points.points.rowCount() == len(presenter.state.line.points.lines) > 1
    assert not screen.points.isHidden()
    line = presenter.state.line
    broken = tuple(replace(one, cells=tuple(replace(cell, mark="missing") for cell in one.cells)) for one in line.points.lines)
    screen.render(replace(presenter.state, lines=(replace(line, points=replace(line.points, lines=broken)),)))
    assert screen.points_words.property("tone") == "red"
    presenter.propose(workbook, None)
    without = next(place for place, one in enumerate(presenter.state.lines) if one.title.startswith("visit"))
    presenter.select(without)
    screen.render(presenter.state)
    assert screen.points.isHidden()
    assert screen.points_words.isHidden()
