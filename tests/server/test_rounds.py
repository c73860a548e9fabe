"""What officers rely on when two laptops of a commune meet at the province (sync.md 3.6-3.13)."""

from __future__ import annotations

import requests

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol.identity import op_id
from tests.server.laptop import Laptop


def settle(*laptops: Laptop) -> None:
    for laptop in laptops:
        laptop.pull()


def test_what_one_laptop_sends_the_other_receives_whole(lan, minh):
    household = lan.household(phone="0912345678", note="Nhà sàn, gần suối")
    ack = lan.push()
    assert ack.runs == [(1, 1, 1, "applied")]
    assert ack.stable is None
    minh.pull()
    assert minh.records[household] == lan.records[household]
    assert minh.records[household]["note"] == "Nhà sàn, gần suối"


def test_own_operations_come_back_as_positions_only(lan):
    for number in range(30):
        lan.household(note=f"hộ {number}")
    packet = lan.packet()
    answer = lan.opened(m.PushAnswer, lan.post(packet.data), lan.nonce)
    assert answer.log is not None
    assert answer.log.own == [(1, 30, 1)]
    assert answer.log.entries == []


def test_edits_of_different_fields_both_stand(lan, minh):
    household = lan.household(phone="1", household_code="A")
    lan.push()
    settle(minh)
    lan.edit(household, {"phone": "2"})
    minh.edit(household, {"household_code": "B"})
    lan.push()
    assert minh.push().results == []
    settle(lan)
    assert lan.records[household] == minh.records[household]
    assert (lan.records[household]["phone"], lan.records[household]["household_code"]) == ("2", "B")


def test_two_values_of_one_field_are_both_kept_until_a_person_chooses(lan, minh):
    household = lan.household(household_code="A")
    lan.push()
    settle(minh)
    lan.edit(household, {"household_code": "L"}, seen={"household_code": "A"})
    minh.edit(household, {"household_code": "M"}, seen={"household_code": "A"})
    minh.push()
    result = lan.push().results[0]
    assert result.outcome == "conflict"
    settle(minh)
    assert lan.conflicts == minh.conflicts
    conflict = lan.conflicts[result.conflicts[0]]
    assert (conflict.current, conflict.other, conflict.saw, conflict.current_by) == ("M", "L", "A", minh.user)
    assert conflict.record()["of_id"] == household
    change = ("r", "household", household, {"household_code": "L"})
    lan.save(change, closes=(conflict.cid,), reason="theo sổ hộ khẩu")
    assert lan.push().runs[0][3] == "applied"
    settle(minh)
    assert minh.records[household]["household_code"] == "L"
    assert lan.conflicts == minh.conflicts == {}


def test_two_people_settling_differently_is_again_a_conflict(lan, minh):
    household = lan.household(household_code="A")
    lan.push()
    settle(minh)
    lan.edit(household, {"household_code": "L"})
    minh.edit(household, {"household_code": "M"})
    minh.push()
    cid = lan.push().results[0].conflicts[0]
    settle(lan, minh)
    lan.save(("r", "household", household, {"household_code": "L"}), closes=(cid,))
    minh.save(("r", "household", household, {"household_code": "X"}), closes=(cid,))
    lan.push()
    again = minh.push().results[0]
    assert again.outcome == "conflict"
    settle(lan)
    assert [conflict.other for conflict in lan.conflicts.values()] == ["X"]


def test_a_later_edit_on_the_same_laptop_has_seen_the_earlier_one(lan):
    household = lan.household(phone="1")
    lan.edit(household, {"phone": "2"})
    lan.edit(household, {"phone": "3"})
    assert lan.push().runs == [(1, 3, 1, "applied")]
    assert lan.records[household]["phone"] == "3"


def test_a_form_opened_before_an_own_edit_does_not_overwrite_it(lan):
    household = lan.household(household_code="1")
    lan.edit(household, {"household_code": "2"})
    lan.edit(household, {"household_code": "3"}, not_seen=1)
    results = lan.push().results
    assert [result.outcome for result in results] == ["conflict"]
    assert lan.records[household]["household_code"] == "2"


def test_a_packet_sent_twice_changes_nothing_and_is_answered_alike(lan):
    lan.household()
    packet = lan.packet()
    first = lan.opened(m.PushAnswer, lan.post(packet.data), lan.nonce).ack
    again = lan.opened(m.PushAnswer, lan.post(packet.data), lan.nonce).ack
    for ack in (first, again):
        del ack["sig"], ack["nonce"]
    assert first == again
    url = f"{lan.url}/v1/packets/{packet.id}"
    later = lan.http.get(url, headers=lan.headers(), timeout=20)
    assert lan.opened(m.PushAnswer, later, lan.nonce).ack["packet"] == packet.id


def test_operations_known_from_another_packet_are_skipped(lan):
    lan.household()
    lan.post(lan.packet().data)
    lan.household()
    ack = lan.push()
    assert ack.runs == [(2, 2, 2, "applied")]
    assert ack.lane.last == 2


def test_an_operation_that_comes_by_another_lane_again_has_one_effect(lan):
    lan.household()
    lan.push()
    lan.inc, lan.acked = op_id(lan.dev, 1), 0
    result = lan.push().results[0]
    assert (result.outcome, result.rev) == ("duplicate", 1)
    assert lan.rev == 1


