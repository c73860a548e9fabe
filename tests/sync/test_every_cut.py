"""The line is cut after every byte, in both directions (sync.md 2.4, T3): the question is asked again and all is as if nothing
had been. Every position of hello, and of a push on its way up; of the answer to a push, of a page of the log and of a part of a
snapshot every position of what frames them and some between, as counted where the tests print it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.laptop import Enrolled, Outgoing
from poverty_desktop.protocol.messages import HelloRequest, StreamPosition
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.sync.province_link import HttpProvinceLink
from poverty_desktop.sync.transport import Transport
from tests.sync.cutter import Cutter, Direction
from tests.sync.laptops import Laptop, RunningProvince, rows_of
from tests.sync.test_faults import log_of, through

NewLaptop = Callable[..., Laptop]
FRAME, STRIDE = 150, 97  # bytes at either end of a long answer; positions between
SPREAD = 16  # bytes by which packed answers to one question may differ in length
ALLOWED = ("sync.cut", "sync.no_link", "sync.not_our_server")  # a header cut short may look like another's


@dataclass
class Line:
    """A laptop's link through the cutter, with a session that was opened before."""

    laptop: Laptop
    cutter: Cutter
    link: HttpProvinceLink
    enrolled: Enrolled

    def cut(self, direction: Direction, position: int, ask: Callable[[], object]) -> bool:
        """Whether the question was answered although the line was cut."""
        self.link._session.transport.close()
        self.cutter.cut_after(direction, position)
        try:
            ask()
        except KnownProblem as problem:
            if problem.code not in ALLOWED:
                raise
            return False
        return True

    def size(self, direction: Direction, ask: Callable[[], object]) -> int:
        """How many bytes one question, or its answer, is."""
        self.link._session.transport.close()
        self.cutter.heal()
        ask()
        return self.cutter.passed[direction]

    def hello(self) -> object:
        standing = self.laptop.store.standing()
        cursor = (standing.cursor.epoch, standing.cursor.rev, standing.cursor.chain.hex())
        lane = (standing.lane_last, standing.lane_chain.hex())
        position = StreamPosition(sid=self.enrolled.stream, cursor=cursor, lane=lane)
        request = HelloRequest(device=self.enrolled.device, incarnation=self.enrolled.incarnation, nonce="h", streams=[position])
        return self.link.hello(request)

    def packet(self) -> Outgoing:
        found = self.laptop.store.next_packet(Signer(self.enrolled.private_key).sign, 1 << 20)
        assert found is not None
        return found

    def push(self, packet: Outgoing) -> None:
        pushed = self.link.push(packet, self.laptop.store.standing().cursor, "p")
        self.laptop.store.accepted(packet.id, pushed.ack)


@pytest.fixture
def line(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> Iterator[Line]:
    laptop = new_laptop()
    through(cutter, province, laptop)
    laptop.add_household()
    laptop.synced()
    enrolled = laptop.store.enrolled()
    assert enrolled is not None
    link = HttpProvinceLink(Transport(2, 5))
    link.authenticate(enrolled, "n")
    yield Line(laptop, cutter, link, enrolled)
    link.close()


@pytest.mark.parametrize("direction", ["up", "down"])
def test_hello_is_cut_after_every_byte(line: Line, direction: Direction) -> None:
    whole = line.size(direction, line.hello)
    answered = [line.cut(direction, position, line.hello) for position in range(whole)]
    assert not any(answered[:-SPREAD])
    line.cutter.heal()
    line.hello()
    print(f"hello {direction}: {whole} positions")


def test_a_push_is_cut_after_every_byte_up(province: RunningProvince, line: Line) -> None:
    """Nothing of it counts before the last byte has arrived; then it counts once."""
    line.laptop.add_household()
    packet = line.packet()
    before = line.link.traffic.up
    assert not line.cut("up", 0, lambda: line.push(packet))
    whole = line.link.traffic.up - before
    for position in range(1, whole):
        line.link._uploads._cut.clear()  # each time as if it were the first
        assert not line.cut("up", position, lambda: line.push(packet))
    province.settled()
    assert len(log_of(province)) == 2
    line.cutter.heal()
    line.push(packet)
    assert set(log_of(province).values()) == {1}
    assert len(log_of(province)) == 4
    print(f"push up: {whole} positions")


def test_a_push_is_cut_after_every_byte_down(province: RunningProvince, line: Line) -> None:
    """The province has it, and the laptop does not know: asked again it says so again, and nothing is doubled. The first
    bytes one by one, then every seventh."""
    line.laptop.add_household()
    packet = line.packet()
    places = [place for place in range(line.size("down", lambda: line.push(packet)) - SPREAD) if place < FRAME or place % 7 == 0]
    for count, position in enumerate(places):
        if count % 50 == 0:
            line.cutter.heal()
            line.push(packet)
            line.laptop.add_household()
            packet = line.packet()
        assert not line.cut("down", position, lambda packet=packet: line.push(packet))
    line.cutter.heal()
    line.laptop.synced()
    assert set(log_of(province).values()) == {1}
    assert len(log_of(province)) == line.laptop.store.standing().lane_last
    print(f"push down: {len(places)} positions")


def positions(whole: int) -> list[int]:
    return [place for place in range(whole) if place < FRAME or place >= whole - FRAME // 2 or place % STRIDE == 0]


def test_a_page_of_the_log_and_a_snapshot_are_cut(line: Line) -> None:
    for number in range(30):
        line.laptop.add_household(f"Hồ Thị Mơ {number}", note=f"{number * 7919 % 1000} hàng rào")
    line.laptop.synced()
    stream, start = line.enrolled.stream, line.laptop.store.standing().cursor.__class__(1, 0, bytes(32))
    manifest = line.link.manifest(stream, "m")

    def pull() -> None:
        assert line.link.log(stream, start, 1 << 20, "l").to == manifest.rev

    def part() -> None:
        line.link._parts.forget()
        line.link._parts._empty = False
        assert len(rows_of(line.link.snapshot_parts(stream, manifest))) == manifest.rows

    asked: list[tuple[str, Callable[[], None], Direction]] = [
        ("pull", pull, "down"), ("snapshot", part, "down"), ("pull", pull, "up"), ("snapshot", part, "up"),
    ]  # fmt: skip
    for name, ask, direction in asked:
        whole = line.size(direction, ask)
        places = positions(whole)
        for position in places:
            line.link._parts._files.keep_only(set())
            answered = line.cut(direction, position, ask)
            assert not answered or position >= whole - SPREAD
        line.cutter.heal()
        ask()
        print(f"{name} {direction}: {len(places)} of {whole} positions")
