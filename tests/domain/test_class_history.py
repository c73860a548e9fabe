"""The class on a day, newly escaped households, and the columns of templates 7.2 and 7.3."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.class_history import (
    Change,
    change_type,
    class_on,
    escaped_on,
    near_poor_column,
    newly_escaped,
    poor_column,
    was_ever,
)
from poverty_desktop.domain.records import ClassRecord
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_json


def history(*entries: tuple[str, str]) -> list[ClassRecord]:
    return [
        ClassRecord(id=f"{number:036d}", household_id="h", household_class=household_class, effective_on=day)
        for number, (day, household_class) in enumerate(entries)
    ]


ESCAPED = history(("2021-12-20", "poor"), ("2023-12-15", "near_poor"), ("2024-12-15", "not_poor"))


def test_the_class_is_the_one_in_force_on_the_day() -> None:
    assert class_on(ESCAPED, "2021-12-19") is None
    assert class_on(ESCAPED, "2023-12-14") == "poor"
    assert class_on(reversed(ESCAPED), "2023-12-15") == "near_poor"
    assert class_on(ESCAPED, "2030-01-01") == "not_poor"


def test_newly_escaped_lasts_36_months_from_leaving_the_poor() -> None:
    assert escaped_on(ESCAPED, "2026-01-01") == "2023-12-15"
    assert newly_escaped(ESCAPED, "2026-12-14")
    assert not newly_escaped(ESCAPED, "2026-12-15")
    assert not newly_escaped(ESCAPED, "2023-12-14")
    assert not newly_escaped(history(("2021-01-01", "near_poor"), ("2026-01-01", "not_poor")), "2026-02-01")


def test_who_fell_back_is_no_longer_newly_escaped() -> None:
    back = [*ESCAPED, *history(("2025-12-15", "poor"))]
    assert not newly_escaped(back, "2026-01-01")
    assert was_ever(back, "poor", before="2022-01-01")
    assert not was_ever(back, "poor", before="2021-12-20")


@pytest.mark.parametrize(
    ("change", "poor", "near_poor"),
    [
        (Change("poor", "poor"), None, None),
        (Change("poor", "near_poor"), 2, 5),
        (Change("poor", "not_poor"), 3, None),
        (Change("poor", "average_living_standard"), 3, None),
        (Change("poor", "poor", left=True), 4, None),
        (Change("near_poor", "poor"), 5, 2),
        (Change("not_poor", "poor", was_poor=True), 6, None),
        (Change("not_poor", "poor"), 7, None),
        (Change(None, "poor"), 7, None),
        (Change(None, "poor", arrived=True), 8, None),
        (Change("near_poor", "not_poor"), None, 3),
        (Change("near_poor", "near_poor", left=True), None, 4),
        (Change("not_poor", "near_poor", was_near_poor=True), None, 6),
        (Change("not_poor", "near_poor"), None, 7),
        (Change(None, "near_poor", arrived=True), None, 8),
        (Change("not_poor", "not_poor"), None, None),
        (Change(None, None, arrived=True, left=True), None, None),
    ],
)
def test_each_change_falls_into_its_column(change: Change, poor: int | None, near_poor: int | None) -> None:
    assert (poor_column(change), near_poor_column(change)) == (poor, near_poor)


def test_change_types_are_those_of_the_reference_data() -> None:
    file = load_json("reference", "classes.json")["change_types"]
    columns = {item["col"]: item["key"] for item in file["poor"]}
    assert change_type(Change("not_poor", "poor", was_poor=True)) == columns[6] == "poor_relapse"
    assert change_type(Change("poor", "near_poor"), of="near_poor") == {item["col"]: item["key"] for item in file["near_poor"]}[5]
    assert change_type(Change("poor", "poor")) is None
    assert load_reference().household_class("newly_escaped_poverty") is not None
