"""The grid is keyed like a spreadsheet: what officers' fingers know from Excel holds here."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from poverty_desktop.gui.components.entry_grid import EntryGrid
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.models.entry_model import Column, EntryModel, EntryRow, Finding
from tests.gui.keyboard import CONTROL, SHIFT, compose, press, type_text

Key = Qt.Key
SEXES = (Choice("1", "Nam"), Choice("2", "Nữ"))
RELATIONS = (Choice("1", "Chủ hộ"), Choice("2", "Vợ/chồng"), Choice("3", "Con"), Choice("10", "Khác"))


def columns() -> list[Column]:
    return [
        Column("no", "STT", 60, editable=False),
        Column("full_name", "Họ và tên", 200),
        Column("sex", "Giới tính", 100, choices=SEXES),
        Column("relation", "Quan hệ", 140, choices=RELATIONS),
        Column("amount", "Số tiền", 120, right=True, show=lambda text: f"{int(text):,}".replace(",", "."), edit=str),
    ]


class Register:
    """A presenter in small: keeps the rows, renders a new one at once when it is asked for."""

    def __init__(self, texts, grows: bool = True, enter: str = "cell") -> None:
        self.rows = [
            EntryRow("a", {"no": "1", "full_name": "Hồ Thị Mơ", "sex": "2", "relation": "1", "amount": "1200000"}),
            EntryRow("b", {"no": "2", "full_name": "Đinh Văn Ít", "sex": "1"}),
        ]
        self.model = EntryModel(columns())
        self.model.set_rows(self.rows)
        self.grid = EntryGrid(texts, self.model, name="members", title="Thành viên", grows=grows, enter=enter)
        self.edits: list[tuple[str, str, str]] = []
        self.model.edited.connect(lambda *edit: self.edits.append(edit))
        self.grid.row_wanted.connect(self.add)

    def add(self) -> None:
        self.model.set_rows([*self.model.rows, EntryRow(f"new{self.model.rowCount()}", {"no": "9"})])

    @property
    def at(self) -> tuple[int, str]:
        row, column = self.grid.table.at()
        return row, self.model.columns[column].key

    def stand(self, row: int, key: str) -> None:
        self.grid.stand_on(row, key)


@pytest.fixture
def register(texts, in_window) -> Register:
    made = Register(texts)
    in_window(QLineEdit(), made.grid, QPushButton("sau"))
    return made


def test_typing_replaces_the_cell_and_enter_goes_on(register):
    register.stand(1, "full_name")
    type_text(register.grid, "Ho Van A")
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "full_name", "Ho Van A")]
    assert register.at == (1, "sex")


def test_vietnamese_letters_sent_as_keys_open_the_cell_whole(register):
    register.stand(1, "full_name")
    type_text(register.grid, "Đặng Thị Hường")
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "full_name", "Đặng Thị Hường")]


def test_a_composed_first_letter_opens_the_cell_and_replaces_it(register):
    register.stand(1, "full_name")
    compose(register.grid, "D", "Đ", commit="Đ")
    compose(register.grid, "i", "í", commit="inh")
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "full_name", "Đinh")]


def test_decomposed_text_is_stored_composed(register):
    register.stand(1, "full_name")
    compose(register.grid, commit="Hươ\u0300ng")
    press(register.grid, Key.Key_Return)
    assert register.edits[0][2] == "Hường"


def test_a_digit_chooses_by_code_and_enter_goes_on(register):
    register.stand(1, "relation")
    type_text(register.grid, "2")
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "relation", "2")]
    assert register.at == (1, "amount")


def test_first_letters_without_marks_choose(register):
    register.stand(1, "relation")
    type_text(register.grid, "vo")
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "relation", "2")]


def test_arrows_walk_the_list_of_an_open_choice(register):
    register.stand(1, "relation")
    press(register.grid, Key.Key_F2)
    press(register.grid, Key.Key_Down, times=3)
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "relation", "3")]


def test_escape_leaves_the_cell_as_it_was(register):
    register.stand(0, "full_name")
    type_text(register.grid, "xyz")
    press(register.grid, Key.Key_Escape)
    assert register.edits == []
    assert register.model.text(0, 1) == "Hồ Thị Mơ"


def test_f2_edits_what_stands_there(register):
    register.stand(0, "full_name")
    press(register.grid, Key.Key_F2)
    press(register.grid, Key.Key_End)
    type_text(register.grid, "n")
    press(register.grid, Key.Key_Return)
    assert register.edits == [("a", "full_name", "Hồ Thị Mơn")]


def test_shift_enter_goes_back_over_read_only_cells(register):
    register.stand(1, "full_name")
    press(register.grid, Key.Key_Return, SHIFT)
    assert register.at == (0, "amount")


def test_tab_commits_and_goes_on_and_shift_tab_goes_back(register):
    register.stand(1, "full_name")
    type_text(register.grid, "A")
    press(register.grid, Key.Key_Tab)
    assert (register.at, register.edits) == ((1, "sex"), [("b", "full_name", "A")])
    press(register.grid, Key.Key_Backtab, SHIFT)
    assert register.at == (1, "full_name")


def test_down_arrow_in_a_typed_cell_commits_and_moves(register):
    register.stand(0, "full_name")
    type_text(register.grid, "A")
    press(register.grid, Key.Key_Down)
    assert (register.at, register.edits) == ((1, "full_name"), [("a", "full_name", "A")])


def test_the_end_of_the_last_line_makes_a_new_one(register):
    register.stand(1, "amount")
    press(register.grid, Key.Key_Return)
    assert register.model.rowCount() == 3
    assert register.at == (2, "full_name")


def test_an_empty_last_line_ends_the_list(register):
    register.stand(1, "amount")
    press(register.grid, Key.Key_Return)
    register.stand(2, "amount")
    press(register.grid, Key.Key_Return)
    assert register.model.rowCount() == 3
    assert isinstance(QApplication.focusWidget(), QPushButton)


def test_shift_tab_before_the_first_cell_leaves_backwards(register):
    register.stand(0, "full_name")
    press(register.grid, Key.Key_Backtab, SHIFT)
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_ctrl_d_copies_the_value_above(register):
    register.stand(1, "relation")
    press(register.grid, Key.Key_D, CONTROL)
    assert register.edits == [("b", "relation", "1")]


def test_ctrl_d_in_an_open_cell_takes_the_value_above_instead(register):
    register.stand(1, "full_name")
    type_text(register.grid, "zzz")
    press(register.grid, Key.Key_D, CONTROL)
    assert register.edits == [("b", "full_name", "Hồ Thị Mơ")]


def test_delete_clears_and_ctrl_z_takes_it_back(register):
    register.stand(0, "full_name")
    press(register.grid, Key.Key_Delete)
    press(register.grid, Key.Key_Z, CONTROL)
    assert register.edits == [("a", "full_name", ""), ("a", "full_name", "Hồ Thị Mơ")]


def test_cells_are_pasted_from_a_spreadsheet(register):
    QGuiApplication.clipboard().setText("Hồ Văn Bê\tNữ\t3\n")
    register.stand(1, "full_name")
    press(register.grid, Key.Key_V, CONTROL)
    assert register.edits == [("b", "full_name", "Hồ Văn Bê"), ("b", "sex", "2"), ("b", "relation", "3")]


def test_a_choice_that_means_nothing_stays_as_typed(register):
    register.stand(1, "relation")
    type_text(register.grid, "qqq")
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "relation", "qqq")]


def test_rendering_emits_nothing_and_spares_the_open_cell(register):
    register.stand(1, "full_name")
    type_text(register.grid, "Ho")
    register.model.set_rows([register.rows[0], EntryRow("b", {"full_name": "Khác"}, {"sex": Finding("red", "Thiếu")})])
    type_text(register.grid, "ang")
    assert register.edits == []
    press(register.grid, Key.Key_Return)
    assert register.edits == [("b", "full_name", "Hoang")]


def test_the_problem_of_the_cell_is_said_below_the_grid_and_to_screen_readers(register):
    finding = Finding("red", "Số căn cước phải có 12 chữ số.")
    register.model.set_rows([EntryRow("a", register.rows[0].values, {"full_name": finding}), register.rows[1]])
    register.stand(0, "full_name")
    assert register.grid.problem.text() == "Họ và tên: Số căn cước phải có 12 chữ số."
    index = register.model.index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == finding.sentence
    said = QAccessible.queryAccessibleInterface(register.grid.table).text(QAccessible.Text.Name)
    assert said == "Thành viên"


def test_enter_goes_down_a_column_when_asked_to(texts, in_window):
    register = Register(texts, enter="row", grows=False)
    in_window(register.grid, QPushButton("sau"))
    register.stand(0, "amount")
    type_text(register.grid, "5000")
    press(register.grid, Key.Key_Return)
    assert (register.at, register.edits) == ((1, "amount"), [("a", "amount", "5000")])
    press(register.grid, Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), QPushButton)


def test_money_is_shown_with_separators_and_edited_without(register):
    index = register.model.index(0, 4)
    assert index.data() == "1.200.000"
    assert index.data(Qt.ItemDataRole.EditRole) == "1200000"


def test_leaving_the_screen_keeps_the_open_cell(register):
    register.stand(1, "full_name")
    type_text(register.grid, "Mo")
    register.grid.commit()
    assert register.edits == [("b", "full_name", "Mo")]
