"""Faults of rows, names, groups, lists and choices are told with sheet, row and column (issue 3, `forms check`)."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.checks.book import Book
from poverty_desktop.forms.release import check, examine
from poverty_desktop.forms.sheets import FormFault
from poverty_desktop.forms.workbooks import read_workbook
from tests.forms.making import Row, q, small_form, workbook

YES_NO = [{"list_name": "yn", "name": name, "label": name} for name in ("yes", "no")]


def at(faults: list[FormFault], key: str) -> list[str]:
    """The cells of the faults of one kind."""
    return [fault.cell for fault in faults if fault.key == f"forms_check.{key}"]


def found(survey: list[Row], key: str, choices: list[Row] | None = None, settings: Row | None = None) -> list[str]:
    return at(examine(workbook(survey, choices or [], settings)), key)


def test_a_form_without_fault_or_doubt_has_nothing_told() -> None:
    assert (
        examine(workbook([q("integer", "a"), q("select_one yn", "b"), q("calculate", "c", calculation="${a} + 1")], YES_NO)) == []
    )


def test_a_name_that_stands_twice_in_one_group_names_the_first_row(texts: Texts) -> None:
    rows = [q("begin_group", "g"), q("text", "a"), q("text", "b"), q("text", "a"), {"type": "end_group"}, q("text", "b")]
    (fault,) = check(workbook(rows))
    assert (fault.cell, fault.key, fault.facts["first"]) == ("survey!B5", "forms_check.doubled_name", "3")
    assert "dòng 3" in fault.sentence(texts)


def test_a_reference_to_a_name_that_stands_in_two_groups_is_a_fault() -> None:
    rows = [
        q("begin_group", "g"),
        q("text", "a"),
        {"type": "end_group"},
        q("text", "a"),
        q("calculate", "c", calculation="${a} + 1"),
    ]
    assert found(rows, "ambiguous_reference") == ["survey!D6"]


@pytest.mark.parametrize(("name", "better"), [("họ tên", "ho_ten"), ("1st", "q_1st"), ("a/b", "a_b"), ("Đất ở", "Dat_o")])
def test_a_name_that_is_not_allowed_comes_with_a_better_one(name: str, better: str) -> None:
    (fault,) = check(workbook([q("text", "ok"), q("text", name)]))
    assert (fault.cell, fault.facts["better"]) == ("survey!B3", better)


def test_a_name_with_diacritics_is_a_warning_that_keeps_nothing_from_release() -> None:
    form = workbook([q("integer", "tuổi"), q("calculate", "b", calculation="${tuổi} + 1")])
    assert check(form) == []
    assert at(examine(form), "name_with_diacritics") == ["survey!B2"]


@pytest.mark.parametrize(
    ("kind", "key", "like"),
    [
        ("intger", "unknown_type_like", "integer"),
        ("selct_one yn", "unknown_type_like", "select_one"),
        ("begin grup", "unknown_type_like", "begin_group"),
        ("xyzzy", "unknown_type", ""),
        ("select_one", "no_list_named", ""),
    ],
)
def test_a_type_that_does_not_exist_names_the_one_that_was_meant(kind: str, key: str, like: str) -> None:
    faults = [fault for fault in check(workbook([q("text", "a"), q(kind, "b")], YES_NO)) if fault.column == "A"]
    assert [(fault.cell, fault.key, fault.facts.get("like", "")) for fault in faults] == [
        ("survey!A3", f"forms_check.{key}", like)
    ]


def test_a_group_that_is_never_closed_is_told_at_the_row_that_opens_it() -> None:
    rows = [q("begin_group", "a"), q("begin_repeat", "b"), q("text", "t"), {"type": "end_repeat"}]
    (fault,) = check(workbook(rows))
    assert (fault.cell, fault.key, fault.facts["name"]) == ("survey!A2", "forms_check.never_closed", "a")


def test_an_end_of_another_kind_says_which_row_opened_what_is_open() -> None:
    rows = [q("begin_group", "a"), q("begin_repeat", "b"), q("text", "t"), {"type": "end_group"}, {"type": "end_repeat"}]
    faults = [fault for fault in check(workbook(rows)) if fault.key == "forms_check.closes_another"]
    assert [(fault.cell, fault.facts["opened"], fault.facts["name"], fault.facts["row"]) for fault in faults] == [
        ("survey!A5", "repeat", "b", "3"),
        ("survey!A6", "group", "a", "2"),
    ]


def test_an_end_that_closes_nothing_is_told() -> None:
    assert found([q("text", "a"), {"type": "end_repeat"}], "nothing_open") == ["survey!A3"]


def test_rows_without_a_type_or_a_name_are_told_in_the_empty_cell() -> None:
    rows = [q("text", "a"), {"name": "b", "label": "B"}, {"type": "integer", "label": "C"}]
    faults = check(workbook(rows))
    assert [(fault.cell, fault.key) for fault in faults] == [
        ("survey!A3", "forms_check.no_type"),
        ("survey!B4", "forms_check.no_name"),
    ]


def test_a_missing_list_names_the_one_that_was_meant() -> None:
    (fault,) = check(workbook([q("select_one yesno", "a")], [{"list_name": "yes_no", "name": "yes", "label": "Yes"}]))
    assert (fault.cell, fault.facts["list"], fault.facts["like"]) == ("survey!A2", "yesno", "yes_no")


def test_choices_without_a_name_or_label_and_doubled_ones_are_told() -> None:
    choices = [*YES_NO, {"list_name": "yn", "label": "Không biết"}, {"list_name": "yn", "name": "yes", "label": "Có"}]
    choices.append({"list_name": "yn", "name": "bare"})
    faults = examine(workbook([q("select_one yn", "a")], choices))
    assert [(fault.cell, fault.key.removeprefix("forms_check."), fault.level) for fault in faults] == [
        ("choices!B4", "choice_without_name", "fault"),
        ("choices!B5", "doubled_choice", "fault"),
        ("choices!C6", "choice_without_label", "warning"),
    ]


def test_choices_may_stand_twice_where_the_settings_allow_it() -> None:
    choices = [*YES_NO, YES_NO[0]]
    assert check(workbook([q("select_one yn", "a")], choices, {"allow_choice_duplicates": "yes"})) == []


def test_a_choice_name_with_a_blank_is_a_fault_only_for_select_many() -> None:
    choices = [{"list_name": "l", "name": "hai từ", "label": "Hai từ"}]
    assert check(workbook([q("select_one l", "a")], choices)) == []
    assert found([q("select_one l", "a"), q("select_multiple l", "b")], "choice_with_blank", choices) == ["choices!B2"]


def test_rows_that_are_disabled_are_no_part_of_the_form() -> None:
    rows = [q("text", "a", disabled="no"), q("intger", "a", disabled="yes")]
    assert check(workbook(rows)) == []


def test_a_question_that_nobody_could_read_is_told() -> None:
    assert found([q("text", "a"), q("integer", "b", label="")], "no_label") == ["survey!C3"]


def test_many_faults_of_many_kinds_come_at_once_in_the_order_of_the_sheets() -> None:
    rows = [q("intger", "a"), q("text", "a b"), q("select_one none", "c"), q("calculate", "d", calculation="1 +"), q("text", "c")]
    faults = check(workbook(rows, [{"list_name": "l", "name": "x"}, {"list_name": "l"}]))
    assert [fault.cell for fault in faults] == ["survey!A2", "survey!B3", "survey!A4", "survey!D5", "survey!B6", "choices!B3"]


def test_a_list_of_thousands_is_read_once_and_told_once_however_many_questions_ask_it() -> None:
    """30,000 names of villages asked by twenty questions took twenty times as long."""
    choices = [{"list_name": "l", "name": "a b", "label": "A"}]
    rows = [q("select_multiple l", "a"), q("select_multiple l", "b")]
    assert found(rows, "choice_with_blank", choices) == ["choices!B2"]
    book = Book(read_workbook(workbook(rows, choices)))
    assert book.table("choices") is book.choices
    form = small_form([q("select_one l", "a"), q("select_one l", "b")], [{**choices[0], "name": "x"}])
    assert form.question("a").choices is form.question("b").choices
