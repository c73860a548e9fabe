"""Money adds up to the last dong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.money import add_up, allocate, format_dong, total

sources = st.dictionaries(
    st.sampled_from(["central_budget", "provincial_budget", "household_counterpart"]), st.integers(0, 10**12)
)
quantities = st.lists(st.integers(0, 500), min_size=1, max_size=60).filter(any)


@given(sources, quantities)
def test_every_source_adds_up_and_no_share_is_off_by_a_dong(funding: dict[str, int], shares: list[int]) -> None:
    parts = allocate(funding, shares)
    assert add_up(parts) == funding
    for part, quantity in zip(parts, shares, strict=True):
        for source, amount in funding.items():
            assert abs(part[source] * sum(shares) - amount * quantity) < sum(shares)
            assert part[source] >= 0


@given(sources, st.integers(1, 60))
def test_equal_quantities_differ_by_one_dong_at_most_in_all(funding: dict[str, int], count: int) -> None:
    values = [total(part) for part in allocate(funding, [1] * count)]
    assert max(values) - min(values) <= 1


def test_eighteen_cows_for_ten_households_from_two_sources() -> None:
    funding = {"central_budget": 200_000_001, "provincial_budget": 100_000_002}
    parts = allocate(funding, [2] * 8 + [1] * 2)
    assert add_up(parts) == funding
    assert total(parts[0]) in (33_333_333, 33_333_334)
    assert sum(total(part) for part in parts) == 300_000_003


def test_nobody_gets_money_for_nothing() -> None:
    assert allocate({"central_budget": 100}, [0, 3, 0]) == [{"central_budget": 0}, {"central_budget": 100}, {"central_budget": 0}]
    assert allocate({}, [0]) == [{}]
    for funding, shares in (({"central_budget": 1}, [0]), ({"central_budget": -1}, [1]), ({"central_budget": 1}, [-1, 2])):
        with pytest.raises(ValueError, match="money"):
            allocate(funding, shares)


def test_dong_are_grouped_the_vietnamese_way() -> None:
    assert format_dong(300000000) == "300.000.000"
