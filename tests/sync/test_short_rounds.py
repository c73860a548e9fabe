"""Rounds within a session in which a hello was answered: one question, few bytes, and never less careful than hello."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from poverty_desktop.protocol import brief
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.laptop import RoundReport
from poverty_desktop.server import admin
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import reading
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.middle import Middle

KNOWN = b"known before"
NewLaptop = Callable[..., Laptop]


@pytest.fixture
def live(province: RunningProvince, new_laptop: NewLaptop) -> tuple[Laptop, str]:
    """A laptop of which the province has everything, in a session that was greeted; and a household of it."""
    laptop = new_laptop("a")
    household_id, _ = laptop.add_household()
    laptop.enrol(province)
    laptop.synced()
    laptop.synced()
    return laptop, household_id


def both_ways(report: RoundReport) -> int:
    return report.up + report.down


def test_nothing_changed_is_one_question_of_less_than_500_bytes(live: tuple[Laptop, str]) -> None:
    report = live[0].synced()
    assert (report.round_trips, report.sent, report.received) == (1, 0, 0)
    assert both_ways(report) < 500
    assert report.outcome == "done"


def test_one_edit_is_one_question_of_less_than_a_kilobyte(live: tuple[Laptop, str]) -> None:
    laptop, household_id = live
    laptop.edit("household", household_id, phone="0911222333")
    report = laptop.synced()
    assert (report.round_trips, report.sent) == (1, 1)
    assert both_ways(report) < 1024
    assert report.receipt is not None
    assert laptop.syncing.state().places.on_laptop == 0
    assert laptop.store.standing().between == 0


def test_what_a_colleague_wrote_comes_with_the_answer(
    live: tuple[Laptop, str], province: RunningProvince, new_laptop: NewLaptop
) -> None:
    a, household_id = live
    b = new_laptop("b")
    b.enrol(province)
    b.synced()
    b.edit("household", household_id, phone="0933444555")
    b.synced()
    noticed = a.synced()
    assert noticed.received >= 1
    a.edit("household", household_id, note="đi làm xa")
    b.edit("household", household_id, note="nhà dột")
    b.synced()
    clash = a.synced()
    assert (clash.round_trips, clash.sent) == (1, 1)
    assert clash.conflicts == 1
    b.synced()
    assert a.store_rows() == b.store_rows()


def test_a_clone_with_a_live_session_greets_before_anything_is_taken(live: tuple[Laptop, str], province: RunningProvince) -> None:
    a, household_id = live
    folder, file = a.folder.with_name("clone"), a.workspace.database.path
    shutil.copytree(a.folder, folder, ignore=shutil.ignore_patterns(f"{file.name}*"))
    a.workspace.database.copy_to(folder / file.name)
    clone = Laptop.at(folder)
    try:
        assert clone.synced().outcome == "done"
        clone.edit("household", household_id, phone="0900000001")
        assert clone.synced().round_trips == 1
        a.edit("household", household_id, phone="0900000002")
        report = a.synced()
        assert (report.outcome, report.rotations, report.conflicts) == ("done", 1, 1)
        assert province_values(province, household_id) == {"0900000001"}
    finally:
        clone.close()


def province_values(province: RunningProvince, household_id: str) -> set[str]:
    with reading(province.province.engine) as connection:
        bodies = connection.execute(select(t.record.c.body).where(t.record.c.rec_id == household_id)).scalars()
        return {body.get("phone") for body in bodies}


def test_an_order_reaches_a_laptop_that_would_not_have_greeted(live: tuple[Laptop, str], province: RunningProvince) -> None:
    laptop, household_id = live
    device = laptop.store.enrolled().device
    laptop.edit("household", household_id, phone="0911222333")
    admin.order(province.province, device, "lock")
    assert laptop.syncing.round().round_trips > 1
    assert province_values(province, household_id) == {None}


def test_a_short_answer_that_was_touched_is_not_our_server(live: tuple[Laptop, str], province: RunningProvince) -> None:
    laptop, household_id = live
    middle = Middle(province.port)
    try:
        laptop.syncing.moved(middle.url)
        laptop.synced()
        for edited in (False, True):
            if edited:
                laptop.edit("household", household_id, phone="0911222333")
            before = laptop.store.standing()
            middle.alter = lambda _, reply: replace(reply, body=reply.body[:40] + bytes([reply.body[40] ^ 4]) + reply.body[41:])
            report = laptop.round()
            assert (report.outcome, report.round_trips, report.sent) == ("portal", 1, 0)
            assert laptop.store.standing() == before
            middle.alter = lambda _, reply: reply
            assert laptop.synced().sent == 0 + edited
            laptop.synced()
    finally:
        middle.close()


texts = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=8).filter(lambda text: text.isprintable())
    | st.binary(min_size=32, max_size=32).map(bytes.hex) | st.uuids().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
)  # fmt: skip


@given(texts, st.binary(min_size=8, max_size=60))
def test_a_short_answer_unpacks_to_the_bit_and_to_nothing_else(value: object, known: bytes) -> None:
    text = unicodedata.normalize("NFC", canonical_text(value)).encode()
    packed = brief.pack(text, known)
    assert brief.unpack(packed, known, 1 << 20) == text
    for cut in range(len(packed)):
        with pytest.raises(ValueError, match="packed"):
            brief.unpack(packed[:cut], known, 1 << 20)


def canonical_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_short_answer_never_grows_beyond_what_is_allowed() -> None:
    bomb = brief.pack(canonical("a" * 1_000_000), KNOWN)
    assert len(bomb) < 1_000
    with pytest.raises(ValueError, match="whole"):
        brief.unpack(bomb, KNOWN, 10_000)
