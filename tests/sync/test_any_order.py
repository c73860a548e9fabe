"""Everything at random: edits, cuts, rounds and settlements of two laptops in any order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sync.cutter import Cutter
from tests.sync.laptops import Laptop, RunningProvince

NewLaptop = Callable[..., Laptop]
STEPS = st.lists(st.sampled_from(["a edits", "b edits", "a syncs", "b syncs", "a is cut", "b is cut", "a settles"]), max_size=14)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, positions=st.lists(st.integers(0, 6000), min_size=14, max_size=14))
def test_in_whatever_order_two_laptops_edit_cut_and_sync_both_end_equal_with_nothing_lost(
    province: RunningProvince, cutter: Cutter, pair: tuple[Laptop, Laptop, str], steps: list[str], positions: list[int]
) -> None:
    a, b, member_id = pair
    typed: set[str] = set()
    for place, (step, position) in enumerate(zip(steps, positions, strict=False)):
        laptop = a if step[0] == "a" else b
        cutter.heal()
        if step.endswith("edits"):
            name = f"Tên {step[0]} {place} {position} {laptop.store.standing().lane_last}"
            laptop.edit("household_member", member_id, full_name=name)
            typed.add(name)
        elif step.endswith("settles"):
            for sheet in laptop.syncing.conflicts()[:1]:
                laptop.syncing.settle(sheet.id, sheet.other.value, "thử")
        else:
            if step.endswith("cut"):
                laptop.link.close()
                cutter.cut_after("down" if position % 2 else "up", position // 2)
            laptop.round()
    cutter.heal()
    for laptop in (a, b, a, b):
        laptop.link.close()
        laptop.synced()
    assert a.store_rows() == b.store_rows()
    assert a.name(member_id) == b.name(member_id)
    in_log = {value for row in a.workspace.database.rows("SELECT entry FROM sync_inlog") for value in typed if value in row[0]}
    assert in_log == typed


@pytest.fixture
def pair(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> tuple[Laptop, Laptop, str]:
    a, b = new_laptop("a"), new_laptop("b")
    _, member_id = a.add_household()
    for laptop in (a, b):
        laptop.enrol(province)
        laptop.syncing.moved(cutter.url)
        laptop.synced()
    return a, b, member_id
