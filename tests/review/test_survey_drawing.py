"""What the screen of a survey draws: no more than changed, and nothing that has no room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QWidget

from poverty_desktop.gui.questions.roster_table import RosterTable
from tests.gui.keyboard import type_text
from tests.gui.windows import come_to_rest
from tests.review.conftest import MO_S, TOWN_S
from tests.review.keyboard_office import DOWN, Office
from tests.review.keyboard_office import office as office


class Counted(QObject):
    """How often a widget got an event of one kind."""

    def __init__(self, widget: QWidget, kind: QEvent.Type) -> None:
        super().__init__()
        self.count, self._kind = 0, kind
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == self._kind
        return False


@contextmanager
def counted(widget: QWidget, kind: QEvent.Type) -> Iterator[Counted]:
    """The events of what is done inside, until nothing is left to be done."""
    come_to_rest()
    events = Counted(widget, kind)
    yield events
    come_to_rest()
    widget.removeEventFilter(events)


def test_turning_to_another_section_gives_the_paper_its_place_once(office: Office) -> None:
    office.open(MO_S)
    for _ in range(3):  # into the grid, which takes the whole width, and out of it
        with counted(office.shell.current.paper, QEvent.Type.Resize) as resized:
            office.press(DOWN)
        assert resized.count <= 1


def test_the_count_of_a_section_grows_without_a_new_layout_of_the_list(office: Office) -> None:
    office.open(TOWN_S)
    office.press(DOWN, times=2)
    office.answers("1")
    with counted(office.sees("survey.sections"), QEvent.Type.LayoutRequest) as laid_out:
        type_text(office.shell, "1")
    assert "2/9" in office.sees("survey.section.house").text()
    assert laid_out.count == 0


def test_walking_through_the_grid_lays_nothing_out_anew(office: Office) -> None:
    office.open(MO_S)
    office.press(DOWN)
    office.answers("2 1 1")  # the words below have the height of the longest cell
    grid = office.sees("survey.cell").parentWidget()
    assert grid is not None
    here, words = office.cell, office.words("survey.cell")
    with counted(grid, QEvent.Type.LayoutRequest) as laid_out:
        office.answers("3 1")
    assert (office.cell, office.words("survey.cell")) != (here, words)
    assert laid_out.count == 0


def test_a_section_that_is_left_is_not_fitted_to_the_width_of_the_next(office: Office) -> None:
    office.open(MO_S)
    office.press(DOWN)
    grid = office.sees("survey.roster")
    width = grid.width()
    office.press(DOWN)
    come_to_rest()
    assert office.sees("survey.sections").isVisible()  # which takes room beside the paper, with a grid it has all
    assert grid.width() == width


@pytest.mark.parametrize("size", [(1366, 768), (683, 512)])
@pytest.mark.parametrize("section", range(6))
def test_nothing_is_wider_than_the_window(office: Office, size: tuple[int, int], section: int) -> None:
    office.shell.resize(*size)
    office.open(MO_S)
    office.press(DOWN, times=section)
    screen = office.shell.current
    assert screen.page.width() <= screen.scroll_area.viewport().width()
    assert screen.page.height() <= screen.scroll_area.viewport().height()


def test_the_section_that_enter_comes_to_next_is_made_while_nobody_types(office: Office) -> None:
    """Past the one that is only computed."""
    office.open(MO_S)
    office.press(DOWN, times=2)
    come_to_rest()
    assert office.sees("survey.section.house").isVisible()
    assert office.shell.findChild(QWidget, "question.b1.b1_score") is not None
    assert office.shell.findChild(QLabel, "question.indicators.b2_score") is None


def test_the_grid_is_painted_once_when_one_turns_to_it(office: Office) -> None:
    office.open(MO_S)
    come_to_rest()
    grid = office.shell.findChild(RosterTable)
    assert grid is not None
    with counted(grid.viewport(), QEvent.Type.Paint) as painted:
        office.press(DOWN)
    assert painted.count == 1
