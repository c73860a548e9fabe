"""Portals, wrong addresses and other servers than the province: nothing changes, and one sentence says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.server_addresses import is_open_road
from poverty_desktop.services.enrolling import refuse_open_road
from poverty_desktop.system.resources import load_texts
from tests.sync.cutter import Cutter
from tests.sync.impostor import Impostor, Reply
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.test_faults import through

NewLaptop = Callable[..., Laptop]

JSON = "application/json"
PROBLEM = "application/problem+json"
HOSTILE = {
    "a login page": Reply("<html><body>Đăng nhập Wi-Fi</body></html>"),
    "html that calls itself json": Reply("<html>", JSON),
    "unsigned json": Reply('{"key":"00","nonce":"x","practice":true,"time":"2026-11-23T00:00:00Z"}', JSON),
    "a redirect": Reply(status=302, headers={"Location": "http://login.example/"}),
    "a gateway's page": Reply("<h1>502 Bad Gateway</h1>", status=502),
    "an unsigned refusal": Reply('{"code":"revoked","status":403,"title":"revoked"}', PROBLEM, 403),
    "nothing": Reply(status=204),
    "packed html": Reply("<html>", JSON, headers={"Content-Encoding": "zstd"}),
}


@pytest.fixture
def impostor() -> Iterator[Callable[[Reply], Impostor]]:
    made: list[Impostor] = []

    def make(reply: Reply) -> Impostor:
        made.append(Impostor(reply))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_the_province_did_not_sign_changes_nothing(
    province: RunningProvince, new_laptop: NewLaptop, impostor: Callable[[Reply], Impostor], name: str
) -> None:
    laptop = new_laptop()
    laptop.enrol(province)
    laptop.add_household()
    before = laptop.store.standing()
    laptop.syncing.moved(impostor(HOSTILE[name]).url)
    report = laptop.round()
    assert (report.outcome, report.problem) == ("portal", "sync.not_our_server")
    assert laptop.store.standing() == before
    assert laptop.store.retry().attempt == 0
    laptop.syncing.moved(province.url)
    assert laptop.synced().sent == 2


def test_another_province_at_the_address_is_not_ours(province: RunningProvince, new_laptop: NewLaptop, tmp_path: Path) -> None:
    other = RunningProvince(tmp_path / "other")
    laptop = new_laptop()
    laptop.enrol(province)
    laptop.add_household()
    laptop.syncing.moved(other.url)
    report = laptop.round()
    other.close()
    assert report.problem == "sync.not_our_server"
    assert laptop.store.standing().waiting == 2


def test_html_in_place_of_the_server_at_enrolment_is_one_sentence(
    new_laptop: NewLaptop, impostor: Callable[[Reply], Impostor]
) -> None:
    with pytest.raises(KnownProblem, match=r"sync\.not_our_server"):
        new_laptop().syncing.enrol(impostor(Reply("<html>")).url, "2222222222")


@pytest.mark.parametrize(
    "address", ["", "không phải địa chỉ", "ftp://may-chu", "http://127.0.0.1:1", "https://may-chu.invalid", "http://x:y"]
)
def test_a_wrong_address_at_enrolment_says_so_and_keeps_everything(new_laptop: NewLaptop, address: str) -> None:
    laptop = new_laptop()
    laptop.add_household()
    with pytest.raises(KnownProblem) as caught:
        laptop.syncing.enrol(address, "2222222222")
    assert caught.value.code == "sync.wrong_address"
    assert address in load_texts("vi").problem(caught.value)
    assert laptop.store.enrolled() is None
    assert laptop.store.standing().waiting == 2


def test_a_server_that_stops_in_mid_answer_is_a_cut_and_nothing_is_called_sent(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop
) -> None:
    laptop = new_laptop()
    through(cutter, province, laptop)
    laptop.synced()
    laptop.link.close()
    laptop.add_household()
    cutter.cut_after("down", 300)
    report = laptop.round()
    assert (report.outcome, report.problem, report.sent) == ("cut", "sync.cut", 0)
    assert laptop.store.standing().waiting == 2


FAR = ("http://10.0.0.7:8765", "HTTP://tinh.example", "http://192.168.1.5/", "http://[2001:db8::1]:80", " http://127.evil.example")
NEAR = ("http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1", "http://127.9.9.9:1", "https://10.0.0.7:1", "tinh.example")


@pytest.mark.parametrize("address", FAR)
def test_nothing_goes_to_another_machine_over_plain_http(
    province: RunningProvince, new_laptop: NewLaptop, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Neither the code at enrolment, nor the address typed later, nor one that an earlier release kept."""
    laptop = new_laptop()
    asked: list[str] = []
    monkeypatch.setattr(laptop.link._session.transport, "send", lambda method, url, **_: asked.append(url))
    with pytest.raises(KnownProblem, match=r"sync\.plain_http"):
        laptop.syncing.enrol(address, province.code())
    monkeypatch.undo()
    laptop.enrol(province)
    with pytest.raises(KnownProblem, match=r"sync\.plain_http"):
        laptop.syncing.moved(address)
    assert laptop.store.enrolled().server == province.url
    laptop.store.move(address)
    with pytest.raises(KnownProblem, match=r"sync\.plain_http"):
        laptop.round()
    assert asked == []


@pytest.mark.parametrize("address", NEAR)
def test_this_machine_and_https_are_no_open_road(address: str) -> None:
    assert not is_open_road(address)


def test_a_practice_laptop_goes_there_when_somebody_said_so_and_no_other_does(new_laptop: NewLaptop) -> None:
    for practice in (True, False):
        laptop = new_laptop(f"p{practice}", practice=practice)
        laptop.syncing.allow_plain_http()
        refuse = [] if practice else [pytest.raises(KnownProblem, match=r"sync\.plain_http")]
        with ExitStack() as expected:
            for one in refuse:
                expected.enter_context(one)
            refuse_open_road(FAR[0], laptop.workspace.settings)
