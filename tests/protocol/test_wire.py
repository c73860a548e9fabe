"""What is hashed, signed and sent (sync.md 3.0, 3.3, 3.11)."""

from __future__ import annotations

import os
import unicodedata
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol import signatures
from poverty_desktop.protocol.canonical import NotCanonical, canonical, parse, parse_loosely
from poverty_desktop.protocol.carriage import by_group, cut, group_lines, ungroup
from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.identity import UuidClock, op_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader, PacketRefused, open_packet, peek, seal

KEY = signatures.Signer(bytes(range(32)))
GROUP = "01a209c0-b3d9-7403-ba95-03b19a54e276"
SID = "01a209c0-0000-7403-ba95-03b19a54e276"

texts = st.text(max_size=12).map(lambda text: unicodedata.normalize("NFC", text.replace("\0", "")))
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
ids = st.uuids().map(str)


def checked(message: bytes, signature: bytes) -> bool:
    return signatures.verify(KEY.public, message, signature)


@st.composite
def operations(draw: st.DrawFn) -> list[Operation]:
    """Saves with new records, references among them, and edits of others."""
    found: list[Operation] = []
    for group in draw(st.lists(ids, max_size=3, unique=True)):
        made: list[str] = []
        for number in draw(st.lists(st.integers(0, 9), max_size=4, unique=True)):
            op = op_id(group, number)
            kind = draw(st.sampled_from("cudrz"))
            record = op if kind == "c" else draw(st.sampled_from([*made, GROUP]))
            made.append(op)
            references = st.sampled_from(made)
            fields = draw(st.dictionaries(texts, values | references, max_size=3))
            found.append(
                Operation(
                    op, kind, draw(texts), record, draw(st.integers(0, 3)), draw(st.integers(0, 99)), draw(st.integers(0, 2)),
                    fields, draw(st.none() | st.dictionaries(texts, values, min_size=1, max_size=2)), group, number, draw(texts),
                    draw(texts), draw(numbers), draw(st.integers(0, 9)), tuple(draw(st.lists(ids, max_size=2))), draw(texts),
                    draw(st.dictionaries(st.sampled_from(["zz", "future"]), values, max_size=2)),
                )
            )  # fmt: skip
    return found


