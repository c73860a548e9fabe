"""The inbox speaks of every field in words, never of columns and codes."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.records import SYNCED, Conflict
from poverty_desktop.services.sync_values import ValueWords
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeRecords

FIELDS = sorted({name for record in SYNCED if record is not Conflict for name in record.model_fields if name != "id"})


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_that_can_clash_has_a_name_for_people(field: str) -> None:
    assert load_texts("vi").has(f"conflict.label.{field}")


@pytest.mark.parametrize("entity", [record.entity for record in SYNCED if record is not Conflict])
def test_every_record_that_can_clash_has_a_title(entity: str) -> None:
    assert load_texts("vi").has(f"conflict.record.{entity}")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sex", 1, "Nam"),
        ("birth_date", "1987-05", "05/1987"),
        ("household_class", "near_poor", "Hộ cận nghèo"),
        ("phone", "0912345678", None),
        ("village_id", "no such village", None),
    ],
)
def test_codes_and_dates_are_shown_as_people_write_them(field: str, value: object, words: str | None) -> None:
    shown = ValueWords(load_reference(), FakeRecords(), lambda: load_texts("vi"))("household_member", field, value)
    assert (shown or "").lower() == (words or "").lower()


def test_money_is_shown_by_source_in_whole_dong() -> None:
    reference = load_reference()
    shown = ValueWords(reference, FakeRecords(), lambda: load_texts("vi"))
    assert (shown("support_line", "funding", {"unknown_source": 20_000_000}) or "").endswith("20.000.000 đ")
