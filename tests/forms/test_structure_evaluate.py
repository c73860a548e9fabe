"""`forms evaluate` on any structure, step by step as a person would, and the command itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from poverty_desktop.__main__ import main
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms.evaluate import evaluate
from poverty_desktop.forms.release import convert
from tests.forms.making import TODAY, Row, q, small_form, workbook

ROWS = [
    q("text", "who"),
    q("begin_repeat", "members"),
    q("integer", "age", constraint=". < 120"),
    q("begin_repeat", "loans"),
    q("integer", "sum_vnd"),
    q("end_repeat", ""),
    q("calculate", "debt", calculation="sum(${sum_vnd})"),
    q("end_repeat", ""),
    q("calculate", "all", calculation="sum(${debt})"),
    q("begin_repeat", "fixed", repeat_count="2"),
    q("text", "x"),
    q("end_repeat", ""),
]
FORM = small_form(ROWS)


def run(texts: Texts, answers: Mapping[str, Any], *sets: str) -> dict[str, Any]:
    pairs = [(path, value) for path, _, value in (one.partition("=") for one in sets)]
    return evaluate(FORM, answers, today=TODAY, texts=texts, sets=pairs)


def test_nested_repeats_come_in_and_out_as_lists_in_lists(texts: Texts) -> None:
    answers = {"members": [{"age": 30, "loans": [{"sum_vnd": 5}, {"sum_vnd": 6}]}, {}], "fixed": [{"x": "a"}]}
    found = run(texts, answers)
    assert found["answers"]["members"] == [
        {"age": "30", "loans": [{"sum_vnd": "5"}, {"sum_vnd": "6"}], "debt": "11"},
        {"age": "", "loans": [], "debt": "0"},
    ]
    assert (found["answers"]["all"], found["answers"]["fixed"]) == ("11", [{"x": "a"}, {"x": ""}])
    assert found["relevant"]["/data/members[1]/loans[2]/sum_vnd"] is True
    assert "meta" not in found["answers"]


def test_the_next_instance_is_added_when_it_is_answered(texts: Texts) -> None:
    found = run(texts, {}, "/data/members[1]/age=30", "/data/members[2]/loans[1]/sum_vnd=7", "members[2]/age=130")
    assert [len(one["loans"]) for one in found["answers"]["members"]] == [0, 1]
    (problem,) = found["problems"]
    assert (problem["path"], problem["kind"]) == ("/data/members[2]/age", "constraint")
    assert found["answers"]["all"] == "7"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/data/members[2]/age", "forms.unknown_question"),
        ("/data/members[x]/age", "forms.unknown_question"),
        ("/data/members[0]/age", "forms.unknown_question"),
        ("/data/fixed[3]/x", "forms.may_not_add"),
        ("/data/nothing[1]/x", "forms.unknown_question"),
        ("/other/who", "forms.unknown_question"),
        ("", "forms.unknown_question"),
    ],
)
def test_a_step_that_a_person_could_not_take_is_refused(texts: Texts, path: str, code: str) -> None:
    with pytest.raises(KnownProblem) as caught:
        run(texts, {}, f"{path}=1")
    assert caught.value.code == code


def test_a_name_of_the_record_is_told_and_an_unknown_language_refused(texts: Texts) -> None:
    row: Row = {"type": "text", "name": "a", "label::Français (fr)": "Nom", "label::English (en)": "Name"}
    form = small_form([row], settings={"instance_name": "concat('n', ${a})"})
    found = evaluate(form, {"a": "1", "meta": {"instanceID": "x"}}, today=TODAY, texts=texts, language="Français (fr)")
    assert found["answers"] == {"a": "1", "meta": {"instanceName": "n1"}}
    assert found["labels"] == {"/data/a": "Nom"}
    with pytest.raises(KnownProblem) as caught:
        evaluate(form, {}, today=TODAY, texts=texts, language="Deutsch")
    assert caught.value.code == "forms.no_such_language"
    assert "Français (fr)" in texts.problem(caught.value)


def test_the_command_reads_lists_beside_the_form_and_prints_the_same_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[Row] = [
        q("select_one_from_file towns.csv", "town", choice_filter="people > 3"),
        q("calculate", "drawn", calculation="random()"),
        q("calculate", "moment", calculation="now()"),
        q("integer", "n", required="yes"),
    ]
    (tmp_path / "f.xml").write_bytes(convert(workbook(rows)))
    (tmp_path / "towns.csv").write_text("name,label,people\na,A,3\nb,B,4\n", encoding="utf-8")
    (tmp_path / "a.json").write_text('{"town": "b"}', encoding="utf-8")
    given = ["forms", "evaluate", str(tmp_path / "f.xml"), "--answers", str(tmp_path / "a.json"), "--json"]
    given += ["--today", "2026-11-23", "--seed", "4", "--lang", "en"]
    printed = []
    for _ in range(2):
        assert main(given) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    found = json.loads(printed[0])
    assert list(found) == ["form", "answers", "relevant", "problems", "choices", "labels"]
    assert found["choices"] == {"/data/town": ["b"]}
    assert found["answers"]["moment"].startswith("2026-11-23T12:00")
    assert found["problems"] == [{"path": "/data/n", "kind": "required", "message": "An answer is needed."}]
    assert main([*given, "--set", "/data/n=3"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
    assert main([*given, "--set", "/data/x=3"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_half_a_letter_is_refused_in_a_file_and_replaced_in_an_argument(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.xml").write_bytes(convert(workbook([q("text", "a")])))
    (tmp_path / "a.json").write_text('{"a": "\\ud800"}', encoding="utf-8")
    given = ["forms", "evaluate", str(tmp_path / "f.xml")]
    assert main([*given, "--answers", str(tmp_path / "a.json")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main([*given, "--set", "a=An\udce9"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"] == {"a": "An?"}


def test_groups_and_instances_have_their_words_too(texts: Texts) -> None:
    rows = [q("begin_group", "g", label="House"), q("text", "a"), q("end_group", "")]
    rows += [q("begin_repeat", "m", label="Member ${name}"), q("text", "name"), q("end_repeat", "")]
    found = evaluate(small_form(rows), {"m": [{"name": "An"}, {"name": "Ba"}]}, today=TODAY, texts=texts)
    told = {path: label for path, label in found["labels"].items() if path.count("/") == 2}
    assert told == {"/data/g": "House", "/data/m[1]": "Member An", "/data/m[2]": "Member Ba"}
