"""Every field of every record has a class, groups are sound, and what is written once stays (sync.md 3.8)."""

from __future__ import annotations

from typing import get_args

import pytest

from poverty_desktop.domain import merge_rules
from poverty_desktop.domain.merge_rules import GROUPS, FieldClass, climbs, field_class, may_patch, merge_group, unpatchable
from poverty_desktop.domain.records import BY_ENTITY, SYNCED

FIELDS = [(record.entity, name) for record in SYNCED for name in record.model_fields]
NAMED = [
    *((entity, name) for table in (merge_rules._SOFT, merge_rules._APPEND) for entity, names in table.items() for name in names),
    *merge_rules._LATTICES,
    *((entity, name) for entity, groups in GROUPS.items() for group in groups for name in group),
]


@pytest.mark.parametrize(("entity", "name"), FIELDS)
def test_every_field_has_a_class_and_belongs_to_its_group(entity: str, name: str) -> None:
    assert field_class(entity, name) in get_args(FieldClass)
    group = merge_group(entity, name)
    assert name in group
    assert list(group) == sorted(group)
    assert all(merge_group(entity, other) == group for other in group)


@pytest.mark.parametrize(("entity", "name"), NAMED)
def test_the_registry_names_only_fields_that_exist(entity: str, name: str) -> None:
    assert name in BY_ENTITY[entity].model_fields


def test_no_field_is_in_two_groups() -> None:
    for groups in GROUPS.values():
        names = [name for group in groups for name in group]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("entity", "field", "expected"),
    [
        ("household_member", "full_name", "person"),
        ("household_member", "birth_date", "person"),
        ("household_member", "personal_id_number", "person"),
        ("household", "phone", "soft"),
        ("household", "note", "soft"),
        ("survey", "answers.house/floor_area", "person"),
        ("survey", "household_class", "person"),
        ("survey", "state", "lattice"),
        ("class_record", "household_class", "append"),
        ("survey", "field_notes.house/floor_area", "soft"),
        ("form_release", "xform", "append"),
        ("form_release", "state", "lattice"),
        ("double_entry", "settlement.house/toilet", "person"),
        ("household", "field_of_a_newer_schema", "person"),
        ("record_of_a_newer_schema", "x", "person"),
    ],
)
def test_classes_as_the_protocol_lists_them(entity: str, field: str, expected: str) -> None:
    assert field_class(entity, field) == expected


def test_each_answer_moves_alone_and_the_result_moves_as_one() -> None:
    assert merge_group("survey", "answers.roster/m1/schooling") == ("answers.roster/m1/schooling",)
    assert {"household_class", "b1_score", "deprivations", "rule"} <= set(merge_group("survey", "b2_score"))
    assert merge_group("household_share", "receipt") == ("receipt", "received_on")


def test_class_history_cannot_be_patched() -> None:
    assert unpatchable("class_record", ["household_class", "effective_on"]) == ["household_class", "effective_on"]
    assert not may_patch("household", "id")
    assert not may_patch("conflict", "other_op")
    assert may_patch("conflict", "chosen")
    assert unpatchable("household", ["phone", "note"]) == []


def test_what_a_released_form_holds_is_written_once_and_its_state_only_climbs() -> None:
    held = ["form_id", "version", "form_hash", "xform", "source", "points", "differences", "made_by", "official"]
    assert unpatchable("form_release", [*held, "state", "checked_by", "checked_at"]) == held
    assert climbs("form_release", "state", "proposed", "released")
    assert not climbs("form_release", "state", "released", "proposed")


def test_notes_beside_answers_and_settled_answers_move_one_by_one() -> None:
    assert merge_group("survey", "field_notes.house/floor_area") == ("field_notes.house/floor_area",)
    assert merge_group("double_entry", "settlement.house/toilet") == ("settlement.house/toilet",)


def test_a_state_only_climbs() -> None:
    assert climbs("survey", "state", "saved", "finished")
    assert not climbs("survey", "state", "finished", "saved")
    assert not climbs("survey", "state", "saved", "something new")
    assert not climbs("household", "phone", "1", "2")
