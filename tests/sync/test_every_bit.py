"""Whatever single bit of what travels is wrong, the whole is refused (sync.md 4.3, T9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from poverty_desktop.protocol import messages
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.packets import PacketHeader, PacketRefused, open_packet, seal
from poverty_desktop.protocol.signatures import Signer, verify
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.middle import Middle, Question, Reply

LINES = [b'{"f":{"full_name":"H\xe1\xbb\x93 Th\xe1\xbb\x8b M\xc6\xa1"},"n":1}', b'{"f":{"phone":"0912345678"},"n":2}']


def with_one_bit_wrong(data: bytes, step: int = 1) -> Iterator[bytes]:
    for bit in range(0, len(data) * 8, step):
        wrong = bytearray(data)
        wrong[bit // 8] ^= 1 << bit % 8
        yield bytes(wrong)


@pytest.mark.parametrize("codec", ["zstd", "none"])
def test_every_bit_of_a_packet_counts(codec: str) -> None:
    signer = Signer.new()
    header = PacketHeader("push", "s", "d", "i", 1, 2, EMPTY.hex(), EMPTY.hex(), n=2, codec=codec)
    packet = seal(header, LINES, signer.sign).data

    def mine(text: bytes, signature: bytes) -> bool:
        return verify(signer.public, text, signature)

    assert open_packet(packet, mine)[1] == LINES
    for wrong in with_one_bit_wrong(packet):
        with pytest.raises(PacketRefused):
            open_packet(wrong, mine)


def test_every_bit_of_a_signed_answer_counts() -> None:
    signer = Signer.new()
    lane = messages.LaneState(state="ok", last=7, chain=EMPTY.hex())
    state = messages.StreamState(sid="s", head=7, cursor="ok", epoch=1, lane=lane)
    answer = messages.HelloResponse(nonce="n", time="2026-11-24T00:00:00Z", schema_versions=[1], practice=True, streams=[state])
    data = messages.signed(answer, signer.sign)

    def pinned(text: bytes, signature: bytes) -> bool:
        return verify(signer.public, text, signature)

    assert messages.opened(messages.HelloResponse, data, pinned, nonce="n") == answer
    for wrong in with_one_bit_wrong(data):
        with pytest.raises(messages.NotOurServer):
            messages.opened(messages.HelloResponse, wrong, pinned, nonce="n")


def test_a_flipped_bit_on_the_way_up_is_refused_by_the_province_and_the_laptop_sends_again(
    province: RunningProvince, new_laptop: Callable[..., Laptop]
) -> None:
    """Every 97th bit of a packet that a middle man damages, with the digest made to fit: the lane does not move."""
    import requests

    laptop = new_laptop()
    laptop.enrol(province)
    laptop.add_household()
    enrolled = laptop.store.enrolled()
    laptop.link.authenticate(enrolled, "n")
    packet = laptop.store.next_packet(Signer(enrolled.private_key).sign, 1 << 20)
    with requests.Session() as http:
        for wrong in with_one_bit_wrong(packet.data, 97):
            answer = _posted(http, province, laptop, wrong)
            assert (answer.status_code, answer.json()["code"]) == (400, "packet_refused")
    assert laptop.synced().sent == 2


def _posted(http, province: RunningProvince, laptop: Laptop, data: bytes):  # type: ignore[no-untyped-def]
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    headers = {
        "Authorization": f"Bearer {laptop.link._session._token.text}",
        "Content-Type": "application/vnd.qlx.packet",
        "Content-Digest": f"sha-256=:{digest}:",
        "X-Nonce": "n",
    }
    return http.post(f"{province.url}/v1/packets", data=data, headers=headers, timeout=20)


def test_a_flipped_bit_on_the_way_down_is_a_portal(province: RunningProvince, new_laptop: Callable[..., Laptop]) -> None:
    """Every 197th bit of the answer to hello, as it travels."""
    laptop, middle = new_laptop(), Middle(province.port)
    laptop.enrol(province)
    laptop.syncing.moved(middle.url)
    laptop.synced()
    places = [0]

    def alter(question: Question, reply: Reply) -> Reply:
        if question.path != "/v1/hello":
            return reply
        wrong = bytearray(reply.body)
        wrong[places[-1] // 8 % len(wrong)] ^= 1 << places[-1] % 8  # its length changes a little with its numbers
        return Reply(reply.status, reply.headers, bytes(wrong))

    length = next(len(reply.body) for question, reply in middle.heard if question.path == "/v1/hello")
    middle.alter = alter
    for place in range(0, length * 8, 197):
        places.append(place)
        before = laptop.store.standing()
        assert laptop.round().outcome == "portal"
        assert laptop.store.standing() == before
    middle.alter = lambda question, reply: reply
    laptop.synced()
    middle.close()
