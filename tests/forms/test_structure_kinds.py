"""What is an answer of each kind: ODK XForms specification, "Data Types" and "Body Elements"."""

from __future__ import annotations

from decimal import Decimal

import pytest

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession, Range
from tests.forms.making import TODAY, q, small_form

COLOURS = [{"list_name": "c", "name": name, "label": name.title()} for name in ("red", "green", "blue")]
KINDS = small_form(
    [
        q("text", "text"),
        q("integer", "integer"),
        q("decimal", "decimal"),
        q("range", "whole", parameters="start=1 end=10 step=3"),
        q("range", "part", parameters="start=0 end=1 step=0.25"),
        q("range", "down", parameters="start=10 end=0 step=5"),
        q("date", "date"),
        q("time", "time"),
        q("dateTime", "moment"),
        q("select_one c", "one"),
        q("select_multiple c", "many"),
        q("rank c", "rank"),
        q("acknowledge", "seen"),
        q("barcode", "barcode"),
        q("geopoint", "point"),
        q("geotrace", "line"),
        q("geoshape", "shape"),
        q("image", "photo", parameters="max-pixels=640"),
        q("audio", "sound"),
        q("video", "film"),
        q("file", "paper") | {"body::accept": ".pdf,.xlsx"},
        q("note", "note"),
        q("hidden", "hidden", default="7"),
    ],
    COLOURS,
)
RING = "15 108; 15.1 108; 15.1 108.1"


def fault(name: str, text: str) -> str | None:
    session = FormSession(KINDS, {name: text}, today=TODAY)
    problem = session.question(name).problem
    return problem.code.removeprefix("forms.") if problem else None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("whole", "integer"),
        ("part", "decimal"),
        ("time", "time"),
        ("moment", "datetime"),
        ("rank", "rank"),
        ("seen", "acknowledge"),
        ("barcode", "barcode"),
        ("point", "geopoint"),
        ("line", "geotrace"),
        ("shape", "geoshape"),
        ("photo", "image"),
        ("sound", "audio"),
        ("film", "video"),
        ("paper", "file"),
        ("note", "note"),
        ("hidden", "hidden"),
    ],
)
def test_each_type_of_xlsform_has_its_kind(name: str, kind: str) -> None:
    assert KINDS.question(name).kind == kind


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("whole", "1"),
        ("whole", "10"),
        ("part", "0.75"),
        ("down", "5"),
        ("time", "07:30"),
        ("time", "23:59:59.123+07:00"),
        ("moment", "2026-11-22T07:30:00.000+07:00"),
        ("moment", "2026-11-22T07:30"),
        ("rank", "blue red green"),
        ("seen", "OK"),
        ("barcode", "8934 …/?"),
        ("point", "15.12 108.8"),
        ("point", "-15.12 108.8 12.5 4"),
        ("line", "15 108;15.1 108.2 0 0"),
        ("shape", f"{RING}; 15 108"),
        ("photo", "ảnh nhà.jpg"),
        ("paper", "giấy.pdf"),
        ("text", "-"),
    ],
)
def test_an_answer_of_its_kind_is_accepted(name: str, text: str) -> None:
    assert fault(name, text) is None


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("integer", "1.5", "not_an_integer"),
        ("integer", "٣", "not_an_integer"),
        ("decimal", "1,5", "not_a_number"),
        ("whole", "2", "off_the_scale"),
        ("whole", "13", "off_the_scale"),
        ("whole", "two", "not_an_integer"),
        ("part", "0.3", "off_the_scale"),
        ("down", "-5", "off_the_scale"),
        ("time", "7:30", "not_a_time"),
        ("time", "25:00", "not_a_time"),
        ("moment", "2026-11-22", "not_a_moment"),
        ("moment", "2026-02-30T07:30", "not_a_moment"),
        ("moment", "2026-11-22 07:30", "not_a_moment"),
        ("one", "red green", "not_a_choice"),
        ("rank", "blue red", "not_a_whole_ranking"),
        ("rank", "blue red red", "not_a_whole_ranking"),
        ("rank", "blue red pink", "not_a_choice"),
        ("seen", "yes", "not_an_acknowledgement"),
        ("point", "91 108", "not_a_point"),
        ("point", "15", "not_a_point"),
        ("point", "15 108 1 2 3", "not_a_point"),
        ("line", "15 108", "not_a_line"),
        ("shape", RING, "not_a_shape"),
        ("photo", "../x.jpg", "not_a_file_name"),
        ("paper", "C:\\x.pdf", "not_a_file_name"),
    ],
)
def test_what_is_not_an_answer_of_its_kind_is_stored_and_told(name: str, text: str, code: str, texts: Texts) -> None:
    assert fault(name, text) == code
    session = FormSession(KINDS, {name: text}, today=TODAY)
    assert session.answers()[name] == text
    (problem,) = session.problems()
    assert problem.kind == "type"
    for language in ("vi", "en"):
        assert "{" not in problem.sentence(texts.in_language(language))


def test_a_scale_is_told_with_its_limits(texts: Texts) -> None:
    (problem,) = FormSession(KINDS, {"part": "2"}, today=TODAY).problems()
    assert problem.sentence(texts.in_language("en")) == "This must be a number from 0 to 1 in steps of 0.25."
    state = FormSession(KINDS, {}, today=TODAY).question("part")
    assert state.range == Range(Decimal(0), Decimal(1), Decimal("0.25"))


def test_what_a_screen_needs_of_the_control_is_passed_on() -> None:
    row = q("text", "t", appearance="multiline w4") | {"body::rows": "6"}
    page = q("begin_group", "g", appearance="field-list")
    form = small_form([row, page, q("image", "i", appearance="draw"), q("end_group", "")])
    assert form.question("t").attributes == {"rows": "6"}
    assert form.question("t").appearance == "multiline w4"
    assert form.sections[1].appearance == "field-list"
    state = FormSession(KINDS, {}, today=TODAY).question("photo")
    assert (state.max_pixels, FormSession(KINDS, {}, today=TODAY).question("paper").accept) == (640, ".pdf,.xlsx")


def test_metadata_fill_themselves_in_once_and_stay() -> None:
    rows = [q(kind, kind) for kind in ("start", "end", "today", "deviceid", "username", "phonenumber", "email")]
    form = small_form([*rows, q("audit", "audit"), q("text", "a")])
    known = {"deviceid": "laptop-7", "username": "an", "phonenumber": "0905", "email": "an@example.vn"}
    session = FormSession(form, {}, today=TODAY, metadata=known)
    assert session.value("start").startswith("2026-11-23T00:00:00")
    assert [session.value(name) for name in ("today", *known)] == ["2026-11-23", *known.values()]
    again = FormSession(form, session.answers(), today=TODAY.replace(year=2030), metadata={"deviceid": "other"})
    assert (again.value("today"), again.value("deviceid")) == ("2026-11-23", "laptop-7")
    assert [key for section in session.sections() for key in section.keys] == ["a"]


def test_a_required_question_that_nobody_can_answer_is_not_missing() -> None:
    form = small_form([q("note", "n", required="yes"), q("text", "t", required="yes")])
    assert FormSession(form, {}, today=TODAY).missing() == ["t"]


def test_every_kind_is_opened_kept_and_opened_again() -> None:
    given = {"rank": "blue red green", "point": "15 108", "seen": "OK", "photo": "a.jpg", "time": "07:30"}
    session = FormSession(KINDS, given, today=TODAY)
    again = FormSession(KINDS, session.answers(), today=TODAY)
    assert again.answers() == session.answers() == given | {"hidden": "7"}
