"""Garbage, bombs and cuts cost the sender an answer and the province nothing."""

from __future__ import annotations

import base64
import hashlib
import http.client
import socket
from urllib.parse import urlsplit

import requests

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol import packets
from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.packets import PacketHeader, seal

HTML = b"<html><body>Please log in</body></html>"


JSON_PATHS = ("/v1/enrol", "/v1/auth/challenge", "/v1/auth/token", "/v1/hello")
GARBAGE = (b"", HTML, b"null", b"[1]", b'{"a":1.5}', b"\xff\xfe", b"{" * 100_000, b'{"nonce":["x"]}')


def test_garbage_to_a_json_endpoint_is_a_signed_refusal(lan):
    for path in JSON_PATHS:
        for body in GARBAGE:
            answer = lan.http.post(f"{lan.url}{path}", data=body, headers=lan.headers(), timeout=20)
            refused = lan.problem(answer)
            assert (refused.code, refused.nonce) == ("bad_request", lan.nonce)


def bomb(laptop):
    """Ten megabytes of blanks behind a header that promises eight."""
    from backports import zstd

    sealed = seal(PacketHeader("push", laptop.sid, laptop.dev, laptop.inc, codec="none"), [], laptop.key.sign)
    _, header = packets.peek(sealed.data)
    content = packets.canonical(header.wire() | {"codec": "zstd", "raw": packets.MAX_RAW})
    body = zstd.compress(b" " * (10 << 20))
    digest = hashlib.sha256(content + body).digest()
    length = len(content).to_bytes(4, "big")
    signature = laptop.key.sign(b"qlx packet\n" + length + digest)
    return b"QLX1" + length + content + body + digest + signature


def test_packets_that_are_none_are_refused_and_leave_nothing(lan):
    lan.household()
    good = lan.packet().data
    cases = {
        HTML: "cut",
        b"": "cut",
        good[:-1]: "damaged",
        good[:100] + bytes([good[100] ^ 1]) + good[101:]: "damaged",
        good[:-1] + bytes([good[-1] ^ 1]): "signature",
        bomb(lan): "damaged",
        lan.packet(n=7).data: "header",
        lan.packet(prev="zz").data: "header",
        lan.packet(lane_from=0).data: "header",
        seal(packets.peek(good)[1], [b'{"n":1}'], lan.key.sign).data: "lines",
        seal(packets.peek(good)[1], [b"[" * 5000], lan.key.sign).data: "lines",
    }
    for data, reason in cases.items():
        refused = lan.problem(lan.post(data))
        assert (refused.code, refused.reason) == ("packet_refused", reason)
    assert lan.state().head == 0
    assert lan.push().runs == [(1, 1, 1, "applied")]


def test_a_body_without_its_digest_is_refused(lan):
    lan.household()
    data = lan.packet().data
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    for digest in ("", "md5=:AA==:", f"sha-256=:{wrong}:", "sha-256=:!!:"):
        assert lan.problem(lan.post(data, **{"Content-Digest": digest})).code == "digest"


def test_a_cursor_that_is_none_is_refused_before_anything_is_applied(lan):
    lan.household()
    for cursor in ("", "1.2", "1.2.zz", "a.b.c", "-1.0." + "0" * 64):
        assert lan.problem(lan.post(lan.packet().data, **{"X-Cursor": cursor})).code == "bad_request"
    assert lan.state().head == 0


def test_too_much_is_refused_before_it_is_read(lan):
    refused = lan.problem(lan.post(b"x" * (10 << 20)))
    assert (refused.code, refused.max) == ("too_large", 9 << 20)
    big = lan.http.post(f"{lan.url}/v1/hello", data=b"x" * (300 << 10), headers=lan.headers(), timeout=20)
    assert lan.problem(big).code == "too_large"


