"""The record itself: identity, name, entities, namespaces. And what is refused, with its place."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.entities import Entity
from tests.forms.making import TODAY, Row, q, small_form

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:orx="http://openrosa.org/xforms" '
    'xmlns:x="urn:x" xmlns:entities="http://www.opendatakit.org/xforms/entities" xmlns:jr="http://openrosa.org/javarosa">'
)


def xform(data: str, model: str = "", body: str = "") -> bytes:
    top = f'{HEAD}<h:head><h:title>t</h:title><model><instance><data id="t">{data}</data></instance>{model}</model></h:head>'
    return f"{top}<h:body>{body}</h:body></h:html>".encode()


def begin(form: FormDefinition, answers: dict[str, str] | None = None, **metadata: str) -> FormSession:
    return FormSession(form, answers or {}, today=TODAY, metadata=metadata, seed=3)


def test_a_record_has_an_identity_and_the_name_that_the_form_gives_it() -> None:
    form = small_form([q("text", "who")], settings={"instance_name": "concat('Hộ ', ${who})"})
    session = begin(form, {"who": "An"})
    assert session.instance_name() == "Hộ An"
    session.set("who", "Bê")
    assert session.instance_name() == "Hộ Bê"
    assert session.instance_id().startswith("uuid:")
    assert begin(form, instanceID="uuid:7").instance_id() == "uuid:7"
    assert session.answers() == {"who": "Bê"}
    assert session.question_keys() == session.places() == ["who"]


def test_an_entity_is_made_of_the_answers_saved_to_it_when_its_condition_holds() -> None:
    data = '<name/><age/><meta><instanceID/><entity dataset="people" id="" create="1"><label/></entity></meta>'
    model = (
        '<bind nodeset="/data/name" entities:saveto="full_name"/><bind nodeset="/data/age" entities:saveto="age"/>'
        '<bind nodeset="/data/meta/entity/@create" calculate="/data/age &gt; 17"/>'
        '<bind nodeset="/data/meta/entity/label" calculate="/data/name"/>'
        '<setvalue ref="/data/meta/entity/@id" event="odk-instance-first-load" value="uuid()"/>'
    )
    session = begin(FormDefinition.parse(xform(data, model)), {"name": "An", "age": "3"})
    assert session.entities() == []
    session.set("age", "30")
    (entity,) = session.entities()
    assert entity == Entity("people", entity.id, "An", create=True, update=False, properties={"full_name": "An", "age": "30"})
    assert len(entity.id) == 36
    again = FormSession(session.definition, session.answers(), today=TODAY)
    assert again.entities() == session.entities()


def test_each_instance_of_a_repeat_may_be_an_entity() -> None:
    meta = '<meta><entity dataset="trees" create="1" id=""><label/></entity></meta>'
    model = (
        '<bind nodeset="/data/tree/species" entities:saveto="species"/>'
        '<bind nodeset="/data/tree/meta/entity/label" calculate="../../../species"/>'
        '<setvalue ref="/data/tree/meta/entity/@id" event="odk-instance-first-load" value="uuid()"/>'
    )
    body = '<group ref="/data/tree"><repeat nodeset="/data/tree"><input ref="/data/tree/species"/></repeat></group>'
    session = begin(FormDefinition.parse(xform(f"<tree><species/>{meta}</tree>", model, body)), {"tree/1/species": "quế"})
    session.add("tree", "2")
    session.set("tree/2/species", "keo")
    first, second = session.entities()
    assert [first.label, second.label, second.properties] == ["quế", "keo", {"species": "keo"}]
    assert first.id != second.id
    assert sorted(session.answers()) == [f"tree/{one}/{name}" for one in "12" for name in ("meta/entity/@id", "species")]
    assert session.question_keys() == ["tree/1/species", "tree/2/species"]


def test_an_update_of_an_entity_knows_the_version_it_was_made_of() -> None:
    data = '<who/><meta><entity dataset="people" id="" update="1" baseVersion=""/></meta>'
    model = (
        '<instance id="people" src="jr://file-csv/people.csv"/>'
        '<bind nodeset="/data/meta/entity/@id" calculate="/data/who"/>'
        '<bind nodeset="/data/meta/entity/@baseVersion" calculate="instance(\'people\')/root/item[name=/data/who]/__version"/>'
    )
    files = {"people.csv": b"name,label,__version\np7,An,4\n"}
    session = FormSession(FormDefinition.parse(xform(data, model)), {"who": "p7"}, today=TODAY, files=files)
    (entity,) = session.entities()
    assert (entity.id, entity.update, entity.base_version) == ("p7", True, "4")


def test_prefixes_of_namespaces_do_not_matter() -> None:
    data = "<a/><x:own/><orx:meta><orx:instanceID/><orx:instanceName/></orx:meta>"
    model = '<bind nodeset="/data/orx:meta/orx:instanceName" calculate="concat(\'n\', /data/x:own)"/>'
    model += '<bind nodeset="/data/x:own" type="int"/>'
    body = '<input ref="/data/x:own"><label><output value="/data/orx:meta/orx:instanceName"/></label></input>'
    session = begin(FormDefinition.parse(xform(data, model, body)), {"own": "4"})
    assert (session.instance_name(), session.question("own").kind, session.question("own").label) == ("n4", "integer", "n4")


def test_controls_may_name_their_bind_or_stand_relative_to_their_group() -> None:
    data, model = "<g><a/><b/></g>", '<bind id="b1" nodeset="/data/g/b" type="date"/>'
    body = '<group ref="/data/g"><input ref="a"><label>A</label></input><input bind="b1"><label>B</label></input></group>'
    form = FormDefinition.parse(xform(data, model, body))
    assert [question.label.plain("vi") for question in form.questions()] == ["A", "B"]
    assert form.question("g/b").kind == "date"


@pytest.mark.parametrize(
    ("data", "model", "body", "code", "path"),
    [
        ("<a/>", "", '<input ref="/data/b"/>', "forms.no_such_node", "/data/b"),
        ("<a/>", "", '<hologram ref="/data/a"/>', "forms.unsupported", "a"),
        ("<a/>", "", '<range ref="/data/a" start="1" end="x" step="1"/>', "forms.unsupported", "a"),
        ("<a/>", "", '<range ref="/data/a" start="1" end="9" step="0"/>', "forms.unsupported", "a"),
        ("<a/>", "", '<select1 ref="/data/a" appearance="search(\'x\')"/>', "forms.unsupported", "a"),
        ("<a/>", '<setvalue ref="/data/a" event="dom-activate" value="1"/>', "", "forms.unsupported", "a"),
        ("<a/>", '<setvalue ref="/data/a" event="odk-instance-first-load" value="f("/>', "", "forms.broken_expression", "a"),
        ("<a/>", '<bind nodeset="/data/a" calculate="1 +"/>', "", "forms.broken_expression", "a"),
        ("<a/>", '<bind nodeset="/data/a" relevant=". = 1"/>', "", "forms.circular", "a → a"),
        ("<g><a/></g>", '<bind nodeset="/data/g" relevant="a = 1"/>', "", "forms.circular", "g → g"),
        ("<a/>", "", '<select1 ref="/data/a"><itemset nodeset="/data/[x"/></select1>', "forms.broken_expression", "a"),
        ("<a/>", "", '<input ref="/data/a"><label><output value="1 +"/></label></input>', "forms.broken_expression", "a"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_place(
    data: str, model: str, body: str, code: str, path: str, texts: Texts
) -> None:
    with pytest.raises(KnownProblem) as caught:
        FormDefinition.parse(xform(data, model, body))
    assert (caught.value.code, caught.value.facts["path"]) == (code, path)
    assert path in texts.problem(caught.value)


END = q("end_repeat", "")
GROUP = q("begin_group", "g", relevant="${b} > 1")


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([q("begin_repeat", "r", repeat_count="${n}"), q("text", "a"), END, q("calculate", "n", calculation="count(${r})")], "r"),
        ([q("begin_repeat", "r", repeat_count="count(${r}) + 1"), q("integer", "a"), END], "r"),
        ([GROUP, q("calculate", "a", calculation="1"), q("end_group", ""), q("calculate", "b", calculation="${a}")], "g"),
    ],
)
def test_a_circle_through_counts_and_relevance_is_refused_with_its_path(rows: list[Row], path: str) -> None:
    with pytest.raises(KnownProblem) as caught:
        small_form([*rows, q("note", "end")])
    assert caught.value.code == "forms.circular"
    assert path in str(caught.value.facts["path"]).split(" → ")


def test_a_chain_as_long_as_a_form_is_no_circle_and_no_recursion() -> None:
    """1,500 calculations, each of the one before: deeper than Python calls may go."""
    data = "".join(f"<q{number}/>" for number in range(1500))
    binds = (f'<bind nodeset="/data/q{number}" calculate="/data/q{number + 1} + 1"/>' for number in range(1499))
    session = begin(FormDefinition.parse(xform(data, "".join(binds))), {"q1499": "1"})
    assert session.value("q0") == "1500"


def test_a_form_nested_too_deep_is_refused() -> None:
    deep = 3000
    with pytest.raises(KnownProblem) as caught:
        FormDefinition.parse(xform("<a>" * deep + "</a>" * deep))
    assert caught.value.code == "forms.not_an_xform"


def test_an_old_form_without_an_id_is_named_by_its_namespace() -> None:
    named = b'<data xmlns="http://example.org/visit"'
    xml = xform("<a/>", body='<input ref="/data/a"/>').replace(b'<data id="t"', named)
    form = FormDefinition.parse(xml)
    assert (form.form_id, begin(form, {"a": "1"}).value("a")) == ("http://example.org/visit", "1")