def test_a_lost_answer_is_settled_by_the_next_hello(lan):
    lan.household()
    lan.post(lan.packet().data)
    state = lan.state()
    assert (state.lane.state, state.lane.last, state.head) == ("ok", 1, 1)
    assert state.lane.chain == lan.chains[1].hex()
    assert state.stable_rev is None
    lan.pull()
    assert len(lan.records) == 1


def test_a_gap_says_what_is_there_and_what_came_too_early_waits_for_it(lan):
    lan.household(note="một")
    lan.household(note="hai")
    refused = lan.problem(lan.post(lan.packet(first=2).data))
    assert (refused.code, refused.have) == ("gap", 0)
    assert lan.state().head == 0
    lan.post(lan.packet(first=1, last=1).data)
    state = lan.state()
    assert (state.head, state.lane.last) == (2, 2)
    lan.pull()
    assert {record["note"] for record in lan.records.values()} == {"một", "hai"}


def test_a_history_that_differs_is_a_fork_and_both_histories_are_kept(lan, minh):
    lan.household(note="một")
    lan.push()
    lan.operations.clear()
    del lan.chains[1:]
    lan.household(note="hai")
    lan.household(note="ba")
    assert lan.state().lane.state == "ok"  # longer than ours: only the laptop can tell, from the chain it is given
    for _ in range(2):  # the answer may be lost: the same again changes nothing more
        refused = lan.problem(lan.post(lan.packet(first=1).data))
        assert (refused.code, refused.have) == ("fork", 1)
        assert refused.probes is not None
        assert [seq for seq, _ in refused.probes] == [1]
    state = lan.state()
    assert (state.head, state.lane.last) == (3, 1)
    minh.pull()
    assert {record["note"] for record in minh.records.values()} == {"một", "hai", "ba"}


def test_a_part_of_another_history_waits_until_its_beginning_comes(lan, minh):
    lan.household(note="một")
    lan.push()
    lan.operations.clear()
    del lan.chains[1:]
    lan.household(note="hai")
    lan.household(note="ba")
    assert lan.problem(lan.post(lan.packet(first=2).data)).code == "fork"
    assert lan.state().head == 1
    assert lan.problem(lan.post(lan.packet(first=1, last=1).data)).code == "fork"
    minh.pull()
    assert {record["note"] for record in minh.records.values()} == {"một", "hai", "ba"}


def test_a_laptop_that_forgot_its_tail_is_told(lan):
    lan.household()
    lan.household()
    lan.push()
    del lan.operations[1:], lan.chains[2:]
    state = lan.state().lane
    assert (state.state, state.last, [seq for seq, _ in state.probes]) == ("behind", 2, [2, 1])


def test_a_cursor_of_another_history_is_rewound(lan):
    lan.household()
    lan.push()
    lan.chain = b"\1" * 32
    assert lan.state().cursor == "rewound"
    lan.household()
    answer = lan.opened(m.PushAnswer, lan.post(lan.packet().data), lan.nonce)
    assert (answer.cursor, answer.log) == ("rewound", None)
    query = {"epoch": 7, "after": 0}
    refused = lan.http.get(f"{lan.url}/v1/streams/{lan.sid}/log", params=query, headers=lan.headers(), timeout=20)
    assert lan.problem(refused).code == "rewound"


def test_a_long_log_comes_in_parts_that_end_where_a_save_ends(lan, minh):
    for _ in range(20):
        changes = [("c", "household", None, {"commune_code": lan.commune, "note": "x" * 200}) for _ in range(3)]
        lan.save(*changes)
    lan.push()
    parts = []
    while not parts or parts[-1].to < parts[-1].head:
        parts.append(minh.pull(most=2000))
    assert len(parts) > 5
    assert all(part.to % 3 == 0 for part in parts)
    assert minh.records == lan.records


def test_a_delete_against_an_edit_that_was_not_seen_is_not_carried_out(lan, minh):
    household = lan.household(phone="1")
    lan.push()
    settle(minh)
    lan.edit(household, {"phone": "2"})
    lan.push()
    minh.save(("d", "household", household, {}))
    assert minh.push().results[0].outcome == "conflict"
    settle(lan)
    assert household not in lan.deleted
    assert next(iter(lan.conflicts.values())).current == {"phone": "2"}


def test_an_edit_of_a_deleted_record_is_kept_beside_it(lan, minh):
    household = lan.household(phone="1")
    lan.push()
    settle(minh)
    lan.save(("d", "household", household, {}))
    lan.push()
    minh.edit(household, {"phone": "2"})
    assert minh.push().results[0].outcome == "conflict"
    settle(lan)
    assert household in lan.deleted
    assert next(iter(lan.conflicts.values())).other == {"phone": "2"}
    lan.save(("z", "household", household, {"phone": "2"}), closes=tuple(lan.conflicts))
    lan.push()
    settle(minh)
    assert household not in minh.deleted
    assert minh.records[household]["phone"] == "2"
    assert minh.conflicts == {}


def test_every_answer_bears_the_nonce_of_its_request(running, lan):
    answer = requests.get(f"{running.url}/v1/time", params={"nonce": "n1"}, timeout=20)
    told = lan.opened(m.TimeAnswer, answer, "n1")
    assert told.practice
    assert lan.problem(lan.http.get(f"{running.url}/v1/nothing", headers=lan.headers(), timeout=20)).nonce == lan.nonce
