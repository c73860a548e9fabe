"""Every answer whose question still exists goes along; the rest is told, and stays stored."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poverty_desktop.forms import FormDefinition
from poverty_desktop.forms.carrying import CarriedAnswers, carry
from poverty_desktop.forms.release import convert
from tests.forms.making import Row, q
from tests.release.conftest import TOILET, small

ROWS = [
    q("text", "remark", label="Remark"),
    q("select_one toilet", "toilet", label="Latrine"),
    q("select_multiple toilet", "seen", label="Seen"),
    q("integer", "rooms", label="Rooms"),
    q("calculate", "twice", calculation="${rooms} * 2"),
    q("begin_repeat", "people", label="People"),
    q("text", "nick", label="Called"),
    q("begin_repeat", "loans", label="Loans"),
    q("decimal", "amount", label="Amount"),
    q("end_repeat", "loans"),
    q("end_repeat", "people"),
]
ANSWERS = {
    "remark": "Nhà dài",
    "toilet": "vip",
    "seen": "vip none",
    "rooms": "3",
    "twice": "6",
    "people/m1/nick": "Mơ",
    "people/m1/loans/l7/amount": "12.5",
}


def form(rows: list[Row], choices: list[Row] = TOILET, version: str = "2") -> FormDefinition:
    return FormDefinition.parse(convert(small(rows, choices, version)))


@pytest.fixture(scope="module")
def old() -> FormDefinition:
    return form(ROWS, version="1")


def told(found: CarriedAnswers) -> list[tuple[str, str, str, str]]:
    return [(one.key, one.label, one.value, one.why) for one in found.left]


def changed(name: str, **columns: str) -> list[Row]:
    return [{**row, **columns} if row["name"] == name and row["type"] != "end_repeat" else row for row in ROWS]


def test_everything_goes_along_to_a_form_that_asks_the_same(old: FormDefinition) -> None:
    found = carry(old, form(ROWS), ANSWERS)
    assert found.answers == {key: text for key, text in ANSWERS.items() if key != "twice"}  # computed anew
    assert (found.left, found.aside) == ((), {})


def test_a_question_that_is_gone_is_told_with_label_and_answer_and_kept_aside(old: FormDefinition) -> None:
    found = carry(old, form([row for row in ROWS if row["name"] not in ("toilet", "nick")]), ANSWERS)
    assert told(found) == [("toilet", "Latrine", "VIP", "gone"), ("people/m1/nick", "Called", "Mơ", "gone")]
    assert found.aside == {"left/1/toilet": "vip", "left/1/people/m1/nick": "Mơ"}


def test_an_answer_follows_its_question_into_another_group(old: FormDefinition) -> None:
    rows = [q("begin_group", "house", label="House"), *ROWS[:4], q("end_group", "house"), *ROWS[5:]]
    found = carry(old, form(rows), ANSWERS)
    assert found.answers["house/toilet"] == "vip"
    assert found.places["rooms"] == "house/rooms"
    assert found.left == ()


def test_an_empty_answer_goes_along_where_it_keeps_a_default_out() -> None:
    rows = [{**q("text", "remark", label="Remark"), "default": "none"}, q("text", "toilet", label="Latrine")]
    before, emptied = form(rows, version="1"), {"remark": "", "toilet": ""}
    found = carry(before, form(rows), emptied)
    assert (found.answers, found.left, found.aside) == ({"remark": ""}, (), {})
    assert carry(before, form([rows[0] | {"default": ""}, rows[1]]), emptied).answers == {}
    assert carry(before, form(rows[1:]), emptied).left == ()


def test_nested_repeats_keep_their_people_and_lines(old: FormDefinition) -> None:
    rows = [{**row, "name": {"people": "members", "loans": "debts"}.get(row["name"], row["name"])} for row in ROWS]
    found = carry(old, form(rows), ANSWERS)
    assert found.answers["members/m1/nick"] == "Mơ"
    assert found.answers["members/m1/debts/l7/amount"] == "12.5"


def test_an_answer_never_leaves_or_enters_a_repeat(old: FormDefinition) -> None:
    rows = [*ROWS[:6], ROWS[0], *ROWS[7:], ROWS[6]][1:]
    found = carry(old, form(rows), ANSWERS)
    assert {one[0] for one in told(found)} == {"remark", "people/m1/nick"}


@pytest.mark.parametrize(
    ("name", "kind", "stays"),
    [("rooms", "decimal", True), ("rooms", "text", True), ("toilet", "select_multiple toilet", True), ("toilet", "text", True),
     ("rooms", "date", False), ("remark", "integer", False), ("seen", "select_one toilet", False), ("toilet", "integer", False)],
)  # fmt: skip
def test_a_kind_that_takes_the_answer_keeps_it(old: FormDefinition, name: str, kind: str, stays: bool) -> None:
    found = carry(old, form(changed(name, type=kind)), ANSWERS)
    assert (name in found.answers) == stays
    assert [one[3] for one in told(found)] == ([] if stays else ["kind"])


def test_a_choice_that_is_no_longer_offered_is_told_and_the_others_stay(old: FormDefinition) -> None:
    found = carry(old, form(ROWS, TOILET[:1]), ANSWERS | {"toilet": "none"})
    assert found.answers["seen"] == "vip"
    assert told(found) == [("toilet", "Latrine", "None", "choice"), ("seen", "Seen", "None", "choice")]


def test_an_answer_to_what_is_computed_now_is_told(old: FormDefinition) -> None:
    found = carry(old, form(changed("rooms", calculation="4")), ANSWERS)
    assert told(found) == [("rooms", "Rooms", "3", "computed")]


def test_what_was_set_aside_before_stays_aside(old: FormDefinition) -> None:
    assert carry(old, form(ROWS), {"left/0/colour": "red"}).aside == {"left/0/colour": "red"}


def test_an_empty_line_stays_where_its_repeat_stays(old: FormDefinition) -> None:
    lines = {"people/m3": "+", "people/m2": "-"}
    assert carry(old, form(ROWS, version="2"), lines).answers == lines
    without = carry(old, form([row for row in ROWS if row["type"] not in ("begin_repeat", "end_repeat")]), lines)
    assert (without.answers, without.aside, without.left) == ({}, {}, ())


KEYS = [*ANSWERS, "people/m2/nick", "left/0/x", "nowhere"]
TEXTS = ["vip", "3", "none vip", "x"]


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(TEXTS)), st.sets(st.sampled_from(range(4))))
def test_no_answer_is_ever_lost(answers: dict[str, str], dropped: set[int]) -> None:
    old, new = LOADED["old"], LOADED[tuple(sorted(dropped))]
    found = carry(old, new, answers)
    kept = {key for key in answers if key in found.places}
    aside = {key.removeprefix("left/1/") for key in found.aside}
    assert set(answers) - {"twice"} <= kept | aside
    assert {key.removeprefix("left/1/") for key in found.aside if key.startswith("left/1/")} == {one.key for one in found.left}


class _Forms(dict):
    """Forms by what they lack, made when first asked for."""

    def __missing__(self, lacks):
        rows = ROWS if lacks == "old" else [row for at, row in enumerate(ROWS) if at not in lacks and (at != 4 or 3 not in lacks)]
        self[lacks] = form(rows, version="1" if lacks == "old" else "2")
        return self[lacks]


LOADED = _Forms()
