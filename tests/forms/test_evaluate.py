"""`forms evaluate`: the JSON of issue 3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.evaluate import evaluate
from tests.forms.making import REVIEW_DAY, TODAY, q, small_form

ANSWERS: dict[str, Any] = {
    "identification": {"surveyed_on": REVIEW_DAY, "area_class": "rural"},
    "roster": [{"full_name": "An", "birth_date": "1980-01-01"}, {"full_name": "Bê", "birth_date": "2022", "malnourished": "yes"}],
    "house": {"floor_area": 12.5, "info_means": ["tv", "radio"], "wall_durable": None},
}


def test_the_answers_come_back_nested_with_what_follows_from_them(phieu_b: FormDefinition, texts: Texts) -> None:
    found = evaluate(phieu_b, ANSWERS, today=TODAY, texts=texts)
    json.dumps(found)
    assert found["form"] == {"id": "phieu_b", "version": phieu_b.version, "hash": phieu_b.hash}
    assert [member["age"] for member in found["answers"]["roster"]] == ["46", "4"]
    assert found["answers"]["indicators"]["deprived_3"] == "1"
    assert found["answers"]["indicators"]["deprived_8"] == "1"
    assert found["answers"]["house"]["info_means"] == "tv radio"


def test_paths_name_instances_by_their_place(phieu_b: FormDefinition, texts: Texts) -> None:
    found = evaluate(phieu_b, ANSWERS, today=TODAY, texts=texts)
    assert found["relevant"]["/data/roster[1]/malnourished"] is False
    assert found["relevant"]["/data/roster[2]/malnourished"] is True
    assert found["relevant"]["/data/house"] is True
    assert found["choices"]["/data/identification/area_class"] == ["rural", "urban"]
    assert found["labels"]["/data/roster[2]/full_name"] == "Họ và tên"
    missing = {"path": "/data/roster[1]/can_work", "kind": "required", "message": texts("forms.required")}
    assert missing in found["problems"]


def test_answers_set_one_by_one_act_in_order(phieu_b: FormDefinition, texts: Texts) -> None:
    sets = [("/data/roster[1]/can_work", "yes"), ("/data/roster[1]/activity", "employed"), ("/data/roster[1]/can_work", "no")]
    found = evaluate(phieu_b, ANSWERS, today=TODAY, texts=texts, sets=sets)
    assert found["relevant"]["/data/roster[1]/activity"] is False
    assert found["answers"]["roster"][0]["activity"] == ""


def test_the_language_is_that_of_the_words(phieu_b: FormDefinition, texts: Texts) -> None:
    found = evaluate(phieu_b, ANSWERS, today=TODAY, texts=texts.in_language("en"))
    assert found["labels"]["/data/roster[1]/full_name"] == "Full name"


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({"house": {"pool": "yes"}}, "house/pool"),
        ({"pool": "yes"}, "pool"),
        ({"roster": [{"full_name": "An"}, {"nickname": "x"}]}, "roster/2/nickname"),
    ],
)
def test_an_answer_file_with_an_unknown_question_is_one_sentence_with_its_name(
    phieu_b: FormDefinition, texts: Texts, answers: dict[str, Any], key: str
) -> None:
    with pytest.raises(KnownProblem) as caught:
        evaluate(phieu_b, answers, today=TODAY, texts=texts)
    assert (caught.value.code, caught.value.facts) == ("forms.unknown_question", {"question": key, "form": "phieu_b"})
    assert key in texts.problem(caught.value)


@pytest.mark.parametrize("path", ["/data/roster[9]/activity", "house/pool", "/data/house"])
def test_a_set_on_an_unknown_path_is_refused(phieu_b: FormDefinition, texts: Texts, path: str) -> None:
    with pytest.raises(KnownProblem) as caught:
        evaluate(phieu_b, ANSWERS, today=TODAY, texts=texts, sets=[(path, "x")])
    assert caught.value.code == "forms.unknown_question"


@pytest.mark.parametrize("answers", [{"roster": {"full_name": "An"}}, {"house": "big"}, {"house": {"floor_area": {"m2": 3}}}])
def test_an_answer_file_of_the_wrong_shape_is_told_apart(phieu_b: FormDefinition, texts: Texts, answers: dict[str, Any]) -> None:
    with pytest.raises(KnownProblem) as caught:
        evaluate(phieu_b, answers, today=TODAY, texts=texts)
    assert caught.value.code == "forms.wrong_shape"


def test_questions_outside_of_groups_stand_at_the_top(texts: Texts) -> None:
    form = small_form([q("integer", "a"), q("begin_group", "g"), q("calculate", "b", calculation="${a} * 2"), q("end_group", "")])
    assert evaluate(form, {"a": 4}, today=TODAY, texts=texts)["answers"] == {"a": "4", "g": {"b": "8"}}