def test_wrong_numbers_in_a_pull_are_refused(lan):
    for query in ({}, {"epoch": 1}, {"epoch": "x", "after": 0}, {"epoch": 1, "after": -1}, {"epoch": 1, "after": "9" * 99}):
        answer = lan.http.get(f"{lan.url}/v1/streams/{lan.sid}/log", params=query, headers=lan.headers(), timeout=20)
        assert lan.problem(answer).code == "bad_request"


def test_unknown_paths_and_methods_answer_signed(lan):
    assert lan.problem(lan.http.get(f"{lan.url}/wp-login.php", headers=lan.headers(), timeout=20)).code == "not_found"
    assert lan.problem(lan.http.delete(f"{lan.url}/v1/hello", headers=lan.headers(), timeout=20)).code == "method"


def test_a_program_too_old_or_too_new_is_told_to_upgrade(lan):
    refused = lan.problem(lan.hello(proto=[2, 3]))
    assert (refused.code, refused.min) == ("upgrade", 1)


def test_an_upload_goes_on_where_it_was_cut(running, lan):
    for number in range(50):
        lan.household(note=f"ghi chú số {number}")
    packet = lan.packet()
    sha = hashlib.sha256(packet.data).hexdigest()
    url, half = f"{lan.url}/v1/chunks/{sha}", len(packet.data) // 2
    assert lan.http.head(url, headers=lan.headers(), timeout=20).status_code == 404
    _put_and_cut(lan, url, packet.data, half)
    arrived = _offset(lan, url)
    assert arrived == half
    wrong = lan.http.put(url, data=b"x", headers=lan.headers(**{"Upload-Offset": "7"}), timeout=20)
    assert lan.problem(wrong).have == half
    headers = lan.headers(**{"Upload-Offset": str(half), "Upload-Complete": "?1"})
    done = lan.http.put(url, data=packet.data[half:], headers=headers, timeout=20)
    assert (done.status_code, done.headers["Upload-Complete"]) == (204, "?1")
    body = canonical({"id": packet.id, "chunks": [sha]})
    answer = lan.post(body, **{"Content-Type": "application/json"})
    assert lan.opened(m.PushAnswer, answer, lan.nonce).ack["runs"] == [[1, 50, 1, "applied"]]
    assert lan.http.head(url, headers=lan.headers(), timeout=20).status_code == 404


def _put_and_cut(laptop, url, data, at):
    """Announces all of `data` and closes the connection after `at` bytes."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.putrequest("PUT", parts.path)
    for name, value in laptop.headers(**{"Upload-Offset": "0", "Content-Length": str(len(data))}).items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(data[:at])
    connection.sock.shutdown(socket.SHUT_WR)
    connection.sock.recv(1)
    connection.close()


def _offset(laptop, url):
    for _ in range(200):
        answer = laptop.http.head(url, headers=laptop.headers(), timeout=20)
        if answer.status_code == 200:
            return int(answer.headers["Upload-Offset"])
    raise AssertionError("nothing of the upload was kept")


def test_an_upload_that_is_not_what_its_hash_says_is_dropped(lan):
    url = f"{lan.url}/v1/chunks/{hashlib.sha256(b'right').hexdigest()}"
    headers = lan.headers(**{"Upload-Offset": "0", "Upload-Complete": "?1"})
    assert lan.problem(lan.http.put(url, data=b"wrong", headers=headers, timeout=20)).code == "digest"
    assert lan.http.head(url, headers=lan.headers(), timeout=20).status_code == 404


def test_health_is_answered_to_anybody(running, lan):
    answer = requests.get(f"{running.url}/v1/health", headers={"X-Nonce": "n"}, timeout=20)
    assert (answer.json()["status"], answer.json()["nonce"]) == ("ok", "n")


def test_a_bug_answers_signed_and_logs_no_personal_data(running, lan, monkeypatch, caplog):
    from poverty_desktop.server import handlers

    def broken(*_arguments):
        raise RuntimeError("Hồ Thị Lan 051234567890")

    monkeypatch.setattr(handlers, "stream_state", broken)
    assert lan.problem(lan.hello()).code == "internal"
    assert "RuntimeError" in caplog.text
    assert "Lan" not in caplog.text
