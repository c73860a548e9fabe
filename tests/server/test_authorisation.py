"""Who may ask the province what: every route of the application, every kind of caller, real things of a commune (I12, T15)."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, update

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.server import admin, sessions
from poverty_desktop.server import tables as t
from poverty_desktop.server.app import app_of
from poverty_desktop.server.database import in_write
from tests.server.asking import ASK, Asked, Route, Target, found_in, routes, words
from tests.server.conftest import COMMUNE, OTHER_COMMUNE, Running
from tests.server.laptop import Laptop

NOTE = "chỉ của xã này"
KEPT_OUT = ("stranger", "withdrawn")  # active devices without a grant for the commune
LOCKED = ("locked", "wiping")
INSIDE = ("owner", "colleague", "reader")
NO_TOKEN = ("nobody", "rubbish", "forged", "expired")
PUBLIC: dict[Route, tuple[int, ...]] = {
    ("GET", "/v1/openapi.json"): (200,),
    ("HEAD", "/v1/openapi.json"): (200,),
    ("GET", "/v1/health"): (200,),
    ("GET", "/v1/health/live"): (200,),
    ("GET", "/v1/health/ready"): (200,),
    ("GET", "/metrics"): (200,),  # of this machine: test_watching.py has the others
    ("GET", "/v1/time"): (200,),
    ("POST", "/v1/auth/challenge"): (200,),
    ("POST", "/v1/auth/token"): (401,),
    ("POST", "/v1/enrol"): (403, 429),  # ten wrong codes, then a wait
}
OF_A_DEVICE: dict[Route, tuple[int, int]] = {  # to the device whose it is, to any other
    ("GET", "/v1/packets/{id}"): (200, 404),
    ("HEAD", "/v1/chunks/{sha}"): (200, 404),
    ("PUT", "/v1/chunks/{sha}"): (409, 204),  # its upload goes on elsewhere than at 0; another's is another upload
}
HANDING_OVER = {("POST", "/v1/hello"), ("POST", "/v1/packets"), *OF_A_DEVICE}


def expected(caller: str, route: Route) -> tuple[int, ...]:
    """What sync.md 3.15 and 3.19 allow; a route that stands in no table here has no answer, and the test fails."""
    if route in PUBLIC:
        return PUBLIC[route]
    if caller in NO_TOKEN:
        return (401,)
    if caller == "revoked" or (caller in LOCKED and route not in HANDING_OVER):
        return (403,)
    if route in OF_A_DEVICE:
        return (OF_A_DEVICE[route][caller != "owner"],)
    assert route in HANDING_OVER or route[1].startswith("/v1/streams/{sid}/")
    return (403,) if caller in KEPT_OUT else (200,)


@dataclass
class Commune:
    """A commune with a record, a snapshot, a packet, and an upload under way; and everyone who might ask about it."""

    running: Running
    target: Target
    owner: Laptop
    callers: dict[str, tuple[Laptop, str | None]]  # whose hands, and the Authorization that they send

    def ask(self, caller: str, asked: Asked) -> tuple[int, str, bytes]:
        """Status, all that the answer says, and its body; over a connection of its own, as `curl` would."""
        place = urlsplit(self.running.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        authorization = self.callers[caller][1]
        headers = asked.headers | ({"Authorization": authorization} if authorization else {}) | {"X-Nonce": "n"}
        connection.request(asked.method, asked.path, asked.body or None, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, words({name: value for name, value in answer.getheaders() if name != "date"}, body), body


@pytest.fixture
def commune(running: Running) -> Iterator[Commune]:
    owner = running.enrolled(COMMUNE, "Hồ Thị Lan")
    household = owner.household(note=NOTE)
    packet = owner.packet().id
    owner.push()
    manifest = owner.opened(m.ManifestAnswer, owner.http.get(
        f"{owner.url}/v1/streams/{owner.sid}/snapshot", headers=owner.headers(), timeout=20), owner.nonce).manifest  # fmt: skip
    upload = "5" * 64
    half = owner.headers(**{"Upload-Offset": "0"})
    assert owner.http.put(f"{owner.url}/v1/chunks/{upload}", data=b"half", headers=half, timeout=20).status_code == 204
    code = admin.make_code(running.province, COMMUNE, "Hồ Thị Lan").code
    Laptop(running.url, owner.sid, COMMUNE).enrol(code)
    hidden = {NOTE, household, owner.dev, owner.user, owner.inc, owner.sid, owner.chain.hex(), packet, upload}
    hidden |= {"Xã Ba Tơ", "Hồ Thị Lan", f'"{COMMUNE}"', manifest.digest, manifest.parts[0][0]}
    target = Target(owner.sid, owner.dev, packet, upload, manifest.parts[0][0], code, household, frozenset(hidden))
    laptops = [owner]
    made = Commune(running, target, owner, dict(_callers(running, owner, laptops)))
    yield made
    for laptop in laptops:
        laptop.http.close()


def _callers(running: Running, owner: Laptop, laptops: list[Laptop]) -> Iterator[tuple[str, tuple[Laptop, str | None]]]:
    province = running.province
    yield "nobody", (owner, None)
    yield "rubbish", (owner, "Bearer rubbish")
    forged = sessions.sealed_token(Signer.new(), (owner.dev, owner.inc, province.seconds() + 600))
    yield "forged", (owner, f"Bearer {forged}")
    late = sessions.sealed_token(province.signer, (owner.dev, owner.inc, province.seconds() - 1))
    yield "expired", (owner, f"Bearer {late}")
    for name in ("stranger", "withdrawn", "revoked", "locked", "wiping", "reader", "colleague"):
        laptop = running.enrolled(OTHER_COMMUNE if name == "stranger" else COMMUNE, f"Cán bộ {name}")
        laptops.append(laptop)
        _become(running, name, laptop.dev)
        yield name, (laptop, f"Bearer {laptop.token}")
    yield "owner", (owner, f"Bearer {owner.token}")


def _become(running: Running, kind: str, dev: str) -> None:
    g = t.device_grant.c
    if kind == "revoked":
        admin.revoke(running.province, dev)
    elif kind in ("locked", "wiping"):
        admin.order(running.province, dev, {"locked": "lock", "wiping": "wipe"}[kind])
    elif kind == "withdrawn":
        in_write(running.province.engine, lambda connection: connection.execute(delete(t.device_grant).where(g.dev == dev)))
    elif kind == "reader":
        reads = update(t.device_grant).where(g.dev == dev).values(mode="r")
        in_write(running.province.engine, lambda connection: connection.execute(reads))


def test_every_route_has_its_row(running):
    """A route that is new in the application stands in this matrix, or this fails."""
    assert routes(app_of(running.province)) == set(ASK)


def test_every_route_answers_every_caller_as_it_should(commune):
    wrong, leaks, told = [], [], ""
    for route, build in sorted(ASK.items()):
        for caller, (laptop, _) in commune.callers.items():
            asked = build(laptop, commune.target)
            status, text, _ = commune.ask(caller, asked)
            if status not in expected(caller, route):
                wrong.append((route, caller, status))
            if caller not in INSIDE:
                leaks += [(route, caller, secret) for secret in found_in(commune.target.secrets, text, asked)]
            elif caller == "owner":
                told += text
    assert wrong == []
    assert leaks == []
    assert {secret for secret in (NOTE, commune.target.household, commune.owner.user) if secret not in told} == set()


def test_what_is_not_yours_is_answered_as_what_does_not_exist(commune):
    for route, build in sorted(ASK.items()):
        for caller in KEPT_OUT:
            laptop = commune.callers[caller][0]
            real, none = (commune.ask(caller, build(laptop, one)) for one in (commune.target, commune.target.elsewhere()))
            assert real[0] == none[0], (route, caller)
            if real[0] >= 400 and real[0] != 429:
                assert real[1] == none[1], (route, caller)
    assert commune.owner.state().head == 1  # and none of it left anything in the commune
    upload = commune.ask("owner", ASK["HEAD", "/v1/chunks/{sha}"](commune.owner, commune.target))
    assert "upload-offset: 4" in upload[1]


def test_a_stolen_token_is_dead_at_once_in_the_middle_of_a_session(commune):
    """On the one connection that the thief holds open, with half a packet uploaded."""
    place = urlsplit(commune.running.url)
    thief = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    stolen = {"Authorization": f"Bearer {commune.owner.token}", "X-Nonce": "n"}

    def ask(route: Route, **headers: str) -> int:
        asked = ASK[route](commune.owner, commune.target)
        thief.request(asked.method, asked.path, asked.body or None, asked.headers | stolen | headers)
        answer = thief.getresponse()
        assert NOTE not in answer.read().decode("utf-8", "replace") or answer.status == 200
        return answer.status

    more = {"Upload-Offset": "4"}
    private = sorted(set(ASK) - set(PUBLIC))
    assert ask(("GET", "/v1/streams/{sid}/log")) == 200
    assert ask(("PUT", "/v1/chunks/{sha}"), **more) == 204
    admin.revoke(commune.running.province, commune.owner.dev)
    assert ask(("PUT", "/v1/chunks/{sha}"), **{"Upload-Offset": "5", "Upload-Complete": "?1"}) == 403
    assert {route: ask(route) for route in private} == dict.fromkeys(private, 403)
    thief.close()


class _Turn:
    """The turn of a write: what happens while the request waits for it happens before it gets it."""

    def __init__(self, meanwhile: threading.Event, go_on: threading.Event) -> None:
        self.waiting, self.go_on = meanwhile, go_on

    def acquire(self, timeout: float) -> bool:
        self.waiting.set()
        return self.go_on.wait(timeout)

    def release(self) -> None:
        self.waiting.clear()


@pytest.mark.parametrize("kind", ["revoked", "locked"])
def test_a_push_that_waits_for_its_turn_is_under_what_was_ordered_meanwhile(running, lan, kind):
    waiting, go_on = threading.Event(), threading.Event()
    running.province.writers = _Turn(waiting, go_on)
    lan.household(note=NOTE)
    answers = []
    push = threading.Thread(target=lambda: answers.append(lan.post(lan.packet().data)))
    push.start()
    assert waiting.wait(20)
    _become(running, kind, lan.dev)
    go_on.set()
    push.join(30)
    colleague = running.enrolled(COMMUNE, "Phạm Văn Minh")
    colleague.pull()
    assert colleague.records == {}
    if kind == "revoked":
        assert lan.problem(answers[0]).code == "revoked"
        assert colleague.rev == 0
    else:
        assert lan.opened(m.PushAnswer, answers[0], lan.nonce).ack["res"][0]["why"] == "locked"
        assert answers[0].json()["log"] is None
    colleague.http.close()
