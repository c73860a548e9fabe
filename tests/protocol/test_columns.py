"""Columns carry operations to the bit, or not at all; and whatever comes instead of them is refused (sync.md 3.0 A4, 3.11)."""

from __future__ import annotations

import contextlib
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.protocol.canonical import NotCanonical
from poverty_desktop.protocol.columns import MOST_CANONICAL, NoColumns, from_columns, to_columns
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.packets import (
    PacketHeader,
    PacketRefused,
    open_operations,
    open_packet,
    peek,
    seal,
    seal_operations,
)
from poverty_desktop.protocol.short_headers import NoShortForm, long, short
from tests.protocol.test_wire import GROUP, KEY, SID, checked, operations
from tests.protocol.test_wire import _operation as operation

HEADER = PacketHeader("push", SID, GROUP, GROUP, 5, 8, "0" * 64, "f" * 64, epoch=3, n=4, sv=2, parent=GROUP, parent_seq=7)


def made(count: int) -> list:
    group_ids = [f"01a209c0-b3d9-7403-ba95-{number:012x}" for number in range(count)]
    return [operation(op_id(group, 1), "c", op_id(group, 1), 1, {"note": "x"}, group) for group in group_ids]


@given(operations())
def test_columns_restore_every_operation_to_the_bit(found):
    back = from_columns(to_columns(found))
    assert back == found
    assert [one.canonical() for one in back] == [one.canonical() for one in found]


@given(operations(), st.data())
def test_spoilt_columns_are_refused_or_still_operations(found, data):
    raw = bytearray(to_columns(found))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255))
    try:
        back = from_columns(bytes(raw))
    except NotCanonical:
        return
    assert all(one.op == op_id(one.group, one.number) for one in back)


parts = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.sampled_from(["c", "note", GROUP]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["f", "op"]), inner, max_size=2),
)


@given(st.lists(parts, min_size=8, max_size=10) | parts, st.binary(max_size=40))
def test_what_nobody_packed_is_refused(value, ids):
    text = json.dumps(value).encode()
    with contextlib.suppress(NotCanonical):
        assert from_columns(struct.pack(">I", len(text)) + text + ids) == []


def test_a_short_body_does_not_unfold_to_a_flood():
    key, count = "k" * 4000, 8000
    heads = [[0], [0], [0], ["u"], ["2026-11-24T00:00:00Z"], [0], [1]]
    order, record = [0] + [1] * (count - 1), [-1] + [-2] * (count - 1)
    value = [[count], heads, [key], [["u", "household", [0], [], 0]], order, 0, record, [[[1] * count]], []]
    text = json.dumps(value, separators=(",", ":")).encode()
    assert len(text) + 32 < 100_000 < MOST_CANONICAL < count * len(key)
    with pytest.raises(NotCanonical, match="unfolds"):
        from_columns(struct.pack(">I", len(text)) + text + bytes(32))


def test_an_id_that_is_not_made_from_its_save_travels_in_lines_only():
    with pytest.raises(NoColumns):
        to_columns([operation(GROUP, "c", GROUP, 1, {"note": "x"})])


def test_a_province_that_says_nothing_of_columns_gets_lines():
    found = made(3)
    older, newer = (seal_operations(HEADER, found, KEY.sign, taken) for taken in ((), ("columns",)))
    assert (older.data[:4], peek(older.data)[1].codec) == (b"QLX1", "zstd")
    assert (newer.data[:4], peek(newer.data)[1].codec) == (b"QLX2", "columns")
    assert open_operations(older.data, checked)[1] == open_operations(newer.data, checked)[1] == found
    with pytest.raises(PacketRefused, match="codec"):
        open_packet(newer.data, checked)


def test_a_short_packet_with_any_byte_changed_is_refused():
    packet = seal_operations(HEADER, made(2), KEY.sign, ("columns",)).data
    for place in range(len(packet)):
        wrong = bytearray(packet)
        wrong[place] ^= 1
        with pytest.raises(PacketRefused):
            open_operations(bytes(wrong), checked)
        with pytest.raises(PacketRefused):
            open_operations(packet[:place], checked)


def test_lines_that_call_themselves_columns_are_refused():
    header = PacketHeader("push", SID, GROUP, GROUP, codec="columns", n=1)
    with pytest.raises(PacketRefused, match="lines"):
        open_operations(seal(header, [b'{"g":1}'], KEY.sign).data, checked)


def test_a_header_comes_back_from_its_short_form():
    assert PacketHeader(**long(short(vars(HEADER)))) == HEADER
    assert len(short(vars(HEADER))) < 150 < len(json.dumps(HEADER.wire()))
    for spoilt in (short(vars(HEADER))[:-1], short(vars(HEADER)) + b"x", b"", b"\xff" * 200):
        with pytest.raises(NoShortForm):
            long(spoilt)


def test_columns_weigh_less_than_two_thirds_of_the_lines():
    found = made(400)
    lines, columns = (len(seal_operations(HEADER, found, KEY.sign, taken).data) for taken in ((), ("columns",)))
    assert columns < lines * 2 / 3
