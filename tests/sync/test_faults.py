"""What goes wrong on the way: cuts at any byte, refusals, kills. Nothing is lost, doubled, or called sent."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember
from tests.sync.cutter import Cutter, Direction
from tests.sync.laptops import COMMUNE, Laptop, RunningProvince

NewLaptop = Callable[..., Laptop]


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
    cutter.cut_after("up", 400)
    laptop.round()
    first = laptop.workspace.database.row("SELECT id, bytes FROM sync_packet WHERE state = 0")
    laptop.add_household()
    cutter.cut_after("up", 400)
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
    with pytest.raises(KnownProblem, match=r"sync\.code_refused"):
        a.syncing.enrol(province.url, code)  # anew, and so by another key: that takes another code


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


def test_a_cloned_laptop_goes_on_in_a_lane_of_its_own_and_both_keep_their_work(
    province: RunningProvince, new_laptop: NewLaptop, tmp_path: Path
) -> None:
    """Two files with one identity (sync.md 3.19): the second to push becomes another incarnation, and nothing is sent twice."""
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
    clone.synced()
    laptop.synced()
    assert clone.store.incarnation() != laptop.store.incarnation()
    assert clone.store.standing().waiting == 0
    assert {member.full_name for member in laptop.records.select(HouseholdMember)} == {"Hồ Thị Mơ", "Một", "Hai"}
    assert clone.store_rows() == laptop.store_rows()
    assert clone.store.sums() == laptop.store.sums()
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
