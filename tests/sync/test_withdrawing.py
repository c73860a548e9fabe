"""What the province keeps aside, decided about on one side: the other side hears of it, with who and why (sync.md 3.17)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from poverty_desktop.domain.records import Household
from poverty_desktop.protocol import rounds
from poverty_desktop.server import backups, custody, restoring, snapshots
from poverty_desktop.services.ports import Change, Save
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.test_kept_aside import aside
from tests.sync.test_rounds import enrolled

__all__ = ["aside"]
NewLaptop = Callable[..., Laptop]
Aside = tuple[Laptop, str, str]
WHY = "hộ này thuộc xã bên"


def open_at_the_province(province: RunningProvince) -> list[custody.Kept]:
    return custody.kept(province.province)


def withdraw(province: RunningProvince) -> int:
    return custody.withdraw(province.province, open_at_the_province(province), WHY, "Bà Hạnh")


def test_a_withdrawal_closes_the_item_and_says_who_and_why(province: RunningProvince, aside: Aside) -> None:
    laptop, household_id, member_id = aside
    assert withdraw(province) == 2  # with the whole of its Save
    laptop.synced()
    assert laptop.syncing.attending.sheets() == []
    assert laptop.syncing.state().kept_aside == 0
    (closed,) = laptop.syncing.attending.closed()
    assert (closed.title, closed.who, closed.why) == ("Hộ Hồ Thị Mơ", "Bà Hạnh", WHY)
    assert [(one.label, one.sent) for one in closed.fields] == [
        ("Mã xã", "99999"), ("Số điện thoại", "0912345678"), ("Họ và tên", "Hồ Thị Mới")]  # fmt: skip
    assert (laptop.phone(household_id), laptop.name(member_id)) == (None, "Hồ Thị Mơ")
    assert laptop.workspace.verify().faults == []


def test_a_withdrawal_that_comes_in_a_snapshot_closes_the_item_too(
    province: RunningProvince, aside: Aside, new_laptop: NewLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, household_id, _ = aside
    withdraw(province)
    snapshots.make_ready(province.province, behind=0)
    monkeypatch.setattr(rounds, "snapshot_is_better", lambda stream, rev: stream.snapshot is not None)
    assert laptop.synced().received == 0  # by the snapshot, not by the log
    monkeypatch.undo()
    (closed,) = laptop.syncing.attending.closed()
    assert (closed.who, closed.why) == ("Bà Hạnh", WHY)
    assert laptop.workspace.database.rows("SELECT DISTINCT state, outcome FROM sync_op WHERE outcome = 'quarantined'") == [
        (3, "quarantined")
    ]
    assert laptop.phone(household_id) is None


def test_what_was_withdrawn_is_never_called_safe(province: RunningProvince, aside: Aside, tmp_path: Path) -> None:
    """Neither by its operations, nor after a snapshot and a backup; the record that is shown is."""
    laptop, household_id, _ = aside
    withdraw(province)
    laptop.synced()
    backups.make(province.province, tmp_path / "copy.sqlite")
    restoring.adopt(province.province, anyway=True)
    for _ in range(2):
        laptop.synced()
    places = laptop.syncing.state().places
    assert (places.in_province, laptop.syncing.place_of([household_id])) == (2, "safe")
    assert len(laptop.syncing.attending.closed()) == 1


def test_what_is_given_up_here_is_asked_about_no_more_at_the_province(province: RunningProvince, aside: Aside) -> None:
    laptop, _, _ = aside
    (sheet,) = laptop.syncing.attending.sheets()
    laptop.syncing.attending.give_up(sheet.id, "ghi nhầm hộ")
    assert len(open_at_the_province(province)) == 2
    laptop.synced()
    assert open_at_the_province(province) == []
    laptop.synced()
    (closed,) = laptop.syncing.attending.closed()
    assert closed.why == "ghi nhầm hộ"


def test_a_household_that_was_never_made_is_given_up_there_too(province: RunningProvince, new_laptop: NewLaptop) -> None:
    """No record of it is there to say it on: it is said on the officer's own account."""
    laptop = new_laptop()
    laptop.enrol(province, named=True)
    laptop.add_household("Hồ Thị Mơ", commune_code="99999")
    laptop.synced()
    assert len(open_at_the_province(province)) == 2
    laptop.syncing.attending.give_up(laptop.syncing.attending.sheets()[0].id, "trùng")
    laptop.synced()
    assert open_at_the_province(province) == []
    assert laptop.records.select(Household) == []
    assert laptop.workspace.verify().faults == []


def test_nobody_gives_up_what_another_laptop_sent(province: RunningProvince, aside: Aside, new_laptop: NewLaptop) -> None:
    (other,) = enrolled(province, new_laptop, "b")
    home, _ = other.add_household()
    other.synced()
    ops = [one.op for one in open_at_the_province(province)]
    group = other.records.new_group()
    closing = Change("r", "household", home, 1, closes=tuple(ops), reason="không phải của tôi")
    other.records.save(Save(group, other.workspace.officer.id, other.records.base(), [closing]))
    other.synced()
    assert [one.op for one in open_at_the_province(province)] == ops


def test_a_correction_closes_what_it_corrects(province: RunningProvince, aside: Aside) -> None:
    laptop, household_id, _ = aside
    laptop.edit("household", household_id, commune_code="21139")
    laptop.synced()
    laptop.synced()
    assert open_at_the_province(province) == []
    assert laptop.syncing.attending.closed() == []  # it was not given up: it stands, corrected
    assert laptop.phone(household_id) == "0912345678"


def test_the_screen_shows_what_was_decided(province: RunningProvince, aside: Aside, window) -> None:
    laptop, _, _ = aside
    withdraw(province)
    laptop.synced()
    opened = window(laptop)
    opened.go("attention")
    opened.reads("Bà Hạnh quyết định lúc")
    words = opened.find(QLabel, "attention.closed").text()
    assert WHY in words
    assert "Số điện thoại: 0912345678" in words
