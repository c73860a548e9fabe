"""A fresh laptop takes the state of its commune by ranges: what has arrived is never fetched again (sync.md 3.14)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from backports import zstd

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.laptop import Enrolled
from poverty_desktop.protocol.messages import Manifest, SnapRow
from poverty_desktop.protocol.snap_pages import written
from poverty_desktop.server import snapshots
from poverty_desktop.sync.parts import Parts
from poverty_desktop.sync.province_link import HttpProvinceLink
from poverty_desktop.sync.session import Session
from poverty_desktop.sync.transport import Answer, Transport
from tests.sync.cutter import Cutter
from tests.sync.laptops import COMMUNE, Laptop, RunningProvince, rows_of
from tests.sync.test_uploads import with_much_to_send

NewLaptop = Callable[..., Laptop]


@pytest.fixture
def filled(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> Laptop:
    """A laptop that asks through the cutter for a commune that another has filled: some 300 kB of snapshot."""
    first, fresh = new_laptop("a"), new_laptop("b")
    first.enrol(province)
    with_much_to_send(first, 150)
    first.synced()
    fresh.enrol(province)
    fresh.syncing.moved(cutter.url)
    return fresh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "parts"


def link_of(laptop: Laptop, folder: Path | None) -> HttpProvinceLink:
    link = HttpProvinceLink(Transport(2, 5), parts=folder)
    enrolled = laptop.store.enrolled()
    assert enrolled is not None
    link.authenticate(enrolled, "n")
    return link


def stream_of(laptop: Laptop) -> str:
    enrolled = laptop.store.enrolled()
    assert enrolled is not None
    return enrolled.stream


def test_a_snapshot_goes_on_in_the_middle_of_a_part(cutter: Cutter, filled: Laptop, folder: Path) -> None:
    """Cut after every tenth of its bytes: the rows are whole, and hardly a byte came twice."""
    link, stream = link_of(filled, folder), stream_of(filled)
    manifest = link.manifest(stream, "m")
    whole = sum(size for _, size in manifest.parts)
    down, rows = 0, []
    for _ in range(15):
        cutter.cut_after("down", whole // 10)
        with suppress(KnownProblem):
            rows = rows_of(link.snapshot_parts(stream, manifest))
        down += cutter.passed["down"]
        if rows:
            break
    assert len(rows) == manifest.rows
    print(f"{down / whole:.3f} times the {whole} bytes of {len(manifest.parts)} parts")
    assert down <= 1.10 * whole
    link.close()


def test_a_killed_program_goes_on_with_the_parts_that_are_here(
    cutter: Cutter, filled: Laptop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PART_LETTERS", 100_000)
    link, stream = link_of(filled, folder), stream_of(filled)
    manifest = link.manifest(stream, "m")
    whole = sum(size for _, size in manifest.parts)
    cutter.cut_after("down", whole - manifest.parts[-1][1] // 2)
    with pytest.raises(KnownProblem, match=r"sync\.cut"):
        rows_of(link.snapshot_parts(stream, manifest))
    cutter.heal()
    again = link_of(filled, folder)
    assert again.manifest(stream, "m") == manifest
    before = again.traffic.down
    assert len(rows_of(again.snapshot_parts(stream, manifest))) == manifest.rows
    assert again.traffic.down - before < whole  # how much was read before the line died is chance
    before = again.traffic.round_trips
    assert len(rows_of(again.snapshot_parts(stream, manifest))) == manifest.rows
    assert again.traffic.round_trips == before
    for one in (link, again):
        one.close()


def test_nothing_of_it_can_be_read_beside_the_encrypted_file(cutter: Cutter, filled: Laptop, folder: Path) -> None:
    link, stream = link_of(filled, folder), stream_of(filled)
    manifest = link.manifest(stream, "m")
    rows_of(link.snapshot_parts(stream, manifest))
    kept = [file.read_bytes() for file in folder.iterdir()]
    assert len(kept) == len(manifest.parts)
    for data in kept:
        assert zstd.compress(b"")[:4] not in data[:64]
        assert COMMUNE.encode() not in data
    link.log(stream, filled.store.standing().cursor, 1000, "p")
    assert not folder.exists()
    link.close()


def test_a_part_of_another_laptop_or_a_damaged_one_is_fetched_again(cutter: Cutter, filled: Laptop, folder: Path) -> None:
    link, stream = link_of(filled, folder), stream_of(filled)
    manifest = link.manifest(stream, "m")
    rows_of(link.snapshot_parts(stream, manifest))
    for file in folder.iterdir():
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    assert len(rows_of(link.snapshot_parts(stream, manifest))) == manifest.rows
    link.close()


# --- bits ------------------------------------------------------------------------------------------------------------------


class Line(Transport):
    """Gives one part as the province does, after `spoil`."""

    def __init__(self, part: bytes, spoil: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self.part, self.spoil = part, spoil

    def send(self, method: str, url: str, **how: object) -> Answer:
        headers = {"etag": f'"{hashlib.sha256(self.part).hexdigest()}"'}
        taking: Callable[[int, Mapping[str, str]], bytearray] = how["taking"]  # type: ignore[assignment]
        into = taking(200, headers)
        into += self.spoil(self.part)
        return Answer(200, "application/octet-stream", headers, b"", taken=True)


class Signed(Session):
    """Somebody who may ask."""

    enrolled = Enrolled("http://province", "dev", "inc", "sid", COMMUNE, True, b"k" * 32, b"p" * 32)  # type: ignore[assignment]

    def _sent(self, question: object) -> Answer:
        return self.transport.send("GET", "", taking=question.taking)  # type: ignore[attr-defined]


def spoiled(part: bytes) -> Iterator[bytes]:
    """The part with each of its bits flipped, one at a time; and a byte less, and a byte more."""
    for bit in range(len(part) * 8):
        wrong = bytearray(part)
        wrong[bit // 8] ^= 1 << bit % 8
        yield bytes(wrong)
    yield part[:-1]
    yield part + b"\0"


def test_every_bit_of_a_part_counts() -> None:
    ids = [f"018f0000-0000-7000-8000-{number:012x}" for number in range(40)]
    rows = [SnapRow(entity="household", record_id=one, rev=1, body={"note": "x"}, meta={"*": 1}) for one in ids]
    part = zstd.compress(written(rows), level=9)
    sha = hashlib.sha256(part).hexdigest()
    manifest = Manifest(sid="sid", epoch=1, rev=1, chain="", digest="", rows=40, parts=[(sha, len(part))])
    line = Line(part, lambda data: data)
    parts = Parts(Signed(line), None)
    assert len(rows_of(parts.fetched("sid", manifest))) == 40
    parts.forget()
    for wrong in spoiled(part):
        line.spoil = lambda _, wrong=wrong: wrong
        with pytest.raises(KnownProblem, match=r"sync\.not_our_server"):
            rows_of(parts.fetched("sid", manifest))
    line.spoil = lambda data: data
    assert len(rows_of(parts.fetched("sid", manifest))) == 40
