"""Two laptops that each began the review of the year before they met: one review, nothing left out on either side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, ReviewRound, Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.overview import Overview
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.reporting import Reporting
from poverty_desktop.services.reviewing import Reviewing
from poverty_desktop.storage.workspace import NewWorkspace, create
from poverty_desktop.system.released_forms import ShippedForms
from tests.fakes import FakeClock
from tests.review.answers import POOR_HOUSE, WORKER, of_people
from tests.review.conftest import REFERENCE
from tests.sync.laptops import CHEAP, COMMUNE, PASSWORD, Laptop, RunningProvince


@pytest.fixture
def province(tmp_path: Path) -> Iterator[RunningProvince]:
    running = RunningProvince(tmp_path / "province")
    yield running
    running.close()


class Desk:
    """A laptop with the services of the review on it, in the autumn of 2026."""

    def __init__(self, folder: Path, province: RunningProvince) -> None:
        clock = FakeClock()
        new = NewWorkspace("Đinh Văn Sơn", COMMUNE, practice=True)
        self.laptop = Laptop(create(folder, PASSWORD, new, clock=clock, costs=CHEAP), folder)
        self.laptop.enrol(province)
        at = self.laptop.workspace
        self.records, self.lists = at.records, at.lists
        self.reviewing = Reviewing(at.records, at.drafts, at.lists, at.settings, clock, REFERENCE, ShippedForms())
        self.reporting = Reporting(at.records, at.lists, at.settings, clock, REFERENCE)
        self.overview = Overview(at.records, at.lists, clock)

    def household(self, name: str) -> tuple[str, str]:
        """A poor household of one man: (household, man)."""
        group = self.records.new_group()
        home, man = op_id(group, 1), op_id(group, 2)
        person = {"household_id": home, "full_name": name, "relation_to_head": 1, "sex": 1, "birth_date": "1970"}
        was = {"household_id": home, "household_class": "poor", "effective_on": "2026-01-01", "origin": "opening"}
        changes = [
            Change("c", "household", home, 1, {"commune_code": COMMUNE}),
            Change("c", "household_member", man, 2, person),
            Change("c", "class_record", op_id(group, 3), 3, was),
        ]
        self.records.save(Save(group, self.laptop.workspace.officer.id, self.records.base(), changes))
        return home, man

    def finish(self, home: str, man: str) -> str:
        house = {f"house/{name}": value for name, value in (POOR_HOUSE | {"floor_area": "6"}).items()}
        draft = self.reviewing.open(home).draft
        area = {"identification/area_class": "urban"}
        self.reviewing.keep(draft.id, of_people(**{man: WORKER}) | house | area | {"b1/b1_score": "160"})
        return self.reviewing.finish(draft.id).household_class


@pytest.fixture
def desks(tmp_path: Path, province: RunningProvince) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def make(name: str) -> Desk:
        made.append(Desk(tmp_path / name, province))
        return made[-1]

    yield make
    for desk in made:
        desk.laptop.close()


@pytest.fixture
def pair(desks: Callable[[str], Desk]) -> tuple[Desk, Desk, list[tuple[str, str]]]:
    """Both have the same register, each finished one household in a round of its own, and both have synchronised since."""
    one, other = desks("a"), desks("b")
    homes = [one.household("Hồ Văn Đông"), one.household("Phạm Văn Ướt")]
    one.laptop.synced()
    other.laptop.synced()
    assert one.finish(*homes[0]) == other.finish(*homes[1]) == "poor"
    for desk in (one, other, one):
        desk.laptop.synced()
    assert len(one.records.select(ReviewRound)) == len(other.records.select(ReviewRound)) == 2
    return one, other, homes


def test_each_sees_the_finished_surveys_of_both(pair) -> None:
    *both, _ = pair
    for desk in both:
        assert desk.lists.households(survey_state="finished").total == 2
        assert desk.lists.households(survey_state="none").total == 0
        overview = desk.overview.work()
        assert sum(village.finished for village in overview.work.villages) == 2
        assert desk.reviewing.finished_count(desk.reviewing.current_round().id) == 2
        assert desk.reporting.poverty_result(2026).not_reviewed == 0


def test_a_household_the_other_surveyed_opens_with_its_answers_and_gets_no_second_survey(pair) -> None:
    one, other, homes = pair
    assert one.reviewing.current_round().id == other.reviewing.current_round().id
    for desk, (home, _) in ((one, homes[1]), (other, homes[0])):
        sheet = desk.reviewing.open(home)
        assert sheet.survey is not None
        assert sheet.session.value("b1/b1_score") == "160"
        desk.reviewing.keep(sheet.draft.id, {"b1/b1_score": "150"})
        desk.reviewing.finish(sheet.draft.id)
    assert len(one.records.select(Survey)) == len(other.records.select(Survey)) == 2


def test_a_draft_begun_before_the_other_round_arrived_is_found_again(pair) -> None:
    one, other, homes = pair
    for desk, (home, _) in zip((one, other), homes, strict=True):
        kept = desk.reviewing.open(home)
        desk.reviewing.keep(kept.draft.id, {"identification/respondent": "Anh Đông"})
        again = desk.reviewing.open(home)
        assert (again.draft.id, again.session.value("identification/respondent")) == (kept.draft.id, "Anh Đông")


def test_recognition_makes_the_results_of_both_official_once(pair) -> None:
    one, other, homes = pair
    assert one.reviewing.recognise(one.reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10") == 2
    for desk in (one, other):
        desk.laptop.synced()
        official = [entry for entry in desk.records.select(ClassRecord) if entry.origin == "review"]
        assert sorted(entry.household_id for entry in official) == sorted(home for home, _ in homes)
        assert desk.reviewing.current_round().state == "recognised"
        assert all(desk.reviewing.open(home).locked for home, _ in homes)
        assert {desk.reporting.stages(2026)[-1], desk.reporting.poverty_result(2026, "official").stage} == {"official"}
    with pytest.raises(KnownProblem) as refused:
        other.reviewing.recognise(other.reviewing.current_round().id, "216/QĐ-UBND", "2026-12-11")
    assert refused.value.code == "review.already_recognised"


def test_one_household_typed_on_both_is_one_result(desks: Callable[[str], Desk]) -> None:
    one, other = desks("a"), desks("b")
    home, man = one.household("Hồ Văn Đông")
    one.laptop.synced()
    other.laptop.synced()
    for desk in (one, other):
        desk.finish(home, man)
    for desk in (one, other, one):
        desk.laptop.synced()
    assert one.reviewing.finished_count(one.reviewing.current_round().id) == 1
    assert one.reviewing.recognise(one.reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10") == 1
    assert len([entry for entry in one.records.select(ClassRecord) if entry.origin == "review"]) == 1


def test_results_that_arrive_after_the_decision_wait_for_one_of_their_own(desks: Callable[[str], Desk]) -> None:
    one, other = desks("a"), desks("b")
    homes = [one.household("Hồ Văn Đông"), one.household("Phạm Văn Ướt")]
    one.laptop.synced()
    other.laptop.synced()
    one.finish(*homes[0])
    one.reviewing.recognise(one.reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10")
    other.finish(*homes[1])
    for desk in (other, one, other):
        desk.laptop.synced()
    assert one.reviewing.current_round().state == "open"
    assert one.reviewing.finished_count(one.reviewing.current_round().id) == 1
    assert one.reviewing.recognise(one.reviewing.current_round().id, "219/QĐ-UBND", "2026-12-12") == 1
    official = {entry.household_id: entry.decision_no for entry in one.records.select(ClassRecord) if entry.origin == "review"}
    assert official == {homes[0][0]: "215/QĐ-UBND", homes[1][0]: "219/QĐ-UBND"}
