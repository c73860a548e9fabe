"""What goes wrong on the way: cuts at any byte, portals, wrong addresses, kills. Nothing is lost, doubled, or called sent."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.protocol.backoff import Retry, after_failure, after_portal, after_request_to_wait
from poverty_desktop.system.resources import load_texts
from tests.sync.cutter import Cutter, Direction
from tests.sync.impostor import Impostor, Reply
from tests.sync.laptops import COMMUNE, Laptop, RunningProvince

NewLaptop = Callable[..., Laptop]


@pytest.fixture
def cutter(province: RunningProvince) -> Iterator[Cutter]:
    between = Cutter(province.port)
    yield between
    between.close()


def log_of(province: RunningProvince) -> Counter[str]:
    """How often each operation stands in the province's log."""
    from sqlalchemy import text

    with province.province.engine.connect() as connection:
        return Counter(str(UUID(row[0])) for row in connection.execute(text("SELECT op_id FROM change_log")))


def through(cutter: Cutter, province: RunningProvince, laptop: Laptop) -> None:
    laptop.enrol(province)
    laptop.syncing.moved(cutter.url)


# --- cuts ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["up", "down"])
def test_cut_after_any_byte_every_operation_arrives_exactly_once(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop, direction: Direction
) -> None:
    """Sync.md 2.4: positions sampled over a whole round, both directions; each cut is followed by a round that succeeds."""
    laptop = new_laptop()
    through(cutter, province, laptop)
    laptop.add_household()
    cutter.heal()
    laptop.synced()
    whole = cutter.passed[direction]
    made = {2}
    for position in range(0, whole, max(1, whole // 9)):
        laptop.link.close()
        laptop.add_household()
        cutter.cut_after(direction, position)
        report = laptop.round()
        assert report.outcome in ("cut", "done")
        assert report.outcome == "done" or report.problem in ("sync.cut", "sync.no_link")
        cutter.heal()
        laptop.link.close()
        laptop.synced()
        made.add(laptop.store.standing().lane_last)
    log = log_of(province)
    assert len(log) == max(made) == laptop.store.standing().acknowledged
    assert set(log.values()) == {1}
    assert len(laptop.records.select(Household)) == max(made) // 2
    assert laptop.store.standing().waiting == 0


def test_a_lost_answer_is_settled_by_the_next_hello_without_sending_again(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop
) -> None:
    laptop = new_laptop()
    through(cutter, province, laptop)
    laptop.synced()
    laptop.add_household()
    cutter.heal()
    laptop.round(progress=lambda progress: cutter.cut_after("down", 0) if progress.phase == "push" else None)
    assert laptop.store.standing().waiting == 2
    assert len(log_of(province)) == 2
    cutter.heal()
    report = laptop.synced()
    assert (report.sent, dict(report.counts)) == (2, {})
    assert laptop.store.places().in_province == 2


def test_a_packet_goes_out_again_as_the_same_bytes(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> None:
    laptop = new_laptop()
    through(cutter, province, laptop)
    laptop.synced()
    laptop.add_household()
    cutter.cut_after("up", 900)
    laptop.round()
    first = laptop.workspace.database.row("SELECT id, bytes FROM sync_packet WHERE state = 0")
    laptop.add_household()
    cutter.cut_after("up", 900)
    laptop.round()
    assert laptop.workspace.database.row("SELECT id, bytes FROM sync_packet WHERE state = 0 ORDER BY seq_from") == first
    cutter.heal()
    assert laptop.synced().sent == 4


def test_the_log_arrives_through_cuts_page_by_page(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> None:
    a, b = new_laptop("a"), new_laptop("b")
    a.enrol(province)
    for _ in range(20):
        a.add_household()
    a.synced()
    through(cutter, province, b)
    for position in (400, 1200, 2000, 2600, 3200):
        b.link.close()
        cutter.cut_after("down", position)
        b.round()
    cutter.heal()
    b.synced()
    assert a.store_rows() == b.store_rows()


# --- not our server -------------------------------------------------------------------------------------------------------

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
    "address", ["", "không phải địa chỉ", "ftp://may-chu", "http://127.0.0.1:1", "http://may-chu.invalid", "http://x:y"]
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


# --- refusals of the province -----------------------------------------------------------------------------------------------


def test_a_practice_laptop_refuses_a_real_province_and_the_reverse(new_laptop: NewLaptop, tmp_path: Path) -> None:
    real = RunningProvince(tmp_path / "real", practice=False)
    practising, working = new_laptop("practice", practice=True), new_laptop("real", practice=False)
    code = real.code()
    with pytest.raises(KnownProblem, match=r"sync\.practice_mismatch"):
        practising.syncing.enrol(real.url, code)
    working.syncing.enrol(real.url, code)
    assert working.synced().outcome == "done"
    real.close()


def test_a_code_is_used_once_and_the_same_laptop_may_ask_again(province: RunningProvince, new_laptop: NewLaptop) -> None:
    a, b = new_laptop("a"), new_laptop("b")
    code = province.code()
    a.syncing.enrol(province.url, code)
    with pytest.raises(KnownProblem, match=r"sync\.code_refused"):
        b.syncing.enrol(province.url, code)
    with pytest.raises(KnownProblem, match=r"sync\.already_enrolled"):
        a.syncing.enrol(province.url, code)


def test_a_lost_answer_at_enrolment_does_not_burn_the_code(
    province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop
) -> None:
    laptop, code = new_laptop(), province.code()
    cutter.heal()
    laptop.link.time(cutter.url, None, "n")
    asked = cutter.passed["down"]
    laptop.link.close()
    cutter.cut_after("down", asked + 20)
    with pytest.raises(KnownProblem, match=r"sync\.cut"):
        laptop.syncing.enrol(cutter.url, code)
    cutter.heal()
    laptop.syncing.enrol(province.url, code)
    assert laptop.synced().outcome == "done"


def test_a_code_of_another_commune_is_refused_before_anything_is_bound(province: RunningProvince, new_laptop: NewLaptop) -> None:
    laptop = new_laptop(commune="21001")
    with pytest.raises(KnownProblem) as caught:
        laptop.enrol(province)
    assert (caught.value.code, caught.value.facts["theirs"]) == ("sync.other_commune", COMMUNE)
    assert laptop.store.enrolled() is None


def test_a_revoked_laptop_is_told_and_keeps_its_work(province: RunningProvince, new_laptop: NewLaptop) -> None:
    from poverty_desktop.server import admin

    laptop = new_laptop()
    laptop.enrol(province)
    laptop.synced()
    laptop.add_household()
    admin.revoke(province.province, laptop.store.enrolled().device)
    report = laptop.round()
    assert (report.outcome, report.problem) == ("refused", "sync.revoked")
    assert laptop.store.standing().waiting == 2


def test_an_unenrolled_laptop_says_what_is_missing(new_laptop: NewLaptop) -> None:
    with pytest.raises(KnownProblem, match=r"sync\.not_enrolled"):
        new_laptop().round()


def test_a_cloned_laptop_is_noticed_and_nothing_is_sent_twice(
    province: RunningProvince, new_laptop: NewLaptop, tmp_path: Path
) -> None:
    """Two files with one identity: the second to push is stopped with one sentence, and keeps its work (recovery is S2)."""
    import shutil

    laptop = new_laptop("a")
    laptop.enrol(province)
    laptop.add_household()
    laptop.synced()
    copied = tmp_path / "clone"
    shutil.copytree(laptop.workspace.backup(), copied)
    clone = Laptop.at(copied)
    laptop.add_household("Một")
    laptop.synced()
    clone.add_household("Hai")
    report = clone.round()
    assert (report.outcome, report.problem) == ("refused", "sync.history_differs")
    assert clone.store.standing().waiting == 2
    clone.close()


# --- kills ----------------------------------------------------------------------------------------------------------------

CHILD = """
import os, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from uuid import UUID
from tests.sync.impostor import Impostor, Reply
from tests.sync.laptops import Laptop
laptop = Laptop.at(Path({folder!r}))
spoken = 0
def heard(progress):
    global spoken
    spoken += 1
    if spoken == {moment}:
        os._exit(9)
laptop.round(progress=heard)
os._exit(0)
"""


@pytest.mark.parametrize("moment", [4, 5, 7])
def test_a_killed_round_goes_on_as_if_nothing_was(
    province: RunningProvince, new_laptop: NewLaptop, tmp_path: Path, moment: int
) -> None:
    laptop = new_laptop("killed")
    laptop.enrol(province)
    laptop.add_household()
    laptop.close()
    root = str(Path(__file__).parents[2])
    script = CHILD.format(root=root, folder=str(laptop.folder), moment=moment)
    done = subprocess.run([sys.executable, "-c", script], check=False, env={**os.environ, "PYTHONPATH": root})
    assert done.returncode in (0, 9)
    again = Laptop.at(laptop.folder)
    assert again.syncing.state().rounds[0].outcome in ("unfinished", "done")
    again.synced()
    assert again.store.standing().waiting == 0
    assert log_of(province) == Counter({operation.op: 1 for operation in again.store.own_operations(1, 2)})
    again.close()


# --- waiting ----------------------------------------------------------------------------------------------------------------


@given(failures=st.integers(0, 40), chance=st.floats(0, 1, exclude_max=True), now=st.floats(0, 1e9))
def test_backoff_has_full_jitter_and_never_waits_longer_than_a_quarter_of_an_hour(
    failures: int, chance: float, now: float
) -> None:
    retry = after_failure(Retry(failures), now, lambda: chance)
    assert retry.attempt == failures + 1
    assert 0 <= retry.remaining(now) <= min(900.0, 2.0 * 2**failures) + 1e-6


@given(seconds=st.floats(0, 1e6), chance=st.floats(0, 1, exclude_max=True))
def test_what_the_province_asks_is_waited_up_to_an_hour_and_spread(seconds: float, chance: float) -> None:
    wait = after_request_to_wait(Retry(3), 1000.0, seconds, lambda: chance).remaining(1000.0)
    assert 0.79 * min(seconds, 3600) <= wait + 1e-6
    assert wait <= 1.21 * min(seconds, 3600) + 1e-6


def test_a_portal_is_looked_at_again_in_a_minute_without_counting_as_a_failure() -> None:
    assert after_portal(Retry(2), 10.0) == Retry(2, 70.0)


def test_a_wait_of_before_a_restart_of_the_machine_is_over() -> None:
    assert Retry(1, not_before=1e9).remaining(5.0) == 0


def test_the_wait_outlives_a_restart_of_the_program_and_sync_now_does_not_wait_for_it(
    province: RunningProvince, new_laptop: NewLaptop
) -> None:
    laptop = new_laptop()
    laptop.enrol(province)
    laptop.add_household()
    laptop.store.keep_retry(Retry(5, laptop.clock.monotonic() + 600))
    laptop.close()
    again = Laptop.at(laptop.folder)
    assert not again.syncing.due()
    assert again.synced().sent == 2
    again.store.keep_retry(Retry(0, again.clock.monotonic() + 600, asked=True))
    with pytest.raises(KnownProblem, match=r"sync\.busy"):
        again.round()
    again.close()


# --- everything at random ---------------------------------------------------------------------------------------------------

STEPS = st.lists(st.sampled_from(["a edits", "b edits", "a syncs", "b syncs", "a is cut", "b is cut", "a settles"]), max_size=14)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, positions=st.lists(st.integers(0, 6000), min_size=14, max_size=14))
def test_in_whatever_order_two_laptops_edit_cut_and_sync_both_end_equal_with_nothing_lost(
    province: RunningProvince, cutter: Cutter, pair: tuple[Laptop, Laptop, str], steps: list[str], positions: list[int]
) -> None:
    a, b, member_id = pair
    typed: set[str] = set()
    for place, (step, position) in enumerate(zip(steps, positions, strict=False)):
        laptop = a if step[0] == "a" else b
        cutter.heal()
        if step.endswith("edits"):
            name = f"Tên {step[0]} {place} {position} {laptop.store.standing().lane_last}"
            laptop.edit("household_member", member_id, full_name=name)
            typed.add(name)
        elif step.endswith("settles"):
            for sheet in laptop.syncing.conflicts()[:1]:
                laptop.syncing.settle(sheet.id, sheet.other.value, "thử")
        else:
            if step.endswith("cut"):
                laptop.link.close()
                cutter.cut_after("down" if position % 2 else "up", position // 2)
            laptop.round()
    cutter.heal()
    for laptop in (a, b, a, b):
        laptop.link.close()
        laptop.synced()
    assert a.store_rows() == b.store_rows()
    assert a.name(member_id) == b.name(member_id)
    in_log = {value for row in a.workspace.database.rows("SELECT entry FROM sync_inlog") for value in typed if value in row[0]}
    assert in_log == typed


@pytest.fixture
def pair(province: RunningProvince, cutter: Cutter, new_laptop: NewLaptop) -> tuple[Laptop, Laptop, str]:
    a, b = new_laptop("a"), new_laptop("b")
    _, member_id = a.add_household()
    for laptop in (a, b):
        laptop.enrol(province)
        laptop.syncing.moved(cutter.url)
        laptop.synced()
    return a, b, member_id
