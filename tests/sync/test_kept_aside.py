"""What the province keeps aside, on real laptops and a real province: told, corrected and sent again, or given up."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Draft, Save
from tests.sync.laptops import COMMUNE, Laptop, RunningProvince
from tests.sync.test_rounds import enrolled

NewLaptop = Callable[..., Laptop]


def save(laptop: Laptop, *changes: tuple[str, str, str, dict]) -> None:
    """One Save of (kind, entity, record, fields)."""
    group = laptop.records.new_group()
    numbered = [Change(kind, entity, record, n, fields) for n, (kind, entity, record, fields) in enumerate(changes, 1)]
    laptop.records.save(Save(group, laptop.workspace.officer.id, laptop.records.base(), numbered))


@pytest.fixture
def aside(province: RunningProvince, new_laptop: NewLaptop) -> tuple[Laptop, str, str]:
    """A Save with a household of another commune, which the province keeps aside, and the phone and a name in the same Save."""
    (laptop,) = enrolled(province, new_laptop, "a")
    household_id, member_id = laptop.add_household()
    laptop.synced()
    save(
        laptop,
        ("u", "household", household_id, {"commune_code": "99999", "phone": "0912345678"}),
        ("u", "household_member", member_id, {"full_name": "Hồ Thị Mới"}),
    )
    laptop.synced()
    return laptop, household_id, member_id


def given_up(laptop: Laptop) -> list[tuple[str, ...]]:
    return laptop.workspace.database.rows("SELECT given_up_by, given_up_why FROM sync_custody WHERE given_up_at IS NOT NULL")


def test_a_save_kept_aside_stays_visible_and_is_told_once_with_its_reason(aside: tuple[Laptop, str, str]) -> None:
    laptop, household_id, member_id = aside
    (sheet,) = laptop.syncing.attending.sheets()
    assert (sheet.title, sheet.reason, sheet.others) == ("Hộ Hồ Thị Mới", "scope", 1)
    told = [(field.label, field.sent) for field in sheet.fields]
    assert told == [("Mã xã", "99999"), ("Số điện thoại", "0912345678")]
    assert sheet.place == ("household", {"household_id": household_id})
    assert (laptop.phone(household_id), laptop.name(member_id)) == ("0912345678", "Hồ Thị Mới")
    assert laptop.syncing.state().kept_aside == 1


def test_a_correction_takes_the_whole_save_along_in_the_next_round(
    aside: tuple[Laptop, str, str], province: RunningProvince, new_laptop: NewLaptop
) -> None:
    laptop, household_id, member_id = aside
    laptop.edit("household", household_id, commune_code=COMMUNE)
    assert laptop.syncing.attending.sheets()[0].reason == "scope"
    laptop.synced()
    assert laptop.syncing.attending.sheets() == []
    assert laptop.syncing.state().kept_aside == 0
    (other,) = enrolled(province, new_laptop, "b")
    other.synced()
    for one in (laptop, other):
        assert (one.phone(household_id), one.name(member_id)) == ("0912345678", "Hồ Thị Mới")
        assert one.records.get(Household, household_id).commune_code == COMMUNE
    assert laptop.store_rows() == other.store_rows()
    assert laptop.workspace.verify().faults == []


def test_a_correction_stands_on_the_screen_also_when_it_comes_back_before_it_was_sent_again(
    aside: tuple[Laptop, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The officer saves while a round is on its way: the correction goes with that round, the rest of the Save with the next."""
    laptop, household_id, _ = aside
    monkeypatch.setattr(laptop.syncing.attending, "send_corrected", lambda: 0)
    laptop.edit("household", household_id, phone="0987654321", commune_code=COMMUNE)
    laptop.synced()
    laptop.synced()
    assert laptop.phone(household_id) == "0987654321"
    (sheet,) = laptop.syncing.attending.sheets()
    assert [(field.sent, field.now) for field in sheet.fields] == [("99999", COMMUNE), ("0912345678", "0987654321")]
    assert sheet.corrected


