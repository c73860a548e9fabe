"""Nothing that was typed is overwritten silently (sync.md 3.6, 3.8; invariants I3, I6, I8 on a small scale)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poverty_desktop.protocol.epochs import Origin, shared
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.merging import Clash, RecordState, Rules, apply, clamped_base, on_screen
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.patches import last_rev, patched, value_of, written

CLASSES = {"phone": "soft", "tags": "union", "amount": "append", "state": "lattice"}
LADDER = ("draft", "submitted", "approved")
PLACE = ("lat", "lng")


def climbs(_entity: str, _field: str, current: object, other: object) -> bool:
    return current in LADDER and other in LADDER and LADDER.index(str(other)) > LADDER.index(str(current))


RULES = Rules(lambda _e, key: CLASSES.get(key, "person"), lambda _e, key: PLACE if key in PLACE else (key,), climbs)


@dataclass
class Record:
    """A record at the province and who wrote which revision in which lane."""

    state: RecordState | None = None
    rev: int = 0
    writers: dict[int, tuple[str, int]] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)
    seqs: dict[str, int] = field(default_factory=dict)

    def send(self, lane: str, kind: str, fields: dict[str, Any], *, base: int = 0, not_seen: int = 0, seen: Any = None) -> Any:
        seq = self.seqs[lane] = self.seqs.get(lane, 0) + 1
        self.rev += 1
        operation = _operation(f"{lane}{seq}", kind, fields, base, not_seen, seen)

        def in_lane(rev: int) -> bool:
            who, place = self.writers[rev]
            return who == lane and place < seq - not_seen

        applied = apply(operation, self.state, rev=self.rev, base=base, in_lane=in_lane, rules=RULES)
        self.writers[self.rev] = (lane, seq)
        self.state = applied.state
        self.kept += applied.clashes
        return applied

    def value(self, key: str) -> Any:
        assert self.state is not None
        return value_of(self.state.body, key)


def _operation(name: str, kind: str, fields: dict[str, Any], base: int, not_seen: int, seen: Any) -> Operation:
    group = "01a209c0-b3d9-7403-ba95-03b19a54e276"
    number = int.from_bytes(name.encode(), "big") % 2**31
    record = "01a209c0-b3d9-7403-ba95-03b19a54e277"
    return Operation(op_id(group, number), kind, "h", record, 1, base, not_seen, fields, seen, group, number, "u", "", 0, 1)  # type: ignore[arg-type]


def created(**fields: Any) -> Record:
    record = Record()
    record.send("A", "c", fields)
    return record


def test_a_seen_value_is_replaced_and_an_unseen_one_is_kept_beside():
    record = created(name="x")
    record.send("B", "u", {"name": "y"}, base=1)
    applied = record.send("C", "u", {"name": "z"}, base=1, seen={"name": "x"})
    assert (applied.outcome, record.value("name")) == ("conflict", "y")
    clash = applied.clashes[0]
    assert (clash.field, clash.current, clash.current_rev, clash.other, clash.saw) == ("name", "y", 2, "z", "x")


def test_a_clash_tells_what_the_writer_of_the_present_value_saw_as_far_as_it_is_known():
    clash = Clash("name", "y", 2, "z", "x")
    assert on_screen(_operation("B1", "u", {"name": "y"}, 1, 0, {"name": "x"}), clash) == ["x"]
    assert on_screen(_operation("B1", "c", {"name": "y"}, 1, 0, None), clash) == [None]
    assert on_screen(_operation("B1", "u", {"name": "y"}, 1, 0, None), clash) is None
    grouped = Clash("lat+lng", {"lat": 1, "lng": 2}, 2, {"lat": 3}, None)
    assert on_screen(_operation("B1", "u", {"lat": 1}, 1, 0, {"lat": 0}), grouped) == [{"lat": 0}]
    gone = Clash("", {"deleted": True}, 2, {"name": "z"}, None)
    assert on_screen(_operation("B1", "d", {}, 1, 0, None), gone) is None


def test_equal_values_agree_and_coming_back_is_no_conflict():
    record = created(name="x")
    record.send("B", "u", {"name": "y"}, base=1)
    assert record.send("C", "u", {"name": "y"}, base=1).outcome == "merged"
    record.send("B", "u", {"name": "x"}, base=2)
    assert record.send("C", "u", {"name": "z"}, base=1, seen={"name": "x"}).outcome == "applied"


def test_a_field_that_nobody_wrote_cannot_clash():
    record = created(name="x")
    assert record.send("B", "u", {"note": "a"}, base=0).outcome == "applied"
    assert record.send("C", "u", {"note": "b"}, base=0).outcome == "conflict"


def test_answers_are_separate_fields():
    record = created(answers={"q1": "a", "q2": "a"})
    record.send("B", "u", {"answers.q1": "b"}, base=1)
    assert record.send("C", "u", {"answers.q2": "c"}, base=1).outcome == "applied"
    assert record.send("C", "u", {"answers.q1": "c"}, base=1).outcome == "conflict"
    assert record.send("D", "u", {"answers": {}}, base=1).outcome == "conflict"
    assert record.value("answers") == {"q1": "b", "q2": "c"}


def test_a_merge_group_moves_as_one():
    record = created(lat=1, lng=1)
    record.send("B", "u", {"lat": 2}, base=1)
    applied = record.send("C", "u", {"lng": 3}, base=1, seen={"lng": 1})
    assert applied.clashes[0].field == "lat+lng"
    assert (record.value("lat"), record.value("lng")) == (2, 1)


def test_lists_take_and_lose_elements_one_by_one():
    record = created(tags=["a", "b"])
    record.send("B", "u", {"tags": {"+": ["c"], "-": ["a"]}}, base=1)
    record.send("C", "u", {"tags": ["a", "b", "d"]}, base=1, seen={"tags": ["a", "b"]})
    assert record.value("tags") == ["b", "c", "d"]
    assert record.kept == []


def test_a_state_climbs_and_does_not_fall_by_an_unseen_edit():
    record = created(state="draft")
    record.send("B", "u", {"state": "submitted"}, base=1)
    assert record.send("C", "u", {"state": "approved"}, base=1).effect == {"state": "approved"}
    assert record.send("D", "u", {"state": "submitted"}, base=1).effect == {}
    assert record.send("D", "u", {"state": "other"}, base=1).outcome == "conflict"


def test_what_is_written_once_is_not_changed():
    record = created(amount=5)
    assert record.send("A", "u", {"amount": 6}, base=1).reason == "immutable"
    assert record.send("A", "u", {"amount": 5}, base=1).outcome == "merged"


def test_deletes_and_edits_that_did_not_see_each_other():
    record = created(name="x")
    record.send("B", "u", {"name": "y"}, base=1)
    assert record.send("C", "d", {}, base=1).clashes[0].current == {"name": "y"}
    assert record.send("C", "d", {}, base=2).outcome == "applied"
    assert record.send("B", "u", {"name": "z"}, base=2).clashes[0].other == {"name": "z"}
    assert record.send("B", "d", {}, base=2).outcome == "merged"
    assert record.state is not None
    assert record.state.deleted_rev == 4
    assert record.send("B", "z", {"name": "z"}, base=2).outcome == "conflict"
    assert record.send("B", "z", {"name": "z"}, base=5).outcome == "applied"
    assert record.state.deleted_rev is None


def test_a_record_is_created_once_and_edits_wait_for_it():
    record = Record()
    assert record.send("A", "u", {"name": "x"}).outcome == "held"
    record.send("A", "c", {"name": "x"})
    assert record.send("B", "c", {"name": "y"}).reason == "exists"
    assert record.value("name") == "x"


@pytest.mark.parametrize(("epoch", "rev", "proven"), [(1, 120, 100), (1, 50, 50), (2, 120, 120), (3, 120, 60), (9, 120, 0)])
def test_numbers_of_a_dead_history_prove_nothing(epoch, rev, proven):
    origins = {2: Origin(1, 100), 3: Origin(1, 60)}  # the present epoch 2 and a dead one, both from the first
    assert clamped_base(_operation("A1", "u", {}, rev, 0, None), shared(origins, epoch, 2)) == proven


@given(st.dictionaries(st.sampled_from(["a", "b", "d.x", "d.y"]), st.integers() | st.none(), max_size=4), st.data())
def test_a_patch_sets_what_it_names_and_nothing_else(fields, data):
    body = {"a": 1, "c": 2, "d": {"x": 1, "z": 3}}
    after = patched(body, fields)
    assert all(value_of(after, key) == value for key, value in fields.items())
    assert after["c"] == 2
    assert value_of(after, "d.z") == 3
    meta = written({"*": 1, "d": 2}, fields, 9)
    assert all(last_rev(meta, key) == 9 for key in fields)


STEPS = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["open", "open", "write", "write", "write", "delete"]),
        st.sampled_from(["name", "phone", "answers.q1", "lat", "lng"]),
        st.integers(0, 3),
    ),
    max_size=30,
)


@settings(max_examples=400)
@given(STEPS)
def test_every_value_is_current_or_kept_or_was_seen_by_who_replaced_it(steps):
    """The oracle keeps, for each form, the set of writes it had on screen, independent of revisions and bases."""
    record = created(name="0", phone="0", lat="0", lng="0", answers={"q1": "0"})
    forms = {lane: (1, 0, {0}) for lane in "ABC"}  # per lane: base rev, own last number, writes on screen
    current: dict[str, int] = {}  # field -> the write that stands there
    writes = 1
    for lane, act, key, number in steps:
        base, own_seq, on_screen = forms[lane]
        not_seen = record.seqs.get(lane, 0) - own_seq
        if act == "open":
            forms[lane] = (record.rev, record.seqs.get(lane, 0), set(range(writes)))
        elif act == "delete":
            deleted = record.state is not None and record.state.deleted_rev is not None
            if record.send(lane, "d", {}, base=base, not_seen=not_seen).outcome == "applied" and not deleted:
                assert set(current.values()) <= on_screen
        else:
            before, value = record.value(key), str(number)
            done = record.send(lane, "u", {key: value}, base=base, not_seen=not_seen)
            if done.effect:
                assert before == value or current.get(key, 0) in on_screen
                current[key] = writes
            else:
                assert before == value or any(value in _values(clash.other) for clash in done.clashes)
            writes += 1


def _values(other: Any) -> list[Any]:
    return list(other.values()) if isinstance(other, dict) else [other]
