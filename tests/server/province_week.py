"""A province in the middle of its work, and everything it may be asked next: what a death at any moment of it must not harm."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.server import admin, backups, checking, custody, restoring, snapshots, taking
from poverty_desktop.server import province as starting
from poverty_desktop.server.province import Province, open_province
from poverty_desktop.server.settings import Settings
from tests.server.direct import Direct
from tests.server.laptop import Laptop
from tests.server.test_whole_states import entry, give_back

COMMUNE = "21001"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
COMPILED: dict[Any, Any] = {}
"""SQL of one engine is that of the next: hundreds of them are opened."""
Act = Callable[[Province], Any]


def opened(settings: Settings, *, new: bool = False) -> Province:
    """The province as it starts, at a moment that stands still; its schema is looked at only where it is `new`."""
    with pytest.MonkeyPatch.context() as patch:
        if not new:
            patch.setattr(starting, "migrate", lambda _: None)
        province = open_province(settings)
    province.engine = province.engine.execution_options(compiled_cache=COMPILED)
    province.guard.shorten()
    province.now = lambda: NOW
    return province


@dataclass
class Week:
    """Two officers' laptops and a third that comes; what they will send was sealed before, so that it is the same bytes again."""

    lan: Laptop
    minh: Laptop
    acts: dict[str, Act] = field(default_factory=dict)
    mark: str = ""

    def said(self, laptop: Laptop, province: Province, ask: Callable[[Laptop], Any]) -> Any:
        """What the province answers a copy of the laptop as it is now, without what is new in each answer."""
        one = copy.copy(laptop)
        one.http = Direct(province)
        answer = ask(one)
        body = json.loads(answer.content) if answer.content else dict(answer.headers.items())
        return answer.status_code, without_nonces(body)


def without_nonces(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_nonces(v) for k, v in value.items() if k.lower() not in ("nonce", "sig", "x-signature")}
    return [without_nonces(one) for one in value] if isinstance(value, list) else value


def enrolled(province: Province, officer: str) -> Laptop:
    laptop = Laptop("", admin.add_commune(province, COMMUNE, "Xã Ba Tơ").sid, COMMUNE)
    laptop.http = Direct(province)
    laptop.enrol(admin.make_code(province, COMMUNE, officer).code)
    laptop.login()
    return laptop


def lived(settings: Settings, old: Callable[[], str]) -> Week:
    """Live the week in a new province. `old()` copies the database as it is then, for a backup; gives its address."""
    province = opened(settings, new=True)
    week = Week(enrolled(province, "Hồ Thị Lan"), enrolled(province, "Phạm Văn Minh"))
    lan, minh = week.lan, week.minh
    households = [lan.household(household_code=f"A{number}", note="ghi chú") for number in range(6)]
    lan.push()
    minh.pull()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "operation_fault", _older)
        lan.save(
            ("c", "household", None, {"commune_code": COMMUNE}),
            ("c", "household_member", None, {"household_id": op_id(lan.dev, 1), "full_name": "Hồ Văn Tư"}),
        )
        lan.push()
        for number in range(2):
            lan.edit(households[5], {"note": f"sửa {number}"})
            lan.push()
            snapshots.make_ready(province, behind=0)
    province.engine.dispose()
    backup = old()
    week.mark = backups.mark(province, backup)[0].mark
    lan.save(("c", "spaceship", None, {"name": "mới"}))
    lan.edit(households[0], {"household_code": "L"}, seen={"household_code": "A0"})
    lan.push()
    _prepare(province, week, households, backup)
    province.close()
    return week


def _older(operation: Any) -> str:
    return "schema" if operation.entity == "household_member" else checking.operation_fault(operation)


