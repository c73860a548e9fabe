"""Columns, languages, settings, and what a phone or the laptop would show otherwise (issue 3, `forms check`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from poverty_desktop.__main__ import main
from poverty_desktop.forms.release import check, examine
from poverty_desktop.system.resources import resource
from tests.forms.making import Row, q, workbook

VI, EN = "label::Tiếng Việt (vi)", "label::English (en)"


def told(survey: list[Row], choices: list[Row] | None = None, settings: Row | None = None) -> list[tuple[str, str]]:
    """Cells and kinds of all warnings; there is no fault."""
    faults = examine(workbook(survey, choices or [], settings))
    assert [fault for fault in faults if fault.level == "fault"] == []
    return [(fault.cell, fault.key.removeprefix("forms_check.")) for fault in faults]


def two(name: str, vi: str = "Tuổi", en: str = "Age", **more: str) -> Row:
    return {"type": "integer", "name": name, VI: vi, EN: en, **more}


def test_words_missing_in_one_language_are_told_in_the_empty_cell() -> None:
    faults = examine(workbook([two("a"), two("b", en=""), two("c", vi="")]))
    assert [(fault.cell, fault.facts["language"]) for fault in faults] == [
        ("survey!D3", "English (en)"),
        ("survey!C4", "Tiếng Việt (vi)"),
    ]


def test_a_language_that_only_the_labels_have_is_told_at_the_other_column() -> None:
    assert told([two("a", **{"hint::Tiếng Việt (vi)": "Tròn năm"})]) == [("survey!E1", "language_without_column")]


def test_a_language_that_the_choices_lack_is_told_on_their_sheet() -> None:
    choices = [{"list_name": "l", "name": "x", VI: "Một"}]
    rows = [{"type": "select_one l", "name": "a", VI: "Chọn", EN: "Choose"}]
    assert told(rows, choices) == [("choices!C1", "language_without_column")]


def test_a_label_that_names_no_language_beside_others_is_told() -> None:
    assert ("survey!C1", "label_without_language") in told([{"type": "integer", "name": "a", "label": "Tuổi", EN: "Age"}])


def test_a_default_language_that_no_column_has_is_told() -> None:
    assert told([two("a")], settings={"default_language": "Việt"}) == [("settings!D2", "unknown_default_language")]
    assert told([two("a")], settings={"default_language": "Tiếng Việt (vi)"}) == []


@pytest.mark.parametrize(
    ("title", "like"),
    [
        ("lable::English (en)", "label"),
        ("relevent", "relevant"),
        ("constrain", "constraint"),
        ("choice filter", ""),
        ("nhóm", ""),
    ],
)
def test_a_column_that_is_not_known_is_told_with_the_nearest(title: str, like: str) -> None:
    faults = [fault for fault in examine(workbook([q("text", "a", **{title: "1"})])) if "unknown_column" in fault.key]
    if title == "choice filter":  # pyxform reads blanks as "_"
        assert faults == []
    else:
        assert [(fault.cell, fault.facts["like"], fault.level) for fault in faults] == [("survey!D1", like, "warning")]


def test_extra_columns_of_the_choices_are_for_filters_and_not_told() -> None:
    choices = [{"list_name": "l", "name": "x", "label": "X", "weight": "5", "district": "1"}]
    assert told([q("select_one l", "a")], choices) == []


@pytest.mark.parametrize("twin", ["relevance", "bind::relevant", "Relevant "])
def test_two_titles_of_one_column_are_a_fault(twin: str) -> None:
    faults = check(workbook([q("text", "a", relevant="1 = 1", **{twin: "2 = 2"})]))
    assert [fault.cell for fault in faults if fault.key == "forms_check.doubled_column"] == ["survey!E1"]


def test_settings_that_a_release_needs_are_told() -> None:
    found = told([q("text", "a")], settings={"form_id": "", "version": "", "form_title": ""})
    assert sorted(kind for _, kind in found) == ["no_form_id", "no_form_title", "no_version"]


def test_what_a_phone_does_not_understand_is_told_at_the_title() -> None:
    rows = [q("integer", "a", constraint=". < 5", constraint_message="…", **{"bind::pd:tone": "amber"})]
    namespaces = {"namespaces": 'pd="https://poverty-desktop.example/xforms"', "attribute::official": "no"}
    assert told(rows, settings=namespaces) == [("survey!F1", "phone_ignores"), ("settings!E1", "phone_ignores")]


def test_an_attribute_of_another_program_is_kept_and_told() -> None:
    settings = {"namespaces": 'esri="http://esri.com/xforms"'}
    rows = [q("text", "a", **{"bind::esri:fieldType": "x", "bind::jr:preload": "uid", "bind::type": "string"})]
    assert told(rows, settings=settings) == [("survey!D1", "attribute_ignored")]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("geopoint", "laptop_types_place"),
        ("image", "laptop_attaches"),
        ("barcode", "laptop_types_code"),
        ("start-geopoint", "laptop_does_not_record"),
    ],
)
def test_kinds_that_the_laptop_asks_otherwise_are_told(kind: str, key: str) -> None:
    assert told([q("text", "a"), q(kind, "b")]) == [("survey!A3", key)]


def test_appearances_of_phones_and_unknown_ones_are_told() -> None:
    rows = [q("text", "a", appearance="multiline"), q("image", "b", appearance="signature"), q("text", "c", appearance="shiny")]
    rows += [q("date", "d", appearance="month-year w2"), q("date", "e", appearance="year"), q("text", "f", appearance="wide")]
    found = [one for one in told(rows) if one[0].startswith("survey!D")]
    assert found == [
        ("survey!D3", "laptop_shows_plain"),
        ("survey!D4", "unknown_appearance"),
        ("survey!D7", "unknown_appearance"),
    ]


def test_a_repeat_on_a_page_is_told_because_a_phone_cannot_show_it() -> None:
    rows = [q("begin_group", "g", appearance="field-list"), q("begin_repeat", "r"), q("text", "a")]
    assert told([*rows, {"type": "end_repeat"}, {"type": "end_group"}]) == [("survey!A3", "repeat_on_page")]


# --- the command ---------------------------------------------------------------------------------------------------------


def test_the_command_lists_faults_first_and_warnings_after_and_exits_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = tmp_path / "mau.xlsx"
    form.write_bytes(workbook([q("geopoint", "a"), q("intger", "b"), q("select_one l", "c")]))
    assert main(["forms", "check", str(form)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["LỖI survey!A3", "LỖI survey!A4", "Lưu ý survey!A2", lines[-1]]
    assert "2 lỗi" in lines[-1]


def test_the_command_exits_with_zero_when_there_are_only_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(workbook([q("geopoint", "a")]))
    assert main(["forms", "check", str(form), "--json", "--lang", "en"]) == 0
    told_json = json.loads(capsys.readouterr().out)
    (warning,) = told_json["warnings"]
    assert (told_json["ok"], told_json["faults"]) == (True, [])
    assert {name: warning[name] for name in ("sheet", "row", "column", "cell", "level")} == {
        "sheet": "survey",
        "row": 2,
        "column": "A",
        "cell": "survey!A2",
        "level": "warning",
    }
    assert "laptop" in warning["message"]


def test_the_command_speaks_the_language_asked_for_also_of_a_file_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.xlsx").write_text("Kính gửi")
    assert main(["forms", "check", str(tmp_path / "letter.xlsx"), "--lang", "en"]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["phieu_b.xlsx", "phieu_b_demo.xlsx"])
def test_the_shipped_forms_have_no_fault_and_only_what_a_phone_ignores(name: str) -> None:
    found = examine(resource("forms", name).read_bytes(), {})
    assert {fault.key for fault in found} == {"forms_check.phone_ignores"}
