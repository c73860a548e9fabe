"""Where choices come from: lists with filters, files, answers, in any order, in any language."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms import FormDefinition, FormSession
from poverty_desktop.forms.release import convert_with_warnings
from tests.forms.making import TODAY, Row, q, small_form, workbook

TOWNS = [
    {"list_name": "town", "name": name, "label": name.upper(), "area": area}
    for name, area in (("ba_to", "south"), ("tra_bong", "north"), ("son_tay", "south"))
]
CSV = '\ufeffname,label,people\nbt,Ba Tơ,30\ntb,"Trà Bồng, huyện",5\n'.encode()
GEO = b"""{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "w1",
 "geometry": {"type": "Point", "coordinates": [108.5, 15.1]}, "properties": {"title": "Gieng 1", "depth": 7}}]}"""


def names(session: FormSession, key: str) -> list[str]:
    return [value for value, _ in session.question(key).choices]


def begin(form: FormDefinition, files: dict[str, bytes] | None = None, **answers: str) -> FormSession:
    given = {key.replace("__", "/"): text for key, text in answers.items()}
    return FormSession(form, given, today=TODAY, files=files, seed=5)


def test_a_filter_in_a_repeat_reads_its_own_instance() -> None:
    rows = [
        q("begin_repeat", "r"),
        q("text", "area"),
        q("select_one town", "town", choice_filter="area = ${area}"),
        q("end_repeat", ""),
    ]
    session = begin(small_form(rows, TOWNS), r__1__area="south", r__2__area="north")
    assert (names(session, "r/1/town"), names(session, "r/2/town")) == (["ba_to", "son_tay"], ["tra_bong"])
    assert session.set("r/2/area", "south") == {"r/2/area", "r/2/town"}
    assert names(session, "r/2/town") == ["ba_to", "son_tay"]


def test_a_list_in_a_file_is_read_from_what_lies_beside_the_form() -> None:
    form = small_form([q("integer", "least"), q("select_one_from_file towns.csv", "t", choice_filter="people > ${least}")])
    assert dict(form.external) == {"towns": "towns.csv"}
    session = begin(form, {"towns.csv": CSV}, least="1", t="tb")
    assert session.question("t").choices == (("bt", "Ba Tơ"), ("tb", "Trà Bồng, huyện"))
    assert session.question("t").problem is None
    session.set("least", "10")
    assert session.question("t").problem is not None
    assert names(session, "t") == ["bt"]


def test_an_answer_from_a_list_that_is_not_at_hand_is_not_called_wrong() -> None:
    session = begin(small_form([q("select_one_from_file towns.csv", "t")]), t="tb")
    assert (session.question("t").choices, session.problems()) == ((), [])


def test_features_of_a_map_are_choices_with_their_place() -> None:
    rows = [
        q("select_one_from_file wells.geojson", "w", parameters="value=id label=title"),
        q("calculate", "at", calculation="instance('wells')/root/item[id = ${w}]/geometry"),
    ]
    session = begin(small_form(rows), {"wells.geojson": GEO}, w="w1")
    assert session.question("w").choices == (("w1", "Gieng 1"),)
    assert session.value("at").startswith("15.1 108.5")


def test_an_xml_list_and_pulldata_read_files() -> None:
    rows = [
        q("select_one_from_file animals.xml", "a"),
        q("calculate", "people", calculation="pulldata('towns', 'people', 'name', 'bt')"),
    ]
    xml = "<root><item><name>cow</name><label>Bò</label></item></root>".encode()
    session = begin(small_form(rows), {"animals.xml": xml, "towns.csv": CSV})
    assert session.question("a").choices == (("cow", "Bò"),)
    assert session.value("people") == "30"


@pytest.mark.parametrize(
    ("file", "data"), [("x.xml", b"<root>"), ("x.geojson", b"[1]"), ("x.geojson", b"{"), ("x.csv", b"a\xff")]
)
def test_a_file_that_is_no_list_is_named(file: str, data: bytes) -> None:
    form = small_form([q(f"select_one_from_file {file}", "a")])
    with pytest.raises(KnownProblem) as caught:
        begin(form, {file: data})
    assert (caught.value.code, caught.value.facts["file"]) == ("forms.unreadable_list", file)


@pytest.mark.parametrize("data", ["list_name,name\ntowns,bt\n".encode("utf-16"), b'list_name,name\ntowns,"' + b"a" * 200_000])
def test_rows_of_an_external_choices_sheet_that_cannot_be_read_are_named(data: bytes) -> None:
    with pytest.raises(KnownProblem) as caught:
        begin(small_form([q("text", "a")]), {"itemsets.csv": data})
    assert (caught.value.code, caught.value.facts["file"]) == ("forms.unreadable_list", "itemsets.csv")


def test_rows_of_an_external_choices_sheet_are_choices_by_query() -> None:
    """select_one_external: pyxform writes the rows to itemsets.csv."""
    xml = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title><model>
    <instance><data id="t"><area/><town/></data></instance><bind nodeset="/data/town" type="string"/></model></h:head><h:body>
    <input ref="/data/area"><label>a</label></input>
    <input ref="/data/town" query="instance('towns')/root/item[area=/data/area]"><label>t</label></input></h:body></h:html>"""
    data = b"list_name,name,label,area\ntowns,bt,Ba To,s\ntowns,tb,Tra Bong,n\nother,x,X,s\n"
    session = begin(FormDefinition.parse(xml), {"itemsets.csv": data}, area="s")
    assert session.question("town").kind == "select_one"
    assert session.question("town").choices == (("bt", "Ba To"),)


