"""What happens by itself: defaults, `setvalue` at its events, `once`. ODK XForms specification, "Events and Actions"."""

from __future__ import annotations

from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.actions import quoted
from poverty_desktop.forms.release import convert
from tests.forms.making import TODAY, q, small_form, workbook


def begin(form: FormDefinition, **answers: str) -> FormSession:
    return FormSession(form, {key.replace("__", "/"): text for key, text in answers.items()}, today=TODAY)


def test_a_trigger_sets_its_question_when_the_other_changes_and_leaves_it_alone_else() -> None:
    rows = [q("text", "who"), q("text", "other"), q("text", "greeting", trigger="${who}", calculation="concat('Chào ', ${who})")]
    session = begin(small_form(rows))
    assert session.value("greeting") == ""
    assert "greeting" in session.set("who", "An")
    assert session.value("greeting") == "Chào An"
    session.set("greeting", "Xin chào")
    session.set("other", "x")
    assert session.value("greeting") == "Xin chào"
    again = FormSession(session.definition, session.answers(), today=TODAY)
    assert again.value("greeting") == "Xin chào"
    again.set("who", "Bê")
    assert again.value("greeting") == "Chào Bê"


def test_a_trigger_without_a_calculation_empties_its_question() -> None:
    session = begin(small_form([q("text", "area"), q("text", "village", trigger="${area}")]), area="a", village="v")
    session.set("area", "b")
    assert session.value("village") == ""


def test_triggers_follow_one_another_and_stop_when_they_chase_each_other() -> None:
    xml = convert(workbook([q("integer", "a"), q("integer", "b"), q("integer", "c")]))
    body = b"""<setvalue ref="/data/%s" event="xforms-value-changed" value="/data/%s + 1"/></input>"""
    for name, target in ((b"a", b"b"), (b"b", b"c"), (b"c", b"a")):
        start = xml.index(b'<input ref="/data/%s">' % name)
        xml = xml[:start] + xml[start:].replace(b"</input>", body % (target, name), 1)
    session = begin(FormDefinition.parse(xml))
    assert session.set("a", "1") >= {"a", "b", "c"}
    assert [session.value(name) for name in "abc"] == ["4", "2", "3"]


def test_a_trigger_in_a_repeat_acts_in_its_own_instance_and_one_outside_on_all() -> None:
    rows = [
        q("text", "out"),
        q("begin_repeat", "r"),
        q("text", "a"),
        q("text", "b", trigger="${a}", calculation="concat(${a}, '!')"),
        q("text", "c", trigger="${out}", calculation="${out}"),
        q("end_repeat", ""),
    ]
    session = begin(small_form(rows), r__1__a="x", r__2__a="y")
    session.set("r/2/a", "z")
    assert (session.value("r/1/b"), session.value("r/2/b")) == ("", "z!")
    session.set("out", "o")
    assert (session.value("r/1/c"), session.value("r/2/c")) == ("o", "o")


def test_a_computed_question_sets_off_triggers_too() -> None:
    rows = [
        q("integer", "n"),
        q("text", "double", calculation="${n} * 2", label="Double", read_only="yes"),
        q("text", "noted", trigger="${double}", calculation="concat('was ', ${double})"),
    ]
    session = begin(small_form(rows), n="1")
    assert session.value("noted") == ""
    session.set("n", "4")
    assert session.value("noted") == "was 8"


def test_dynamic_defaults_see_what_is_computed_and_are_given_once() -> None:
    rows = [
        q("calculate", "year", calculation="format-date(today(), '%Y')"),
        q("text", "since", default="concat('từ ', ${year})"),
        q("begin_repeat", "r"),
        q("text", "place", default="concat(${since}, ' #', position(..))"),
        q("end_repeat", ""),
    ]
    session = begin(small_form(rows))
    assert session.value("since") == "từ 2026"
    session.set("since", "x")
    session.add("r", "1")
    session.add("r", "2")
    assert [session.value(f"r/{one}/place") for one in "12"] == ["x #1", "x #2"]
    session.set("since", "y")
    assert session.value("r/1/place") == "x #1"


def test_words_with_a_lonely_hyphen_are_a_constant_default() -> None:
    session = begin(small_form([q("text", "a", default="Xã Trà Bồng - thôn 1"), q("text", "b", default='it\'s "so"')]))
    assert session.answers() == {"a": "Xã Trà Bồng - thôn 1", "b": 'it\'s "so"'}
    assert quoted('it\'s "so"').startswith("concat(")


def test_what_is_computed_once_stays_also_when_it_is_opened_again() -> None:
    form = small_form(
        [q("text", "a"), q("calculate", "first", calculation="once(${a})"), q("calculate", "id", calculation="once(uuid())")]
    )
    session = begin(form)
    session.set("a", "x")
    session.set("a", "y")
    assert session.value("first") == "x"
    again = FormSession(form, session.answers(), today=TODAY)
    assert (again.value("first"), again.value("id")) == ("x", session.value("id"))


def test_an_action_at_every_opening_runs_at_every_opening() -> None:
    xml = convert(workbook([q("text", "opened"), q("text", "b")]))
    action = b'<setvalue ref="/data/opened" event="odk-instance-load" value="today()"/></model>'
    form = FormDefinition.parse(xml.replace(b"</model>", action))
    session = begin(form)
    again = FormSession(form, session.answers(), today=TODAY.replace(year=2030))
    assert (session.value("opened"), again.value("opened")) == ("2026-11-23", "2030-11-23")


def test_a_triggered_place_or_sound_sets_nothing_on_a_desk() -> None:
    session = begin(small_form([q("text", "a"), q("background-geopoint", "where", trigger="${a}")]))
    session.set("a", "x")
    assert session.value("where") == ""
