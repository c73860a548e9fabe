"""The receipt of a round on paper: number, counts, hash; only with the province's own signature."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QPushButton

from poverty_desktop.documents.sync_receipt import sync_receipt_html
from poverty_desktop.domain.official_paper import OfficialPaper
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.presenters.receipt_printing import ReceiptPrinting
from poverty_desktop.gui.receipt_paper import ReceiptPaper
from poverty_desktop.protocol.laptop import RoundReport
from poverty_desktop.services.sync_receipts import ReceiptSheet
from poverty_desktop.system.resources import load_texts
from tests.gui.fakes import ImmediateTasks, RecordingFrame
from tests.sync.laptops import Laptop, RunningProvince
from tests.sync.sync_window import Window
from tests.sync.test_rounds import enrolled

NewLaptop = Callable[..., Laptop]
PAPER = OfficialPaper("Tỉnh Quảng Ngãi", "Xã Ba Xa", "Ba Xa", "2026-11-24", practice=True)


@pytest.fixture
def sent(province: RunningProvince, new_laptop: NewLaptop) -> tuple[Laptop, RoundReport]:
    (laptop,) = enrolled(province, new_laptop, "a")
    laptop.add_household("Hồ Thị <Mơ>")
    return laptop, laptop.synced()


def html(sheet: ReceiptSheet) -> str:
    return sync_receipt_html(sheet, "Đinh Văn Sơn", PAPER, load_texts("en"))


def printing(frame: RecordingFrame, laptop: Laptop, folder: Path, noted: list[str]) -> ReceiptPrinting:
    paper = ReceiptPaper(html, noted.append, load_texts("vi"))
    return ReceiptPrinting(ImmediateTasks(), frame, laptop.syncing.receipt, paper, folder, load_texts("vi"))


def test_the_paper_bears_number_counts_hash_and_the_key_of_the_province(sent, province: RunningProvince, qapp) -> None:
    laptop, report = sent
    sheet = laptop.syncing.receipt(report.id)
    written = html(sheet)
    assert f"Số {report.receipt.number}" in written
    assert "BẢN LUYỆN TẬP" in written
    assert ("<td align=\"right\">2</td>") in written
    for marks in (sheet.hash, sheet.packets[0].id, province.code().replace("-", "")[10:]):
        assert marks in written.replace(" ", "")


def test_the_receipt_is_printed_once_more_beside_the_first_print(sent, tmp_path: Path, qapp) -> None:
    laptop, report = sent
    frame, noted = RecordingFrame(), []
    folder = tmp_path / "giấy tờ"
    printed = printing(frame, laptop, folder, noted)
    printed.print(report.id)
    printed.print(report.id)
    number = report.receipt.number
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"bien-nhan-{number.lower()}-lan-2.pdf", f"bien-nhan-{number.lower()}.pdf"]
    assert noted == [number, number]
    assert number in frame.told[0][1]
    assert (folder / names[1]).read_bytes().startswith(b"%PDF")
    if os.environ.get("SYNC_PICTURES"):
        look_at(html(laptop.syncing.receipt(report.id)), f"{os.environ['SYNC_PICTURES']}/receipt.png")


def look_at(written: str, file: str) -> None:
    document, image = QTextDocument(), QImage(900, 1273, QImage.Format.Format_RGB32)
    image.fill("white")
    document.setDefaultFont(QFont("Liberation Serif", 13))
    document.setHtml(written)
    document.setTextWidth(860)
    painter = QPainter(image)
    document.drawContents(painter)
    painter.end()
    image.save(file)


def test_a_receipt_that_the_province_never_signed_is_not_printed(sent, tmp_path: Path, qapp) -> None:
    laptop, report = sent
    (proof,) = report.receipt.proof
    forged = dataclasses.replace(report.receipt, proof=(proof.replace('"epoch":1', '"epoch":2'),))
    assert forged.proof != report.receipt.proof
    laptop.store.end_round(dataclasses.replace(report, receipt=forged))
    frame, noted = RecordingFrame(), []
    printing(frame, laptop, tmp_path / "giấy tờ", noted).print(report.id)
    assert [problem.code for problem in frame.problems] == ["sync.receipt_not_genuine"]
    assert not (tmp_path / "giấy tờ").exists()
    assert noted == []


def test_a_round_that_sent_nothing_has_none(sent) -> None:
    laptop, _ = sent
    with pytest.raises(KnownProblem, match=r"sync\.no_receipt"):
        laptop.syncing.receipt(laptop.synced().id)


def test_a_folder_that_cannot_be_made_is_told_and_nothing_is_noted(sent, tmp_path: Path, qapp) -> None:
    laptop, report = sent
    (tmp_path / "giấy tờ").write_text("a file stands there", encoding="utf-8")
    frame, noted = RecordingFrame(), []
    printing(frame, laptop, tmp_path / "giấy tờ", noted).print(report.id)
    assert [problem.code for problem in frame.problems] == ["print.cannot_write"]
    assert noted == []


def test_each_round_with_a_receipt_offers_it_in_the_log(sent, window: Callable[..., Window]) -> None:
    laptop, report = sent
    empty = laptop.synced()
    shown = window(laptop)
    shown.go("sync")
    shown.picture("sync-receipts")
    asked: list[int] = []
    shown.shell.current._presenter.print_receipt = asked.append
    shown.find(QPushButton, f"sync.print.{report.id}").click()
    assert asked == [report.id]
    assert shown.find(QPushButton, f"sync.print.{empty.id}") is None