def test_what_is_given_up_leaves_the_screen_with_the_reason_kept_and_told_to_the_province(
    aside: tuple[Laptop, str, str],
) -> None:
    laptop, household_id, member_id = aside
    (sheet,) = laptop.syncing.attending.sheets()
    laptop.syncing.attending.give_up(sheet.id, "ghi nhầm hộ")
    assert (laptop.phone(household_id), laptop.name(member_id)) == (None, "Hồ Thị Mơ")
    assert laptop.syncing.attending.sheets() == []
    assert given_up(laptop) == [(laptop.workspace.officer.id, "ghi nhầm hộ")] * 2
    with pytest.raises(KnownProblem, match=r"attention\.gone"):
        laptop.syncing.attending.give_up(sheet.id, "lần nữa")
    laptop.synced()
    rows = laptop.workspace.database.rows("SELECT entry FROM sync_inlog")
    (told,) = [json.loads(entry) for (entry,) in rows if '"k":"r"' in entry]
    assert told["why"] == "ghi nhầm hộ"
    assert laptop.phone(household_id) is None
    assert laptop.workspace.verify().faults == []


def test_a_household_that_was_never_made_is_sent_again_under_another_id_with_all_that_stands_on_it(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    household_id, _ = a.add_household("Hồ Thị Mơ", commune_code="99999")
    a.synced()
    save(a, ("u", "household", household_id, {"phone": "0912345678"}))
    group = a.records.new_group()
    later = Change("c", "household_member", op_id(group, 1), 1, {"household_id": household_id, "full_name": "Hồ Văn Lớn"})
    a.records.save(Save(group, a.workspace.officer.id, a.records.base(), [later]))
    a.synced()
    assert a.syncing.attending.sheets()[0].others == 2
    a.edit("household", household_id, commune_code=COMMUNE)
    a.synced()
    b.synced()
    (household,) = b.records.select(Household)
    assert household.id != household_id
    assert (household.phone, household.commune_code) == ("0912345678", COMMUNE)
    names = {one.full_name for one in b.records.select(HouseholdMember, household_id=household.id)}
    assert names == {"Hồ Thị Mơ", "Hồ Văn Lớn"}
    assert [one.id for one in a.records.select(Household)] == [household.id]
    assert a.syncing.attending.sheets() == []
    assert a.store_rows() == b.store_rows()
    assert a.workspace.verify().faults == []


def test_while_its_form_is_open_a_new_record_is_not_given_another_id(province: RunningProvince, new_laptop: NewLaptop) -> None:
    (laptop,) = enrolled(province, new_laptop, "a")
    household_id, _ = laptop.add_household("Hồ Thị Mơ", commune_code="99999")
    laptop.synced()
    laptop.edit("household", household_id, commune_code=COMMUNE)
    base = laptop.records.base()
    laptop.workspace.drafts.open(Draft("0" * 36, "household", household_id, "Hộ", laptop.workspace.officer.id, base))
    with pytest.raises(KnownProblem, match=r"attention\.open_form"):
        laptop.syncing.attending.send_again(laptop.syncing.attending.sheets()[0].id)
    laptop.synced()
    assert laptop.records.get(Household, household_id) is not None
    laptop.workspace.drafts.drop("0" * 36)
    laptop.synced()
    assert laptop.syncing.attending.sheets() == []


def test_a_released_save_needs_nobody_any_more(province: RunningProvince, new_laptop: NewLaptop) -> None:
    """An edit that came before its record waits; when the record arrives the province applies it by itself."""
    a, b = enrolled(province, new_laptop, "a", "b")
    group = b.records.new_group()
    coming = op_id(group, 1)
    household_id, _ = a.add_household()
    save(a, ("u", "household", household_id, {"village_id": coming, "note": "đợi"}))
    a.synced()
    assert a.syncing.attending.sheets() == []
