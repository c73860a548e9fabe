"""Words in several languages, with fallback, with answers in them, in several forms. And names of languages."""

from __future__ import annotations

from poverty_desktop.forms import FormDefinition, FormSession
from tests.forms.making import TODAY, Row, small_form

ROWS: list[Row] = [
    {"type": "text", "name": "who", "label::Tiếng Việt (vi)": "Ai?", "label::English (en)": "Who?"},
    {
        "type": "integer",
        "name": "age",
        "label::Tiếng Việt (vi)": "Tuổi của ${who}",
        "label::English (en)": "Age of ${who}",
        "hint::Tiếng Việt (vi)": "Tròn năm",
        "guidance_hint::English (en)": "As of ${who}'s birthday",
        "constraint": ". < 120",
        "constraint_message::Tiếng Việt (vi)": "${who} không thể ${age} tuổi",
        "constraint_message::English (en)": "${who} cannot be ${age}",
        "required": "yes",
        "required_message::Tiếng Việt (vi)": "Hãy hỏi tuổi của ${who}",
        "media::image::English (en)": "age.png",
    },
    {
        "type": "begin_repeat",
        "name": "r",
        "label::Tiếng Việt (vi)": "Con của ${who}",
        "label::English (en)": "Children of ${who}",
    },
    {"type": "text", "name": "child", "label::Tiếng Việt (vi)": "Tên", "label::English (en)": ""},
    {"type": "end_repeat", "name": ""},
]
FORM = small_form(ROWS, settings={"default_language": "Tiếng Việt (vi)"})


def begin(language: str, form: FormDefinition = FORM, **answers: str) -> FormSession:
    return FormSession(form, answers, today=TODAY, language=language)


def test_a_language_is_asked_for_by_code_or_by_name() -> None:
    assert [FORM.language(name) for name in ("vi", "EN", "English (en)", "tiếng việt (vi)", "fr")] == [
        "vi",
        "en",
        "en",
        "vi",
        None,
    ]
    assert FORM.language_names["en"] == "English (en)"


def test_every_message_speaks_the_language_and_holds_the_answers() -> None:
    for language, label, constraint in (("vi", "Tuổi của An", "An không thể 130 tuổi"), ("en", "Age of An", "An cannot be 130")):
        session = begin(language, who="An", age="130")
        state = session.question("age")
        assert state.label == label
        assert state.problem is not None
        assert state.problem.message == constraint
    assert begin("vi", who="An").problems()[0].message == "Hãy hỏi tuổi của An"


def test_missing_words_are_those_of_the_default_language() -> None:
    state = begin("en", who="An").question("age")
    assert state.hint == "Tròn năm"
    session = begin("en", who="An")
    session.add("r", "1")
    assert session.question("r/1/child").label == "Tên"
    assert begin("vi", who="An").question("age").guidance == "As of An's birthday"
    assert begin("de").question("who").label == "Ai?"


def test_pictures_and_sounds_of_a_question_are_told() -> None:
    assert begin("en").question("age").media["image"].endswith("age.png")


def test_words_follow_the_answers_in_them_also_in_titles_of_repeats() -> None:
    session = begin("en", who="An")
    assert [section.label for section in session.sections()] == ["", "Children of An"]
    assert {"who", "age"} <= session.set("who", "Bê")
    assert [section.label for section in session.sections()] == ["", "Children of Bê"]
    assert session.question("age").label == "Age of Bê"


def test_two_translations_of_one_language_are_told_apart() -> None:
    rows: list[Row] = [{"type": "text", "name": "a", "label::English (en)": "Lorry", "label::American (en)": "Truck"}]
    form = small_form(rows)
    assert form.languages == ("en", "American (en)")
    assert begin("American (en)", form).question("a").label == "Truck"


def test_a_form_without_translations_speaks_in_every_language() -> None:
    form = small_form([{"type": "text", "name": "a", "label": "Tên"}])
    assert {begin(language, form).question("a").label for language in ("vi", "en", "x")} == {"Tên"}


def test_a_label_may_be_an_answer_itself() -> None:
    xml = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title><model>
    <instance><data id="t"><who/><a/></data></instance></model></h:head><h:body><input ref="/data/who"><label>W</label></input>
    <input ref="/data/a"><label ref="/data/who"/></input></h:body></h:html>"""
    assert begin("vi", FormDefinition.parse(xml.encode()), who="An").question("a").label == "An"
