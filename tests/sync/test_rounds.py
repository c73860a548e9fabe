"""Rounds of real laptops with a real province over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable

from poverty_desktop.domain.records import Household, HouseholdMember
from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.messages import Ack, opened
from tests.sync.laptops import Laptop, RunningProvince

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
