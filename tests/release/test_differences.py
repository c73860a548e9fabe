"""What changed between two versions, in data and in words."""

from __future__ import annotations

from typing import Any

import pytest

from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.differences import differences
from poverty_desktop.forms.release import convert
from poverty_desktop.forms.xform import TONE_NAMESPACE
from poverty_desktop.services.release_words import difference_words
from poverty_desktop.system.resources import load_texts
from tests.forms.making import Row, q
from tests.release.conftest import ROWS, TOILET, small

NAMESPACES = f'pd="{TONE_NAMESPACE}"'
ANEW = {"bind::pd:changes": "yes", "bind::pd:tone": "amber", "constraint": ". > 0"}


def form(rows: list[Row] = ROWS, choices: list[Row] = TOILET, **settings: str) -> FormDefinition:
    return FormDefinition.parse(convert(small(rows, choices, **settings)))


def changed(name: str, **columns: str) -> list[Row]:
    return [{**row, **columns} if row["name"] == name else row for row in ROWS]


def kinds(after: FormDefinition, before: FormDefinition | None = None) -> list[tuple[Any, ...]]:
    found = differences(before or form(), after)
    return [(one["kind"], one["path"], *(one[name] for name in ("part", "choice", "column") if name in one)) for one in found]


def test_a_form_does_not_differ_from_itself_under_another_version() -> None:
    assert differences(form(), form(version="2")) == []


def test_questions_added_and_removed_are_told_by_name_and_label() -> None:
    after = form([row for row in ROWS if row["name"] != "rooms"] + [q("text", "remark", label="Remark")])
    assert kinds(after) == [("added", "remark"), ("removed", "rooms")]
    assert difference_words(differences(form(), after), load_texts("en")) == ["Added remark “Remark”", "Removed rooms “Rooms”"]


def test_a_question_that_stands_elsewhere_moved() -> None:
    assert kinds(form([ROWS[2], ROWS[0], ROWS[1]])) == [("moved", "rooms")]
    grouped = [ROWS[0], q("begin_group", "house"), *ROWS[1:], q("end_group", "house")]
    assert kinds(form(grouped)) == [("added", "house"), ("moved", "house/toilet"), ("moved", "house/rooms")]
    assert differences(form(), form(grouped))[1]["from"] == "toilet"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"label": "Number of rooms"}, ("words", "rooms", "label")),
        ({"hint": "Count them"}, ("words", "rooms", "hint")),
        ({"relevant": "${toilet} = 'vip'"}, ("logic", "rooms", "relevant")),
        ({"required": "yes"}, ("logic", "rooms", "required")),
        ({"constraint": ". > 0"}, ("logic", "rooms", "constraint")),
        ({"calculation": "1 + 1"}, ("logic", "rooms", "calculate")),
        ({"constraint": ". > 0", "bind::pd:tone": "amber"}, ("logic", "rooms", "tone")),
        ({"bind::pd:changes": "yes"}, ("logic", "rooms", "changes")),
        ({"type": "range", "parameters": "start=0 end=9 step=1"}, ("logic", "rooms", "range")),
        ({"type": "decimal"}, ("kind", "rooms")),
    ],
)
def test_each_change_of_a_question_is_told(columns: dict[str, str], expected: tuple[str, ...]) -> None:
    assert expected in kinds(form(changed("rooms", **columns), namespaces=NAMESPACES))


def test_changes_of_choices_and_points_are_told() -> None:
    after = form(
        choices=[{**TOILET[0], "label": "Pit"}, {"list_name": "toilet", "name": "septic", "label": "Septic", "points_rural": "5"}]
    )
    assert kinds(after) == [
        ("choice_words", "toilet", "vip"),
        ("choice_added", "toilet", "septic"),
        ("points", "toilet", "septic", "points_rural"),
        ("choice_removed", "toilet", "none"),
    ]


def test_title_and_official_are_told() -> None:
    after = form(**{"form_title": "Visit 2", "attribute::official": "no"})
    assert [one[0] for one in kinds(after)] == ["title", "official"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_difference_has_words(language: str) -> None:
    after = form(
        [*changed("rooms", type="decimal", label="Count", relevant="${toilet} = 'vip'", **ANEW)[1:], q("text", "remark")],
        TOILET[:1],
        form_title="V",
        namespaces=NAMESPACES,
    )
    texts = load_texts("vi" if language == "vi" else "en")
    assert all("“" in one or "V" in one for one in difference_words(differences(form(), after), texts))


def test_a_form_in_one_language_names_no_language_in_its_differences() -> None:
    before, after = (form([q("text", "a", label=label)], []) for label in ("Name", "Names"))
    told = difference_words(differences(before, after), load_texts("en"))
    assert told == ["Changed the label of a “Names”: Name → Names"]