@given(values)
def test_a_value_has_one_spelling_and_comes_back_from_it(value):
    assert parse(canonical(value)) == value
    assert canonical(parse(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    "data",
    [b'{"b":1,"a":2}', b'{"a": 1}', b"1.0", b"1e3", b"NaN", b'{"a":1,"a":1}', b"\xff", b'"\\u0041"', b"[" * 70 + b"]" * 70,
     '"Hu\u031bo\u031bng"'.encode(), b'"\\u0000"', b"9007199254740993", b"", b'"\\ud800"'],
)  # fmt: skip
def test_another_spelling_is_refused(data):
    with pytest.raises(NotCanonical):
        parse(data)


def test_floats_have_no_canonical_form():
    for value in (1.0, {"a": 0.5}, {1: "a"}, b"bytes"):
        with pytest.raises(TypeError):
            canonical(value)


def test_a_request_may_be_spelt_freely_but_not_with_fractions():
    assert parse_loosely(b'{ "b": 1, "a": [2] }') == {"a": [2], "b": 1}
    with pytest.raises(NotCanonical):
        parse_loosely(b'{"a": 0.1}')


def test_the_id_of_an_operation_follows_from_its_save_and_number():
    assert op_id(GROUP, 1) == "cfce72c8-c3ee-8cc7-8294-db243b1bc950"
    assert uuid.UUID(op_id(GROUP, 1)).version == 8
    assert len({op_id(GROUP, number) for number in range(1000)}) == 1000


@given(st.lists(st.integers(0, 2**47), min_size=2, max_size=40))
def test_ids_never_run_backwards_when_the_clock_does(moments):
    clock = UuidClock(os.urandom, iter(moments).__next__)
    made = [clock.uuid7() for _ in moments]
    assert made == sorted(set(made))
    assert {uuid.UUID(one).version for one in made} == {7}


@given(operations())
def test_carriage_restores_every_operation_to_the_bit(found):
    back = ungroup(group_lines(found))
    assert back == found
    assert [one.canonical() for one in back] == [one.canonical() for one in found]
    assert [Operation.from_wire(parse(one.canonical())) for one in found] == found


@given(operations(), st.integers(1, 2000))
def test_a_save_is_never_split_over_packets(found, most):
    batches = list(cut(found, most))
    assert [one for batch in batches for one in batch] == found
    groups = [one[0].group for batch in batches for one in by_group(batch)]
    assert len(groups) == len(set(groups))


def test_created_ids_are_not_sent():
    op = op_id(GROUP, 1)
    member = op_id(GROUP, 2)
    made = [_operation(op, "c", op, 1, {"note": "a"}), _operation(member, "c", member, 2, {"household_id": op})]
    assert op.encode() not in b"".join(group_lines(made))


def _operation(op: str, kind: str, record: str, number: int, fields: dict[str, object], group: str = GROUP) -> Operation:
    return Operation(op, kind, "household", record, 1, 0, 0, fields, None, group, number, "u", "", 0, 1)  # type: ignore[arg-type]


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_chain_tells_order_and_content(one, other):
    assert (step(step(EMPTY, one), other) == step(step(EMPTY, other), one)) == (one == other)


def _sealed(codec: str = "zstd") -> bytes:
    op = op_id(GROUP, 1)
    lines = group_lines([_operation(op, "c", op, 1, {"note": "Hường"})])
    return seal(PacketHeader("push", SID, GROUP, GROUP, 1, 1, "0" * 64, "0" * 64, n=1, codec=codec), lines, KEY.sign).data


@settings(max_examples=300)
@given(st.sampled_from(["zstd", "none"]), st.data())
def test_a_packet_with_any_bit_flipped_is_refused(codec, data):
    packet = bytearray(_sealed(codec))
    place = data.draw(st.integers(0, len(packet) * 8 - 1))
    packet[place // 8] ^= 1 << place % 8
    with pytest.raises(PacketRefused):
        open_packet(bytes(packet), checked)


def test_a_packet_cut_anywhere_is_refused():
    packet = _sealed()
    for length in range(len(packet)):
        with pytest.raises(PacketRefused):
            open_packet(packet[:length], checked)


@pytest.mark.parametrize("codec", ["zstd", "none"])
def test_a_packet_comes_back_as_it_was_sealed(codec):
    packet = _sealed(codec)
    header, lines = open_packet(packet, checked)
    assert peek(packet)[1] == header
    assert ungroup(lines)[0].fields == {"note": "Hường"}
    empty = seal(PacketHeader("push", SID, GROUP, GROUP, codec=codec), [], KEY.sign)
    assert open_packet(empty.data, checked)[1] == []


def test_a_packet_above_eight_megabytes_is_not_sealed():
    with pytest.raises(PacketRefused, match="too_large"):
        seal(PacketHeader("push", SID, GROUP, GROUP), [b"x" * (8 << 20), b"x"], KEY.sign)


def test_only_an_answer_signed_for_my_question_counts():
    answer = m.TimeAnswer(nonce="mine", time="2026-11-23T00:00:00Z", practice=False, key=KEY.public.hex())
    data = m.signed(answer, KEY.sign)
    assert m.opened(m.TimeAnswer, data, checked, nonce="mine") == answer
    other = m.signed(answer, signatures.Signer(b"\1" * 32).sign)
    for wrong in (other, b"<html>", b"{}", data.replace(b"false", b"true"), data + b" ", b"[]", b'{"sig":5}', b'{"sig":"!"}'):
        with pytest.raises(m.NotOurServer):
            m.opened(m.TimeAnswer, wrong, checked, nonce="mine")
    with pytest.raises(m.NotOurServer, match="nonce"):
        m.opened(m.TimeAnswer, data, checked, nonce="another")
    with pytest.raises(m.NotOurServer, match="shape"):
        m.opened(m.HelloResponse, data, checked, nonce="mine")


def test_the_protocol_brings_no_web_server_along():
    import subprocess
    import sys

    modules = ["canonical", "identity", "chains", "operations", "carriage", "packets"]
    modules += ["signatures", "answers", "log", "messages", "patches", "merging"]
    lines = [f"import poverty_desktop.protocol.{name}" for name in modules]
    lines += ["import sys", "assert not {'fastapi', 'uvicorn', 'starlette', 'psycopg', 'cryptography'} & set(sys.modules)"]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, timeout=60)


def test_a_conflict_of_an_older_province_keeps_its_spelling_and_claims_nothing() -> None:
    older = {"cid": GROUP, "of": ["household", GROUP], "f": "note", "cur": None, "cur_rev": 3, "cur_u": None, "cur_at": None,
             "other": "x", "other_op": GROUP, "other_u": None, "other_at": None, "saw": None}  # fmt: skip
    read = m.ConflictEntry.model_validate(older)
    assert parse(canonical(read.wire())) == older
    assert read.record()["current_saw"] is None
    newer = older | {"cur_saw": [None]}  # known: it was empty
    assert m.ConflictEntry.model_validate(newer).wire() == m.ConflictEntry.model_validate(newer).wire() | {"cur_saw": [None]}


def test_keys_of_a_newer_province_stay_in_the_chain_of_an_older_laptop() -> None:
    conflict = {"cid": GROUP, "of": ["household", GROUP], "f": "note", "cur_rev": 3, "other_op": GROUP, "weight": 7}
    wire = {"rev": 5, "op": GROUP, "lane": 1, "seq": 9, "k": "u", "e": "household", "id": GROUP, "g": GROUP, "st": "conflict"}
    newer = {**wire, "conf": [conflict], "checked_by": "the next version"}
    read = m.LogEntry.model_validate(newer)
    assert parse(read.canonical())["checked_by"] == "the next version"
    assert parse(read.canonical())["conf"][0]["weight"] == 7
    assert "weight" not in read.conflicts[0].record()
