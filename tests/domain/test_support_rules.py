"""Eligibility on the decision date and warnings about giving twice (support.md sections 2 and 6)."""

from __future__ import annotations

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, Household, HouseholdShare, SupportBatch, SupportLine
from poverty_desktop.domain.support_rules import Earlier, check_presence, check_twice, eligibility, refuse_excess, remaining
from poverty_desktop.system.resources import load_texts


def entry(day: str, household_class: str) -> ClassRecord:
    return ClassRecord(id=day, household_id="h", household_class=household_class, effective_on=day)


def earlier(decided_on: str) -> Earlier:
    batch = SupportBatch(
        id="b", commune_code="21289", batch_no="01/2025", name="Bò sinh sản", programme_key="other_local", decided_on=decided_on
    )
    line = SupportLine(id="l", batch_id="b", support_kind="production_animal", item_name="Bò cái", unit="con", quantity=5)
    share = HouseholdShare(id="s", line_id="l", batch_id="b", household_id="h", quantity=1, receiver_name="Đinh Văn Sơn")
    return Earlier(share, line, batch)


def test_the_class_on_the_decision_date_decides_not_todays() -> None:
    entries = [entry("2021-12-20", "poor"), entry("2024-12-15", "not_poor")]
    assert eligibility(entries, "2024-12-14").class_on_decision == "poor"
    newly = eligibility(entries, "2026-11-23")
    assert (newly.class_on_decision, newly.eligible) == ("newly_escaped_poverty", True)
    late = eligibility(entries, "2028-01-01")
    assert (late.class_on_decision, late.eligible) == ("not_poor", False)
    assert eligibility([], "2026-01-01").eligible is False


def test_a_second_support_of_the_kind_names_the_first() -> None:
    warnings = check_twice([earlier("2025-06-01")], "other", "2026-11-23", is_house=False)
    sentence = warnings[0].sentence(load_texts("vi"))
    assert all(word in sentence for word in ("01/2025", "Bò sinh sản", "01/06/2025", "Đinh Văn Sơn"))
    assert check_twice([earlier("2025-06-01")], "l", "2026-11-23", is_house=False) == []


def test_the_window_is_a_setting_and_a_house_is_once_for_ever() -> None:
    old = [earlier("2015-06-01")]
    assert check_twice(old, "x", "2026-11-23", is_house=False) == []
    assert check_twice(old, "x", "2026-11-23", is_house=False, window_months=240)[0].code == "same_kind"
    assert check_twice(old, "x", "2026-11-23", is_house=True)[0].code == "house_twice"


def test_a_household_that_left_is_warned_about() -> None:
    gone = Household(id="h", commune_code="21289", presence="moved_out", left_on="2026-01-02")
    assert check_presence(gone)[0].code == "household_left"
    assert check_presence(Household(id="h", commune_code="21289")) == []


def test_shares_above_the_line_are_refused_with_the_figures() -> None:
    refuse_excess(18, [2] * 9, "Bò", "con")
    with pytest.raises(KnownProblem, match="share_exceeds_line") as problem:
        refuse_excess(18, [2] * 10, "Bò", "con")
    assert "quá 2 con" in load_texts("vi").problem(problem.value)
    with pytest.raises(KnownProblem, match="share_negative"):
        refuse_excess(18, [-1], "Bò", "con")


def test_what_remains_of_a_line_is_quantity_and_money_by_source() -> None:
    line = SupportLine(
        id="l", batch_id="b", support_kind="other", item_name="x", unit="con", quantity=3, funding={"central_budget": 10}
    )
    share = HouseholdShare(id="s", line_id="l", batch_id="b", household_id="h", quantity=2, funding={"central_budget": 7})
    assert remaining(line, [share]) == (1, {"central_budget": 3})
