"""Nobody gets a byte of a commune without a grant for it, and a revoked device gets nothing at once (invariant I12)."""

from __future__ import annotations

import secrets

import pytest
import requests

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.server import admin
from tests.server.laptop import Laptop

OTHER_COMMUNE = "21002"


def requests_of(laptop: Laptop, sid: str, packet: str) -> dict[str, requests.Response]:
    """Every endpoint that needs a device, asked about stream `sid` with the laptop's own token."""
    get, url = laptop.http.get, laptop.url
    laptop.sid = sid
    laptop.household()
    return {
        "hello": laptop.hello(),
        "log": get(f"{url}/v1/streams/{sid}/log", params={"epoch": 1, "after": 0}, headers=laptop.headers(), timeout=20),
        "snapshot": get(f"{url}/v1/streams/{sid}/snapshot", headers=laptop.headers(), timeout=20),
        "part": get(f"{url}/v1/streams/{sid}/snapshot/{packet}", headers=laptop.headers(), timeout=20),
        "digest": get(f"{url}/v1/streams/{sid}/digest", params={"rev": 1}, headers=laptop.headers(), timeout=20),
        "rows": laptop.http.post(f"{url}/v1/streams/{sid}/rows", json={"buckets": [1]}, headers=laptop.headers(), timeout=20),
        "salvage": laptop.http.post(f"{url}/v1/streams/{sid}/salvage", data=b"x", headers=laptop.headers(), timeout=20),
        "packet": get(f"{url}/v1/packets/{packet}", headers=laptop.headers(), timeout=20),
        "push": laptop.post(laptop.packet().data),
        "chunk state": laptop.http.head(f"{url}/v1/chunks/{packet}", headers=laptop.headers(), timeout=20),
        "chunk": laptop.http.put(
            f"{url}/v1/chunks/{packet}", data=b"x", headers=laptop.headers(**{"Upload-Offset": "0"}), timeout=20
        ),
    }


def test_another_communes_laptop_gets_nothing(running, lan):
    lan.household(note="chỉ của xã này")
    packet = lan.packet()
    lan.post(packet.data)
    stranger = running.enrolled(OTHER_COMMUNE, "Lê Thị Hoa")
    answers = requests_of(stranger, lan.sid, packet.id)
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {
        **dict.fromkeys(("hello", "log", "snapshot", "part", "digest", "rows", "salvage", "push"), 403),
        "packet": 404, "chunk state": 404, "chunk": 204,
    }  # fmt: skip
    assert all("chỉ của" not in answer.text for answer in answers.values())
    assert lan.state().head == 1
    stranger.http.close()


def test_a_stream_that_does_not_exist_is_not_told_from_one_of_others(lan):
    for sid in ("01a209d3-9f58-72f0-b83a-414ebd1cc79f", "khong-phai-uuid"):
        query = {"epoch": 1, "after": 0}
        answer = lan.http.get(f"{lan.url}/v1/streams/{sid}/log", params=query, headers=lan.headers(), timeout=20)
        assert lan.problem(answer).code == "forbidden"


def test_a_revoked_device_is_told_so_at_every_endpoint_at_once(running, lan):
    lan.household()
    packet = lan.packet().id
    admin.revoke(running.province, lan.dev)
    answers = requests_of(lan, lan.sid, packet)
    assert {answer.status_code for answer in answers.values()} == {403}
    assert lan.problem(answers["push"]).code == "revoked"
    with pytest.raises(m.NotOurServer):
        lan.login()


def test_without_a_token_of_ours_nothing_is_answered(lan):
    for token in ("", "rubbish", "QUJD" * 30):
        lan.token = token
        answers = requests_of(lan, lan.sid, "0" * 64)
        assert {answer.status_code for answer in answers.values()} == {401}
        assert lan.problem(answers["hello"]).code == "unauthorised"


def test_a_token_ends_after_half_an_hour(running, lan):
    later = running.province.seconds() + 31 * 60
    running.province.seconds = lambda: later
    assert lan.hello().status_code == 401


def test_a_challenge_answers_once_and_only_the_key_that_was_enrolled(lan):
    nonce = secrets.token_hex(8)
    asked = m.ChallengeRequest(device=lan.dev, nonce=nonce)
    answer = lan.http.post(f"{lan.url}/v1/auth/challenge", json=asked.wire(), timeout=20)
    challenge = lan.opened(m.ChallengeResponse, answer, nonce).challenge
    statuses = [_ask_token(lan, challenge, key).status_code for key in (Signer.new(), lan.key)]
    assert statuses == [401, 401]  # the wrong key used the challenge up
    lan.login()


def _ask_token(laptop: Laptop, challenge: str, key: Signer) -> requests.Response:
    import base64

    signature = base64.b64encode(key.sign(m.session_text(challenge, laptop.dev, laptop.inc))).decode()
    proof = m.TokenRequest(device=laptop.dev, incarnation=laptop.inc, challenge=challenge, nonce="n", signature=signature)
    return laptop.http.post(f"{laptop.url}/v1/auth/token", json=proof.wire(), timeout=20)


def test_a_packet_of_another_device_is_refused(lan, minh):
    lan.household()
    assert minh.problem(minh.post(lan.packet().data)).reason == "signature"
    minh.household()
    assert minh.problem(minh.post(minh.packet(dev=lan.dev).data)).code == "forbidden"


def test_a_code_is_good_once_for_one_laptop_and_an_answer_may_be_lost(running):
    sid = admin.add_commune(running.province, "21001", "Xã Ba Tơ").sid
    code = admin.make_code(running.province, "21001", "Hồ Thị Lan")
    assert (len(code.code.replace("-", "")), code.hours) == (26, 72)
    first = Laptop(running.url, sid, "21001")
    enrolled = first.enrol(code.code)
    assert (enrolled.officer, enrolled.account, enrolled.practice) == ("Hồ Thị Lan", code.account, True)
    assert [(stream.sid, stream.commune_code, stream.grant) for stream in enrolled.streams] == [(sid, "21001", "rw")]
    assert first.enrol(code.code.lower()).device == enrolled.device
    with pytest.raises(requests.HTTPError):
        Laptop(running.url, sid, "21001").enrol(code.code)
    assert [device.id for device in admin.devices(running.province)] == [enrolled.device]
    first.http.close()


def test_an_old_code_is_refused(running):
    sid = admin.add_commune(running.province, "21001", "Xã Ba Tơ").sid
    code = admin.make_code(running.province, "21001", "Hồ Thị Lan").code
    running.province.instant = lambda: "2099-01-01T00:00:00Z"
    with pytest.raises(requests.HTTPError):
        Laptop(running.url, sid, "21001").enrol(code)


def test_guessing_codes_is_slowed_down(running):
    request = m.EnrolRequest(code="AAAAAAAAAA", public_key="00" * 32, nonce="n").wire()
    statuses = [requests.post(f"{running.url}/v1/enrol", json=request, timeout=20).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]


def test_what_the_administrator_mistypes_is_said(running):
    for act, code in (
        (lambda: admin.add_commune(running.province, "21a", "?"), "server.commune_code"),
        (lambda: admin.make_code(running.province, "55555", "?"), "server.no_commune"),
        (lambda: admin.revoke(running.province, "?"), "server.no_device"),
    ):
        with pytest.raises(KnownProblem) as problem:
            act()
        assert problem.value.code == code
