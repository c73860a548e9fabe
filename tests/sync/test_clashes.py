"""Clashes between real laptops over a real province: both see them, a person settles them, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Conflict, Household, HouseholdMember, Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from tests.sync.laptops import Laptop, RunningProvince, clash
from tests.sync.test_rounds import enrolled

NewLaptop = Callable[..., Laptop]


def test_the_same_field_edited_on_both_offline_is_a_conflict_on_both_until_a_person_settles_it(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    a, b, member_id = clash(province, new_laptop)
    assert a.name(member_id) == b.name(member_id) == "Hồ Thị Mơi"
    for laptop in (a, b):
        (sheet,) = laptop.syncing.conflicts()
        assert (sheet.current.text, sheet.other.text) == ("Hồ Thị Mơi", "Hồ Thị Mờ")
        assert sheet.other.saw == "Hồ Thị Mơ"
        assert sheet.current.saw == "Hồ Thị Mơ"  # also on the laptop that did not write it
        assert (sheet.title, sheet.about, sheet.label) == ("Thành viên Hồ Thị Mơi", "Hộ Hồ Thị Mơi", "Họ và tên")
    b.syncing.settle(b.syncing.conflicts()[0].id, "Hồ Thị Mờ", "đã xem căn cước")
    assert b.name(member_id) == "Hồ Thị Mờ"
    assert not b.syncing.conflicts()
    b.synced()
    a.synced()
    b.synced()
    assert a.name(member_id) == "Hồ Thị Mờ"
    assert not a.syncing.conflicts()
    assert a.store_rows() == b.store_rows()
    (kept,) = a.records.select(Conflict)
    assert (kept.state, kept.chosen, kept.reason, kept.current) == ("resolved", "Hồ Thị Mờ", "đã xem căn cước", "Hồ Thị Mơi")


def test_a_conflict_may_be_settled_with_a_third_value_or_with_the_one_in_use(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    a, b, member_id = clash(province, new_laptop)
    (sheet,) = a.syncing.conflicts()
    a.syncing.settle(sheet.id, a.syncing.understood(sheet.id, " Hồ  Thị Mới "), "hỏi lại chủ hộ")
    a.synced()
    b.synced()
    assert b.name(member_id) == "Hồ Thị Mới"
    assert not b.syncing.conflicts()
    with pytest.raises(KnownProblem, match=r"conflict\.gone"):
        b.syncing.settle(sheet.id, "Hồ Thị Mơi", "muộn rồi")


def test_what_was_on_screen_is_not_claimed_where_nobody_recorded_it(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    """A phone number is merged quietly: its operations do not say what they replaced."""
    a, b = enrolled(province, new_laptop, "a", "b")
    household_id, _ = a.add_household(phone="0912")
    a.synced()
    b.synced()
    a.edit("household", household_id, phone="0913")
    b.edit("household", household_id, phone="0914")
    for laptop in (a, b, a):
        laptop.synced()
    (sheet,) = a.syncing.conflicts()
    assert (sheet.label, sheet.current.saw, sheet.other.saw) == ("Số điện thoại", None, None)


def test_two_who_settle_differently_while_offline_are_again_a_conflict(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b, member_id = clash(province, new_laptop)
    (sheet,) = a.syncing.conflicts()
    a.syncing.settle(sheet.id, "Hồ Thị Mờ", "theo giấy khai sinh")
    b.syncing.settle(sheet.id, "Hồ Thị Mới", "theo căn cước")
    for laptop in (a, b, a):
        laptop.synced()
    assert [sheet.other.text for sheet in a.syncing.conflicts()] == ["Hồ Thị Mới"]
    assert a.name(member_id) == b.name(member_id) == "Hồ Thị Mờ"
    assert a.store_rows() == b.store_rows()


def test_fields_that_are_only_true_together_clash_and_are_settled_together(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    household_id, _ = a.add_household()
    a.synced()
    b.synced()
    a.edit("household", household_id, presence="moved_out", left_on="2026-03-01", left_reason="move_out")
    b.edit("household", household_id, presence="dissolved", left_on="2026-04-02", left_reason="death")
    for laptop in (a, b, a):
        laptop.synced()
    (sheet,) = a.syncing.conflicts()
    assert not sheet.third_possible
    assert "Tình trạng cư trú" in sheet.label
    a.syncing.settle(sheet.id, sheet.other.value, "đã hỏi trưởng thôn")
    a.synced()
    b.synced()
    for laptop in (a, b):
        household = laptop.records.get(Household, household_id)
        assert (household.presence, household.left_on, household.left_reason) == ("dissolved", "2026-04-02", "death")
        assert not laptop.syncing.conflicts()
    assert a.store_rows() == b.store_rows()


@pytest.mark.parametrize("stays", [True, False])
def test_a_deletion_against_an_unseen_edit_waits_for_a_person(
    province: RunningProvince, new_laptop: NewLaptop, stays: bool
) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    _, member_id = a.add_household()
    a.synced()
    b.synced()
    a.edit("household_member", member_id, full_name="Hồ Thị Mới")
    group = b.records.new_group()
    b.records.save(Save(group, "b", b.records.base(), [Change("d", "household_member", member_id, 1)]))
    for laptop in (a, b, a):
        laptop.synced()
    (sheet,) = b.syncing.conflicts()
    assert "xoá bản ghi" in (sheet.current.text, sheet.other.text)
    assert b.name(member_id) == "Hồ Thị Mới"
    side = sheet.current if stays else sheet.other
    b.syncing.settle(sheet.id, side.value, "đã đối chiếu sổ hộ khẩu")
    b.synced()
    a.synced()
    for laptop in (a, b):
        assert (laptop.records.get(HouseholdMember, member_id) is not None) is stays
        assert not laptop.syncing.conflicts()
    assert a.store_rows() == b.store_rows()


@pytest.mark.parametrize("stays", [True, False])
def test_an_edit_of_a_record_that_somebody_deleted_brings_it_back_only_when_a_person_says_so(
    province: RunningProvince, new_laptop: NewLaptop, stays: bool
) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    _, member_id = a.add_household()
    a.synced()
    b.synced()
    group = a.records.new_group()
    a.records.save(Save(group, "a", a.records.base(), [Change("d", "household_member", member_id, 1)]))
    b.edit("household_member", member_id, full_name="Hồ Thị Mới")
    for laptop in (a, b, a):
        laptop.synced()
    (sheet,) = a.syncing.conflicts()
    assert a.records.get(HouseholdMember, member_id) is None
    assert sheet.title == "Thành viên Hồ Thị Mơ"  # by the name it had when it was deleted
    assert sheet.current.saw == ""  # who deletes decides on no value
    a.syncing.settle(sheet.id, sheet.other.value if stays else sheet.current.value, "đã hỏi trưởng thôn")
    a.synced()
    b.synced()
    for laptop in (a, b):
        found = laptop.records.get(HouseholdMember, member_id)
        assert (found.full_name if found else None) == ("Hồ Thị Mới" if stays else None)
        assert not laptop.syncing.conflicts()
    assert a.store_rows() == b.store_rows()


def test_a_clash_names_the_officer_of_the_other_laptop(province: RunningProvince, new_laptop: Callable[..., Laptop]) -> None:
    a, b = new_laptop("a"), new_laptop("b")
    _, member_id = a.add_household("Hồ Thị Mơ")
    a.workspace.settings.put("officer_name", "Đinh Văn Sơn")
    for laptop in (a, b, a):
        if laptop.store.enrolled() is None:
            laptop.enrol(province, named=True)
        laptop.synced()
    a.edit("household_member", member_id, full_name="Hồ Thị Mơi")
    b.edit("household_member", member_id, full_name="Hồ Thị Mờ")
    for laptop in (a, b):
        laptop.synced()
    (sheet,) = b.syncing.conflicts()
    assert sheet.current.who == "Đinh Văn Sơn"


def test_a_clash_over_a_line_of_a_repeat_says_whether_the_line_is_there(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = new_laptop("a"), new_laptop("b")
    household_id, _ = a.add_household("Hồ Thị Mơ")
    group = a.records.new_group()
    form = {"form_id": "f", "form_version": "1", "form_hash": "0" * 64, "standard_id": "s", "area_class": "rural"}
    survey, of = op_id(group, 1), {"round_id": op_id(group, 9), "household_id": household_id}
    a.records.save(Save(group, "a", a.records.base(), [Change("c", "survey", survey, 1, form | of)]))
    for laptop in (a, b):
        laptop.enrol(province)
        laptop.synced()
    keys = ("answers.house/animals/0001-a1b2c3", "answers.house/note")
    for laptop, mark in ((a, "+"), (b, "-")):
        change = Change("u", "survey", survey, 1, dict.fromkeys(keys, mark), dict.fromkeys(keys))
        laptop.records.save(Save(laptop.records.new_group(), "u", laptop.records.base(), [change]))
    for laptop in (a, b):
        laptop.synced()
    typed, line = sorted(b.syncing.conflicts(), key=lambda sheet: sheet.third_possible, reverse=True)
    assert line.label == "Một dòng của bảng “house/animals”"
    assert (line.current.text, line.other.text) == ("dòng này có", "dòng này không còn")
    assert (line.third_possible, typed.third_possible, typed.other.text) == (False, True, "-")
    b.syncing.settle(line.id, line.other.value, "đã hỏi chủ hộ")
    assert b.records.get(Survey, survey).answers["house/animals/0001-a1b2c3"] == "-"
