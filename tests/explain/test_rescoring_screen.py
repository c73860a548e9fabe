"""Under another standard, in the window: both columns side by side, a round counted, written as a workbook, and nothing moved."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from python_calamine import CalamineWorkbook

from poverty_desktop.documents.comparison_workbook import save_comparison
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.presenters.rescoring_presenter import RescoringPresenter
from poverty_desktop.gui.presenters.review_presenter import ReviewPresenter
from poverty_desktop.gui.screens.rescoring_screen import RescoringScreen
from poverty_desktop.services.rescoring_rounds import Rescoring
from poverty_desktop.system.resources import load_texts
from tests.gui.fakes import ImmediateTasks, RecordingFrame
from tests.gui.keyboard import press
from tests.review.answers import GOOD_HOUSE, POOR_HOUSE, rural_five, urban_one
from tests.review.conftest import MO_S, REFERENCE, TOWN_S, Commune
from tests.review.test_reviewing import fill

TEXTS = load_texts("vi")


class Desk:
    def __init__(self, commune: Commune, folder: Path) -> None:
        self.commune, self.frame, self.tasks = commune, RecordingFrame(), ImmediateTasks()
        rescoring = Rescoring(commune.records, commune.lists, commune.clock, REFERENCE, commune.forms)
        self.presenter = RescoringPresenter(
            rescoring, REFERENCE.standards, self.tasks, self.frame, TEXTS, save_comparison, lambda: folder
        )
        self.screen = RescoringScreen(self.presenter, TEXTS)
        self.presenter.view = self.screen
        self.screen.bind()
        self.screen.resize(1166, 700)

    def cells(self, row: int) -> list[str]:
        model = self.screen.model
        return [str(model.index(row, column).data()) for column in range(model.columnCount())]


@pytest.fixture
def finished(commune: Commune) -> Commune:
    fill(commune, MO_S, rural_five(POOR_HOUSE, 120))
    fill(commune, TOWN_S, urban_one(GOOD_HOUSE, 150))
    return commune


@pytest.fixture
def desk(qtbot, finished: Commune, tmp_path: Path) -> Desk:
    desk = Desk(finished, tmp_path)
    qtbot.addWidget(desk.screen)
    desk.screen.show()
    return desk


def test_a_household_shows_both_standards_side_by_side_with_word_and_sign(desk: Desk) -> None:
    desk.screen.opened(household_id=MO_S)
    assert desk.cells(0)[:4] == ["Diện", "Hộ nghèo", "Chưa xếp loại", "? chưa so được"]
    assert desk.cells(1) == ["Điểm B1", "120", "? chưa xác định được", "? chưa so được", "chưa có cách tính B1 của chuẩn này"]
    assert ["2 Người phụ thuộc trong hộ gia đình", "■ thiếu hụt", "■ thiếu hụt", "= như nhau", ""] in [
        desk.cells(row) for row in range(desk.screen.model.rowCount())
    ]
    assert "chưa có điểm ngưỡng B1 chính thức" in desk.screen.notes.text()
    assert "kết quả đã lưu và đã công nhận không thay đổi" in desk.screen.notes.text()


def test_under_its_own_standard_every_line_is_the_same(desk: Desk) -> None:
    desk.screen.opened(household_id=MO_S)
    desk.presenter.choose(0)
    assert {desk.cells(row)[3] for row in range(desk.screen.model.rowCount())} == {"= như nhau"}


def test_a_round_says_how_many_would_change_and_enter_opens_the_household(desk: Desk) -> None:
    desk.screen.opened()
    assert desk.screen.summary.text().splitlines() == [
        "1 hộ đổi: Hộ cận nghèo → Chưa xếp loại",
        "1 hộ đổi: Hộ nghèo → Chưa xếp loại",
    ]
    assert desk.cells(0)[0] == "Hồ Thị Mơ · 21289-0001"
    desk.screen.table.setFocus()
    press(desk.screen.table, Qt.Key.Key_Return)
    assert desk.frame.went == [("rescoring", {"household_id": MO_S})]


def test_the_table_is_written_as_it_is_shown(desk: Desk, tmp_path: Path) -> None:
    desk.screen.opened()
    before = copy.deepcopy((desk.commune.records.bodies, desk.commune.drafts.kept))
    desk.presenter.export()
    (file,) = tmp_path.iterdir()
    assert file.name == "so-sanh-2026-mdp_2027_2030.xlsx"
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert ["Hồ Thị Mơ · 21289-0001", "Gò Ren", "Hộ nghèo", "Chưa xếp loại"] in [row[:4] for row in rows]
    assert (desk.commune.records.bodies, desk.commune.drafts.kept) == before


def test_a_folder_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "tệp").write_text("", encoding="utf-8")
    desk.screen.opened()
    assert desk.presenter.state.table is not None
    with pytest.raises(KnownProblem, match="folder_gone"):
        save_comparison(tmp_path / "tệp" / "bảng.xlsx", desk.presenter.state.table)


def test_what_is_stopped_stays_on_the_screen(desk: Desk) -> None:
    desk.screen.opened()
    desk.presenter.stop()
    assert not desk.presenter.state.working
    assert desk.screen.model.rowCount() == 2


def test_without_a_finished_survey_the_page_says_how_to_begin(qtbot, commune: Commune, tmp_path: Path) -> None:
    desk = Desk(commune, tmp_path)
    qtbot.addWidget(desk.screen)
    desk.screen.show()
    desk.screen.opened()
    assert desk.screen.empty.isVisible()
    assert not desk.screen.table.isVisible()


# --- the review that is worked in -------------------------------------------------------------------------------------------


def test_another_review_is_begun_only_after_it_was_asked(finished: Commune) -> None:
    asked: list[tuple[str, object]] = []

    class Frame(RecordingFrame):
        def tell(self, tone, sentence, action="", do=None) -> None:
            super().tell(tone, sentence, action, do)
            asked.append((action, do))

    presenter = ReviewPresenter(finished.reviewing, ImmediateTasks(), TEXTS, Frame())
    presenter.opened()
    assert presenter.state.choice_words == ("2026 · chuẩn 2022-2025", "2026 · chuẩn 2027-2030 (chưa mở)")
    presenter.choose_review(1)
    assert finished.reviewing.current_round().standard_id == "mdp_2022_2025"
    action, begin = asked[-1]
    assert action == "Mở đợt này"
    begin()  # type: ignore[operator]
    assert finished.reviewing.current_round().standard_id == "mdp_2027_2030"
    assert (presenter.state.chosen, presenter.state.choice_words[1]) == (1, "2026 · chuẩn 2027-2030")
    presenter.choose_review(0)
    assert finished.reviewing.current_round().standard_id == "mdp_2022_2025"
