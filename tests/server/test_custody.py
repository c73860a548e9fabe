"""Whatever the device signed, the province keeps, and nothing stops a lane (sync.md 3.17)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import merging, staging
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.server import checking, taking
from poverty_desktop.server import custody as keeping
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import in_write, reading


def custody(running, **where):
    with reading(running.province.engine) as connection:
        rows = connection.execute(select(t.quarantine).order_by(t.quarantine.c.lane, t.quarantine.c.seq)).all()
    return [row for row in rows if all(getattr(row, name) == value for name, value in where.items())]


@pytest.mark.parametrize(
    ("entity", "fields", "reason"),
    [
        ("household", {"commune_code": "21001", "phone": 912345678}, "invalid"),
        ("household", {"phone": "thiếu mã xã"}, "invalid"),
        ("household", {"commune_code": "99999"}, "scope"),
        ("spaceship", {"name": "mới"}, "schema"),
        ("conflict", {"of_entity": "household"}, "schema"),
        ("household", {"commune_code": "21001", "x" * 300: "y" * 300}, None),
    ],
)
def test_what_cannot_be_a_record_is_kept_with_its_reason_and_the_lane_goes_on(running, lan, entity, fields, reason):
    lan.save(("c", entity, None, fields))
    lan.household()
    ack = lan.push()
    assert ack.lane.last == 2
    assert [(result.outcome, result.reason) for result in ack.results] == ([("quarantined", reason)] if reason else [])
    rows = custody(running)
    assert [bytes(row.raw) for row in rows] == [lan.operations[0].canonical()] * len(ack.results)
    assert lan.state().quarantined == len(rows)


def test_an_edit_waits_for_its_record_and_is_applied_when_it_arrives(running, lan, minh):
    group = minh.clock.uuid7()
    coming = op_id(group, 1)
    lan.edit(coming, {"phone": "2"})
    lan.edit(coming, {"note": "đợi"})
    lan.household()
    results = lan.push().results
    assert [(result.outcome, result.waits_for) for result in results] == [("held", coming), ("held", coming)]
    place = {"op": coming, "kind": "c", "entity": "household", "record_id": coming, "group": group, "number": 1}
    said = {"base_epoch": 1, "base_rev": 0, "not_seen": 0, "seen": None, "user": minh.user, "at": "", "skew": 0, "schema": 1}
    minh.add(Operation(fields={"commune_code": minh.commune}, **place, **said))
    minh.push()
    lan.pull()
    assert lan.records[coming] == minh.records[coming] == {"commune_code": "21001", "phone": "2", "note": "đợi"}
    assert custody(running, open=True) == []


def test_a_save_stands_or_falls_as_a_whole(running, lan, minh):
    household = lan.save(
        ("c", "household", None, {"commune_code": lan.commune}),
        ("c", "household_member", None, {"household_id": op_id(lan.dev, 1), "position": "một"}),
    )[0]
    results = lan.push().results
    assert [(result.outcome, result.reason) for result in results] == [("held", "held"), ("quarantined", "invalid")]
    minh.pull()
    assert household not in minh.records
    assert len(custody(running, open=True)) == 2


def test_a_second_creation_of_a_record_is_quarantined(lan, minh):
    household = lan.household(note="một")
    lan.push()
    minh.save(("c", "household", household, {"commune_code": lan.commune, "note": "hai"}))
    assert minh.push().results[0].reason == "exists"
    assert minh.records[household]["note"] == "một"


def test_an_operation_that_crashes_the_applier_is_quarantined(lan, monkeypatch):
    lan.household(note="độc")
    lan.household(note="lành")

    def crashing(operation, state, **more):
        if operation.fields.get("note") == "độc":
            raise ZeroDivisionError
        return merging.apply(operation, state, **more)

    monkeypatch.setattr(staging, "apply", crashing)
    ack = lan.push()
    assert [result.reason for result in ack.results] == ["crash"]
    assert [record["note"] for record in lan.records.values()] == ["lành"]


def test_a_kind_that_only_a_newer_program_knows_is_kept(lan):
    lan.save(("x", "household", op_id(lan.dev, 9), {"to": "21002"}))
    assert lan.push().results[0].reason == "schema"


def test_keys_that_only_a_newer_program_knows_survive(lan, minh):
    household = lan.save(("c", "household", None, {"commune_code": lan.commune, "roof_kind": "tôn"}), more={"zz": [1]})[0]
    lan.push()
    minh.pull()
    assert minh.records[household]["roof_kind"] == "tôn"


def test_a_device_that_may_only_read_loses_nothing(running, lan):
    def only_read(connection):
        connection.execute(update(t.device_grant).values(mode="r"))

    in_write(running.province.engine, only_read)
    lan.household()
    assert lan.push().results[0].reason == "not_allowed"
    assert lan.state().grant == "r"


def test_too_many_deletes_at_once_wait_for_a_person(running, lan, minh):
    households = [lan.household() for _ in range(60)]
    lan.push()
    minh.pull()
    for household in households[:51]:
        minh.save(("d", "household", household, {}))
    minh.edit(households[-1], {"note": "không bị giữ"})
    results = minh.push().results
    assert {(result.outcome, result.reason) for result in results} == {("quarantined", "brake")}
    assert len(results) == 51
    state = minh.state()
    assert (state.brake, state.quarantined, lan.state().brake) == ("deletes", 51, None)
    found = keeping.kept(running.province, commune=lan.commune, reason="brake")
    assert {one.officer for one in found} == {"Phạm Văn Minh"}
    assert keeping.release(running.province, found) == 51
    lan.pull()
    assert len(lan.deleted) == 51
    assert lan.records[households[-1]]["note"] == "không bị giữ"
    assert minh.state().brake is None


def test_what_was_kept_is_tried_again_after_an_upgrade_with_the_whole_of_its_save(running, lan, minh, monkeypatch):
    def older(operation):
        return "schema" if operation.entity == "household_member" else ""

    monkeypatch.setattr(taking, "operation_fault", older)
    household, member = lan.save(
        ("c", "household", None, {"commune_code": lan.commune}),
        ("c", "household_member", None, {"household_id": op_id(lan.dev, 1), "full_name": "Hồ Văn Tư"}),
    )
    lan.edit(household, {"note": "chờ"})
    assert [result.reason for result in lan.push().results] == ["held", "schema", "held"]
    monkeypatch.setattr(taking, "operation_fault", checking.operation_fault)
    found = keeping.kept(running.province, reason="schema")
    assert [(one.kind, one.entity, one.record) for one in found] == [("c", "household_member", member)]
    assert keeping.release(running.province, found) == 3
    minh.pull()
    assert minh.records[household]["note"] == "chờ"
    assert member in minh.records
    assert keeping.kept(running.province) == []


def test_what_is_withdrawn_stays_without_effect_and_is_kept(running, lan):
    lan.save(("c", "spaceship", None, {"name": "mới"}))
    lan.push()
    op = lan.operations[0].op
    assert keeping.withdraw(running.province, keeping.named(running.province, op), "không có loại này", "Bà Hạnh") == 1
    assert lan.state().quarantined == 0
    assert [(bool(row.open), row.reason) for row in custody(running)] == [(False, "withdrawn")]
    for wrong in (op, "x"):
        with pytest.raises(KnownProblem, match=r"server\.not_in_custody"):
            keeping.named(running.province, wrong)


def test_a_packet_whose_predecessor_never_comes_is_taken_after_two_weeks(running, lan, minh):
    lan.household(note="không bao giờ đến")
    lan.household(note="đến sau")
    assert lan.problem(lan.post(lan.packet(first=2).data)).code == "gap"
    later = running.province.now() + timedelta(days=15)
    running.province.now = lambda: later
    minh.login()
    minh.household()
    minh.push()
    assert {record["note"] for record in minh.records.values() if "note" in record} == {"đến sau"}