def test_answers_of_a_repeat_are_choices_and_follow_it() -> None:
    rows = [
        q("begin_repeat", "person"),
        q("text", "name"),
        q("integer", "age"),
        q("end_repeat", ""),
        q("select_one ${name}", "head", choice_filter="${age} > 17"),
        q("calculate", "called", calculation="jr:choice-name(${head}, '${head}')"),
    ]
    session = begin(small_form(rows), person__1__name="An", person__1__age="40", person__2__name="Bê", person__2__age="3")
    assert names(session, "head") == ["An"]
    assert "head" in session.set("person/2/age", "20")
    session.set("head", "Bê")
    assert session.value("called") == "Bê"
    assert "head" in session.set("person/2/name", "Bình")
    assert (names(session, "head"), session.question("head").problem is not None) == (["An", "Bình"], True)
    session.remove("person", "2")
    assert names(session, "head") == ["An"]


def test_shuffled_choices_stay_as_they_are_while_they_are_looked_at() -> None:
    many = [{"list_name": "c", "name": f"c{number}", "label": "x"} for number in range(9)]
    form = small_form([q("select_one c", "a", parameters="randomize=true"), q("text", "b")], many)
    session = begin(form)
    order = names(session, "a")
    session.set("b", "x")
    session.set("a", "c3")
    assert names(session, "a") == order == names(begin(form), "a")
    assert sorted(order) == sorted(row["name"] for row in many)


def test_other_is_a_choice_with_its_own_question() -> None:
    session = begin(
        small_form([q("select_one town or_other", "t")], [{key: row[key] for key in row if key != "area"} for row in TOWNS])
    )
    assert names(session, "t")[-1] == "other"
    assert not session.relevant("t_other")
    session.set("t", "other")
    assert session.relevant("t_other")


def test_a_label_of_a_choice_may_hold_answers() -> None:
    choices: list[Row] = [{"list_name": "c", "name": "me", "label": "Tôi là ${who}"}]
    session = begin(small_form([q("text", "who"), q("select_one c", "s")], choices), who="An")
    assert session.question("s").choices == (("me", "Tôi là An"),)
    assert "s" in session.set("who", "Bê")
    assert session.question("s").choices == (("me", "Tôi là Bê"),)


def test_a_map_of_choices_keeps_its_pictures() -> None:
    rows = [{"list_name": "c", "name": "a", "label::vi": "A", "label::en": "Ay", "media::image::vi": "a.png"}]
    form = FormDefinition.parse(convert_with_warnings(workbook([q("select_one c", "s")], rows))[0])
    (choice,) = form.question("s").choices
    assert choice.media["image"].plain("vi").endswith("a.png")
