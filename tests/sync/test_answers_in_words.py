"""A clash over an answer of a survey speaks as the form does: the question, whose it is, and the words of the choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Conflict, Household, HouseholdMember, Survey, Village
from poverty_desktop.forms import FormDefinition
from poverty_desktop.services.survey_words import SurveyWords
from poverty_desktop.services.sync_conflicts import ConflictSheet, Settling
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeRecords

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><model><instance><data id="b" version="1"><house><wall/><area/></house>
 <roster><full_name/><school/></roster><animals><what/></animals></data></instance>
 <bind nodeset="/data/house/wall" type="string"/><bind nodeset="/data/house/area" type="int"/>
 <bind nodeset="/data/roster/full_name" type="string"/><bind nodeset="/data/roster/school" type="string"/>
 <bind nodeset="/data/animals/what" type="string"/></model></h:head>
<h:body><group ref="/data/house"><label>Nhà ở</label>
 <select1 ref="/data/house/wall"><label>Tường nhà</label><item><label>Tre, nứa</label><value>bamboo</value></item>
  <item><label>Gạch, đá</label><value>brick</value></item></select1>
 <input ref="/data/house/area"><label>Diện tích (m²)</label></input></group>
 <group ref="/data/roster"><label>Thành viên</label><repeat nodeset="/data/roster">
  <input ref="/data/roster/full_name"><label>Họ và tên</label></input>
  <select ref="/data/roster/school"><label>Đang học</label><item><label>Tiểu học</label><value>1</value></item>
   <item><label>Nghề</label><value>2</value></item></select></repeat></group>
 <group ref="/data/animals"><label>Con vật nuôi</label><repeat nodeset="/data/animals">
  <input ref="/data/animals/what"><label>Con gì</label></input></repeat></group></h:body></h:html>"""
VILLAGE, HOUSEHOLD, PERSON, SURVEY = (f"0000000{number}-0000-8000-8000-000000000000" for number in range(1, 5))
OPERATION = "00000005-0000-8000-8000-000000000000"
ANSWERS = {"animals/0001-aa/what": "Trâu"}


@pytest.fixture
def clash() -> Callable[..., tuple[Settling, ConflictSheet]]:
    records, definition = FakeRecords(), FormDefinition.parse(FORM.encode())

    def form(release: Sequence[str]) -> FormDefinition:
        if tuple(release) != ("b", "1", "h"):
            raise KnownProblem("review.form_gone")
        return definition

    def opened(key: str, current: str | None, other: str | None, form_hash: str = "h") -> tuple[Settling, ConflictSheet]:
        made_with = {"form_id": "b", "form_version": "1", "form_hash": form_hash, "standard_id": "s", "area_class": "rural"}
        records.put(
            Village(id=VILLAGE, commune_code="21289", name="Thôn Gò Re"),
            Household(id=HOUSEHOLD, commune_code="21289", village_id=VILLAGE, household_code="H-12"),
            HouseholdMember(id=PERSON, household_id=HOUSEHOLD, full_name="Hồ Thị Mơ", relation_to_head=1),
            Survey(id=SURVEY, round_id="r", household_id=HOUSEHOLD, answers=ANSWERS, **made_with),
            Conflict(id=OPERATION, of_entity="survey", of_id=SURVEY, field=f"answers.{key}", current=current, other=other,
                     other_op=OPERATION, saw=other, current_saw=[None]),
        )  # fmt: skip
        words = SurveyWords(records, form, lambda: "vi")
        settling = Settling(records, lambda: load_texts("vi"), lambda: "u", surveys=lambda: words)
        return settling, settling.sheets()[0]

    return opened


def test_a_question_stands_in_its_own_words_and_a_choice_in_those_of_the_choice(clash) -> None:
    _, sheet = clash("house/wall", "bamboo", "brick")
    assert sheet.label == "Câu trả lời “Tường nhà”"
    assert (sheet.current.text, sheet.other.text) == ("Tre, nứa", "Gạch, đá")
    assert (sheet.current.saw, sheet.other.saw) == ("(để trống)", "Gạch, đá")


def test_the_inbox_tells_households_of_one_name_apart(clash) -> None:
    _, sheet = clash("house/wall", "bamboo", "brick")
    assert (sheet.title, sheet.about) == ("Phiếu B của hộ Hồ Thị Mơ", "H-12 · Thôn Gò Re")


def test_an_answer_about_a_person_says_whose(clash) -> None:
    _, sheet = clash(f"roster/{PERSON}/school", "1", "1 2")
    assert sheet.label == "Câu trả lời “Hồ Thị Mơ: Đang học”"
    assert (sheet.current.text, sheet.other.text) == ("Tiểu học", "Tiểu học, Nghề")


def test_a_line_of_a_repeat_is_named_by_what_stands_in_it(clash) -> None:
    _, sheet = clash("animals/0001-aa", "+", "-")
    assert sheet.label == "Một dòng của bảng “Trâu: Con vật nuôi”"
    assert (sheet.current.text, sheet.other.text) == ("dòng này có", "dòng này không còn")


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [("house/wall", "2", "brick"), ("house/wall", "gach, da", "brick"), (f"roster/{PERSON}/school", "1, nghề", "1 2")],
)
def test_a_third_value_is_typed_as_number_or_words_of_a_choice(clash, key: str, typed: str, kept: str) -> None:
    settling, sheet = clash(key, "1", None)
    assert sheet.choices[0][1].startswith("1 ")
    assert settling.understood(sheet.id, typed) == kept


def test_a_third_value_that_is_no_choice_is_refused_instead_of_kept(clash) -> None:
    settling, sheet = clash("house/wall", "bamboo", "brick")
    with pytest.raises(KnownProblem, match=r"conflict\.bad_value") as refused:
        settling.understood(sheet.id, "rơm")
    assert refused.value.facts["field"] == "Câu trả lời “Tường nhà”"


def test_an_answer_on_a_form_that_is_not_here_stands_under_its_key(clash) -> None:
    _, sheet = clash("house/wall", "bamboo", "brick", form_hash="elsewhere")
    assert (sheet.label, sheet.current.text, sheet.choices) == ("Câu trả lời “house/wall”", "bamboo", ())
