"""The reference data: complete, equal to its published sources, and honest about what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from vietnam_provinces import ProvinceCode, Ward

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.reference import Reference, is_certain
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_json


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def marks(node: Any) -> Iterator[str]:
    """Every confidence or status mark in a parsed file."""
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, str) and (name.endswith("confidence") or name == "status"):
                yield value.replace(",", " ").replace(";", " ").split()[0]
            yield from marks(value)
    elif isinstance(node, list):
        for value in node:
            yield from marks(value)


def test_all_96_units_agree_with_the_published_list(reference: Reference) -> None:
    published = {f"{ward.code.value:05d}": ward.name for ward in Ward.iter_by_province(ProvinceCode(51))}
    assert {unit.code: unit.name for unit in reference.units} == published
    assert Counter(unit.unit_type for unit in reference.units) == {"commune": 86, "ward": 9, "special_zone": 1}


def test_units_that_differ_only_in_marks_stay_apart(reference: Reference) -> None:
    ha, ha_other = reference.unit("21289"), reference.unit("21292")
    assert ha is not None
    assert ha_other is not None
    assert (ha.name, ha_other.name) == ("Xã Sơn Hà", "Xã Sơn Hạ")
    assert ha.slug_is_ambiguous
    assert ha_other.slug_is_ambiguous


def test_area_class_of_ly_son_is_left_to_be_confirmed(reference: Reference) -> None:
    assert [unit.name for unit in reference.units if unit.area_class is None] == ["Đặc khu Lý Sơn"]


def test_54_ethnic_groups_are_found_by_any_of_their_names(reference: Reference) -> None:
    codes = {group.code for group in reference.ethnic_groups}
    assert {f"{number:02d}" for number in range(1, 55)} <= codes
    for text, code in {
        "Ca Dong": "14",
        "xo dang": "14",
        "H're": "19",
        "hrê": "19",
        "Cor": "30",
        "KINH": "01",
        "Bahnar": "13",
    }.items():
        found = reference.find_ethnic_group(text)
        assert found is not None
        assert found.code == code
    assert reference.find_ethnic_group("Sao Hỏa") is None


def test_no_alias_hides_another_group(reference: Reference) -> None:
    assert all(reference.find_ethnic_group(group.name) == group for group in reference.ethnic_groups)
    assert all(reference.find_ethnic_group(group.code) == group for group in reference.ethnic_groups)


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        ("reference", "people", {"project_defined": 4, "text_seen": 2, "researcher_knowledge_unverified": 1}),
        ("reference", "classes", {"secondary": 2, "text_seen": 1}),
        ("reference", "causes", {"secondary": 1}),
        ("reference", "support", {"secondary": 22, "uncertain": 12, "text_seen": 2, "project_defined": 4, "not_found": 1}),
        ("standards", "mdp_2022_2025", {"text_seen": 1, "secondary": 13, "uncertain": 1, "not_found": 2}),
        ("standards", "mdp_2027_2030", {"text_seen": 1, "uncertain": 12, "not_found": 2}),
    ],
)
def test_no_confidence_mark_was_lost(folder: str, name: str, expected: dict[str, int]) -> None:
    assert Counter(marks(load_json(folder, f"{name}.json"))) == expected


def test_every_item_bears_a_known_mark(reference: Reference) -> None:
    known = set(reference.confidence_words) | {"secondary", "uncertain", "not_found"}
    lists = (
        *(reference.units, reference.ethnic_groups, reference.sexes, reference.relations, reference.activity_statuses),
        *(reference.employment_details, reference.school_levels, reference.qualifications, reference.household_classes),
        *(reference.derived_statuses, reference.household_groups, reference.causes, reference.support_kinds),
        *(reference.funding_sources, reference.programmes, reference.norms, reference.standards),
    )
    assert all(item.confidence in known for items in lists for item in items)
    assert not is_certain(reference.causes[0].confidence)
    assert is_certain(reference.sexes[0].confidence)


def test_what_was_not_found_is_empty_not_invented(reference: Reference) -> None:
    old, new = reference.standards
    assert (old.id, new.id) == ("mdp_2022_2025", "mdp_2027_2030")
    assert old.missing == ("b1_table",)
    assert new.b1_cutoffs is None
    assert not new.can_classify
    assert set(new.missing) >= {"b1_cutoffs", "b1_table", "threshold.12"}
    assert load_json("standards", "mdp_2022_2025.json")["standard"]["scoring"]["b1_score_table"]["rows"] == []
    assert next(norm for norm in reference.norms if norm.key == "production_per_household").amount is None


def test_the_standard_follows_the_day(reference: Reference) -> None:
    assert reference.standard_on("2026-12-31").id == "mdp_2022_2025"
    assert reference.standard_on("2027-01-01").id == "mdp_2027_2030"
    with pytest.raises(KnownProblem, match=r"standard\.none_on_day"):
        reference.standard_on("2031-01-01")
    with pytest.raises(KnownProblem, match=r"standard\.unknown"):
        reference.standard("mdp_2040")


def test_figures_of_the_standard_in_force(reference: Reference) -> None:
    standard = reference.standard("mdp_2022_2025")
    assert standard.income_thresholds == {"rural": 1_500_000, "urban": 2_000_000}
    assert standard.b1_cutoffs == {"rural": 140, "urban": 175}
    assert (standard.b2_poor_min, standard.b2_points, len(standard.indicators)) == (30, 10, 12)
    assert [one.key for one in standard.indicators][6:8] == ["housing_quality", "housing_area"]


def test_code_lists_speak_both_languages(reference: Reference) -> None:
    head = reference.relation(1)
    assert head is not None
    assert (head.name("vi"), head.name("en")) == ("Chủ hộ", "Head")
    kind = reference.kind("housing_new")
    assert kind is not None
    assert kind.is_house
    assert reference.newly_escaped_months == 36
    assert len(reference.causes) == 8
    assert len(reference.funding_sources) == 8
