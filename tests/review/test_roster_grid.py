"""The roster as a grid, on its own: typed cells, many ticks, doubts with their reason, people who come and go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState, GridRow, GridState, Option
from poverty_desktop.gui.questions.roster_grid import RosterGrid
from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT, INK, PAPER, RED_SOFT, SHADE
from poverty_desktop.tour.clipping import is_cut_cell
from tests.gui.keyboard import CONTROL, compose, press, type_text
from tests.gui.windows import come_to_rest, in_front

YES_NO = (Option("yes", "Có", "1"), Option("no", "Không", "2"))


def question(member: str, name: str, kind: str = "text", **more: object) -> FieldState:
    plain = FieldState(f"roster/{member}/{name}", kind, name, "", "", False, (), "", "", True, False)
    return replace(plain, **more)


def state(*members: str, **more: object) -> GridState:
    cells = tuple(
        (
            question(member, "job"),
            question(member, "income", "integer", **more),
            question(member, "ill", "select_one", options=YES_NO),
            question(member, "helps", "select_multiple", options=YES_NO, value="no"),
        )
        for member in members
    )
    rows = tuple(GridRow(member, f"Người {member}", "Nữ · 30 tuổi") for member in members)
    return GridState("roster", "Thành viên", tuple((one, one) for one in ("job", "income", "ill", "helps")), rows, cells)


@pytest.fixture
def grid(qtbot, qapp: QApplication, texts: Texts) -> RosterGrid:
    grid = RosterGrid(state("a", "b"), texts)
    in_front(qtbot, grid, 900, 500)
    grid.table.stand_on("roster/a/job")
    return grid


def heard(grid: RosterGrid) -> list[tuple[str, str]]:
    answers: list[tuple[str, str]] = []
    grid.answered.connect(lambda key, text: answers.append((key, text)))
    return answers


def cursor(grid: RosterGrid) -> str:
    cell = grid.model.cell(grid.table.currentIndex())
    return cell.key if cell else ""


def test_typing_opens_the_cell_and_enter_keeps_it_and_goes_on(grid: RosterGrid) -> None:
    answers = heard(grid)
    type_text(grid, "tho nau")
    press(grid, Qt.Key.Key_Return)
    assert answers == [("roster/a/job", "tho nau")]
    assert cursor(grid) == "roster/a/income"


def test_composed_vietnamese_goes_into_the_cell_whole(grid: RosterGrid) -> None:
    answers = heard(grid)
    compose(grid, "t", "th", commit="thợ")
    press(grid, Qt.Key.Key_Return)
    assert answers == [("roster/a/job", "thợ")]


def test_enter_and_tab_walk_along_the_row_and_on_to_the_next_person(grid: RosterGrid) -> None:
    press(grid, Qt.Key.Key_Return, times=3)
    press(grid, Qt.Key.Key_Tab)
    assert cursor(grid) == "roster/b/job"
    press(grid, Qt.Key.Key_Backtab)
    assert cursor(grid) == "roster/a/helps"


def test_the_end_of_the_grid_is_told(grid: RosterGrid) -> None:
    left: list[int] = []
    grid.moved.connect(lambda key, step: left.append(step))
    grid.table.stand_on("roster/b/helps")
    press(grid, Qt.Key.Key_Return)
    grid.table.stand_on("roster/a/job")
    press(grid, Qt.Key.Key_Backtab)
    assert left == [1, -1]


def test_a_digit_chooses_and_delete_empties(grid: RosterGrid) -> None:
    answers = heard(grid)
    grid.table.stand_on("roster/a/ill")
    type_text(grid, "2")
    press(grid, Qt.Key.Key_Delete)
    assert answers == [("roster/a/ill", "no"), ("roster/a/ill", "")]


def test_digits_tick_and_untick_where_many_are_allowed(grid: RosterGrid) -> None:
    answers = heard(grid)
    grid.table.stand_on("roster/a/helps")
    type_text(grid, "1")
    type_text(grid, "2")
    assert answers == [("roster/a/helps", "yes no"), ("roster/a/helps", "")]


def test_half_typed_text_is_kept_when_the_page_is_left(grid: RosterGrid) -> None:
    answers = heard(grid)
    type_text(grid, "tho")
    grid.commit()
    assert answers == [("roster/a/job", "tho")]


def test_the_value_above_is_copied(grid: RosterGrid) -> None:
    answers = heard(grid)
    grid.table.stand_on("roster/b/helps")
    press(grid, Qt.Key.Key_D, CONTROL)
    assert answers == [("roster/b/helps", "no")]


def test_the_cursor_stays_on_its_person_when_somebody_joins(grid: RosterGrid) -> None:
    grid.table.stand_on("roster/b/ill")
    grid.show_state(state("a", "new", "b"))
    assert cursor(grid) == "roster/b/ill"


def test_a_doubt_in_a_cell_asks_for_its_reason_below(grid: RosterGrid) -> None:
    reasons: list[tuple[str, str]] = []
    grid.reasoned.connect(lambda key, words: reasons.append((key, words)))
    grid.table.stand_on("roster/a/income")
    grid.show_state(state("a", "b", problem="Rất lớn", tone="amber", wants_reason=True))
    assert grid.cell.reason.isVisible()
    grid.cell.reason.setFocus()
    type_text(grid, "dung")
    press(grid, Qt.Key.Key_Return)
    assert reasons == [("roster/a/income", "dung")]
    assert cursor(grid) == "roster/a/ill"


LONG = (Option("farm", "Tự làm nông, lâm, ngư nghiệp hoặc nghề phụ tại nhà", "1"), Option("wage", "Làm công ăn lương", "2"))


@pytest.mark.parametrize("width", [1120, 450], ids=["1366x768", "1024x768 at 150 %"])
@pytest.mark.parametrize("answer", ["farm", "wage"])
def test_every_answer_stands_whole_in_its_cell(grid: RosterGrid, width: int, answer: str) -> None:
    """Also with the cursor on it; the tenth person's as the first's, before and after it was changed."""
    before = state(*"abcdefghij")
    chosen = replace(before, cells=tuple(with_long_answers(row, answer) for row in before.cells))
    grid.resize(width, 600)
    for shown in (before, chosen):
        grid.show_state(shown)
        come_to_rest()
    for row in range(10):
        for column in range(4):
            place = grid.model.index(row, column)
            grid.table.setCurrentIndex(place)
            assert not is_cut_cell(grid.table, place), place.data()


def with_long_answers(row: tuple[FieldState, ...], answer: str) -> tuple[FieldState, ...]:
    job, income, _, helps = row
    ill = replace(row[2], options=LONG, value=answer)
    return replace(job, value="thợ nề", shown="thợ nề và phụ hồ theo thời vụ"), income, ill, helps


def test_cells_are_painted_with_ground_words_and_the_frame_of_the_present_one(grid: RosterGrid) -> None:
    shown = state("a", "b", problem="Sai.", tone="red", value="5", shown="5")
    closed = replace(shown.cells[1][0], relevant=False)
    grid.show_state(replace(shown, cells=(shown.cells[0], (closed, *shown.cells[1][1:]))))
    picture = grid.table.viewport().grab().toImage()

    def colours(row: int, column: int) -> set[str]:
        place = grid.table.visualRect(grid.model.index(row, column))
        columns, rows = range(place.left(), place.right()), range(place.top(), place.bottom())
        return {picture.pixelColor(x, y).name() for x in columns for y in rows}

    assert {ACCENT, ACCENT_SOFT} <= colours(0, 0)  # the present cell
    assert {RED_SOFT, INK} <= colours(0, 1)
    assert {SHADE} < colours(1, 0)  # not asked: grey, with its stroke
    assert colours(0, 2) == {PAPER}


def test_a_head_of_a_line_is_broken_into_lines_anew_in_another_width(grid: RosterGrid) -> None:
    whole = grid.model.name_lines(0)
    grid.model.line_width = 1
    assert len(grid.model.name_lines(0)) > len(whole)
    grid.show_state(replace(state("a"), rows=(GridRow("a", "Người khác", "Nam"),)))
    assert "khác" in " ".join(grid.model.name_lines(0))


def test_a_grid_that_is_turned_away_from_keeps_its_columns(grid: RosterGrid) -> None:
    people = [f"{number}" for number in range(30)]
    grid.resize(720, 500)
    grid.show_state(state(*people))
    come_to_rest()
    assert grid.table.verticalScrollBar().isVisible()
    widths = [grid.table.columnWidth(column) for column in range(4)]
    grid.show_state(state(*people[:-1]))
    grid.hide()
    come_to_rest()
    assert [grid.table.columnWidth(column) for column in range(4)] == widths
