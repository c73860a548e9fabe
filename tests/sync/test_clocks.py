"""No clock decides anything (sync.md 3.18, T7): laptops between -20 and +80 years, steps during a session, certificates that are
long over or not begun by the clock of the machine."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.practice.local_province import LocalProvince
from poverty_desktop.protocol import authority
from poverty_desktop.protocol.codes import full_code
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.server import admin
from poverty_desktop.server.tls import AUTHORITY_FILE, make_certificate
from poverty_desktop.sync.transport import Transport
from poverty_desktop.system.clock import SystemClock
from tests.sync.laptops import Laptop, RunningProvince

NewLaptop = Callable[..., Laptop]
YEAR = timedelta(days=365.25)


class WrongClock(SystemClock):
    """A machine's clock that is off; its monotonic clock is not."""

    def __init__(self, off: timedelta) -> None:
        self.off = off

    def now(self) -> datetime:
        return super().now() + self.off


@pytest.fixture
def behind_tls(tmp_path: Path):  # type: ignore[no-untyped-def]
    make_certificate(tmp_path / "tls", ["127.0.0.1"])
    running = RunningProvince(tmp_path / "tls")
    yield running
    running.close()


@pytest.fixture
def at_clock(tmp_path: Path, untouched: Callable[[str, bool, str], Path]):  # type: ignore[no-untyped-def]
    """A laptop whose clock is off by so many years."""
    made: list[Laptop] = []

    def make(name: str, years: float) -> Laptop:
        shutil.copytree(untouched(name, True, "21139"), tmp_path / name)
        made.append(Laptop.at(tmp_path / name, WrongClock(years * YEAR)))
        return made[-1]

    yield make
    for laptop in made:
        laptop.close()


def test_laptops_a_century_apart_clash_agree_and_end_equal(behind_tls: RunningProvince, at_clock: Callable[..., Laptop]) -> None:
    """Who wrote first in the province stands, whatever year a laptop believes; both values are kept, digests are equal."""
    past, future = at_clock("past", -20), at_clock("future", 80)
    _, member_id = past.add_household("Hồ Thị Mơ")
    for laptop in (past, future):
        laptop.enrol(behind_tls)
        laptop.synced()
    past.edit("household_member", member_id, full_name="Hồ Thị Mơi")
    future.edit("household_member", member_id, full_name="Hồ Thị Mờ")
    for laptop in (past, future, past):
        laptop.synced()
    assert past.name(member_id) == future.name(member_id) == "Hồ Thị Mơi"
    (sheet,) = past.syncing.conflicts()
    assert sheet.other.value == "Hồ Thị Mờ"
    assert past.store_rows() == future.store_rows()
    assert past.store.sums() == future.store.sums()
    skews = [laptop.workspace.settings.get("sync.skew") for laptop in (past, future)]
    assert [round(skew / YEAR.total_seconds()) for skew in skews] == [-20, 80]


def test_a_clock_that_steps_during_a_session_changes_nothing(
    behind_tls: RunningProvince, at_clock: Callable[..., Laptop]
) -> None:
    laptop, other = at_clock("a", 0), at_clock("b", 0)
    for one in (laptop, other):
        one.enrol(behind_tls)
    steps = iter([80, -20, 0.001, -0.001, 40] * 20)

    def step(_: object) -> None:
        laptop.clock.off = next(steps) * YEAR  # type: ignore[attr-defined]

    for number in range(5):
        laptop.add_household(f"Hồ Thị {number}")
        assert laptop.round(progress=step).outcome == "done"
        assert laptop.link.has_session(laptop.store.enrolled())
    other.synced()
    laptop.clock.off = timedelta()  # type: ignore[attr-defined]
    laptop.synced()
    assert laptop.store_rows() == other.store_rows()
    assert laptop.store.standing().waiting == 0


