"""What comes from the province may not empty a laptop without a person's yes (sync.md 3.9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.laptop import HistoryDiffers
from poverty_desktop.protocol.snap_pages import read, written
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.sync_brake import BRAKE, Brake
from tests.sync.laptops import Laptop, RunningProvince, rows_of

NewLaptop = Callable[..., Laptop]


def test_what_a_restored_province_gets_again_from_here_is_not_taken_away(pair: tuple[Laptop, Laptop]) -> None:
    """Sixty households of a day that yesterday's backup does not hold: their maker is asked nothing, others are."""
    a, b = pair
    made = {a.add_household(members=0, household_code=f"hôm nay {number}")[0] for number in range(60)}
    for laptop in pair:
        laptop.synced()
    enrolled = b.store.enrolled()
    b.link.authenticate(enrolled, "n")
    manifest = b.link.manifest(enrolled.stream, "n")
    rows = rows_of(b.link.snapshot_parts(enrolled.stream, manifest))
    parts = [list(read(written(row for row in rows if row.record_id not in made)))]
    lane = a.store.incarnation()
    older = manifest.model_copy(update={"epoch": 2, "lanes": {lane: manifest.lanes.get(lane, a.store.standing().lane_last) - 60}})
    with pytest.raises(KnownProblem, match=r"sync\.many_deletes"):
        Brake.before(b.store, b.workspace.settings, released=False).take_snapshot(older, parts, {})
    with pytest.raises(HistoryDiffers):  # the rows are not those that the manifest names: the brake let them pass
        Brake.before(a.store, a.workspace.settings, released=False).take_snapshot(older, parts, {lane: 10_000})


@pytest.fixture
def pair(province: RunningProvince, new_laptop: NewLaptop) -> tuple[Laptop, Laptop]:
    """Two laptops with the same eighty households."""
    a, b = new_laptop("a"), new_laptop("b")
    for laptop in (a, b):
        laptop.enrol(province)
    for number in range(80):
        a.add_household(members=0, household_code=str(number))
    a.synced()
    b.synced()
    return a, b


def delete(laptop: Laptop, number: int) -> None:
    homes = laptop.records.select(Household)[:number]
    changes = [Change("d", "household", home.id, place) for place, home in enumerate(homes, 1)]
    laptop.records.save(Save(laptop.records.new_group(), laptop.workspace.officer.id, laptop.records.base(), changes))


def test_many_deletions_wait_for_a_person_also_on_the_second_try(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    for _ in range(2):
        delete(a, 35)
        a.synced()
    b.add_household("Mới")
    report = b.round()
    assert (report.outcome, report.problem) == ("refused", "sync.many_deletes")
    assert report.facts == {"count": 70, "living": 80}
    assert report.sent == 2  # the officer's own work went out
    assert b.round().problem == "sync.many_deletes"
    assert len(b.records.select(Household)) == 81
    assert b.round(allow_deletes=True).outcome == "done"
    assert len(b.records.select(Household)) == 11
    assert b.workspace.settings.get(BRAKE) is None
    a.synced()
    assert a.store.sums() == b.store.sums()


def test_the_deletions_of_an_ordinary_day_come_in(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    delete(a, 40)
    a.synced()
    b.synced()
    assert len(b.records.select(Household)) == 40


def test_what_was_deleted_here_does_not_count(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    delete(a, 40)
    a.synced()
    delete(a, 35)
    a.synced()
    assert len(a.records.select(Household)) == 5
    assert b.round().problem == "sync.many_deletes"


def test_a_snapshot_that_lacks_most_of_the_records_waits_too(pair: tuple[Laptop, Laptop]) -> None:
    """As after a restore of the province to a backup from before the records were made."""
    _, b = pair
    link, enrolled = b.link, b.store.enrolled()
    link.authenticate(enrolled, "n")
    manifest = link.manifest(enrolled.stream, "n")
    rows = rows_of(link.snapshot_parts(enrolled.stream, manifest))
    older = manifest.model_copy(update={"epoch": 2})
    with pytest.raises(KnownProblem, match=r"sync\.many_deletes"):
        Brake.before(b.store, b.workspace.settings, released=False).take_snapshot(older, [list(read(written(rows[:20])))], {})
    assert len(b.records.select(Household)) == 80
