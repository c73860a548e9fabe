"""Quality of keying: a sample that can be drawn again, a second keying that sees nothing of the first, differences settled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import DoubleEntry, OfficerAccount, Survey
from poverty_desktop.services.blind_keying import BlindKeying
from poverty_desktop.services.double_comparing import is_same
from poverty_desktop.services.double_entry import DoubleEntries
from poverty_desktop.services.double_sample import draw, size_of
from poverty_desktop.services.double_sampling import Sampling
from tests.fakes import FakeRecords
from tests.review.answers import GOOD_HOUSE, POOR_HOUSE, rural_five
from tests.review.conftest import MO, MO_S, SON, Commune, an_id
from tests.year.conftest import last_year

FIRST, SECOND = "Đinh Văn Sơn", "Hồ Thị Lan"


@dataclass
class RecordedWriters:
    """Who keyed what, from the Saves that were made."""

    records: FakeRecords

    def of_surveys(self, survey_ids: Iterable[str]) -> dict[str, str]:
        wanted = set(survey_ids)
        return {change.record_id: save.user for save, change in self.records.operations if change.record_id in wanted}


def entries_of(commune: Commune) -> DoubleEntries:
    return DoubleEntries(commune.records, commune.settings, commune.clock, commune.service().reading)


def sampling_of(commune: Commune) -> Sampling:
    writers, reading = RecordedWriters(commune.records), commune.service().reading
    return Sampling(commune.records, commune.drafts, commune.lists, commune.settings, writers, reading)


def blind_of(commune: Commune) -> BlindKeying:
    """The second keying as a process that has just been started sees it."""
    blind = BlindKeying(
        commune.records, commune.drafts, commune.lists, commune.settings, commune.clock, commune.reference, commune.forms
    )
    blind.sampling = sampling_of(commune)
    return blind


def at_work(commune: Commune, officer: str) -> None:
    commune.settings.put("officer", officer)


@pytest.fixture
def keyed_once(commune: Commune) -> Commune:
    """A finished survey by the first officer, a sample of it, and the second officer at the laptop."""
    accounts = enumerate((FIRST, SECOND))
    commune.records.put(*(OfficerAccount(id=an_id(800 + place), user_id=who, full_name=who) for place, who in accounts))
    sheet = commune.reviewing.open(MO_S)
    commune.reviewing.keep(sheet.draft.id, paper())
    commune.reviewing.finish(sheet.draft.id)
    sampling_of(commune).draw(percent=5, seed=7)
    at_work(commune, SECOND)
    return commune


def paper(**house: str) -> dict[str, str]:
    return rural_five(POOR_HOUSE | house, 120) | {"identification/surveyed_on": "2026-11-20", "result/cause_other": ""}


def key_blind(commune: Commune, answers: dict[str, str]) -> str:
    blind = blind_of(commune)
    draft = blind.open(MO_S).draft
    blind.keep(draft.id, {key: text or None for key, text in answers.items()})
    blind.finish(draft.id)
    return commune.records.select(DoubleEntry)[0].id


def survey(commune: Commune) -> Survey:
    return commune.records.select(Survey, household_id=MO_S)[-1]


# --- the sample ------------------------------------------------------------------------------------------------------

KEYED = st.dictionaries(st.uuids().map(str), st.sampled_from(["An", "Bình", "Chi"]), min_size=1, max_size=60)


@given(KEYED, st.integers(1, 80), st.integers(0, 10**6))
def test_the_same_seed_draws_the_same_sample_and_everybody_s_work_is_in_it(keyed: dict[str, str], count: int, seed: int) -> None:
    drawn = draw(keyed, count, seed)
    again = draw(dict(reversed(keyed.items())), count, seed)
    assert drawn == again
    assert len(drawn) == len(set(drawn)) == min(count, len(keyed))
    sizes = {who: list(keyed.values()).count(who) for who in keyed.values()}
    got = {who: sum(keyed[one] == who for one in drawn) for who in sizes}
    if count >= len(sizes):
        assert all(got.values())
    assert all(abs(got[who] - len(drawn) * sizes[who] / len(keyed)) < 2 for who in sizes)


def test_who_keyed_a_single_survey_is_in_a_small_sample_of_many() -> None:
    keyed = {"a": "An", "b": "Chi", **{f"c{number}": "Bình" for number in range(50)}}
    assert {keyed[one] for one in draw(keyed, 3, 0)} == {"An", "Bình", "Chi"}


def test_per_cent_is_rounded_up_and_at_least_one() -> None:
    assert (size_of(200, 5, None), size_of(3, 5, None), size_of(0, 5, None), size_of(10, None, 50)) == (10, 1, 0, 10)


def test_the_sample_is_remembered(keyed_once: Commune) -> None:
    line = sampling_of(keyed_once).sample()[0]
    assert (line.household_id, line.first_by, line.state) == (MO_S, FIRST, "waiting")
    assert sampling_of(keyed_once).seed() == 7


def test_nothing_finished_gives_no_sample(commune: Commune) -> None:
    with pytest.raises(KnownProblem, match="nothing_finished"):
        sampling_of(commune).draw(percent=5, seed=1)


def test_who_keyed_first_cannot_key_the_second_time(keyed_once: Commune) -> None:
    at_work(keyed_once, FIRST)
    assert sampling_of(keyed_once).sample()[0].state == "mine"
    with pytest.raises(KnownProblem, match=r"double_entry\.own"):
        blind_of(keyed_once).open(MO_S)


# --- keying blind ----------------------------------------------------------------------------------------------------


def test_nothing_of_the_first_keying_last_year_or_the_class_reaches_the_blind_paper(keyed_once: Commune) -> None:
    last_year(keyed_once)
    sheet = blind_of(keyed_once).open(MO_S)
    typed = {key: text for key, text in sheet.session.answers().items() if text}
    register = {"full_name", "sex", "birth_date", "relation_to_head", "area_class", "commune", "village", "household_code"}
    assert {key.rsplit("/", 1)[-1] for key in typed} <= register | {"province", "b1_region"}
    assert (sheet.last, sheet.survey, dict(sheet.carried)) == (None, None, {})
    assert (sheet.line.household_class, sheet.line.survey_class) == (None, None)
    assert "24" not in json.dumps([sheet.draft.opened, sheet.draft.values])


def test_a_blind_draft_survives_the_process_and_is_its_keyer_s_own(keyed_once: Commune) -> None:
    blind = blind_of(keyed_once)
    blind.keep(blind.open(MO_S).draft.id, {"house/floor_area": "42"})
    assert blind_of(keyed_once).open(MO_S).session.value("house/floor_area") == "42"
    assert sampling_of(keyed_once).sample()[0].state == "begun"
    at_work(keyed_once, "Y Blôi")
    assert blind_of(keyed_once).open(MO_S).session.value("house/floor_area") == ""
    assert keyed_once.reviewing.open(MO_S).session.value("house/floor_area") == "24"  # the survey itself knows nothing of it


def test_a_blind_paper_with_gaps_is_not_ended(keyed_once: Commune) -> None:
    blind = blind_of(keyed_once)
    draft = blind.open(MO_S).draft
    blind.keep(draft.id, {"house/floor_area": "42"})
    with pytest.raises(KnownProblem, match="unfinished"):
        blind.finish(draft.id)
    assert keyed_once.drafts.get(draft.id) is not None


def test_two_equal_keyings_have_nothing_to_settle(keyed_once: Commune) -> None:
    entry = entries_of(keyed_once).open(key_blind(keyed_once, paper()))
    assert entry.differences == ()
    assert entry.compared > 30
    assert sampling_of(keyed_once).sample()[0].state == "settled"
    with pytest.raises(KnownProblem, match=r"double_entry\.done"):
        blind_of(keyed_once).open(MO_S)


def test_ways_of_writing_are_no_difference() -> None:
    assert is_same("decimal", "24", "24.0")
    assert is_same("select_multiple", "tv smartphone", "smartphone tv")
    assert is_same("text", "Hồ  Thị Lan ", "Hồ Thị Lan")
    assert not is_same("text", "Ho Thi Lan", "Hồ Thị Lan")
    assert not is_same("integer", "", "0")


# --- differences -----------------------------------------------------------------------------------------------------


def differing(commune: Commune) -> str:
    other = paper(floor_area="42") | {f"roster/{SON}/malnourished": "yes", "b1/b1_score": "138"}
    return key_blind(commune, other)


def test_every_difference_is_listed_with_both_values_in_words(keyed_once: Commune) -> None:
    sheet = entries_of(keyed_once).open(differing(keyed_once))
    told = {one.key: (one.first_words, one.second_words) for one in sheet.differences}
    assert told == {
        f"roster/{SON}/malnourished": ("2 Không", "1 Có"),
        "house/floor_area": ("24", "42"),
        "b1/b1_score": ("120", "138"),
    }
    assert sheet.differences[0].label.startswith("Đinh Văn Đông: ")
    assert (sheet.first_by, sheet.second_by) == (FIRST, SECOND)


def test_the_survey_changes_only_when_the_last_difference_is_settled_and_keeps_the_reasons(keyed_once: Commune) -> None:
    entry, entries = differing(keyed_once), entries_of(keyed_once)
    entries.settle(entry, f"roster/{SON}/malnourished", "no", "Đúng theo phiếu giấy")
    entries.settle(entry, "house/floor_area", "42", "Người nhập đầu đọc nhầm")
    assert survey(keyed_once).answers["house/floor_area"] == "24"
    entries.settle(entry, "b1/b1_score", "139", "Cộng lại trên phiếu: 139")
    stored = survey(keyed_once)
    assert (stored.answers["house/floor_area"], stored.b1_score, stored.household_class) == ("42", 139, "poor")
    assert stored.field_notes == {"house/floor_area": "Người nhập đầu đọc nhầm", "b1/b1_score": "Cộng lại trên phiếu: 139"}
    assert stored.answers[f"roster/{SON}/malnourished"] == "no"
    settled = keyed_once.records.get(DoubleEntry, entry)
    assert settled is not None
    assert settled.state == "settled"
    assert settled.settlement["house/floor_area"]["by"] == SECOND


def test_a_correction_made_since_the_first_keying_is_not_undone_by_settling_for_the_first(keyed_once: Commune) -> None:
    entry, entries = key_blind(keyed_once, paper(floor_area="42") | {"b1/b1_score": "138"}), entries_of(keyed_once)
    sheet = keyed_once.reviewing.open(MO_S)
    keyed_once.reviewing.keep(sheet.draft.id, {"house/floor_area": "25"})
    keyed_once.reviewing.finish(sheet.draft.id)
    entries.settle(entry, "house/floor_area", "24", "Người nhập đầu đúng")
    entries.settle(entry, "b1/b1_score", "138", "Theo phiếu giấy")
    stored = survey(keyed_once)
    assert (stored.answers["house/floor_area"], stored.b1_score) == ("25", 138)


def test_a_difference_is_not_settled_without_a_reason(keyed_once: Commune) -> None:
    entry = differing(keyed_once)
    with pytest.raises(KnownProblem, match="reason_missing"):
        entries_of(keyed_once).settle(entry, "house/floor_area", "42", "  ")


def test_settled_answers_never_leave_a_finished_survey_with_gaps(keyed_once: Commune) -> None:
    """The second keyer says that the boy does not work: what depends on it would be open."""
    entry = key_blind(keyed_once, paper() | {f"roster/{MO}/can_work": "no"})
    entries = entries_of(keyed_once)
    keys = [one.key for one in entries.open(entry).differences]
    assert keys == [f"roster/{MO}/{name}" for name in ("can_work", "activity", "employment")]
    for key, value in zip(keys[:2], ("yes", "employed"), strict=True):
        entries.settle(entry, key, value, "Theo phiếu giấy")
    with pytest.raises(KnownProblem, match="leaves_gaps"):
        entries.settle(entry, keys[2], "", "Theo phiếu giấy")
    entries.settle(entry, keys[2], "self_employed_agri", "Theo phiếu giấy")
    assert survey(keyed_once).state == "finished"


def test_a_recognised_survey_is_not_changed_any_more(keyed_once: Commune) -> None:
    entry = key_blind(keyed_once, paper(floor_area="42"))
    keyed_once.reviewing.recognise(keyed_once.reviewing.current_round().id, "215/QĐ-UBND", "2026-12-10")
    entries = entries_of(keyed_once)
    with pytest.raises(KnownProblem, match=r"review\.recognised"):
        entries.settle(entry, "house/floor_area", "42", "Theo phiếu giấy")
    entries.settle(entry, "house/floor_area", "24", "Theo phiếu giấy")
    assert survey(keyed_once).answers["house/floor_area"] == "24"


def test_error_rates_go_by_who_keyed_first_and_by_question(keyed_once: Commune) -> None:
    compared = entries_of(keyed_once).open(differing(keyed_once)).compared
    officers, questions = entries_of(keyed_once).rates()
    assert [(rate.name, rate.surveys, rate.compared, rate.differing) for rate in officers] == [(FIRST, 1, compared, 3)]
    assert questions[0].differing == 1
    assert sum(rate.differing for rate in questions) == 3
    assert sum(rate.compared for rate in questions) == compared


def test_a_colleague_s_second_keying_from_another_laptop_stands_in_the_list(keyed_once: Commune) -> None:
    differing(keyed_once)
    keyed_once.settings.put("double_entry.sample", {})
    line = sampling_of(keyed_once).sample()[0]
    assert (line.household_id, line.state, line.to_settle) == (MO_S, "open", 3)
    assert GOOD_HOUSE
