"""The second keying in a real window, by keyboard events only: sample, blind paper, differences, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QListWidget

from poverty_desktop.domain.records import DoubleEntry, Survey
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.blind_presenter import BlindPresenter
from poverty_desktop.gui.presenters.differences_presenter import DifferencesPresenter
from poverty_desktop.gui.presenters.double_sample_presenter import DoubleSamplePresenter
from poverty_desktop.gui.screens.blind_screen import BlindScreen
from poverty_desktop.gui.screens.differences_screen import DifferencesScreen
from poverty_desktop.gui.screens.double_sample_screen import DoubleSampleScreen
from poverty_desktop.gui.shell import Shell
from poverty_desktop.tour.clipping import cut_words
from tests.gui.fakes import DictMemory, ImmediateTasks
from tests.gui.keyboard import CONTROL, press, type_text
from tests.gui.windows import come_to_rest, in_front
from tests.review.conftest import MO_S, TOWN_S, Commune
from tests.year.test_double_entry import (
    FIRST,
    SECOND,
    at_work,
    blind_of,
    entries_of,
    keyed_once,
    paper,
    sampling_of,
    survey,
)

__all__ = ["keyed_once"]
ENTER = Qt.Key.Key_Return


@dataclass
class Office:
    commune: Commune
    shell: Shell

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        press(self.shell, key, modifiers)

    def types(self, text: str) -> None:
        type_text(self.shell, text)

    @property
    def place(self) -> str:
        return str(self.shell.current.place)

    @property
    def focus(self) -> str:
        widget = QApplication.focusWidget()
        return widget.objectName() if widget else ""

    def words(self) -> str:
        return "\n".join(label.text() for label in self.shell.findChildren(QLabel) if label.isVisible())

    def cut(self) -> list[str]:
        come_to_rest()
        return list(cut_words(self.shell))

    @property
    def entry(self) -> DoubleEntry:
        return self.commune.records.select(DoubleEntry)[0]


BOTH_SIZES = pytest.mark.parametrize("office", [(1366, 768), (683, 512)], ids=["1366x768", "1024x768 at 150 %"], indirect=True)


@pytest.fixture
def office(qtbot, qapp: QApplication, keyed_once: Commune, texts: Texts, request: pytest.FixtureRequest) -> Iterator[Office]:
    tasks = ImmediateTasks()

    def sample() -> DoubleSampleScreen:
        presenter = DoubleSamplePresenter(sampling_of(keyed_once), entries_of(keyed_once), tasks, texts, shell, lambda: 11)
        return bound(DoubleSampleScreen(presenter, texts))

    def blind() -> BlindScreen:
        return bound(BlindScreen(BlindPresenter(blind_of(keyed_once), tasks, texts, shell), texts))

    def differences() -> DifferencesScreen:
        return bound(DifferencesScreen(DifferencesPresenter(entries_of(keyed_once), tasks, texts, shell), texts))

    shell = Shell(texts, {"double_entry": sample, "blind_survey": blind, "differences": differences}, DictMemory())
    in_front(qtbot, shell, *getattr(request, "param", (1366, 768)))
    shell.go("double_entry")
    yield Office(keyed_once, shell)
    shell.close()


def bound(screen):
    screen.bind()
    return screen


def key_the_paper_blind(office: Office) -> None:
    """Everything but two answers as the first officer; the cursor is on Ctrl+Enter."""
    blind = office.shell.current._presenter
    for key, text in (paper(floor_area="42") | {"b1/b1_score": "138"}).items():
        blind.answer(key, text)


@BOTH_SIZES
def test_the_sample_is_gone_through_by_keys_alone(office: Office) -> None:
    assert office.focus == "double.table"
    office.press(ENTER)
    assert office.place == "blind_survey"
    key_the_paper_blind(office)
    office.press(ENTER, CONTROL)
    assert office.place == "double_entry"
    office.press(ENTER)
    assert office.place == "differences"
    assert office.focus == "differences.list"
    office.types("2")
    assert office.focus == "differences.reason"
    office.types("Đúng theo phiếu giấy")
    office.press(ENTER)
    assert office.focus == "differences.list"
    office.types("3")
    office.types("139")
    office.press(ENTER)
    office.press(ENTER, CONTROL)
    assert office.entry.state == "settled"
    assert (survey(office.commune).answers["house/floor_area"], survey(office.commune).b1_score) == ("42", 139)
    assert office.cut() == []


@BOTH_SIZES
def test_the_blind_form_shows_no_class_no_first_answer_and_no_explanation(office: Office) -> None:
    office.press(ENTER)
    words = office.words()
    screen = office.shell.current
    assert not screen.panel.isVisible()
    assert not screen.band.isVisible()
    assert "Hộ nghèo" not in words
    assert "120" not in words
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F7, Qt.Key.Key_F9):
        office.press(key)
    assert office.place == "blind_survey"
    assert "Hộ nghèo" not in office.words()
    assert office.cut() == []


def test_an_empty_sample_says_how_to_begin_and_is_drawn_by_keys(office: Office) -> None:
    office.commune.settings.put("double_entry.sample", {})
    office.shell.go("double_entry")
    assert "Chưa có mẫu nào" in office.words()
    assert office.focus == "double.percent"
    office.types("0")
    office.press(ENTER)
    office.press(ENTER)
    assert sampling_of(office.commune).sample()[0].household_id == MO_S
    assert sampling_of(office.commune).seed() == 7  # as it was typed the last time
    office.shell.current._presenter.draw("100", "")
    assert sampling_of(office.commune).seed() == 11
    assert office.focus == "double.table"


def test_who_keyed_first_is_told_that_somebody_else_must(office: Office) -> None:
    at_work(office.commune, FIRST)
    office.shell.go("double_entry")
    office.press(ENTER)
    assert office.place == "double_entry"
    assert "người khác phải nhập đối chiếu" in office.words()


def test_a_choice_and_a_reason_are_both_asked_for(office: Office) -> None:
    office.press(ENTER)
    key_the_paper_blind(office)
    office.press(ENTER, CONTROL)
    office.press(ENTER)
    office.press(ENTER, CONTROL)
    assert "Hãy chọn giá trị" in office.words()
    assert "Hãy ghi lý do" in office.words()
    office.types("1")
    office.press(ENTER)
    assert "value" not in office.entry.settlement["house/floor_area"]


def test_a_scanned_paper_of_the_sample_is_keyed_blind_not_shown(office: Office) -> None:
    assert office.shell.current.scanned(MO_S)
    assert office.place == "blind_survey"
    assert office.shell.current.scanned(TOWN_S)  # not in the sample: told, and never shown
    assert (office.place, "Hồ Thị Mơ" in office.shell.current.title_text) == ("blind_survey", True)
    assert "không nằm trong mẫu" in office.words()


def test_equal_keyings_say_so(office: Office) -> None:
    office.press(ENTER)
    for key, text in paper().items():
        office.shell.current._presenter.answer(key, text)
    office.press(ENTER, CONTROL)
    office.shell.go("differences", entry_id=office.entry.id)
    assert "giống nhau ở mọi câu" in office.words()
    assert isinstance(office.shell.current.list, QListWidget)
    assert office.commune.records.select(Survey)
    assert office.commune.settings.get("officer") == SECOND
