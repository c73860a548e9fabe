"""A laptop enrols again: a copy on another machine, a device that the province has revoked or does not know any more. What waits
goes on waiting, nothing is taken twice (sync.md 3.19)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton
from sqlalchemy import select

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household
from poverty_desktop.protocol import messages
from poverty_desktop.protocol.codes import secret_of
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.server import admin, backups, restoring
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import reading
from poverty_desktop.storage.workspace import open_workspace
from poverty_desktop.system.clock import SystemClock
from tests.sync.laptops import PASSWORD, Laptop, RunningProvince

NewLaptop = Callable[..., Laptop]


def outcomes(province: RunningProvince) -> list[tuple[str, str]]:
    with reading(province.province.engine) as connection:
        return [(row.rec_id, row.outcome) for row in connection.execute(select(t.change_log).order_by(t.change_log.c.rev))]


def on_another_machine(original: Laptop, folder: Path) -> Laptop:
    """The folder as it is now, copied to a machine with another fingerprint."""
    original.close()
    shutil.copytree(original.folder, folder)
    return Laptop(open_workspace(folder, PASSWORD, clock=SystemClock(), machine="máy hai"), folder)


@pytest.fixture
def enrolled(province: RunningProvince, new_laptop: NewLaptop) -> Laptop:
    """Has sent one household; a second one waits."""
    laptop = new_laptop()
    laptop.workspace.settings.put("sync.machine", "máy một")
    laptop.enrol(province)
    laptop.add_household("đã gửi")
    laptop.synced()
    laptop.add_household("đang chờ")
    return laptop


def test_a_copy_on_another_machine_gets_a_code_of_its_own_and_both_keep_their_work(
    province: RunningProvince, enrolled: Laptop, tmp_path: Path
) -> None:
    copy = on_another_machine(enrolled, tmp_path / "copy")
    original = Laptop.at(enrolled.folder)
    assert copy.syncing.state().wants_code
    copy.syncing.enrol("", province.code())
    assert not copy.syncing.state().wants_code
    assert copy.store.enrolled().device != original.store.enrolled().device
    assert copy.store.enrolled().private_key != original.store.enrolled().private_key
    copy.add_household("ở bản sao")
    original.add_household("ở bản gốc")
    for laptop in (copy, original, copy):
        laptop.synced()
    assert [name for name, _ in outcomes(province)] == list(dict.fromkeys(name for name, _ in outcomes(province)))
    assert {outcome for _, outcome in outcomes(province)} == {"applied"}
    for laptop in (copy, original):
        assert len(laptop.records.select(Household)) == 4
        assert laptop.store.standing().waiting == 0
        laptop.close()


def test_what_the_old_device_sealed_and_sent_unheard_is_not_taken_twice(
    province: RunningProvince, enrolled: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_but_never_heard(*_: object) -> None:
        raise KnownProblem("sync.cut")

    with monkeypatch.context() as faulty:
        faulty.setattr(enrolled.store, "accepted", taken_but_never_heard)
        assert enrolled.round().problem == "sync.cut"
    before = outcomes(province)
    enrolled.syncing.enrol(province.url, province.code())
    enrolled.synced()
    assert outcomes(province) == before
    assert enrolled.store.standing().waiting == 0


def test_a_revoked_laptop_that_gets_a_new_code_goes_on(province: RunningProvince, enrolled: Laptop) -> None:
    admin.revoke(province.province, enrolled.store.enrolled().device)
    assert enrolled.round().problem == "sync.revoked"
    assert enrolled.syncing.state().wants_code
    enrolled.syncing.enrol(province.url, province.code())
    assert enrolled.synced().counts == {"applied": 2}
    assert not enrolled.syncing.state().wants_code


def test_a_device_enrolled_after_the_backup_needs_one_code_and_loses_nothing(
    province: RunningProvince, new_laptop: NewLaptop, tmp_path: Path
) -> None:
    """What it sent was in no backup, and its device neither."""
    backups.make(province.province, tmp_path / "night.sqlite")
    province.close()
    province.province.close()
    first = RunningProvince(tmp_path / "province")
    laptop = new_laptop()
    laptop.enrol(first)
    laptop.add_household("gửi sau sao lưu")
    laptop.synced()
    laptop.add_household("đang chờ")
    first.close()
    first.province.close()
    file = tmp_path / "province" / "province.sqlite"
    for left in file.parent.glob("province.sqlite*"):
        left.unlink()
    shutil.copyfile(tmp_path / "night.sqlite", file)
    again = RunningProvince(tmp_path / "province")
    restoring.adopt(again.province)
    laptop.syncing.moved(again.url)
    assert laptop.round().problem == "sync.unknown_here"
    assert laptop.syncing.state().wants_code
    laptop.syncing.enrol("", again.code())
    laptop.synced()
    assert sorted(outcomes(again)) == sorted((name, "applied") for name, _ in outcomes(again))
    assert len(outcomes(again)) == 4
    assert laptop.store.standing().waiting == 0
    again.close()


def test_nobody_takes_over_the_lanes_of_a_device_whose_key_they_lack(province: RunningProvince, enrolled: Laptop) -> None:
    code, thief = secret_of(province.code()), Signer.new()
    victim = enrolled.store.enrolled().device
    request = messages.EnrolRequest(code=code, public_key=thief.public.hex(), nonce="n", before=victim, proof="AAAA")
    answer = enrolled.link.enrol(province.url, enrolled.store.enrolled().province_key, request)
    with reading(province.province.engine) as connection:
        made = connection.execute(select(t.device).where(t.device.c.id == answer.device)).one()
    assert made.first is None


def test_another_province_is_refused_and_nothing_changes(enrolled: Laptop, tmp_path: Path) -> None:
    other = RunningProvince(tmp_path / "other")
    before = enrolled.store.enrolled()
    with pytest.raises(KnownProblem, match=r"sync\.already_enrolled"):
        enrolled.syncing.enrol(other.url, other.code())
    assert enrolled.store.enrolled() == before
    other.close()


def test_the_screen_asks_the_copy_for_its_code_and_takes_it(
    province: RunningProvince, enrolled: Laptop, tmp_path: Path, window
) -> None:
    copy = on_another_machine(enrolled, tmp_path / "copy")
    opened = window(copy)
    opened.go("sync")
    opened.reads(opened.texts("sync.enrol_again_hint"))
    assert opened.find(QLineEdit, "sync.address").text() == province.url
    opened.find(QLineEdit, "sync.code").setText(province.code())
    opened.find(QPushButton, "sync.enrol").click()
    opened.qtbot.waitUntil(lambda: not opened.find(QPushButton, "sync.enrol").isVisible(), timeout=5000)
    opened.settle()
    assert not copy.syncing.state().wants_code
    copy.close()
