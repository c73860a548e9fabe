"""A reader that types the code of a paper: it is taken out wherever it lands, and no key of a person is ever lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ReviewRound
from poverty_desktop.domain.survey_code import LENGTH, PREFIX, may_become_code, read_code, survey_code
from poverty_desktop.gui.scanner import Scanner
from poverty_desktop.services.scanned_codes import ScannedCodes
from tests.fakes import FakeSettings
from tests.review.conftest import MO_S, Commune
from tests.year.conftest import last_year

ROUND = ReviewRound(
    id="0190a000-0000-7000-8000-000000000900", commune_code="21289", year=2026, standard_id="mdp_2022_2025",
    starts_on="2026-09-01", ends_on="2026-12-14", form_id="phieu_b", form_version="1", form_hash="0",
)  # fmt: skip
CODE = survey_code(ROUND, MO_S)


# --- the text of the code --------------------------------------------------------------------------------------------


@given(st.uuids())
def test_the_code_leads_back_to_its_household_and_review(household: object) -> None:
    code = survey_code(ROUND, str(household))
    read = read_code(code)
    assert read is not None
    assert (read.household_id, read.commune_code) == (str(household), "21289")
    assert len(code) == LENGTH
    assert all(may_become_code(code[:end]) for end in range(1, LENGTH + 1))


@given(st.integers(len(PREFIX), LENGTH - 1), st.integers(1, 9))
def test_one_digit_read_wrongly_is_noticed(place: int, by: int) -> None:
    if CODE[place].isdigit():
        wrong = CODE[:place] + str((int(CODE[place]) + by) % 10) + CODE[place + 1 :]
        assert read_code(wrong) is None


@given(st.integers(len(PREFIX), LENGTH - 2))
def test_two_neighbours_swapped_are_noticed(place: int) -> None:
    swapped = CODE[:place] + CODE[place + 1] + CODE[place] + CODE[place + 2 :]
    assert read_code(swapped) is None or swapped == CODE


def test_the_code_holds_no_letter_that_telex_or_vni_would_change() -> None:
    """Both need a vowel, a second d, a w or a bracket to change anything; VNI's digits act on a vowel or d right before them."""
    assert PREFIX == "PD1:"
    assert not set(CODE.removeprefix(PREFIX)) - set("0123456789:")


def test_two_laptops_that_began_the_review_apart_print_the_same_code() -> None:
    apart = ROUND.model_copy(update={"id": "0190a000-0000-7000-8000-000000000901"})
    assert survey_code(apart, MO_S) == CODE


# --- the keys --------------------------------------------------------------------------------------------------------


