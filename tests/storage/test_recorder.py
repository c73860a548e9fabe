"""The recorder: sync.md 3.4 and 3.5."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, delete, update

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember, Survey
from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.services.ports import Base, Change, Draft, Save
from poverty_desktop.storage.engine import driver
from poverty_desktop.storage.projecting import with_operation
from poverty_desktop.storage.rows import Rows, Working
from poverty_desktop.storage.tables import BY_ENTITY, HouseholdRow
from poverty_desktop.storage.workspace import NewWorkspace, Workspace, create

TABLES = sorted(BY_ENTITY)


def operations(workspace: Workspace) -> list[dict[str, Any]]:
    return [json.loads(row[0]) for row in workspace.database.rows("SELECT body FROM sync_op ORDER BY seq")]


def save(workspace: Workspace, *changes: Change, base: Base | None = None, group: str | None = None, **more: Any) -> None:
    records = workspace.records
    records.save(Save(group or records.new_group(), workspace.officer.id, base or records.base(), changes, **more))


def test_an_edit_and_its_operation_are_one_transaction(workspace: Workspace, household: str, monkeypatch) -> None:
    before = operations(workspace)
    monkeypatch.setattr(Rows, "settle", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(workspace, Change("u", "household", household, 1, {"phone": "1"}, {"phone": "0912345678"}))
    assert operations(workspace) == before
    assert workspace.records.get(Household, household).phone == "0912345678"


def test_an_operation_says_what_was_seen_only_where_a_person_must_judge(workspace: Workspace, household: str) -> None:
    """sync.md 3.5: `o` only for class person; household_code is, phone is soft."""
    seen = {"phone": "0912345678", "household_code": "21001-0007"}
    save(workspace, Change("u", "household", household, 1, {"phone": "1", "household_code": "2"}, seen))
    operation = operations(workspace)[-1]
    assert operation["f"] == {"household_code": "2", "phone": "1"}
    assert operation["o"] == {"household_code": "21001-0007"}


def test_the_base_is_what_was_on_screen_not_what_is_stored_now(workspace: Workspace, household: str) -> None:
    """sync.md 3.5: `ns` counts own operations that the form had not seen."""
    opened = workspace.records.base()
    save(workspace, Change("u", "household", household, 1, {"note": "khác"}, {"note": None}))
    save(workspace, Change("u", "household", household, 1, {"phone": "1"}, {"phone": "0912345678"}), base=opened)
    save(workspace, Change("u", "household", household, 1, {"phone": "2"}, {"phone": "1"}))
    bases = [operation["b"] for operation in operations(workspace)[-3:]]
    assert bases == [{"e": 0, "r": 0}, {"e": 0, "r": 0, "ns": 1}, {"e": 0, "r": 0}]


def test_a_value_changed_underneath_is_named_with_all_three_values(workspace: Workspace, household: str) -> None:
    with pytest.raises(KnownProblem) as raised:
        save(workspace, Change("u", "household", household, 1, {"phone": "3"}, {"phone": "cũ"}))
    (clash,) = raised.value.facts["fields"]
    assert (clash["field"], clash["seen"], clash["now"], clash["new"]) == ("phone", "cũ", "0912345678", "3")
    assert clash["changed_by"] == workspace.officer.id


def test_two_people_who_wrote_the_same_are_not_asked(workspace: Workspace, household: str) -> None:
    count = len(operations(workspace))
    save(workspace, Change("u", "household", household, 1, {"phone": "0912345678"}, {"phone": "cũ"}))
    assert len(operations(workspace)) == count


def test_a_save_drops_its_draft_in_the_same_transaction(workspace: Workspace, household: str) -> None:
    group = workspace.records.new_group()
    workspace.drafts.open(Draft(group, "household", household, "", "lan", workspace.records.base(), values={"a": 1}))
    change = Change("u", "household", household, 1, {"phone": "1"}, {"phone": "0912345678"})
    save(workspace, change, group=group, drops_draft=group)
    assert workspace.drafts.all() == []


def test_an_edit_of_a_deleted_record_is_told(workspace: Workspace, household: str) -> None:
    save(workspace, Change("d", "household", household, 1, reason="nhập trùng"))
    assert operations(workspace)[-1]["why"] == "nhập trùng"
    with pytest.raises(KnownProblem, match=r"save\.record_deleted"):
        save(workspace, Change("u", "household", household, 1, {"phone": "1"}))
    assert workspace.lists.households("huong").total == 0


def test_a_whole_answers_dict_becomes_patches_of_single_answers(workspace: Workspace, register, household: str) -> None:
    """sync.md 3.4 rule 3."""
    form = {"form_id": "b", "form_version": "1", "form_hash": "x", "standard_id": "s", "area_class": "rural"}
    survey = register("survey", round_id=household, household_id=household, **form, answers={"a": "1", "b": "2"})
    save(workspace, Change("u", "survey", survey, 1, {"answers": {"b": "3", "c": "4"}}))
    assert operations(workspace)[-2]["f"]["answers.a"] == "1"
    assert operations(workspace)[-1]["f"] == {"answers.a": None, "answers.b": "3", "answers.c": "4"}
    assert workspace.records.get(Survey, survey).answers == {"b": "3", "c": "4"}


def test_a_settled_conflict_shows_as_settled_at_once(workspace: Workspace, household: str) -> None:
    """sync.md 3.8: `r` writes the chosen value and closes the conflict."""
    conflict = op_id(workspace.records.new_group(), 1)
    with workspace.database.applying() as connection:
        body = {"id": conflict, "of_entity": "household", "of_id": household, "field": "phone", "other_op": conflict}
        rows = Rows(connection)
        full = BY_ENTITY["conflict"].record(**body).model_dump()
        rows.write("conflict", Working(full, conflict), None)
        rows.settle()
    assert workspace.lists.work(None).conflicts_open == 1
    save(workspace, Change("r", "household", household, 1, {"phone": "9"}, {"phone": "0912345678"}, (conflict,), "gọi điện hỏi"))
    (settled,) = workspace.records.select(BY_ENTITY["conflict"].record)
    assert (settled.state, settled.chosen, settled.reason) == ("resolved", "9", "gọi điện hỏi")
    assert workspace.lists.work(None).conflicts_open == 0


def test_decomposed_text_is_a_mistake_of_ours_not_a_value(workspace: Workspace, household: str) -> None:
    with pytest.raises(ValueError, match="NFC"):
        save(workspace, Change("u", "household", household, 1, {"note": "Hu\u031bo\u031b\u0300ng"}))


# --- full disk ---------------------------------------------------------------------------------------------------------


def fill(workspace: Workspace) -> None:
    pages = workspace.database.value("PRAGMA page_count")
    workspace.database.connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_refuses_the_save_and_keeps_everything_else(workspace: Workspace, household: str) -> None:
    fill(workspace)
    with pytest.raises(KnownProblem) as raised:
        save(workspace, Change("u", "household", household, 1, {"note": "x" * 500_000}, {"note": None}))
    assert raised.value.code == "save.disk_full"
    assert workspace.records.get(Household, household).note is None
    workspace.database.connection.execute("PRAGMA max_page_count = 1000000")
    save(workspace, Change("u", "household", household, 1, {"note": "x" * 500_000}, {"note": None}))
    assert workspace.verify().ok


def test_a_full_disk_refuses_a_field_and_keeps_the_earlier_ones(workspace: Workspace, household: str) -> None:
    group = workspace.records.new_group()
    workspace.drafts.open(Draft(group, "household", household, "", "lan", workspace.records.base()))
    workspace.drafts.keep(group, {"a": "trước"})
    fill(workspace)
    with pytest.raises(KnownProblem, match=r"save\.disk_full"):
        workspace.drafts.keep(group, {"a": "sau", "b": "x" * 500_000})
    assert workspace.drafts.get(group).values == {"a": "trước"}


# --- tripwires (sync.md 3.4 rule 2) ----------------------------------------------------------------------------------


def test_no_other_way_of_writing_gets_past_the_tripwires(workspace: Workspace, household: str) -> None:
    database = workspace.database

    def orm_update(session: Session) -> None:
        session.get(HouseholdRow, household).phone = "9"
        session.commit()

    def orm_insert(session: Session) -> None:
        session.add(HouseholdRow(id="x", commune_code="21001", last_op="made up"))
        session.commit()

    def orm_delete(session: Session) -> None:
        session.delete(session.get(HouseholdRow, household))
        session.commit()

    ways = [
        orm_update,
        orm_insert,
        orm_delete,
        lambda session: session.exec(update(HouseholdRow).values(phone="9")),
        lambda session: session.exec(update(HouseholdRow).values(phone="9", last_op="made up")),
        lambda session: session.exec(delete(HouseholdRow)),
        lambda session: session.bulk_insert_mappings(HouseholdRow, [{"id": "x", "commune_code": "21001", "last_op": "y"}]),
        lambda session: database.connection.execute("UPDATE household SET phone = '9'"),
        lambda session: database.connection.execute("DELETE FROM household"),
        lambda session: database.connection.execute("REPLACE INTO household SELECT * FROM household"),
        lambda session: database.connection.execute("UPDATE sync_op SET body = '{}'"),
        lambda session: database.connection.execute("DELETE FROM sync_op"),
    ]
    before = (database.rows("SELECT * FROM household"), database.rows("SELECT * FROM sync_op"))
    for way in ways:
        with Session(database.engine) as session, pytest.raises(Exception, match=r"operation|deletion is a state"):
            way(session)
        if database.connection.in_transaction:
            database.connection.execute("ROLLBACK")
    assert (database.rows("SELECT * FROM household"), database.rows("SELECT * FROM sync_op")) == before


@pytest.mark.parametrize("table", TABLES)
def test_every_synchronised_table_has_its_three_tripwires(workspace: Workspace, table: str) -> None:
    found = workspace.database.rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,))
    assert len(found) == 3


def test_the_tripwires_are_shut_again_after_the_applier(workspace: Workspace, household: str) -> None:
    with workspace.database.applying() as connection:
        connection.execute("UPDATE household SET note = 'từ tỉnh'")
    with pytest.raises(driver.IntegrityError, match="operation"):
        workspace.database.connection.execute("UPDATE household SET note = 'khác'")


# --- any history ---------------------------------------------------------------------------------------------------------

TEXTS = st.one_of(st.none(), st.sampled_from(["", "Đinh Thị Hường", "thôn", "0912"]))
EDITS = st.fixed_dictionaries({}, optional={"full_name": TEXTS, "note": TEXTS, "position": st.integers(0, 5)})
STEPS = st.lists(st.tuples(st.sampled_from(["c", "u", "d"]), st.integers(0, 3), EDITS), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saves=st.lists(STEPS, max_size=5))
def test_operations_replayed_from_nothing_give_the_same_rows_and_chain(tmp_path_factory: Any, clock: Any, saves: Any) -> None:
    from poverty_desktop.storage.keyfile import KeyCosts

    folder: Path = tmp_path_factory.mktemp("kho")
    workspace = create(folder, "mật khẩu", NewWorkspace("Lan", "21001"), clock=clock, costs=KeyCosts(64, 1, 1))
    try:
        for steps in saves:
            _save_steps(workspace, steps)
        _assert_replays(workspace)
        assert workspace.verify().ok
    finally:
        workspace.close()


def _save_steps(workspace: Workspace, steps: list[tuple[str, int, dict[str, Any]]]) -> None:
    group = workspace.records.new_group()
    living = [member.id for member in workspace.records.select(HouseholdMember)]
    changes: list[Change] = []
    for number, (kind, which, fields) in enumerate(steps, 1):
        if kind == "c":
            changes.append(Change("c", "household_member", op_id(group, number), number, {"household_id": "h", **fields}))
        elif living:
            target = living[which % len(living)]
            changes.append(Change(kind, "household_member", target, number, fields if kind == "u" else {}))  # type: ignore[arg-type]
            if kind == "d":
                living.remove(target)
    save(workspace, *changes, group=group)


def _assert_replays(workspace: Workspace) -> None:
    rows: dict[str, Working | None] = {}
    chain = EMPTY
    for body in operations(workspace):
        operation = Operation.from_wire(body)
        chain = step(chain, operation.canonical())
        rows[operation.record_id] = with_operation(rows.get(operation.record_id), operation)
    reader = Rows(workspace.database.connection)
    assert {record_id: reader.read("household_member", record_id) for record_id in rows} == rows
    assert workspace.database.value("SELECT chain FROM sync_lane") == chain
