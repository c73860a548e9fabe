"""Last year on the survey screen: offered, taken over with a key, differences beside the field, confirmed section by section."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState, FrameState, GridState, RowState
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.gui.questions.roster_grid import RosterGrid
from poverty_desktop.services.last_year import unconfirmed
from tests.gui.windows import painted_words
from tests.review.answers import GOOD_HOUSE, rural_five
from tests.review.conftest import MO, MO_S, TOWN_S, Commune, Desk
from tests.year.conftest import last_year


@pytest.fixture
def desk(commune: Commune, texts: Texts) -> Desk:
    last_year(commune)
    desk = Desk(commune, texts)
    desk.presenter.open(MO_S)
    return desk


def fields(rows: tuple[RowState, ...]) -> dict[str, FieldState]:
    found = {row.key: row for row in rows if isinstance(row, FieldState)}
    for row in rows:
        if isinstance(row, FrameState):
            found |= fields(row.rows)
        if isinstance(row, GridState):
            found |= {cell.key: cell for line in row.cells for cell in line}
    return found


def field(desk: Desk, key: str) -> FieldState:
    desk.presenter.go_to(key)
    return fields(desk.state.rows)[key]


def told(desk: Desk, words: str) -> bool:
    return any(words in notice for notice in desk.state.notices)


def test_last_year_is_offered_once_and_said_to_be_used(desk: Desk) -> None:
    assert told(desk, "Nhấn F5 để bắt đầu từ phiếu đó")
    desk.presenter.as_last_year()
    assert told(desk, "chưa xác nhận")
    assert field(desk, "house/floor_area").value == "60"
    assert field(desk, "house/floor_area").taken_over
    desk.presenter.as_last_year()
    assert field(desk, "house/floor_area").value == ""


def test_no_offer_without_last_year(desk: Desk) -> None:
    desk.presenter.open(TOWN_S)
    assert not told(desk, "F5")
    desk.presenter.as_last_year()
    assert desk.frame.told[-1][0] == "grey"


@pytest.mark.parametrize("start", [True, False])
def test_a_difference_is_marked_beside_the_field_whether_started_from_last_year_or_not(desk: Desk, *, start: bool) -> None:
    if start:
        desk.presenter.as_last_year()
    assert field(desk, "house/toilet").before == ""
    desk.presenter.answer("house/toilet", "none")
    desk.presenter.answer(f"roster/{MO}/serious_illness", "yes")
    desk.presenter.answer("house/floor_area", "60,0")
    assert field(desk, "house/toilet").before.startswith("năm trước: 1 ")
    assert field(desk, f"roster/{MO}/serious_illness").before == "năm trước: 2 Không"


def test_the_same_answer_is_no_difference(desk: Desk) -> None:
    desk.presenter.answer("house/floor_area", "60")
    assert field(desk, "house/floor_area").before == ""


def test_the_list_at_the_end_names_what_nobody_confirmed_and_one_key_confirms_a_section(desk: Desk) -> None:
    desk.presenter.as_last_year()
    anew = {key: text for key, text in rural_five(GOOD_HOUSE, 140).items() if not desk.presenter._now().session.value(key)}
    for key, text in anew.items():
        desk.presenter.answer(key, text)
    assert not desk.presenter.check()
    lines = [one for one in desk.state.missing or () if "F9" in one.sentence]
    assert [one.section.partition(".")[0] for one in lines] == ["2", "3", "6"]
    assert "Tường làm bằng vật liệu bền chắc?" in lines[1].label
    for line in lines:
        desk.presenter.confirm_section(line.key)
    assert desk.state.missing == ()
    desk.presenter.finish()
    assert desk.commune.drafts.all() == []


def test_confirming_survives_the_process(desk: Desk) -> None:
    desk.presenter.as_last_year()
    desk.presenter.go_to_section("house")
    desk.presenter.confirm_section()
    waiting = unconfirmed(desk.commune.service().open(MO_S))
    assert waiting
    assert not [key for key in waiting if key.startswith("house/")]


@pytest.mark.parametrize("then", ["next answer", "save"])
def test_what_was_confirmed_on_a_full_disk_goes_with_what_comes_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    """The screen says that the section is confirmed; another day it must not ask again."""
    desk.presenter.as_last_year()
    desk.presenter.go_to_section("house")
    with monkeypatch.context() as full_disk:
        full_disk.setattr(desk.commune.drafts, "keep", _full)
        desk.presenter.confirm_section()
    assert [getattr(one, "code", "") for one in desk.frame.problems] == ["save.disk_full"]
    if then == "save":
        desk.presenter.save()
    else:
        desk.presenter.answer("b1/b1_score", "121")
    waiting = unconfirmed(desk.commune.service().open(MO_S))
    assert waiting
    assert not [key for key in waiting if key.startswith("house/")]


def _full(*_: object) -> None:
    raise KnownProblem("save.disk_full", folder="D:")


def test_a_form_without_last_year_draws_as_ever(desk: Desk) -> None:
    desk.presenter.open(TOWN_S)
    desk.presenter.go_to_section("house")
    assert not [one for one in fields(desk.state.rows).values() if one.before or one.taken_over]


def test_the_words_stand_beside_the_field_and_below_the_grid(qapp: QApplication, desk: Desk, texts: Texts) -> None:
    desk.presenter.as_last_year()
    desk.presenter.answer("house/toilet", "none")
    desk.presenter.answer(f"roster/{MO}/serious_illness", "yes")
    shown = QuestionField(field(desk, "house/toilet"), texts)
    shown.resize(400, shown.heightForWidth(400))
    shown.show()
    assert [words for words in painted_words(shown) if words.startswith("năm trước: 1 ")]
    waiting = QuestionField(field(desk, "house/floor_area"), texts)
    assert "chưa xác nhận" in waiting.editor.accessibleDescription()
    desk.presenter.go_to(f"roster/{MO}/serious_illness")
    grid = RosterGrid(next(row for row in desk.state.rows if isinstance(row, GridState)), texts)
    grid.table.stand_on(f"roster/{MO}/serious_illness")
    place = grid.model.place_of(f"roster/{MO}/serious_illness")
    assert grid.cell.help.text().startswith("năm trước: 2 Không")
    assert grid.model.data(place, Qt.ItemDataRole.ToolTipRole) == "năm trước: 2 Không"
    assert grid.model.data(place, Qt.ItemDataRole.BackgroundRole) is not None
