"""What a fresh, a repaired and a returning laptop get: the whole state at one revision (sync.md 3.14, 3.20, 3.23)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from backports import zstd

from poverty_desktop.protocol import messages as m
from poverty_desktop.protocol.digests import Sums, conflict_hash, record_hash, sums_of
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.packets import PacketHeader, seal
from poverty_desktop.protocol.snap_pages import read
from poverty_desktop.server import snapshots
from poverty_desktop.server.snapshot_keeper import SnapshotKeeper
from tests.server.laptop import Laptop


def get(laptop: Laptop, path: str, **more: Any) -> Any:
    headers = laptop.headers(**more.pop("headers", {}))
    return laptop.http.get(f"{laptop.url}/v1/streams/{laptop.sid}/{path}", headers=headers, timeout=60, **more)


def manifest_of(laptop: Laptop) -> m.Manifest:
    return laptop.opened(m.ManifestAnswer, get(laptop, "snapshot"), laptop.nonce).manifest


def rows_of(laptop: Laptop, manifest: m.Manifest) -> list[m.SnapRow]:
    rows = []
    for sha, size in manifest.parts:
        data = get(laptop, f"snapshot/{sha}").content
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (sha, size)
        rows += [row for page in read(zstd.decompress(data)) for row in page.rows()]
    assert len(rows) == manifest.rows
    return rows


def sums_in(rows: list[m.SnapRow]) -> Sums:
    return sums_of(
        (row.record_id, conflict_hash(row.record_id, row.body["state"] == "open"))
        if row.entity == "conflict"
        else (row.record_id, record_hash(row.entity, row.record_id, row.body, row.deleted))
        for row in rows
    )


@pytest.fixture
def busy(lan: Laptop, minh: Laptop) -> Laptop:
    """A commune with records, a deleted one, an open and a settled conflict."""
    ids = [lan.household(note=f"hộ {number}", household_code="A") for number in range(20)]
    lan.push()
    minh.pull()
    for household in ids[:2]:
        lan.edit(household, {"household_code": "L"}, seen={"household_code": "A"})
        minh.edit(household, {"household_code": "M"}, seen={"household_code": "A"})
    lan.save(("d", "household", ids[5], {}), reason="nhập nhầm")
    lan.push()
    cids = [result.conflicts[0] for result in minh.push().results]
    minh.save(("r", "household", ids[0], {"household_code": "M"}), closes=(cids[0],), reason="theo sổ")
    minh.push()
    lan.pull()
    return lan


def test_a_snapshot_holds_the_state_that_its_signed_digest_names(busy, minh):
    manifest = manifest_of(minh)
    rows = rows_of(minh, manifest)
    assert sums_in(rows).digest == manifest.digest == minh.state().digest
    assert (manifest.rev, manifest.chain) == (busy.rev, busy.chain.hex())
    records = {row.record_id: row for row in rows if row.entity != "conflict"}
    assert {key: row.body for key, row in records.items()} == busy.records
    assert [row.why for row in records.values() if row.deleted] == ["nhập nhầm"]
    states = {row.record_id: row.body for row in rows if row.entity == "conflict"}
    settled = next(body for body in states.values() if body["state"] == "resolved")
    assert (settled["chosen"], settled["reason"], settled["current"], settled["other"]) == ("M", "theo sổ", "L", "M")
    assert [cid for cid, body in states.items() if body["state"] == "open"] == list(busy.conflicts)


def test_a_snapshot_that_lies_ready_is_taken_again_and_the_log_goes_on_from_it(lan, minh, running):
    lan.household()
    lan.push()
    first = manifest_of(lan)
    lan.household()
    lan.push()
    again = manifest_of(lan)
    assert (again.rev, again.lanes, again.parts) == (1, {lan.inc: 1}, first.parts)
    assert manifest_of(minh).lanes == {}
    assert snapshots.make_ready(running.province) == []
    assert [one["rev"] for one in snapshots.make_ready(running.province, behind=0)] == [2]
    assert snapshots.make_ready(running.province, behind=0) == []
    assert (manifest_of(lan).rev, manifest_of(lan).lanes) == (2, {lan.inc: 2})
    get(lan, f"snapshot/{first.parts[0][0]}").raise_for_status()  # whoever is in the midst of it can end


def test_a_running_province_has_the_next_snapshot_ready(lan, running):
    lan.household()
    lan.push()
    keeper = SnapshotKeeper(running.province, behind=1)
    keeper.look()
    first = manifest_of(lan).rev
    for _ in range(2):
        lan.household()
        lan.push()
        keeper.look()
    assert (first, manifest_of(lan).rev) == (1, 3)
    keeper.start()
    keeper.stop()


def test_a_snapshot_names_what_of_the_device_has_no_effect_yet(lan, minh):
    lan.edit("01a209d3-9f58-72f0-b83a-414ebd1cc79f", {"phone": "2"})
    lan.household()
    lan.push()
    assert manifest_of(lan).custody == [lan.operations[0].op]
    assert manifest_of(minh).custody == []


def test_a_part_goes_on_where_it_was_cut(busy):
    sha, size = manifest_of(busy).parts[0]
    whole = get(busy, f"snapshot/{sha}")
    rest = get(busy, f"snapshot/{sha}", headers={"Range": "bytes=100-", "If-Range": whole.headers["ETag"]})
    assert (rest.status_code, rest.headers["Content-Range"]) == (206, f"bytes 100-{size - 1}/{size}")
    assert rest.content == whole.content[100:]
    middle = get(busy, f"snapshot/{sha}", headers={"Range": "bytes=3-9"})
    assert middle.content == whole.content[3:10]
    assert get(busy, f"snapshot/{sha}", headers={"Range": "bytes=3-9", "If-Range": '"other"'}).status_code == 200
    assert busy.problem(get(busy, f"snapshot/{sha}", headers={"Range": f"bytes={size}-"})).code == "range"
    assert busy.problem(get(busy, f"snapshot/{'0' * 64}")).code == "not_found"
    assert busy.problem(get(busy, "snapshot/rubbish")).code == "bad_request"


def test_a_large_commune_comes_in_parts(lan, monkeypatch):
    monkeypatch.setattr(snapshots, "PART_LETTERS", 100)
    for number in range(40):
        lan.household(note=f"ghi chú {number}")
    lan.push()
    manifest = manifest_of(lan)
    assert len(manifest.parts) > 5
    assert sums_in(rows_of(lan, manifest)).digest == manifest.digest


def test_sums_and_rows_find_and_mend_what_differs(busy):
    answer = busy.opened(m.SumsAnswer, get(busy, "digest", params={"rev": busy.rev}), busy.nonce)
    everything = rows_of(busy, manifest_of(busy))
    assert Sums.from_wire(answer.sums or {}) == sums_in(everything)
    buckets = sorted({int(row.record_id[-2:], 16) for row in everything})[:3]
    url = f"{busy.url}/v1/streams/{busy.sid}/rows"
    posted = busy.http.post(url, json={"buckets": buckets}, headers=busy.headers(), timeout=20)
    rows = busy.opened(m.RowsAnswer, posted, busy.nonce)
    assert (rows.rev, rows.chain) == (busy.rev, busy.chain.hex())
    expected = [row for row in everything if int(row.record_id[-2:], 16) in buckets]
    assert sorted(rows.rows, key=lambda row: row.record_id) == sorted(expected, key=lambda row: row.record_id)
    gone_on = busy.opened(m.SumsAnswer, get(busy, "digest", params={"rev": busy.rev - 1}), busy.nonce)
    assert (gone_on.rev, gone_on.sums) == (busy.rev, None)
    too_many = busy.http.post(url, json={"buckets": [0] * 300}, headers=busy.headers(), timeout=20)
    assert busy.problem(too_many).code == "bad_request"


def test_the_page_that_ends_at_the_head_bears_the_digest(busy, minh):
    page = minh.pull()
    assert page.digest == minh.state().digest


def give_back(laptop: Laptop, entries: list[LogEntry], **header: Any) -> Any:
    lines = [entry.canonical() for entry in entries]
    values = {"kind": "salvage", "sid": laptop.sid, "dev": laptop.dev, "inc": laptop.inc, "epoch": 7, "n": len(lines)} | header
    data = seal(PacketHeader(**values), lines, laptop.key.sign).data
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    headers = laptop.headers(**{"Content-Digest": f"sha-256=:{digest}:", "Content-Type": "application/qlx"})
    return laptop.http.post(f"{laptop.url}/v1/streams/{laptop.sid}/salvage", data=data, headers=headers, timeout=20)


def entry(laptop: Laptop, rev: int, **fields: Any) -> LogEntry:
    """A creation as a laptop received it."""
    op = laptop.clock.uuid7()
    return LogEntry(
        rev=rev, op=op, lane=3, seq=rev, kind="c", entity="household", record_id=op, deleted=False, group=op, outcome="applied",
        effect={"commune_code": laptop.commune} | fields,
    )  # fmt: skip


def test_what_a_restored_province_lacks_is_given_back_once(lan, minh):
    entries = [entry(lan, rev, note=f"hộ {rev}") for rev in (5, 6)]
    assert lan.opened(m.SalvagePosted, give_back(lan, entries), lan.nonce).kept == 2
    assert minh.opened(m.SalvagePosted, give_back(minh, entries), minh.nonce).kept == 0
    minh.pull()
    assert {record["note"] for record in minh.records.values()} == {"hộ 5", "hộ 6"}


def test_two_histories_of_one_number_are_both_taken(lan, minh):
    """A tail that was lost unnoticed: two laptops received different entries at the same revision."""
    for laptop in (lan, minh):
        assert laptop.opened(m.SalvagePosted, give_back(laptop, [entry(laptop, 5, note=laptop.dev)]), laptop.nonce).kept == 1
    lan.pull()
    assert {record["note"] for record in lan.records.values()} == {lan.dev, minh.dev}


def test_what_is_no_salvage_is_refused(lan, minh):
    good = entry(lan, 5)
    for answer, code in (
        (give_back(lan, [good], kind="push"), "forbidden"),
        (give_back(lan, [good], dev=minh.dev), "forbidden"),
        (give_back(lan, [good], n=2), "packet_refused"),
        (give_back(lan, [good.model_copy(update={"op": "x"})]), "packet_refused"),
        (give_back(lan, [good.model_copy(update={"rev": 0})]), "packet_refused"),
    ):
        assert lan.problem(answer).code == code
    assert lan.state().head == 0
