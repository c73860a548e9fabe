"""Rounds of real laptops with a real province over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Conflict, Household, HouseholdMember
from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.messages import Ack, opened
from poverty_desktop.services.ports import Change, Save
from tests.sync.laptops import Laptop, RunningProvince, clash

NewLaptop = Callable[..., Laptop]


def enrolled(province: RunningProvince, new_laptop: NewLaptop, *names: str) -> list[Laptop]:
    laptops = [new_laptop(name) for name in names]
    for laptop in laptops:
        laptop.enrol(province)
    return laptops


def test_what_one_laptop_saved_stands_on_a_fresh_second_one(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = new_laptop("a"), new_laptop("b")
    household_id, member_id = a.add_household("Hồ Thị Mơ", phone="0912345678")
    a.enrol(province)
    first = a.synced()
    assert (first.sent, first.received, dict(first.counts)) == (2, 0, {"applied": 2})
    b.enrol(province)
    assert b.synced().received == 2
    assert b.records.get(Household, household_id).phone == "0912345678"
    assert b.records.get(HouseholdMember, member_id).full_name == "Hồ Thị Mơ"
    assert a.store_rows() == b.store_rows()
    assert [line.id for line in b.workspace.lists.households("ho thi mo").lines] == [household_id]


def test_a_round_with_nothing_to_do_is_one_question_while_the_session_lives(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    (a,) = enrolled(province, new_laptop, "a")
    a.synced()
    again = a.synced()
    assert (again.round_trips, again.sent, again.received) == (1, 0, 0)


def test_the_receipt_is_what_the_province_signed_for_this_packet(province: RunningProvince, new_laptop: NewLaptop) -> None:
    (a,) = enrolled(province, new_laptop, "a")
    a.add_household()
    receipt = a.synced().receipt
    assert receipt is not None
    assert dict(receipt.counts) == {"applied": 2}
    key = a.store.enrolled().province_key
    ack = opened(Ack, receipt.proof[0].encode(), lambda text, signature: signatures.verify(key, text, signature))
    assert ack.packet[:8].upper() == receipt.number.replace("-", "")[:8]
    assert a.syncing.state().receipt == receipt


def test_edits_of_different_fields_meet_without_a_conflict(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    household_id, _ = a.add_household()
    a.synced()
    b.synced()
    a.edit("household", household_id, phone="0911111111")
    b.edit("household", household_id, note="nhà ở cuối suối")
    for laptop in (a, b, a):
        laptop.synced()
    assert a.store_rows() == b.store_rows()
    assert (b.phone(household_id), a.records.get(Household, household_id).note) == ("0911111111", "nhà ở cuối suối")
    assert not a.syncing.conflicts()


def test_the_same_field_edited_on_both_offline_is_a_conflict_on_both_until_a_person_settles_it(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    a, b, member_id = clash(province, new_laptop)
    assert a.name(member_id) == b.name(member_id) == "Hồ Thị Mơi"
    for laptop in (a, b):
        (sheet,) = laptop.syncing.conflicts()
        assert (sheet.current.text, sheet.other.text) == ("Hồ Thị Mơi", "Hồ Thị Mờ")
        assert sheet.other.saw == "Hồ Thị Mơ"
        assert (sheet.title, sheet.label) == ("Thành viên Hồ Thị Mơi", "Họ và tên")
    assert a.syncing.conflicts()[0].current.saw == "Hồ Thị Mơ"
    assert b.syncing.conflicts()[0].current.saw is None
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
    a.syncing.settle(sheet.id, sheet.other.value if stays else sheet.current.value, "đã hỏi trưởng thôn")
    a.synced()
    b.synced()
    for laptop in (a, b):
        found = laptop.records.get(HouseholdMember, member_id)
        assert (found.full_name if found else None) == ("Hồ Thị Mới" if stays else None)
        assert not laptop.syncing.conflicts()
    assert a.store_rows() == b.store_rows()


def test_own_waiting_work_stays_on_top_of_what_arrives(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    household_id, _ = a.add_household(phone="1")
    a.synced()
    b.synced()
    a.edit("household", household_id, phone="2", note="từ máy a")
    a.synced()
    b.edit("household", household_id, phone="3")
    entries = b.link.log(b.store.enrolled().stream, b.store.standing().cursor, 1 << 20, "x").entries
    b.store.take_in(1, entries)
    found = b.records.get(Household, household_id)
    assert (found.phone, found.note) == ("3", "từ máy a")


def test_fields_of_a_newer_program_survive_in_the_store(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    household_id, _ = a.add_household()
    a.synced()
    with_unknown = {"solar_panels": 2, "phone": "0900000000"}
    _send_by_newer_program(a, household_id, with_unknown)
    a.synced()
    b.synced()
    base = json.loads(b.workspace.database.value("SELECT base FROM sync_rec WHERE rec_id = ?", (household_id,)))
    assert base["solar_panels"] == 2
    b.edit("household", household_id, note="sửa ở máy cũ")
    b.synced()
    a.synced()
    assert a.store_rows() == b.store_rows()
    assert b.phone(household_id) == "0900000000"


def _send_by_newer_program(laptop: Laptop, household_id: str, fields: dict[str, object]) -> None:
    """An operation with a field that our record does not have, put into the lane as a newer program would."""
    from dataclasses import replace

    from poverty_desktop.protocol.chains import step
    from poverty_desktop.protocol.identity import op_id

    standing = laptop.store.standing()
    group = laptop.records.new_group()
    before = laptop.store.own_operations(1, 1)[0]
    operation = replace(
        before, op=op_id(group, 1), group=group, number=1, kind="u", record_id=household_id, fields=fields, seen=None,
        base_rev=standing.cursor.rev, base_epoch=standing.cursor.epoch,
    )  # fmt: skip
    body = operation.canonical()
    chain = step(standing.lane_chain, body)
    enrolled = laptop.store.enrolled()
    with laptop.workspace.database.transaction() as connection:
        connection.execute(
            "INSERT INTO sync_op (sid, inc, seq, op_id, grp, entity, rec_id, kind, body, chain, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'u', ?, ?, ?)",
            (enrolled.stream, enrolled.incarnation, standing.lane_last + 1, operation.op, group, "household", household_id,
             body.decode(), chain, operation.at),
        )  # fmt: skip
        connection.execute("UPDATE sync_lane SET last_seq = last_seq + 1, chain = ?", (chain,))


def test_a_record_that_cannot_be_shown_is_kept_and_the_rest_goes_on(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    household_id, member_id = a.add_household()
    a.synced()
    entries = b.link
    b.link.authenticate(b.store.enrolled(), "n")
    page = entries.log(b.store.enrolled().stream, b.store.standing().cursor, 1 << 20, "n").entries
    broken = page[0].model_copy(update={"effect": {**page[0].effect, "has_merit_member": {"not": "a flag"}}})
    taken = b.store.take_in(1, [broken, *page[1:]])
    assert taken.unprojected == 1
    assert b.records.get(Household, household_id) is None
    assert b.records.get(HouseholdMember, member_id) is not None
    assert b.workspace.database.value("SELECT proj_error FROM sync_rec WHERE rec_id = ?", (household_id,))


def test_where_everything_is_follows_from_the_operations_alone(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a = new_laptop("a")
    household_id, member_id = a.add_household()
    assert (a.store.places().on_laptop, a.store.standing().waiting) == (2, 2)
    a.enrol(province)
    a.synced()
    assert (a.store.places().in_province, a.store.standing().waiting) == (2, 0)
    fresh, _ = a.add_household()
    assert (a.store.places().on_laptop, a.store.places().in_province) == (2, 2)
    assert (a.syncing.place_of([household_id, member_id]), a.syncing.place_of([fresh])) == ("in_province", "on_laptop")
    a.edit("household_member", member_id, full_name="Tên mới")
    assert a.syncing.place_of([household_id, member_id]) == "on_laptop"


def test_a_stop_between_packets_keeps_what_is_done(province: RunningProvince, new_laptop: NewLaptop, monkeypatch) -> None:
    monkeypatch.setattr("poverty_desktop.storage.outbox.RAW_BYTES", 600)
    (a,) = enrolled(province, new_laptop, "a")
    for _ in range(6):
        a.add_household()
    heard = []
    report = a.round(progress=heard.append, stop=lambda: any(one.phase == "push" and one.done > 2 for one in heard))
    assert report.outcome == "stopped"
    assert 0 < report.sent < 12
    assert a.store.standing().waiting == 12 - report.sent
    assert a.synced().sent == 12 - report.sent
    assert {one.phase for one in heard} >= {"probe", "auth", "hello", "push"}


def test_what_is_saved_while_a_round_runs_goes_with_it_or_with_the_next(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = enrolled(province, new_laptop, "a", "b")
    a.add_household()
    made: list[str] = []

    def save_meanwhile(progress: object) -> None:
        if len(made) < 3:
            made.append(a.add_household()[0])

    a.synced()
    assert a.round(progress=save_meanwhile).outcome == "done"
    a.synced()
    b.synced()
    assert all(b.records.get(Household, household_id) for household_id in made)
    assert a.store_rows() == b.store_rows()


def test_what_the_province_holds_back_stays_visible_here(province: RunningProvince, new_laptop: NewLaptop) -> None:
    """An operation taken into custody keeps the officer's value on screen (sync.md 3.17)."""
    (a,) = enrolled(province, new_laptop, "a")
    household_id, _ = a.add_household(phone="1")
    a.synced()
    a.edit("household", household_id, phone="2")
    (operation,) = a.store.own_operations(3, 3)
    head = a.store.standing().cursor.rev
    from poverty_desktop.protocol.log import LogEntry

    entry = LogEntry(
        rev=head + 1, op=operation.op, lane=1, seq=3, kind="u", entity="household", record_id=household_id,
        group=operation.group, user=operation.user, at=operation.at, outcome="quarantined",
    )  # fmt: skip
    a.store.take_in(1, [entry])
    assert a.phone(household_id) == "2"
    assert a.workspace.lists.work(None).quarantined == 1


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
