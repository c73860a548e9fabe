"""A draft that stands in two copies of a file is saved in both, filled in otherwise: two Saves, one id, and neither vanishes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.services.registering import Registering
from tests.drill.onlooker import Held
from tests.sync.laptops import COMMUNE, Laptop, RunningProvince
from tests.sync.test_faults import log_of

NewLaptop = Callable[..., Laptop]


@pytest.fixture
def copies(province: RunningProvince, new_laptop: NewLaptop) -> Iterator[tuple[Laptop, Laptop, str, str]]:
    """A laptop and a copy of its folder, a household that both know, and the id of the Save that a draft in both will make."""
    a = new_laptop("a")
    household, _ = a.add_household()
    a.enrol(province)
    a.synced()
    group = a.records.new_group()
    a.close()
    shutil.copytree(a.folder, a.folder.with_name("copied"))
    first, second = Laptop.at(a.folder), Laptop.at(a.folder.with_name("copied"))
    yield first, second, household, group
    first.close()
    second.close()


def save(laptop: Laptop, group: str, *changes: Change) -> None:
    laptop.records.save(Save(group, laptop.workspace.officer.id, laptop.records.base(), changes))


def agree(province: RunningProvince, *laptops: Laptop) -> Held:
    """What the province has when both have synchronised until nothing changes."""
    for laptop in (*laptops, *laptops, *laptops):
        laptop.synced()
    assert laptops[0].store.sums() == laptops[1].store.sums()
    assert not any(laptop.store.standing().waiting for laptop in laptops)
    assert set(log_of(province).values()) == {1}
    with province.province.engine.connect() as connection:
        return Held.read(connection)


def test_a_household_edited_otherwise_in_both_ends_in_a_conflict(
    province: RunningProvince, copies: tuple[Laptop, Laptop, str, str]
) -> None:
    first, second, household, group = copies
    for laptop, code in ((first, "A"), (second, "B")):
        save(laptop, group, Change("u", "household", household, 1, {"household_code": code, "note": "cả hai"}))
    held = agree(province, first, second)
    assert held.records[household][0]["note"] == "cả hai"
    sides = {value for record, field, value in held.beside if (record, field) == (household, "household_code")}
    assert sides == {"A", "B"}
    assert [len(laptop.syncing.conflicts()) for laptop in (first, second)] == [1, 1]


def test_a_new_household_filled_in_otherwise_is_one_household(
    province: RunningProvince, copies: tuple[Laptop, Laptop, str, str]
) -> None:
    first, second, _, group = copies
    made = op_id(group, 1)
    save(first, group, Change("c", "household", made, 1, {"commune_code": COMMUNE, "household_code": "12"}))
    save(second, group, Change("c", "household", made, 1, {"commune_code": COMMUNE, "household_code": "12", "note": "thêm"}))
    held = agree(province, first, second)
    assert held.records[made][0]["note"] == "thêm"
    assert [len(laptop.records.select(Household)) for laptop in (first, second)] == [2, 2]
    assert not held.beside


def typed(laptop: Laptop, draft_id: str, code: str) -> str:
    """The draft finished with this code, by the register's own form; "asked" when somebody's values came in underneath."""
    at = laptop.workspace
    register = Registering(laptop.records, at.drafts, at.lists, at.settings, laptop.clock)
    register.keep(draft_id, {"household.household_code": code})
    try:
        register.save(draft_id)
    except KnownProblem as problem:
        if problem.code != "save.changed_underneath":
            raise
        register.take_current(draft_id)
        register.save(draft_id)
        return "asked"
    return "saved"


@pytest.fixture
def drafted(province: RunningProvince, new_laptop: NewLaptop) -> Iterator[tuple[Laptop, Laptop, str, str]]:
    """As `copies`, with two drafts in both: of the household that is there, and of a new one with its head."""
    a = new_laptop("a")
    village = op_id(group := a.records.new_group(), 1)
    save(a, group, Change("c", "village", village, 1, {"commune_code": COMMUNE, "name": "Gò"}))
    household, _ = a.add_household(village_id=village)
    a.enrol(province)
    a.synced()
    at = a.workspace
    register = Registering(a.records, at.drafts, at.lists, at.settings, a.clock)
    edited, new = register.open(household).draft.id, register.open().draft.id
    register.keep(edited, {"household.household_code": "cũ"})
    register.keep(new, {"household.household_code": "mới", "household.village_id": village})
    register.add_member(new, {"full_name": "Hồ Thị Mới"})
    a.close()
    shutil.copytree(a.folder, a.folder.with_name("copied"))
    first, second = Laptop.at(a.folder), Laptop.at(a.folder.with_name("copied"))
    yield first, second, edited, new
    first.close()
    second.close()


@pytest.mark.parametrize("code", ["A", "B"])
def test_a_draft_whose_save_came_in_by_the_exchange_can_still_be_saved(
    code: str, province: RunningProvince, drafted: tuple[Laptop, Laptop, str, str]
) -> None:
    """Found by the soak of real processes: it crashed, at each try, and the draft could never be saved."""
    first, second, edited, new = drafted
    assert [typed(first, one, "A") for one in (edited, new)] == ["saved", "saved"]
    agree(province, first, second)
    assert [typed(second, one, code) for one in (edited, new)] == (["saved"] * 2 if code == "A" else ["asked"] * 2)
    held = agree(province, first, second)
    assert len(second.records.select(Household)) == 2
    assert {one.household_code for one in first.records.select(Household)} == {code}
    assert not held.beside
    assert second.workspace.drafts.all() == []


def test_the_same_draft_saved_alike_is_one_save(province: RunningProvince, copies: tuple[Laptop, Laptop, str, str]) -> None:
    first, second, household, group = copies
    for laptop in (first, second):
        save(laptop, group, Change("u", "household", household, 1, {"household_code": "A"}))
    held = agree(province, first, second)
    assert held.records[household][0]["household_code"] == "A"
    assert not held.beside
    assert sum(held.log.values()) == 3  # household, head, and one edit
