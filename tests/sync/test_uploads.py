"""Packets go on where the line was cut, whatever their size (sync.md 3.12, 3.0 A2)."""

from __future__ import annotations

import random
from collections.abc import Callable

from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Save
from poverty_desktop.sync.uploading import LEAST, SMALL, Pace
from tests.sync.cutter import Cutter
from tests.sync.laptops import COMMUNE, Laptop, RunningProvince
from tests.sync.test_faults import log_of, through

NewLaptop = Callable[..., Laptop]


def with_much_to_send(laptop: Laptop, households: int, seed: int = 4) -> None:
    """One Save of notes that no compression shortens by much: about 2 kB a household on the line."""
    chance, group = random.Random(seed), laptop.records.new_group()
    notes = (chance.randbytes(2000).hex() for _ in range(households))
    changes = [
        Change("c", "household", op_id(group, number), number, {"commune_code": COMMUNE, "note": note})
        for number, note in enumerate(notes, 1)
    ]
    laptop.records.save(Save(group, laptop.workspace.officer.id, laptop.records.base(), changes))


def until_done(
    province: RunningProvince, laptop: Laptop, cutter: Cutter, positions: Callable[[], int], most: int
) -> tuple[int, int]:
    """Rounds, each cut after so many bytes up, until one ends: (bytes up of all, cuts)."""
    up = cuts = 0
    while True:
        cutter.cut_after("up", positions())
        report = laptop.round()
        up += cutter.passed["up"]
        if report.outcome == "done":
            return up, cuts
        cuts += 1
        province.settled()
        assert report.problem == "sync.cut"
        assert cuts < most


def sent_uncut(province: RunningProvince, cutter: Cutter, laptop: Laptop) -> int:
    through(cutter, province, laptop)
    cutter.heal()
    laptop.synced()
    return cutter.passed["up"]


def test_a_packet_above_64_kib_is_sent_in_pieces_that_grow_with_the_line(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop
) -> None:
    laptop = new_laptop()
    with_much_to_send(laptop, 90)
    assert sent_uncut(province, cutter, laptop) > 2 * SMALL
    assert set(log_of(province).values()) == {1}
    assert laptop.store.standing().waiting == 0


def test_a_line_that_dies_after_every_tenth_of_the_bytes_finishes(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop
) -> None:
    first, second = new_laptop("a"), new_laptop("b")
    with_much_to_send(first, 150, seed=1)
    with_much_to_send(second, 150, seed=2)
    whole = sent_uncut(province, cutter, first)
    through(cutter, province, second)
    up, cuts = until_done(province, second, cutter, lambda: whole // 10, most=15)
    print(f"every 10 %: {cuts} cuts, {up / whole:.3f} times the bytes of {whole}")
    assert cuts >= 9
    assert up <= 1.10 * whole
    assert set(log_of(province).values()) == {1}


def test_twenty_random_cuts_send_little_again(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> None:
    """Twenty packets of 120 kB, each cut once at a random byte of it; what comes on top is the greeting and two questions."""
    chance, laptop = random.Random(20), new_laptop()
    through(cutter, province, laptop)
    laptop.synced()
    with_much_to_send(laptop, 60, seed=0)
    cutter.heal()
    laptop.synced()
    whole, again = cutter.passed["up"], []
    for seed in range(1, 21):
        with_much_to_send(laptop, 60, seed)
        places = iter([chance.randrange(1000, whole)])
        up, _ = until_done(province, laptop, cutter, lambda places=places: next(places, 10 * whole), most=3)
        again.append(up / whole - 1)
    print(f"resent a cut: mean {sum(again) / 20:.4f}, most {max(again):.4f} of {whole} bytes")
    assert sum(again) / 20 <= 0.01
    assert max(again) <= 0.02
    assert set(log_of(province).values()) == {1}


def test_a_small_packet_goes_on_too(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> None:
    """Posted whole at first: what arrived of it is kept, and a line that carries 2 kB at a time is enough."""
    laptop = new_laptop()
    through(cutter, province, laptop)
    laptop.synced()
    with_much_to_send(laptop, 6)
    _, cuts = until_done(province, laptop, cutter, lambda: 3500, most=30)
    assert cuts > 3
    assert set(log_of(province).values()) == {1}


def test_a_killed_program_asks_where_its_packet_stood(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop
) -> None:
    laptop = new_laptop()
    through(cutter, province, laptop)
    with_much_to_send(laptop, 90)
    cutter.cut_after("up", 120_000)
    assert laptop.round().problem == "sync.cut"
    laptop.close()
    again = Laptop.at(laptop.folder)
    cutter.heal()
    again.synced()
    assert cutter.passed["up"] < 130_000
    again.close()


def test_what_another_holds_of_an_upload_is_no_use_to_me(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop
) -> None:
    """A damaged beginning is dropped by the province, and the packet begins again."""
    from sqlalchemy import text

    laptop = new_laptop()
    through(cutter, province, laptop)
    with_much_to_send(laptop, 90)
    cutter.cut_after("up", 120_000)
    laptop.round()
    province.settled()
    with province.province.engine.begin() as connection:
        held = connection.execute(text("SELECT data FROM chunk")).scalar()
        connection.execute(text("UPDATE chunk SET data = :data"), {"data": b"\0" * len(held)})
    cutter.heal()
    laptop.synced()
    assert set(log_of(province).values()) == {1}


def test_a_piece_is_what_the_line_carries_in_ten_seconds() -> None:
    pace = Pace()
    pace.went(64 << 10, 26.0)
    assert pace.size == int((64 << 10) / 26.0 * 10)
    for _ in range(9):
        pace.was_cut()
    assert pace.size == LEAST
    pace.went(2000, 0.001)
    assert pace.size == LEAST  # too little to say anything about the line
    pace.went(64 << 10, 0.01)
    assert pace.size == 4 * LEAST
