"""The table of points is whole, or refused with its cells (issue: "no missing combination")."""

from __future__ import annotations

import pytest

from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.points import check_points, point_table
from poverty_desktop.forms.release import check
from poverty_desktop.forms.sheets import read_sheets
from poverty_desktop.system.resources import resource
from tests.release.workbooks import AREAS, REGIONS, changed, filled, row_of, rows_of, set_cell

TOILET_TERM = "number(instance('toilet')/root/item[name = ${toilet}]/points_rural)"


def faults(source: bytes) -> list[tuple[str, str]]:
    return [(fault.cell, fault.key.removeprefix("forms.points_")) for fault in check_points(read_sheets(source))]


@pytest.mark.parametrize("form", ["phieu_b", "phieu_b_demo"])
def test_the_shipped_forms_have_no_fault_of_points(form: str) -> None:
    assert faults(resource("forms", f"{form}.xlsx").read_bytes()) == []


def test_empty_columns_are_no_table_and_filled_ones_are(phieu_b: FormDefinition, phieu_b_demo: FormDefinition) -> None:
    assert point_table(phieu_b) == {}
    assert point_table(phieu_b_demo)["columns"] == ["points_rural", "points_urban"]


@pytest.mark.parametrize("columns", [AREAS, ("points_urban", *REGIONS)])
def test_whole_columns_pass(columns: tuple[str, ...]) -> None:
    assert faults(filled(("toilet", "electricity", "info_means"), columns)) == []


def test_every_missing_combination_is_named_by_its_cell() -> None:
    source = filled(("toilet",), point=lambda number: None if number in (2, 5) else number)
    names = [fault.facts["choice"] for fault in check_points(read_sheets(source))]
    assert names == ["septic", "vip"]
    assert [key for _, key in faults(source)] == ["missing", "missing"]
    assert all(cell.startswith("choices!") for cell, _ in faults(source))


@pytest.mark.parametrize("wrong", ["hai", "20.5", "1,5", 12.5, "99999", "1.000"])
def test_what_is_no_whole_number_is_named_by_its_cell(wrong: object) -> None:
    source = filled(("toilet",), point=lambda number: wrong if number == 3 else number)
    assert [key for _, key in faults(source)] == ["not_a_number"]


def test_a_number_below_zero_passes_and_is_marked_for_whoever_checks() -> None:
    source = filled(("electricity",), point=lambda number: -number)
    assert faults(source) == []


def test_a_column_that_is_wholly_empty_is_named() -> None:
    assert faults(filled(("toilet",), ("points_rural",))) == [("choices!1", "no_column")]
    assert faults(filled(("toilet",), ("points_urban", REGIONS[0]))) == [("choices!1", "no_column")]


def test_points_for_the_whole_area_and_by_region_together_are_refused() -> None:
    assert ("choices!1", "both_columns") in faults(filled(("toilet",), (*AREAS, *REGIONS)))


def test_a_region_nobody_knows_is_refused() -> None:
    def rename(book):
        set_cell(book, "choices", "points_rural_tay_nguyen", 1, "points_rural_somewhere")
        for row in rows_of(book, ("toilet",)):
            for column in (*AREAS, "points_rural_somewhere"):
                set_cell(book, "choices", column, row, row)

    assert [key for _, key in faults(changed(rename))] == ["unknown_column"]


def test_points_of_a_question_that_the_total_does_not_count_are_told_with_what_to_add() -> None:
    def own_list(book):
        set_cell(book, "survey", "type", row_of(book, "wall_durable"), "select_one age_basis")
        for row in rows_of(book, ("age_basis", "toilet")):
            for column in AREAS:
                set_cell(book, "choices", column, row, 3)

    found = check_points(read_sheets(changed(own_list)))
    terms = {fault.facts["question"]: fault.facts["term"] for fault in found if fault.facts["question"] == "wall_durable"}
    assert terms == {"wall_durable": " + number(instance('age_basis')/root/item[name = ${wall_durable}]/points_urban)"}
    assert {fault.key for fault in found} == {"forms.points_not_counted"}


def test_points_by_region_do_not_stand_in_for_those_of_the_whole_area() -> None:
    """points_rural_tay_nguyen begins like points_rural: a total that reads the one must not pass for reading the other."""

    def dropped(book):
        for row in rows_of(book, ("toilet",)):
            for column in AREAS:
                set_cell(book, "choices", column, row, 3)
        row = row_of(book, "b1_rural")
        place = [cell.value for cell in book["survey"][1]].index("calculation") + 1
        kept = book["survey"].cell(row, place).value
        assert TOILET_TERM in kept
        set_cell(book, "survey", "calculation", row, kept.replace(TOILET_TERM, "0"))

    (told,) = check_points(read_sheets(changed(dropped)))
    assert (told.key, told.facts["term"]) == ("forms.points_not_counted", f" + {TOILET_TERM}")


def test_a_question_that_scores_and_may_be_passed_by_is_told_as_a_warning() -> None:
    def optional(book):
        set_cell(book, "survey", "required", row_of(book, "toilet"), None)
        for row in rows_of(book, ("toilet",)):
            for column in AREAS:
                set_cell(book, "choices", column, row, 3)

    source = changed(optional)
    (told,) = check_points(read_sheets(source))
    assert (told.key, told.level, told.facts["question"]) == ("forms.points_not_required", "warning", "toilet")
    assert check(source) == []


def test_the_hash_of_a_table_stands_for_its_numbers_not_its_words(phieu_b_demo: FormDefinition) -> None:
    xml = phieu_b_demo.xml.decode()
    renamed = FormDefinition.parse(xml.replace("Xe đạp", "Xe đạp cũ").encode())
    raised = FormDefinition.parse(xml.replace("<points_rural>100</points_rural>", "<points_rural>101</points_rural>").encode())
    assert point_table(renamed)["hash"] == point_table(phieu_b_demo)["hash"] != point_table(raised)["hash"]
