"""Cows from two sources for ten households: the money adds up, doubts name the earlier record, hand-overs can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.money import add_up, total
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, Household, HouseholdMember, HouseholdShare, Village
from poverty_desktop.services.supporting import Supporting
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts
from tests.fakes import FakeClock, FakeLists, FakeRecords, FakeSettings

REFERENCE = load_reference()
PAPER = {
    "name": "Bò cái sinh sản",
    "programme_key": "ntp_poverty_2021_2025",
    "decision_no": "45/QĐ-UBND",
    "decided_on": "2026-11-10",
}
FUNDING = {"central_budget": 240_000_007, "commune_budget": 60_000_002}
COWS = {"support_kind": "production_animal", "item_name": "Bò cái", "unit": "con", "quantity": 18, "funding": FUNDING}


class Commune:
    def __init__(self) -> None:
        self.records = FakeRecords()
        self.records.put(Village(id="v1", commune_code="21289", name="Làng Rề"))
        for number in range(10):
            key = f"h{number}"
            self.records.put(
                Household(id=key, commune_code="21289", village_id="v1"),
                HouseholdMember(id=f"m{number}", household_id=key, full_name=f"Đinh Văn {number}", relation_to_head=1),
                ClassRecord(id=f"c{number}", household_id=key, household_class="poor", effective_on="2026-01-01"),
            )
        settings = FakeSettings(commune_code="21289", officer="lan")
        self.supporting = Supporting(self.records, FakeLists(self.records), FakeClock(), REFERENCE, settings)

    def batch(self, *lines: dict[str, Any], **paper: Any) -> tuple[str, str]:
        batch_id = self.supporting.create({**PAPER, **paper}, lines or (COWS,))
        return batch_id, self.supporting.batch(batch_id).lines[0].line.id

    def share(self, line_id: str, household: str) -> HouseholdShare:
        return self.records.select(HouseholdShare, line_id=line_id, household_id=household)[0]


@pytest.fixture
def commune() -> Commune:
    return Commune()


def test_eighteen_cows_for_ten_households_add_up_to_the_dong(commune: Commune) -> None:
    batch_id, line_id = commune.batch()
    commune.supporting.set_shares(line_id, [(f"h{n}", 2 if n < 8 else 1) for n in range(10)])
    sheet = commune.supporting.batch(batch_id)
    shares = [row.share for row in sheet.lines[0].shares]
    assert add_up([share.funding for share in shares]) == FUNDING
    assert (sheet.lines[0].remaining, total(sheet.lines[0].remaining_money)) == (0, 0)
    assert sheet.value == 300_000_009
    assert {share.class_on_decision for share in shares} == {"poor"}
    assert [row.head_name for row in sheet.lines[0].shares][:2] == ["Đinh Văn 0", "Đinh Văn 1"]
    assert sheet.batch.batch_no == "01/2026"


def test_cows_not_given_out_keep_their_money(commune: Commune) -> None:
    batch_id, line_id = commune.batch()
    commune.supporting.set_shares(line_id, [("h0", 5), ("h1", 4)])
    line = commune.supporting.batch(batch_id).lines[0]
    assert line.remaining == 9
    assert add_up([*(row.share.funding for row in line.shares), line.remaining_money]) == FUNDING


def test_a_share_exceeding_its_line_is_refused_and_nothing_changes(commune: Commune) -> None:
    _, line_id = commune.batch()
    commune.supporting.set_shares(line_id, [("h0", 2)])
    before = len(commune.records.operations)
    with pytest.raises(KnownProblem, match=r"support\.share_exceeds_line"):
        commune.supporting.set_shares(line_id, [("h0", 10), ("h1", 9)])
    assert len(commune.records.operations) == before
    assert commune.share(line_id, "h0").quantity == 2


def test_shares_can_be_changed_and_dropped_until_they_are_received(commune: Commune) -> None:
    _, line_id = commune.batch()
    commune.supporting.set_shares(line_id, [("h0", 1), ("h1", 1)])
    first = commune.share(line_id, "h0").id
    commune.supporting.set_shares(line_id, [("h0", 2), ("h2", 1)])
    assert commune.share(line_id, "h0").id == first
    assert {share.household_id for share in commune.records.select(HouseholdShare)} == {"h0", "h2"}
    commune.supporting.hand_over(first, "signed")
    for wanted in ([("h2", 1)], [("h0", 3), ("h2", 1)]):
        with pytest.raises(KnownProblem, match=r"support\.share_already_received"):
            commune.supporting.set_shares(line_id, wanted)


@given(st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(0, 10**9))
def test_a_rounding_never_touches_what_was_handed_over(quantities: list[int], amount: int) -> None:
    commune = Commune()
    _, line_id = commune.batch({**COWS, "funding": {"central_budget": amount, "mobilised": 7}})
    commune.supporting.set_shares(line_id, [("h0", 2)])
    share = commune.share(line_id, "h0")
    commune.supporting.hand_over(share.id, "fingerprint")
    commune.supporting.set_shares(line_id, [("h0", 2), *((f"h{n}", quantity) for n, quantity in enumerate(quantities, 1))])
    assert commune.share(line_id, "h0").funding == share.funding
    line = commune.supporting.batch(share.batch_id).lines[0]
    given_out = add_up([*(row.share.funding for row in line.shares), line.remaining_money])
    assert given_out == {"central_budget": amount, "mobilised": 7}


def test_saving_the_same_shares_twice_writes_nothing(commune: Commune) -> None:
    _, line_id = commune.batch()
    commune.supporting.set_shares(line_id, [("h0", 2), ("h1", 1)])
    before = len(commune.records.operations)
    commune.supporting.set_shares(line_id, [("h0", 2), ("h1", 1)])
    assert len(commune.records.operations) == before


def test_a_second_cow_names_the_first_and_wants_a_reason(commune: Commune) -> None:
    _, first_line = commune.batch(decided_on="2025-06-01", decision_no="7/QĐ-UBND", batch_no="ĐỢT 1")
    commune.records.put(ClassRecord(id="c-old", household_id="h0", household_class="poor", effective_on="2024-01-01"))
    commune.supporting.set_shares(first_line, [("h0", 1)])
    _, line_id = commune.batch()
    done = commune.supporting.set_shares(line_id, [("h0", 1), ("h1", 1)])
    assert done.warnings["h1"] == ()
    sentence = done.warnings["h0"][0].sentence(load_texts("vi"))
    assert all(word in sentence for word in ("ĐỢT 1", "7/QĐ-UBND", "01/06/2025", "Đinh Văn 0"))
    share = commune.share(line_id, "h0").id
    with pytest.raises(KnownProblem, match=r"support\.reason_needed"):
        commune.supporting.hand_over(share, "signed")
    commune.supporting.hand_over(share, "absent")
    with pytest.raises(KnownProblem, match=r"support\.reason_missing"):
        commune.supporting.give_reason(share, " ")
    commune.supporting.give_reason(share, "Bò trước đã chết vì dịch")
    commune.supporting.hand_over(share, "signed", "2026-11-20")
    kept = commune.share(line_id, "h0")
    assert (kept.receipt, kept.received_on, kept.override_reason) == ("signed", "2026-11-20", "Bò trước đã chết vì dịch")


def test_the_class_on_the_decision_date_is_kept_and_checked(commune: Commune) -> None:
    commune.records.put(ClassRecord(id="x", household_id="h3", household_class="not_poor", effective_on="2026-11-01"))
    commune.records.put(Household(id="h99", commune_code="21289"))
    _, line_id = commune.batch()
    done = commune.supporting.set_shares(line_id, [("h3", 1), ("h99", 1)])
    assert commune.share(line_id, "h3").class_on_decision == "newly_escaped_poverty"
    assert done.warnings["h3"] == ()
    assert [warning.code for warning in done.warnings["h99"]] == ["not_eligible"]
    assert "10/11/2026" in done.warnings["h99"][0].sentence(load_texts("vi"))


def test_a_house_is_given_once_whatever_the_kind_of_work(commune: Commune) -> None:
    house = {
        "support_kind": "housing_new",
        "item_name": "Nhà ở",
        "unit": "nhà",
        "quantity": 1,
        "funding": {"mobilised": 60_000_000},
    }
    _, old = commune.batch(house, decided_on="2015-06-01")
    commune.supporting.set_shares(old, [("h0", 1)])
    _, line_id = commune.batch({**house, "support_kind": "housing_repair"})
    assert [warning.code for warning in commune.supporting.warnings("h0", line_id)] == ["house_twice"]


def test_a_hand_over_can_be_taken_back(commune: Commune) -> None:
    batch_id, line_id = commune.batch()
    commune.supporting.set_shares(line_id, [("h0", 1), ("h1", 1)])
    share = commune.share(line_id, "h0").id
    commune.supporting.hand_over(share, "fingerprint")
    assert commune.supporting.batch(batch_id).receipts == {"pending": 1, "signed": 0, "fingerprint": 1, "absent": 0}
    commune.supporting.take_back(share)
    kept = commune.share(line_id, "h0")
    assert (kept.receipt, kept.received_on) == ("pending", None)
    with pytest.raises(KnownProblem, match=r"support\.received_in_future"):
        commune.supporting.hand_over(share, "signed", "2026-12-24")


@pytest.mark.parametrize(
    ("paper", "lines", "code"),
    [
        ({"name": ""}, (COWS,), "support.batch_incomplete"),
        ({}, (), "support.no_lines"),
        ({}, ({**COWS, "unit": ""},), "support.line_incomplete"),
        ({}, ({**COWS, "funding": {"central_budget": 1.5}},), "support.not_whole"),
        ({}, ({**COWS, "quantity": -1},), "support.not_whole"),
    ],
)
def test_an_incomplete_batch_is_refused_in_one_sentence(commune: Commune, paper: Any, lines: Any, code: str) -> None:
    with pytest.raises(KnownProblem) as problem:
        commune.supporting.create({**PAPER, **paper}, lines)
    assert problem.value.code == code
    assert load_texts("vi").problem(problem.value)
    assert commune.supporting.batches() == []


def test_the_signature_list_holds_every_share_in_order(commune: Commune) -> None:
    batch_id, line_id = commune.batch()
    commune.supporting.set_shares(line_id, [("h4", 2), ("h1", 1)])
    sheet = commune.supporting.signature_list(batch_id)
    assert [(row.receiver, row.village, row.quantity, row.unit) for row in sheet.rows] == [
        ("Đinh Văn 4", "Làng Rề", 2, "con"),
        ("Đinh Văn 1", "Làng Rề", 1, "con"),
    ]
    assert sheet.value == sum(total(share.funding) for share in commune.records.select(HouseholdShare))
    assert sheet.programme_name.startswith("Chương trình MTQG")


def test_one_household_twice_in_a_line_is_refused(commune: Commune) -> None:
    _, line_id = commune.batch()
    with pytest.raises(KnownProblem, match=r"support\.household_twice_in_line"):
        commune.supporting.set_shares(line_id, [("h0", 1), ("h0", 1)])
    with pytest.raises(KnownProblem, match=r"support\.gone"):
        commune.supporting.batch("nothing")
