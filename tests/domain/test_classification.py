"""The class of a household under the standard in force (standards.md sections 2 and 4)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.classification import STATES, classify, explain
from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts

REFERENCE = load_reference()
STANDARD = REFERENCE.standard("mdp_2022_2025")
NUMBERS = [str(number) for number in range(1, 13)]
states = st.fixed_dictionaries({number: st.sampled_from(STATES) for number in NUMBERS})


def answers(deprived: int = 0, not_asked: int = 0) -> dict[str, str]:
    words = ["deprived"] * deprived + ["not_asked"] * not_asked
    return dict(zip(NUMBERS, words + ["not_deprived"] * (12 - len(words)), strict=True))


@pytest.mark.parametrize(
    ("area", "b1", "deprived", "expected"),
    [
        ("rural", 140, 3, "poor"),
        ("rural", 140, 2, "near_poor"),
        ("rural", 141, 12, "not_poor"),
        ("urban", 175, 3, "poor"),
        ("urban", 176, 3, "not_poor"),
        ("urban", 141, 0, "near_poor"),
    ],
)
def test_class_at_the_cut_offs(area: str, b1: int, deprived: int, expected: str) -> None:
    found = classify(STANDARD, area, b1, "typed", answers(deprived))
    assert found.household_class == expected
    assert found.b2_score == deprived * 10
    assert found.b2_complete
    assert found.distance == b1 - (140 if area == "rural" else 175)


@pytest.mark.parametrize(
    ("b1", "deprived", "not_asked", "expected"),
    [
        (141, 0, 12, "not_poor"),  # B1 above the cut-off decides alone
        (100, 3, 9, "poor"),  # already three
        (100, 0, 2, "near_poor"),  # two open ones cannot make three
        (100, 2, 1, None),
        (100, 0, 3, None),
        (100, 0, 12, None),
    ],
)
def test_no_class_while_an_open_indicator_could_change_it(b1: int, deprived: int, not_asked: int, expected: str | None) -> None:
    found = classify(STANDARD, "rural", b1, "typed", answers(deprived, not_asked))
    assert found.household_class == expected
    assert not found.b2_complete


@given(st.integers(0, 300), st.sampled_from(["rural", "urban"]), states)
def test_a_class_once_given_holds_whatever_the_open_answers_become(b1: int, area: str, given_states: dict[str, str]) -> None:
    first = classify(STANDARD, area, b1, "points", given_states).household_class
    for answer in ("deprived", "not_deprived", "not_applicable"):
        filled = {number: answer if state == "not_asked" else state for number, state in given_states.items()}
        last = classify(STANDARD, area, b1, "points", filled)
        assert last.household_class is not None
        assert first in (None, last.household_class)
        assert last.b2_score == sum(one.points for one in last.contributions) <= 120


def test_not_applicable_is_not_deprived_but_told_apart_from_not_asked() -> None:
    applicable = {**answers(2), "3": "not_applicable", "6": "not_applicable"}
    assert classify(STANDARD, "rural", 100, "typed", applicable).household_class == "near_poor"
    assert classify(STANDARD, "rural", 100, "typed", {}).household_class is None


def test_missing_b1_or_area_gives_no_class_and_says_which() -> None:
    texts = load_texts("vi")
    for area, b1, word in (("rural", None, "B1"), (None, 100, "khu vực")):
        found = classify(STANDARD, area, b1, None, answers(5))
        assert found.household_class is None
        assert found.distance is None
        assert word in found.reasons[0].sentence(texts)


def test_a_standard_without_cut_offs_gives_no_class_and_says_what_it_lacks() -> None:
    """2027-2030: no circular with method and cut-offs was found (standards.md section 5): undecided, and nothing is made up."""
    found = classify(REFERENCE.standard("mdp_2027_2030"), "rural", 100, "typed", answers(3))
    assert (found.household_class, found.cutoff, found.distance) == (None, None, None)
    assert found.lacks == ("b1_cutoffs", "b2_rule")
    assert found.rule["undecided"] == ["b1_cutoffs", "b2_rule"]
    for language in ("vi", "en"):
        texts = load_texts(language)  # type: ignore[arg-type]
        assert all("2027-2030" in reason.sentence(texts) for reason in found.reasons)


def test_a_standard_with_cut_offs_for_one_area_only_decides_nothing_in_the_other() -> None:
    rural_only = replace(STANDARD, b1_cutoffs={"rural": 140})
    assert classify(rural_only, "rural", 100, "typed", answers(3)).household_class == "poor"
    assert classify(rural_only, "urban", 100, "typed", answers(3)).lacks == ("b1_cutoffs",)


def test_standard_is_refused_outside_its_dates() -> None:
    assert classify(STANDARD, "rural", 100, "typed", answers(3), on="2026-12-31").household_class == "poor"
    with pytest.raises(KnownProblem, match=r"standard\.outside_dates"):
        classify(STANDARD, "rural", 100, "typed", answers(3), on="2027-01-01")


def test_the_stored_rule_carries_all_that_was_used_and_no_fractions() -> None:
    rule = classify(STANDARD, "urban", 100, "typed", answers(3)).rule
    assert (rule["standard"], rule["b1_cutoff"], rule["b2_least"], rule["b1_source"]) == ("mdp_2022_2025", 175, 30, "typed")
    assert rule["b2_points"] == dict.fromkeys(NUMBERS, 10)
    assert "float" not in {type(value).__name__ for value in rule.values()}


def test_a_changed_standard_changes_the_judgement_not_the_code() -> None:
    stricter: PovertyStandard = replace(STANDARD, b1_cutoffs={"rural": 90}, b2_poor_min=50)
    assert classify(stricter, "rural", 90, "typed", answers(5)).household_class == "poor"
    assert classify(stricter, "rural", 90, "typed", answers(4)).household_class == "near_poor"


def test_an_unknown_state_is_a_bug_not_a_guess() -> None:
    with pytest.raises(ValueError, match="maybe"):
        classify(STANDARD, "rural", 100, "typed", {"1": "maybe"})


def test_the_explanation_names_each_indicator_with_state_and_reason() -> None:
    found = classify(STANDARD, "rural", 100, "typed", {**answers(3), "12": "not_applicable"})
    panel = explain(STANDARD, found, {"1": "Đinh Văn Sơn: đang tìm việc"}, previous_class="near_poor")
    assert [line.indicator.no for line in panel.lines] == list(range(1, 13))
    assert panel.lines[0].because == "Đinh Văn Sơn: đang tìm việc"
    assert (panel.lines[0].points, panel.lines[11].state) == (10, "not_applicable")
    assert [line.indicator.no for line in panel.deprived] == [1, 2, 3]
    assert panel.not_asked == ()
    assert panel.changed
    for language in ("vi", "en"):
        texts = load_texts(language)  # type: ignore[arg-type]
        assert all(reason.sentence(texts) for reason in found.reasons)