class Desk:
    """A window with a field and a button that digits would click, under the eye of a scanner."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.clicked: list[bool] = []
        self.window = QWidget()
        self.field, self.other, self.button = QLineEdit(), QLineEdit(), QPushButton("một")
        self.button.setShortcut("1")
        self.button.clicked.connect(self.clicked.append)
        column = QVBoxLayout(self.window)
        for part in (self.field, self.other, self.button):
            column.addWidget(part)
        self.entered: list[str] = []
        self.field.returnPressed.connect(lambda: self.entered.append(self.field.text()))
        self.scanner = Scanner(self.codes.append, self.window)

    def show(self) -> None:
        self.window.show()
        self.window.windowHandle().installEventFilter(self.scanner)
        self.window.activateWindow()
        self.field.setFocus()

    def keys(self, text: str) -> None:
        """As a wedge sends them: each letter pressed and let go, capitals with Shift."""
        for letter in text:
            shift = Qt.KeyboardModifier.ShiftModifier if letter.isupper() or letter == ":" else Qt.KeyboardModifier.NoModifier
            QTest.keyClick(self.window.windowHandle(), letter, shift)

    def enter(self) -> None:
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Return)


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    desk = Desk()
    qtbot.addWidget(desk.window)
    desk.show()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is desk.field)
    yield desk
    desk.window.close()


def test_a_scanned_code_reaches_no_field_and_no_shortcut(desk: Desk, qtbot) -> None:
    desk.keys(CODE)
    desk.enter()
    qtbot.waitUntil(lambda: desk.codes == [CODE])
    assert (desk.field.text(), desk.entered, desk.clicked) == ("", [], [])


def test_what_stood_half_typed_in_the_field_stays(desk: Desk, qtbot) -> None:
    desk.keys("Ho Thi")
    desk.keys(CODE)
    desk.enter()
    qtbot.waitUntil(lambda: bool(desk.codes))
    assert desk.field.text() == "Ho Thi"


@pytest.mark.parametrize(
    "typed", ["PD1:12", "P", "PD", "PD1", "PD1:21289abc", "PPD", "PHAM", "Pham Thi Pd", CODE[:-1], CODE + "7"]
)
def test_half_a_code_and_what_a_person_types_lose_no_key(desk: Desk, qtbot, typed: str) -> None:
    desk.keys(typed)
    qtbot.waitUntil(lambda: desk.field.text() == typed)
    assert desk.codes == []


def test_enter_after_half_a_code_is_the_field_s_own(desk: Desk) -> None:
    desk.keys("PD1")
    desk.enter()
    assert desk.entered == ["PD1"]


def test_keys_held_when_the_focus_moves_go_to_the_field_they_were_meant_for(desk: Desk) -> None:
    desk.keys("PD")
    desk.other.setFocus()
    desk.keys("x")
    assert (desk.field.text(), desk.other.text()) == ("PD", "x")


def test_keys_of_a_field_that_is_gone_go_where_the_focus_is(desk: Desk, qtbot) -> None:
    desk.other.setFocus()
    desk.keys("PD")
    desk.other.setParent(None)
    desk.other.deleteLater()
    desk.field.setFocus()
    qtbot.waitUntil(lambda: not desk.scanner.is_holding)
    desk.keys("a")
    assert "a" in desk.field.text()


def test_small_letters_are_never_held(desk: Desk) -> None:
    desk.keys("pd")
    assert desk.field.text() == "pd"


@given(st.text(alphabet="PD1:0xpđ ", max_size=12))
def test_any_typing_comes_out_as_it_went_in(typed: str) -> None:
    """Whole keys in their order, whatever begins like a code."""
    desk = Desk()
    desk.show()
    plain = typed.replace("đ", "d")
    desk.keys(plain)
    desk.scanner.give_back()
    assert desk.field.text() == plain
    desk.window.close()


def test_two_scans_in_a_row_are_two_codes(desk: Desk, qtbot) -> None:
    for _ in range(2):
        desk.keys(CODE)
        desk.enter()
    qtbot.waitUntil(lambda: desk.codes == [CODE, CODE])
    assert desk.field.text() == ""


# --- what it leads to ------------------------------------------------------------------------------------------------


def codes_of(commune: Commune) -> ScannedCodes:
    return ScannedCodes(commune.records, commune.settings, commune.reviewing.current_round)


def test_a_code_leads_to_the_household(commune: Commune) -> None:
    assert codes_of(commune).household(survey_code(commune.reviewing.current_round(), MO_S)) == MO_S


def test_a_code_of_elsewhere_gets_a_sentence(commune: Commune) -> None:
    last_year(commune)
    here = commune.reviewing.current_round()
    told = {
        "scan.misread": "PD1:1",
        "scan.other_commune": survey_code(here.model_copy(update={"commune_code": "21290"}), MO_S),
        "scan.other_round": survey_code(here.model_copy(update={"year": 2025}), MO_S),
        "scan.unknown_round": survey_code(here.model_copy(update={"year": 2031}), MO_S),
        "scan.unknown_household": survey_code(here, "0190a000-0000-7000-8000-000000777777"),
    }
    for problem, text in told.items():
        with pytest.raises(KnownProblem) as refused:
            codes_of(commune).household(text)
        assert refused.value.code == problem
    assert isinstance(commune.settings, FakeSettings)
