"""The register by the keyboard alone, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView, QWidget

from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.household_presenter import HouseholdPresenter
from poverty_desktop.gui.presenters.households_presenter import HouseholdsPresenter
from poverty_desktop.gui.presenters.member_fields import MemberFields
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.screens.household_screen import HouseholdScreen
from poverty_desktop.gui.screens.households_screen import HouseholdsScreen
from poverty_desktop.gui.shell import Shell
from poverty_desktop.gui.theme import apply_theme
from tests.gui.fakes import DictMemory, ImmediateTasks
from tests.gui.keyboard import CONTROL, SHIFT, compose, press, type_text
from tests.gui.windows import in_front

from .conftest import GO_REN, MO_S_HOUSEHOLD, SON, Commune

Key = Qt.Key


class Elsewhere(Screen):
    """Some other place to go to."""

    place = "work"


@dataclass
class Desk:
    """The window, and the keyboard before it."""

    shell: Shell
    commune: Commune
    until: Callable[[Callable[[], bool]], None]

    def widget(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        found = self.shell.current.findChild(kind, name)
        assert found is not None, name
        return found

    def text(self, field: str) -> str:
        editor = self.widget(f"household.{field}", QLineEdit)
        assert isinstance(editor, QLineEdit)
        return editor.text()

    def type(self, *texts: str) -> None:
        """Each text, with Enter behind it."""
        for text in texts:
            type_text(self.shell, text)
            press(self.shell, Key.Key_Return)

    def cell(self, row: int, column: int) -> str:
        table = self.widget("household.members.table", QTableView)
        assert isinstance(table, QTableView)
        return str(table.model().index(row, column).data() or "")

    def members(self) -> list[tuple[str | None, ...]]:
        household_id = self.shell.current._presenter.state.household_id
        rows = self.commune.records.select(HouseholdMember, household_id=household_id)
        return [(one.full_name, one.birth_date, one.personal_id_number, one.ethnic_group) for one in rows]


@pytest.fixture
def desk(qtbot, commune: Commune, texts: Texts, fields: MemberFields) -> Desk:
    from PySide6.QtWidgets import QApplication

    apply_theme(QApplication.instance())
    tasks = ImmediateTasks()

    def households() -> HouseholdsScreen:
        presenter = HouseholdsPresenter(commune.registering, tasks, shell)
        presenter.view = screen = HouseholdsScreen(presenter, texts)
        screen.bind()
        return screen

    def household() -> HouseholdScreen:
        presenter = HouseholdPresenter(commune.registering, tasks, shell, commune.clock, texts, fields)
        presenter.view = screen = HouseholdScreen(presenter, texts, fields)
        screen.bind()
        return screen

    places = {"households": households, "household": household, "work": lambda: Elsewhere(texts)}
    shell = Shell(texts, places, DictMemory())
    in_front(qtbot, shell)
    return Desk(shell, commune, lambda holds: qtbot.waitUntil(holds, timeout=3000))


def test_a_household_is_found_without_diacritics_and_opened_without_the_mouse(desk: Desk) -> None:
    desk.shell.go("households")
    type_text(desk.shell, "dinh van dong")
    press(desk.shell, Key.Key_Return)
    press(desk.shell, Key.Key_Return)
    assert desk.shell.current.title_text == "Hộ Hồ Thị Mơ · H-01"


def test_the_list_searches_by_itself_shortly_after_the_last_key(desk: Desk) -> None:
    desk.shell.go("households")
    type_text(desk.shell, "zzz")
    desk.until(lambda: not desk.widget("households.table").isVisible())
    press(desk.shell, Key.Key_Escape)
    desk.until(lambda: desk.widget("households.table").isVisible())


def test_a_window_higher_than_one_screen_of_lines_is_filled(desk: Desk, commune: Commune) -> None:
    ids = [f"0190b000-0000-7000-8000-{number:012d}" for number in range(90)]
    commune.records.put(*(Household(id=one, commune_code="21289", village_id=GO_REN) for one in ids))
    desk.shell.resize(1366, 2400)
    desk.shell.go("households")
    type_text(desk.shell, "gò ren")
    press(desk.shell, Key.Key_Return)
    desk.until(lambda: desk.shell.current.model.rowCount() == 91)
    count = desk.widget("households.count", QLabel)
    assert isinstance(count, QLabel)
    assert count.text().startswith("91 hộ")


def test_the_search_can_be_composed_by_unikey(desk: Desk) -> None:
    desk.shell.go("households")
    compose(desk.shell, "d", "đ", commit="Đông")
    desk.until(lambda: desk.shell.current.model.rowCount() == 1)
    count = desk.widget("households.count", QLabel)
    assert isinstance(count, QLabel)
    assert count.text() == "1 hộ, 2 người"


def test_a_household_with_two_members_is_keyed_from_paper(desk: Desk) -> None:
    desk.shell.go("households")
    press(desk.shell, Key.Key_N, CONTROL)
    desk.type("gò ren")
    press(desk.shell, Key.Key_F6)
    desk.type("Phạm Văn Bia", "", "1", "17031990", "051090000777", "ca dong", "1")
    desk.type("Đinh Thị Lênh", "2", "2", "1992", "", "19", "1")
    press(desk.shell, Key.Key_S, CONTROL)
    assert desk.members() == [
        ("Phạm Văn Bia", "1990-03-17", "051090000777", "14"),
        ("Đinh Thị Lênh", "1992", None, "19"),
    ]
    household = desk.commune.records.get(Household, desk.shell.current._presenter.state.household_id)
    assert household is not None
    assert household.village_id == GO_REN


def test_a_vietnamese_name_composed_into_a_cell_is_whole(desk: Desk) -> None:
    desk.shell.go("household", household_id=None)
    press(desk.shell, Key.Key_F6)
    compose(desk.shell, "Hươ", commit="Hường")
    press(desk.shell, Key.Key_Return)
    assert desk.cell(0, 0) == "Hường"


def test_a_decomposed_name_is_stored_composed(desk: Desk) -> None:
    desk.shell.go("household", household_id=None)
    press(desk.shell, Key.Key_F6)
    compose(desk.shell, commit="Ho\u0302\u0300 Thi\u0323 Mo\u031b")
    press(desk.shell, Key.Key_Return)
    assert desk.cell(0, 0) == "Hồ Thị Mơ"


def test_shift_enter_goes_back_and_ctrl_d_repeats_the_value_above(desk: Desk) -> None:
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    press(desk.shell, Key.Key_Down)
    press(desk.shell, Key.Key_Return, times=3)
    press(desk.shell, Key.Key_D, CONTROL)
    assert desk.cell(1, 3) == "02/05/1987"
    press(desk.shell, Key.Key_Return, SHIFT)
    type_text(desk.shell, "2")
    press(desk.shell, Key.Key_Return)
    assert desk.cell(1, 2) == "Nữ"


def test_a_letter_in_the_citizen_id_gets_a_sentence_and_stays(desk: Desk, texts: Texts) -> None:
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    press(desk.shell, Key.Key_Return, times=4)
    desk.type("05118700O123")
    press(desk.shell, Key.Key_Return, SHIFT)
    problem = desk.widget("household.members.problem", QLabel)
    assert isinstance(problem, QLabel)
    assert texts("problem.member.id_not_digits", number="05118700O123") in problem.text()
    desk.shell.go("work")
    assert desk.commune.records.operations == []
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    assert desk.cell(0, 4) == "05118700O123"


def test_a_half_typed_field_is_kept_when_the_screen_is_left(desk: Desk) -> None:
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    desk.widget("household.phone").setFocus()
    press(desk.shell, Key.Key_A, CONTROL)
    type_text(desk.shell, "0905999888")
    desk.shell.go("work")
    household = desk.commune.records.get(Household, MO_S_HOUSEHOLD)
    assert household is not None
    assert household.phone == "0905999888"


def test_a_half_typed_cell_is_kept_when_the_screen_is_left(desk: Desk) -> None:
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    press(desk.shell, Key.Key_Down)
    type_text(desk.shell, "Đinh Văn Đức")
    desk.shell.go("work")
    member = desk.commune.records.get(HouseholdMember, SON)
    assert member is not None
    assert member.full_name == "Đinh Văn Đức"


def test_ctrl_z_takes_back_the_last_field(desk: Desk) -> None:
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    desk.type("Hồ Thị Na")
    press(desk.shell, Key.Key_Z, CONTROL)
    assert desk.cell(0, 0) == "Hồ Thị Mơ"


def test_enter_walks_through_the_fields_into_the_members(desk: Desk) -> None:
    desk.shell.go("household", household_id=None)
    press(desk.shell, Key.Key_Return, times=8)
    type_text(desk.shell, "Y Blôi")
    press(desk.shell, Key.Key_Return)
    assert desk.cell(0, 0) == "Y Blôi"


def test_taking_a_member_off_asks_why_and_can_be_undone(desk: Desk) -> None:
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    press(desk.shell, Key.Key_Down)
    press(desk.shell, Key.Key_Delete, CONTROL)
    press(desk.shell, Key.Key_Tab)
    press(desk.shell, Key.Key_Return)
    assert desk.cell(1, 0) == ""
    press(desk.shell, Key.Key_F6)
    press(desk.shell, Key.Key_Z, CONTROL)
    assert desk.cell(1, 0) == "Đinh Văn Đông"
    desk.shell.go("work")
    assert desk.commune.records.operations == []


def test_the_officer_reads_when_it_was_saved_only_after_something_was(desk: Desk) -> None:
    desk.shell.go("household", household_id=MO_S_HOUSEHOLD)
    status = desk.shell.status_line.findChild(QLabel, "status.saved")
    assert status is not None
    assert status.text() == ""
    desk.type("Hồ Thị Na")
    assert "Đã lưu" in status.text()


@pytest.mark.parametrize("size", [(1366, 768), (683, 512)])
@pytest.mark.parametrize("place", ["households", "household"])
def test_nothing_is_wider_than_the_window(desk: Desk, place: str, size: tuple[int, int]) -> None:
    desk.shell.resize(*size)
    desk.shell.go(place)
    assert desk.shell.width() == size[0]
    assert not desk.shell.current.scroll_area.horizontalScrollBar().isVisible()


def test_every_editor_has_a_name_for_screen_readers(desk: Desk) -> None:
    for place in ("households", "household"):
        desk.shell.go(place)
        nameless = [one.objectName() for one in desk.shell.current.page.findChildren(QLineEdit) if not one.accessibleName()]
        assert [name for name in nameless if name != "qt_spinbox_lineedit"] == []
