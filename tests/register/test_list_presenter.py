"""The list of households of the register without a window."""

from __future__ import annotations

from poverty_desktop.domain.records import Household
from poverty_desktop.gui.presenters.households_presenter import HouseholdsPresenter
from poverty_desktop.services.searching import SCREEN
from tests.gui.fakes import LateTasks, RecordingFrame

from .conftest import GO_REN, MO_S_HOUSEHOLD, Commune


def many(commune: Commune, count: int) -> None:
    """So many more households in Gò Ren."""
    ids = [f"0190b000-0000-7000-8000-{number:012d}" for number in range(count)]
    commune.records.put(*(Household(id=one, commune_code="21289", village_id=GO_REN) for one in ids))


def test_the_list_counts_households_and_people(households: HouseholdsPresenter) -> None:
    households.opened()
    assert (households.state.total, households.state.people, len(households.state.villages)) == (1, 2, 2)
    assert households.state.selected_id == MO_S_HOUSEHOLD


def test_search_is_blind_to_diacritics_and_finds_members_too(households: HouseholdsPresenter) -> None:
    households.opened()
    for text, found in (("ho thi mo", 1), ("dinh van dong", 1), ("000123", 1), ("tran", 0)):
        households.search(text)
        assert len(households.state.lines) == found, text


def test_coming_back_finds_the_text_and_the_line(households: HouseholdsPresenter, frame: RecordingFrame) -> None:
    households.opened()
    households.search("mơ")
    households.open(MO_S_HOUSEHOLD)
    households.opened()
    assert (households.state.text, households.state.selected_id) == ("mơ", MO_S_HOUSEHOLD)
    assert frame.went == [("household", {"household_id": MO_S_HOUSEHOLD})]


def test_the_answer_of_an_older_search_is_dropped(commune: Commune, frame: RecordingFrame) -> None:
    tasks = LateTasks()
    households = HouseholdsPresenter(commune.registering, tasks, frame)
    households.search("mơ")
    older = tasks.waiting.pop()
    households.search("trần")
    tasks.run()
    older()
    assert households.state.lines == ()


def test_long_lists_come_in_pages(commune: Commune, households: HouseholdsPresenter) -> None:
    many(commune, 450)
    households.opened()
    sizes = [len(households.state.lines)]
    while not households.state.is_complete:
        households.more()
        sizes.append(len(households.state.lines))
    assert sizes == [200, 400, 451]


def test_a_search_shows_one_screen_then_its_count_then_the_rest(commune: Commune, frame: RecordingFrame) -> None:
    many(commune, 450)
    tasks = LateTasks()
    households = HouseholdsPresenter(commune.registering, tasks, frame)
    households.search("gò ren")
    tasks.waiting.pop(0)()
    assert (len(households.state.lines), households.state.counting, households.state.is_complete) == (SCREEN, True, False)
    tasks.run()
    assert (households.state.total, households.state.counting) == (451, False)
    while not households.state.is_complete:
        households.more()
        tasks.run()
    assert len({line.id for line in households.state.lines}) == 451


def test_the_count_of_an_older_search_is_dropped(commune: Commune, frame: RecordingFrame) -> None:
    many(commune, 60)
    tasks = LateTasks()
    households = HouseholdsPresenter(commune.registering, tasks, frame)
    households.search("gò ren")
    tasks.waiting.pop(0)()
    households.search("trần")
    tasks.run()
    assert (households.state.total, households.state.counting, households.state.lines) == (0, False, ())


def test_reviewing_goes_to_the_survey_of_the_chosen_household(households: HouseholdsPresenter, frame: RecordingFrame) -> None:
    households.opened()
    households.review()
    assert frame.went == [("survey", {"household_id": MO_S_HOUSEHOLD})]


def test_enter_before_the_lines_came_opens_what_was_typed_not_what_was_shown(commune: Commune) -> None:
    tasks, frame = LateTasks(), RecordingFrame()
    presenter = HouseholdsPresenter(commune.registering, tasks, frame)
    presenter.opened()
    tasks.run()
    shown = presenter.state.lines[0].id
    wanted = presenter.state.lines[-1]
    presenter.search(wanted.head_name or "")
    presenter.open_chosen(shown)
    assert frame.went == []
    tasks.run()
    assert frame.went == [("household", {"household_id": wanted.id})]
