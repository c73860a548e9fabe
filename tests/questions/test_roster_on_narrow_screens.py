"""The grid where not all columns have room: whole columns only, the present cell in sight; many people where there is room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState, GridRow, GridState, Option
from poverty_desktop.gui.questions.roster_grid import RosterGrid
from poverty_desktop.gui.questions.roster_widths import Column, fitted
from poverty_desktop.gui.theme import ui_font
from tests.gui.keyboard import press
from tests.gui.windows import come_to_rest, in_front

HEADS = (
    "Khuyết tật hoặc bệnh nặng",
    "Có khả năng lao động",
    "Tình trạng việc làm",
    "Chi tiết việc làm",
    "Hiện đang học",
    "Bằng cấp cao nhất",
    "Được doanh nghiệp tuyển và chứng nhận đào tạo nghề tại chỗ",
    "Có bảo hiểm y tế",
    "Suy dinh dưỡng (chiều cao hoặc cân nặng theo tuổi)",
    "Trợ cấp xã hội hằng tháng",
)
WORK = tuple(
    Option(str(number), words, str(number))
    for number, words in enumerate(
        ("Làm công ăn lương có hợp đồng lao động", "Tự làm nông, lâm, ngư nghiệp", "Tự làm phi nông nghiệp"), 1
    )
)
YES_NO = (Option("yes", "Có", "1"), Option("no", "Không", "2"))


def eight_people() -> GridState:
    def cell(person: int, column: int) -> FieldState:
        key = f"roster/{person}/q{column}"
        plain = FieldState(key, "select_one", HEADS[column], "", "", False, YES_NO, "no", "", True, False)
        return replace(plain, options=WORK, value="2") if column in (2, 3) else plain

    cells = tuple(tuple(cell(person, column) for column in range(len(HEADS))) for person in range(8))
    rows = tuple(GridRow(str(person), "Đinh Thị Phương Thảo", "Nữ · 34 tuổi · Con") for person in range(8))
    return GridState("roster", "Thành viên", tuple((f"q{place}", head) for place, head in enumerate(HEADS)), rows, cells)


@pytest.fixture
def grid(qtbot, qapp: QApplication, texts: Texts) -> RosterGrid:
    grid = RosterGrid(eight_people(), texts)
    in_front(qtbot, grid, 541, 330)
    grid.table.stand_on("roster/0/q0")
    come_to_rest()
    return grid


def is_whole(grid: RosterGrid) -> bool:
    """The present cell in sight, and no column cut at either edge."""
    table, port = grid.table, grid.table.viewport().rect()
    edges = [(table.columnViewportPosition(at), table.columnWidth(at)) for at in range(len(HEADS))]
    cut = [at for at, wide in edges if at < 0 < at + wide or at < port.width() < at + wide]
    return not cut and port.contains(table.visualRect(table.currentIndex()))


def test_every_cell_one_comes_to_is_whole_and_no_column_is_cut(grid: RosterGrid) -> None:
    for _ in range(8 * len(HEADS) - 1):
        assert is_whole(grid), grid.present_key
        press(grid, Qt.Key.Key_Return)
        come_to_rest()
    for _ in range(8 * len(HEADS) - 1):
        press(grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert is_whole(grid), grid.present_key


def test_five_of_eight_people_are_in_sight_where_the_paper_has_the_room_of_1366_pixels(grid: RosterGrid) -> None:
    grid.resize(1126, 540)
    come_to_rest()
    table = grid.table
    tops = [(table.rowViewportPosition(row), table.rowHeight(row)) for row in range(8)]
    assert sum(top >= 0 and top + high <= table.viewport().height() for top, high in tops) >= 5


WORDS = st.text("abđêộ ", min_size=1, max_size=40).map(lambda text: " ".join(text.split()) or "a")
COLUMNS = st.lists(st.builds(Column, WORDS, st.lists(WORDS, max_size=6).map(tuple)), min_size=1, max_size=14).map(tuple)


@given(columns=COLUMNS, room=st.integers(300, 1400), people=st.integers(1, 12))
def test_columns_never_take_more_than_the_room_of_their_page(qapp, columns: tuple[Column, ...], room: int, people: int) -> None:
    found = fitted(columns, ui_font().toString(), ui_font(10, bold=True).toString(), room, people)
    for page in set(found.pages):
        on_it = [width for width, start in zip(found.widths, found.pages, strict=True) if start == page]
        assert sum(on_it) <= room
        if len(set(found.pages)) > 1:
            assert sum(on_it) == room
