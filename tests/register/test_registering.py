"""Registering: what is typed is kept, what is saved is only what changed."""

from __future__ import annotations

import unicodedata

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.services.household_sheet import household_key, member_key

from .conftest import GO_REN, MO, MO_S_HOUSEHOLD, NUOC_NIA, SON, Commune


def a_new_household(commune: Commune, name: str = "Phạm Văn Bia", **more: object) -> str:
    """Draft id of a new household with a head, all typed."""
    draft_id = commune.registering.open().draft.id
    commune.registering.keep(draft_id, {household_key("village_id"): GO_REN})
    head = {"full_name": name, "sex": 1, "birth_date": "1990", "ethnic_group": "19"} | more
    commune.registering.add_member(draft_id, head)
    return draft_id


def test_a_new_household_becomes_one_save_with_the_promised_ids(commune: Commune) -> None:
    draft_id = a_new_household(commune)
    sheet = commune.registering.resume(draft_id)
    commune.registering.save(draft_id)
    household = commune.records.get(Household, sheet.household["id"])
    assert household is not None
    assert (household.commune_code, household.village_id) == ("21289", GO_REN)
    [head] = commune.records.select(HouseholdMember, household_id=household.id)
    assert (head.full_name, head.relation_to_head, head.id) == ("Phạm Văn Bia", 1, sheet.members[0]["id"])
    assert {save.group for save, _ in commune.records.operations} == {draft_id}
    assert commune.drafts.all() == []


def test_saving_an_existing_household_sends_only_the_changed_fields_with_what_was_seen(commune: Commune) -> None:
    draft_id = commune.registering.open(MO_S_HOUSEHOLD).draft.id
    commune.registering.keep(draft_id, {household_key("phone"): "0905999888"})
    commune.registering.keep(draft_id, {member_key(SON, "birth_date"): "2012-03"})
    commune.registering.keep(draft_id, {member_key(SON, "sex"): 2})
    commune.registering.keep(draft_id, {member_key(SON, "sex"): 1})  # typed back: no change
    commune.registering.save(draft_id)
    written = {change.record_id: (dict(change.fields), dict(change.seen)) for _, change in commune.records.operations}
    assert written == {
        MO_S_HOUSEHOLD: ({"phone": "0905999888"}, {"phone": "0905111222"}),
        SON: ({"birth_date": "2012-03"}, {"birth_date": "2012"}),
    }


def test_looking_at_a_household_leaves_no_draft(commune: Commune) -> None:
    draft_id = commune.registering.open(MO_S_HOUSEHOLD).draft.id
    assert commune.drafts.all() == []
    assert commune.registering.save(draft_id) is None
    assert commune.records.operations == []


def test_a_draft_is_found_again_by_a_new_process(commune: Commune) -> None:
    draft_id = a_new_household(commune)
    subject = commune.registering.resume(draft_id).household["id"]
    reborn = commune.service().open(subject)
    assert reborn.draft.id == draft_id
    assert reborn.members[0]["full_name"] == "Phạm Văn Bia"
    assert reborn.is_new


def test_a_red_problem_keeps_the_draft_and_everything_typed(commune: Commune) -> None:
    draft_id = a_new_household(commune, personal_id_number="05118700O123")
    with pytest.raises(KnownProblem, match=r"register\.unfinished"):
        commune.registering.save(draft_id)
    kept = commune.registering.resume(draft_id)
    assert kept.members[0]["personal_id_number"] == "05118700O123"
    assert [one.code for one in kept.blocking] == ["member.id_not_digits"]


def test_a_full_disk_loses_nothing(commune: Commune) -> None:
    draft_id = a_new_household(commune)
    commune.records.disk_is_full = True
    with pytest.raises(KnownProblem, match=r"save\.disk_full"):
        commune.registering.save(draft_id)
    assert commune.service().resume(draft_id).members[0]["full_name"] == "Phạm Văn Bia"


def test_names_are_stored_composed(commune: Commune) -> None:
    draft_id = a_new_household(commune, name=unicodedata.normalize("NFD", "  Hồ  Thị Mơ "))
    assert commune.registering.resume(draft_id).members[0]["full_name"] == "Hồ Thị Mơ"


