"""Rounds of real laptops with a real province over real HTTP."""

from __future__ import annotations

from collections.abc import Callable

from poverty_desktop.domain.records import Household, HouseholdMember
from tests.sync.laptops import Laptop, RunningProvince

NewLaptop = Callable[..., Laptop]


def test_what_one_laptop_saved_stands_on_a_fresh_second_one(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = new_laptop("a"), new_laptop("b")
    household_id, member_id = a.add_household("Hồ Thị Mơ", phone="0912345678")
    a.enrol(province)
    first = a.synced()
    assert (first.sent, first.received, dict(first.counts)) == (2, 0, {"applied": 2})
    b.enrol(province)
    assert b.synced().received == 2
    assert b.records.get(Household, household_id).phone == "0912345678"
    assert b.records.get(HouseholdMember, member_id).full_name == "Hồ Thị Mơ"
    assert a.store_rows() == b.store_rows()
    assert [line.id for line in b.workspace.lists.households("ho thi mo").lines] == [household_id]
