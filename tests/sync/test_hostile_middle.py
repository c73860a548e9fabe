"""Whoever stands between laptop and province can delay the work, and nothing else (sync.md 3.18, T8): whichever question he
answers himself and however, the round ends as a portal or a cut, nothing here changes, and the next round does it all."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator

import pytest

from poverty_desktop.protocol.answers import signed_object
from poverty_desktop.protocol.canonical import canonical, parse
from poverty_desktop.protocol.signatures import Signer
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.middle import Middle, Question, Reply

NewLaptop = Callable[..., Laptop]
Hostile = Callable[[Reply, list[Reply]], "Reply | bytes"]

HTML = "<html><body>Đăng nhập Wi-Fi</body></html>".encode()


def plain(status: int, body: bytes, media_type: str = "text/html", **headers: str) -> Reply:
    length = {} if status == 204 else {"content-length": str(len(body))}
    return Reply(status, {"content-type": media_type, **length, **headers}, body)


def unpacked(reply: Reply) -> bytes:
    from backports import zstd

    return zstd.decompress(reply.body) if reply.headers.get("content-encoding") == "zstd" else reply.body


def rewritten(reply: Reply, change: Callable[[dict[str, object]], dict[str, object]]) -> Reply:
    body = canonical(change(parse(unpacked(reply))))
    return plain(reply.status, body, reply.headers.get("content-type", ""))


def other_signer(wire: dict[str, object]) -> dict[str, object]:
    """Everything as the province said it, and signed by another."""
    return signed_object({name: value for name, value in wire.items() if name != "sig"}, Signer.new().sign)


HOSTILE: dict[str, Hostile] = {
    "a login page": lambda reply, _: plain(200, HTML),
    "a login page that calls itself json": lambda reply, _: plain(200, HTML, "application/json"),
    "a login page, gzip'd": lambda reply, _: plain(200, gzip.compress(HTML), "text/html", **{"content-encoding": "gzip"}),
    "gzip'd json": lambda reply, _: plain(
        200, gzip.compress(unpacked(reply)), "application/json", **{"content-encoding": "gzip"}
    ),
    "a redirect": lambda reply, _: plain(302, b"", location="http://login.example/"),
    "a redirect to itself": lambda reply, _: plain(307, b"", location="/v1/time"),
    "nothing": lambda reply, _: plain(204, b""),
    "a gateway's page": lambda reply, _: plain(502, b"<h1>502 Bad Gateway</h1>"),
    "a gateway that is busy": lambda reply, _: plain(503, b"<h1>busy</h1>", **{"retry-after": "86400"}),
    "a proxy that wants a password": lambda reply, _: plain(407, b"<h1>proxy</h1>"),
    "an unsigned refusal": lambda reply, _: plain(403, b'{"code":"revoked","status":403}', "application/problem+json"),
    "an end of the session that nobody signed": lambda reply, _: plain(401, b"{}", "application/problem+json"),
    "half a status line": lambda reply, _: b"HTTP/1.1 20",
    "half of the headers": lambda reply, _: b"HTTP/1.1 200 OK\r\ncontent-type: applica",
    "headers without a body": lambda reply, _: b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n",
    "half of the body": lambda reply, _: b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{",
    "no HTTP at all": lambda reply, _: b"\x16\x03\x01\x02\x00 SSH-2.0-x\r\n\r\n",
    "another's signature": lambda reply, _: rewritten(reply, other_signer),
    "no signature": lambda reply, _: rewritten(reply, lambda wire: {k: v for k, v in wire.items() if k != "sig"}),
    "another nonce": lambda reply, _: rewritten(reply, lambda wire: {**wire, "nonce": "x"}),
    "an answer of before": lambda reply, before: before[0],
    "a practice mark turned over": lambda reply, _: rewritten(reply, lambda wire: {**wire, "practice": True, "head": 0}),
}
PUSH, PULL = "/v1/packets", "/v1/streams/"
QUESTIONS = ("/v1/time", "/v1/auth/challenge", "/v1/auth/token", "/v1/hello", PUSH, PULL)


@pytest.fixture
def middle(province: RunningProvince) -> Iterator[Middle]:
    between = Middle(province.port)
    yield between
    between.close()


@pytest.fixture
def laptop(province: RunningProvince, middle: Middle, new_laptop: NewLaptop) -> Laptop:
    """Connected through the middle, with a round behind it."""
    one = new_laptop()
    one.enrol(province)
    one.syncing.moved(middle.url)
    other = new_laptop("before")
    other.enrol(province)
    other.add_household()
    other.synced()
    one.synced()  # has asked for the log, and
    one.link.close()  # and in each new session hello comes first, and all answers in full
    one.add_household()
    one.synced()  # has pushed
    one.link.close()
    return one


@pytest.mark.parametrize("path", QUESTIONS)
def test_whatever_he_answers_nothing_changes(
    province: RunningProvince, middle: Middle, laptop: Laptop, new_laptop: NewLaptop, path: str
) -> None:
    if path == PULL:  # asked for only where nothing is pushed: else the log comes with the ack
        other = new_laptop("other")
        other.enrol(province)
        other.add_household()
        other.synced()
    for name, hostile in HOSTILE.items():
        if path == PUSH or (path != PULL and not laptop.store.standing().waiting):
            laptop.add_household()
        laptop.link.close()
        before = (laptop.store.standing(), laptop.store_rows())
        old = [reply for question, reply in middle.heard if question.path.startswith(path)]
        met = _answer(middle, path, lambda reply, hostile=hostile, old=old: hostile(reply, old))
        report = laptop.round()
        assert met
        assert report.outcome in ("portal", "cut"), (name, report)
        assert (laptop.store.standing(), laptop.store_rows()) == before, name
        assert laptop.store.retry().remaining(laptop.clock.monotonic()) <= 60
        if path == PUSH:  # the province has it, and what it signed was kept from the laptop
            _recovers(middle, laptop)
    _recovers(middle, laptop)


def _recovers(middle: Middle, laptop: Laptop) -> None:
    middle.alter = lambda question, reply: reply
    laptop.synced()
    assert laptop.store.standing().waiting == 0
    laptop.link.close()


def _answer(middle: Middle, path: str, how: Callable[[Reply], Reply | bytes]) -> list[Question]:
    """From now on questions to `path` are answered so; the questions that were."""
    met: list[Question] = []

    def alter(question: Question, reply: Reply) -> Reply | bytes:
        if not question.path.startswith(path):
            return reply
        met.append(question)
        return how(reply)

    middle.alter = alter
    return met


def test_an_ack_of_another_packet_is_none(middle: Middle, laptop: Laptop) -> None:
    """Signed by the province, with its own nonce inside, around the ack of an earlier packet."""
    (earlier,) = [reply for question, reply in middle.heard if question.path == "/v1/packets"]
    ack = json.loads(unpacked(earlier))["ack"]
    laptop.add_household()
    before = laptop.store.standing()
    _answer(middle, "/v1/packets", lambda reply: rewritten(reply, lambda wire: {**wire, "ack": ack}))
    report = laptop.round()
    assert (report.outcome, report.sent) == ("portal", 0)
    assert laptop.store.standing() == before


def forged(sign: Callable[[bytes], bytes], **wrong: object) -> Callable[[Reply], Reply]:
    """The province's own answer around an ack that says something else, both signed by its key."""

    def change(wire: dict[str, object]) -> dict[str, object]:
        ack = {name: value for name, value in dict(wire["ack"]).items() if name != "sig"} | wrong  # type: ignore[call-overload]
        answer = {name: value for name, value in wire.items() if name != "sig"}
        return signed_object({**answer, "ack": signed_object(ack, sign)}, sign)

    return lambda reply: rewritten(reply, change)


def test_a_province_that_signs_an_ack_for_other_work_is_not_believed(
    province: RunningProvince, middle: Middle, laptop: Laptop
) -> None:
    """Even signed and fresh: success names my packet."""
    sign = province.province.signer.sign
    for wrong in ({"packet": "0" * 64}, {"sid": "x"}, {"kind": "custody"}):
        laptop.add_household()
        before = laptop.store.standing()
        _answer(middle, PUSH, forged(sign, **wrong))
        report = laptop.round()
        assert (report.problem, report.sent) == ("sync.answer_damaged", 0)
        assert laptop.store.standing() == before
        _recovers(middle, laptop)


def test_an_ack_that_ends_in_another_chain_counts_for_nothing_and_hello_is_asked(
    province: RunningProvince, middle: Middle, laptop: Laptop
) -> None:
    laptop.add_household()
    _answer(middle, PUSH, forged(province.province.signer.sign, lane={"last": 4, "chain": "0" * 64, "no": 1}))
    report = laptop.round()
    assert (report.outcome, report.sent, dict(report.counts), report.receipt) == ("done", 2, {}, None)
    assert [question.path for question, _ in middle.heard][-3:-1] == [PUSH, "/v1/hello"]