@pytest.mark.parametrize(("since", "until"), [(1990, 2006), (2096, 2106)], ids=["long over", "not begun"])
def test_a_certificate_that_no_clock_accepts_is_good_when_the_province_signed_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, new_laptop: NewLaptop, since: int, until: int
) -> None:
    """What a laptop sees whose clock is 20 years and more ahead, or 70 behind (sync.md 2.5)."""
    monkeypatch.setattr(authority, "_SINCE", datetime(since, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(authority, "_UNTIL", datetime(until, 1, 1, tzinfo=UTC))
    folder = tmp_path / "p"
    make_certificate(folder, ["127.0.0.1"])
    monkeypatch.undo()
    running = RunningProvince(folder)
    with pytest.raises(requests.exceptions.SSLError):  # any other program
        requests.get(f"{running.url}/v1/health", verify=str(folder / AUTHORITY_FILE), timeout=20)
    laptop = new_laptop()
    laptop.enrol(running)
    assert laptop.synced().outcome == "done"
    laptop.link.close()
    running.close()


def test_other_programs_find_the_server_by_the_authority(behind_tls: RunningProvince, tmp_path: Path) -> None:
    answer = requests.get(f"{behind_tls.url}/v1/health", verify=str(tmp_path / "tls" / AUTHORITY_FILE), timeout=20)
    assert answer.json()["status"] == "ok"


# --- whom a laptop trusts ---------------------------------------------------------------------------------------------------


def test_a_server_with_another_authority_is_not_spoken_to(
    behind_tls: RunningProvince, new_laptop: NewLaptop, tmp_path: Path
) -> None:
    """Nothing but the greeting of TLS reaches it: no token, no packet."""
    laptop = new_laptop()
    laptop.enrol(behind_tls)
    laptop.add_household()
    make_certificate(tmp_path / "other", [])
    other = RunningProvince(tmp_path / "other")
    laptop.syncing.moved(other.url)
    report = laptop.round()
    assert (report.outcome, report.problem, report.down) == ("portal", "sync.not_our_server", 0)
    other.close()
    laptop.syncing.moved(behind_tls.url)
    assert laptop.synced().sent == 2


def test_what_the_environment_trusts_does_not_count(
    behind_tls: RunningProvince, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office whose computers trust a proxy that opens TLS: not our server."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "tls" / AUTHORITY_FILE))
    transport = Transport(2, 5)
    with pytest.raises(KnownProblem, match=r"sync\.not_our_server"):
        transport.send("GET", f"{behind_tls.url}/v1/health", pinned=Signer.new().public)
    assert transport.send("GET", f"{behind_tls.url}/v1/health", pinned=behind_tls.province.signer.public).status == 200
    transport.close()


def test_an_older_tls_is_refused(behind_tls: RunningProvince) -> None:
    from poverty_desktop.sync.tls import context_for

    assert context_for(behind_tls.province.signer.public).minimum_version == ssl.TLSVersion.TLSv1_3


def test_a_code_leads_to_the_province_that_made_it_or_nowhere(new_laptop: NewLaptop, tmp_path: Path) -> None:
    """Whoever answers first at the address is not trusted for that: nothing is sent to him, and the code stays good."""
    for folder in ("mine", "other"):
        make_certificate(tmp_path / folder, [])
    mine, other = RunningProvince(tmp_path / "mine"), RunningProvince(tmp_path / "other")
    code, laptop = mine.code(), new_laptop()
    with pytest.raises(KnownProblem, match=r"sync\.other_province"):
        laptop.syncing.enrol(other.url, code)
    assert admin.devices(other.province) == []
    with pytest.raises(KnownProblem, match=r"sync\.other_province"):
        laptop.syncing.enrol(mine.url, code.replace("-", "")[:10])
    laptop.syncing.enrol(mine.url, code.lower().replace("-", " "))
    assert len(admin.devices(mine.province)) == 1
    laptop.link.close()
    mine.close()
    other.close()


def test_two_provinces_have_two_endings_of_their_codes() -> None:
    endings = {full_code("ABCDEFGHJK", Signer.new().public)[12:] for _ in range(50)}
    assert len(endings) == 50
    assert {len(ending) for ending in endings} == {19}


def test_the_server_of_a_data_folder_with_a_certificate_speaks_tls(new_laptop: NewLaptop, tmp_path: Path) -> None:
    """As an operator does it: `server admin certificate`, then `server run`."""
    province = LocalProvince(tmp_path / "served")
    (tmp_path / "served").mkdir()
    made = province.admin("certificate", "--name", "may-chu.tinh")
    with province:
        code = province.code_for("21139", "Xã Ba Xa", "Hồ Văn Lên")
        assert code.replace("-", "")[10:] == made["province"]
        laptop = new_laptop()
        laptop.syncing.enrol(province.url.replace("http://", "https://"), code)
        assert laptop.synced().outcome == "done"
        laptop.link.close()
