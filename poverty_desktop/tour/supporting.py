"""Eighteen breeding cows for ten households from two sources: divided to the dong, handed over, signed for, printed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from poverty_desktop.domain.records import HouseholdShare, SupportLine
from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import TourReport

Key = Qt.Key
COWS, HOUSEHOLDS = 18, 10
QUANTITIES = ["2"] * 8 + ["1"] * 2
MONEY = {"central_budget": 240_000_000, "provincial_budget": 60_000_001}  # one dong over, which must find its household
BATCH = ("Bò cái sinh sản", "1", "3.1", "45/QĐ-UBND", "10/11/2026", "HTX Nông nghiệp (mẫu)", "23/11/2026", "Nhà văn hóa Làng 1")
RECEIPTS = "1" * 7 + "2" * 2 + "3"  # signed, fingerprint, absent


def cows(report: TourReport, laptop: Laptop) -> None:
    with report.step("support: a batch of 18 cows with its decision and two sources, typed"):
        _type_batch(laptop)
    with report.step("support: shared among ten poor households, whole dong that add up") as figures:
        _share_out(laptop)
        figures["remaining"] = laptop.words("batch.remaining")
        laptop.picture("support-shares")
        laptop.hand.control(Key.Key_S)
        laptop.settle()
        figures.update(_hold_sums(laptop))
    with report.step("support: handed over, with signed, fingerprint and absent") as figures:
        laptop.hand.control(Key.Key_B)
        wait_until(lambda: laptop.focus == "batch.handover", "the list to mark")
        for receipt in RECEIPTS:
            laptop.hand.type(receipt)
            laptop.settle()
        figures["totals"] = laptop.words("batch.totals")
        laptop.picture("support-handover")
    with report.step("support: the list of signatures is printed") as figures:
        laptop.hand.control(Key.Key_P)
        wait_until(lambda: laptop.hand.sees("message.text") and ".pdf" in laptop.words("message.text"), "where the list is")
        file = sorted(laptop.application.documents_folder.glob("*.pdf"))[-1]
        shutil.copy(file, report.out / file.name)
        figures["file"], figures["bytes"] = file.name, file.stat().st_size
        laptop.picture("support-printed")
        _hold_pdf(file)
        laptop.go("support")
        laptop.picture("support-batches")


def _type_batch(laptop: Laptop) -> None:
    laptop.go("support")
    laptop.picture("support-empty")
    laptop.hand.control(Key.Key_N)
    laptop.wait_for("support_batch")
    laptop.settle()
    wait_until(lambda: laptop.focus == "batch.name", "the name of the batch")
    laptop.enter(*BATCH, "", "", "")  # the two usual sources stand; a third is not needed
    wait_until(lambda: laptop.focus == "batch.lines.table", "the lines of the batch")
    laptop.enter("1", "Bò cái", "từ 200 kg", "", str(COWS), *map(str, MONEY.values()))
    laptop.settle()
    laptop.picture("support-batch-typed")
    laptop.hand.control(Key.Key_S)
    wait_until(lambda: laptop.focus == "batch.shares.table", "the shares of the batch")
    laptop.settle()


def _share_out(laptop: Laptop) -> None:
    """The poor households of one village by class, then the number of cows down the column."""
    laptop.hand.control(Key.Key_G)
    laptop.settle()
    laptop.enter(*QUANTITIES)
    laptop.settle()


def _hold_sums(laptop: Laptop) -> dict[str, Any]:
    """Read back from the file: source by source, the shares are the line to the last dong."""
    records = laptop.application.open_office.workspace.records
    found: list[tuple[list[SupportLine], list[HouseholdShare]]] = []
    read = lambda: (records.select(SupportLine), records.select(HouseholdShare))  # noqa: E731 - one expression for the lane
    laptop.application.tasks.storage(read, found.append)
    wait_until(lambda: bool(found), "the shares read back")
    lines, shares = found[0]
    sums = {source: sum(share.funding.get(source, 0) for share in shares) for source in lines[0].funding}
    quantity = sum(share.quantity for share in shares)
    if (quantity, len(shares), sums) != (COWS, HOUSEHOLDS, MONEY) or lines[0].funding != MONEY:
        raise AssertionError(f"{quantity} cows, {len(shares)} households, {sums} of {lines[0].funding}")
    return {"cows": quantity, "households": len(shares), "money": sums}


def _hold_pdf(file: Path) -> None:
    if not file.read_bytes().startswith(b"%PDF"):
        raise AssertionError(f"{file.name} is no PDF")