def _prepare(province: Province, week: Week, households: list[str], backup: str) -> None:
    lan, minh, acts = week.lan, week.minh, week.acts

    def post(laptop: Laptop, data: bytes) -> Act:
        return lambda province: week.said(laptop, province, lambda one: one.post(data))

    minh.edit(households[0], {"household_code": "M"}, seen={"household_code": "A0"})
    minh.edit(op_id(lan.dev, 7), {"phone": "1"})
    minh.save(("c", "spaceship", None, {"name": "mới"}), ("c", "household", None, {"commune_code": COMMUNE}))
    minh.save(("d", "household", households[3], {}))
    minh.household(note="đến trước")
    assert minh.post(minh.packet(first=6).data).status_code == 409  # waits for its beginning
    acts["a packet"] = post(minh, minh.packet(last=5).data)
    _uploads(week, minh.packet(last=5).data)
    early, other = copy.copy(lan), copy.copy(lan)
    for one, fields in ((early, {"note": "một"}), (early, {"note": "hai"}), (other, {"note": "khác"})):
        one.operations, one.chains = [*one.operations], [*one.chains]
        if one is other:
            del one.operations[-1:], one.chains[-1:]
        one.household(**fields)
    acts["a packet too early"] = post(early, early.packet(first=len(lan.operations) + 2).data)
    acts["a packet of another history"] = post(other, other.packet(first=len(other.operations)).data)
    acts["hello"] = lambda province: week.said(early, province, lambda one: one.hello())
    entries = [entry(lan, rev, note=f"hộ {rev}") for rev in (5, 6)]
    acts["salvage"] = lambda province: week.said(lan, province, lambda one: give_back(one, entries))[0]
    acts["a snapshot"] = lambda province: _snapshot(week, province)
    acts["a backup is verified"] = lambda province: len(backups.mark(province, backup))
    acts["a backup leaves"] = lambda province: _dropped(province, week.mark)
    acts["released"] = lambda province: _decided(province, op_id(lan.operations[6].group, 2), custody.release)
    acts["withdrawn"] = lambda province: _decided(province, op_id(lan.operations[6].group, 2), withdrawn)
    acts["another commune"] = lambda province: admin.add_commune(province, "21002", "Xã Ba Vì").code
    _enrolment(province, week)


def _dropped(province: Province, mark: str) -> None:
    with contextlib.suppress(KnownProblem):  # it is gone already
        restoring.drop_backup(province, mark)


def withdrawn(province: Province, found: Sequence[custody.Kept]) -> int:
    return custody.withdraw(province, found, "ghi nhầm hộ", "Bà Hạnh")


def _decided(province: Province, op: str, verb: Callable[..., int]) -> None:
    verb(province, [one for one in custody.kept(province) if one.op == op])


def _uploads(week: Week, data: bytes) -> None:
    sha, packet = hashlib.sha256(data).hexdigest(), hashlib.sha256

    def put(one: Laptop, start: int, piece: bytes, last: bool) -> Any:
        headers = one.headers(**{"Upload-Offset": str(start), "Upload-Complete": "?1" if last else "?0"})
        return one.http.put(f"/v1/chunks/{sha}", data=piece, headers=headers)

    assert packet(data).hexdigest() == sha
    half = len(data) // 2
    put(week.minh, 0, data[:half], False)
    week.acts["a piece of a packet"] = lambda province: week.said(
        week.minh, province, lambda one: put(one, half, data[half:], True)
    )
    posted = m.PacketPosted(id=week.minh.packet(last=5).id, chunks=[sha]).wire()

    def pushed(one: Laptop) -> Any:
        put(one, half, data[half:], True)
        return one.http.post("/v1/packets", json=posted, headers=one.headers(**_digest(posted)))

    week.acts["an uploaded packet"] = lambda province: week.said(week.minh, province, pushed)


def _digest(posted: Any) -> dict[str, str]:
    import base64

    return {"Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(json.dumps(posted).encode()).digest()).decode()}:"}


def _snapshot(week: Week, province: Province) -> Any:
    snapshots.make_ready(province, behind=0)
    return snapshots.manifest(province, week.lan.sid, week.lan.dev).wire()


def _enrolment(province: Province, week: Week) -> None:
    new = Laptop("", week.lan.sid, COMMUNE)
    code = admin.make_code(province, COMMUNE, "Đinh Văn Ró").code
    request = m.EnrolRequest(code=code, public_key=new.key.public.hex(), nonce="n").wire()
    week.acts["a device"] = lambda province: week.said(new, province, lambda one: one.http.post("/v1/enrol", json=request))[0]