def test_village_and_ethnic_group_are_carried_to_the_next_new_household(commune: Commune) -> None:
    commune.registering.save(a_new_household(commune, ethnic_group="14"))
    sheet = commune.registering.open()
    assert sheet.household["village_id"] == GO_REN
    commune.registering.add_member(sheet.draft.id, {"full_name": "Y Blôi"})
    assert commune.registering.resume(sheet.draft.id).members[0]["ethnic_group"] == "14"


def test_the_proposed_code_is_free_and_local(commune: Commune) -> None:
    assert commune.registering.open().household["household_code"] == "21289-0002"


def test_a_row_taken_off_before_the_save_is_never_sent(commune: Commune) -> None:
    draft_id = a_new_household(commune)
    wrong = commune.registering.add_member(draft_id, {"full_name": "Nhầm"})
    commune.registering.remove_member(draft_id, wrong, "removed")
    kept = commune.registering.add_member(draft_id, {"full_name": "Phạm Thị Xa"})
    commune.registering.save(draft_id)
    assert wrong not in commune.records.bodies
    assert kept in commune.records.bodies


def test_a_member_who_died_stays_in_the_records_and_can_be_brought_back(commune: Commune) -> None:
    draft_id = commune.registering.open(MO_S_HOUSEHOLD).draft.id
    commune.registering.remove_member(draft_id, SON, "died")
    assert [row["id"] for row in commune.registering.resume(draft_id).members] == [MO]
    commune.registering.restore_member(draft_id, SON)
    assert commune.registering.save(draft_id) is None
    commune.registering.remove_member(again := commune.registering.open(MO_S_HOUSEHOLD).draft.id, SON, "died")
    commune.registering.save(again)
    member = commune.records.get(HouseholdMember, SON)
    assert member is not None
    assert (member.presence, member.left_on) == ("died", "2026-11-23")


def test_discarded_typing_can_be_brought_back(commune: Commune) -> None:
    draft_id = a_new_household(commune)
    commune.registering.discard(draft_id)
    assert commune.drafts.all() == []
    assert commune.service().restore(draft_id).members[0]["full_name"] == "Phạm Văn Bia"


def test_somebody_with_the_same_number_is_named(commune: Commune) -> None:
    draft_id = a_new_household(commune, personal_id_number="051187000123")
    member_id = commune.registering.resume(draft_id).members[0]["id"]
    [twin] = commune.registering.similar(draft_id, member_id)
    assert (twin.reason, twin.full_name, twin.household_code) == ("personal_id", "Hồ Thị Mơ", "H-01")


@pytest.mark.parametrize(("village", "found"), [(GO_REN, 1), (NUOC_NIA, 0)])
def test_the_same_name_and_birth_year_in_the_village_is_a_doubt(commune: Commune, village: str, found: int) -> None:
    draft_id = a_new_household(commune, name="Ho Thi Mo", birth_date="1987")
    commune.registering.keep(draft_id, {household_key("village_id"): village})
    member_id = commune.registering.resume(draft_id).members[0]["id"]
    assert [one.reason for one in commune.registering.similar(draft_id, member_id)] == ["name_and_year"] * found


def test_after_a_change_from_elsewhere_both_values_are_kept_for_the_officer(commune: Commune) -> None:
    draft_id = commune.registering.open(MO_S_HOUSEHOLD).draft.id
    commune.registering.keep(draft_id, {household_key("phone"): "0905999888"})
    commune.records.bodies[MO_S_HOUSEHOLD][1]["phone"] = "0905333444"
    with pytest.raises(KnownProblem, match=r"save\.changed_underneath"):
        commune.registering.save(draft_id)
    sheet = commune.registering.take_current(draft_id)
    assert sheet.draft.opened[household_key("phone")] == "0905333444"
    assert sheet.household["phone"] == "0905999888"
    commune.registering.save(draft_id)
    household = commune.records.get(Household, MO_S_HOUSEHOLD)
    assert household is not None
    assert household.phone == "0905999888"


def test_the_history_names_the_class_of_earlier_years(commune: Commune) -> None:
    [entry] = commune.registering.history(MO_S_HOUSEHOLD)
    assert (entry.kind, entry.day, entry.facts["household_class"]) == ("class", "2026-01-01", "poor")
