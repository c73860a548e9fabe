"""The signature list as a PDF that a commune can print and have signed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from poverty_desktop.documents.signature_list import signature_list_html
from poverty_desktop.domain.official_paper import NATION, paper_of
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import SupportBatch
from poverty_desktop.gui.printing import paper_family, print_pdf
from poverty_desktop.services.support_sheets import SignatureList, SignatureRow
from poverty_desktop.system.reference_files import load_reference
from poverty_desktop.system.resources import load_texts

TEXTS = load_texts("en")
PAPER = paper_of(load_reference(), "21289", day="2026-11-20", practice=True)


def the_list(count: int) -> SignatureList:
    batch = SupportBatch(
        id="b",
        commune_code="21289",
        batch_no="01/2026",
        name="Bò cái sinh sản <18 con>",
        programme_key="other_local",
        decision_no="45/QĐ-UBND",
        decided_on="2026-11-10",
        handover_on="2026-11-20",
        handover_place="Nhà văn hóa thôn Làng Rề",
    )
    row = SignatureRow("Đinh Thị Hường", "Làng Rề", "Bò cái", "từ 200 kg", 2, "con", 33_333_334, "pending", "")
    return SignatureList(batch, "Chương trình MTQG giảm nghèo bền vững", (row,) * count)


def printed(path: Path, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, str(path), "-"], check=True, capture_output=True, text=True).stdout


def write(path: Path, count: int) -> int:
    label = lambda page, pages: TEXTS.in_language("vi")("supportdoc.page", page=page, pages=pages)  # noqa: E731
    return print_pdf(signature_list_html(the_list(count), PAPER, TEXTS), path, label, title="Danh sách ký nhận")


def test_the_paper_has_its_heading_and_whole_vietnamese(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "ky_nhan.pdf"
    assert write(path, 10) >= 1
    text = " ".join(printed(path, "-layout").split())
    for words in (
        *(NATION, "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN XÃ SƠN HÀ", "TỈNH QUẢNG NGÃI", "DANH SÁCH KÝ NHẬN"),
        *("Sơn Hà, ngày 20 tháng 11 năm 2026", "Đinh Thị Hường", "Bò cái sinh sản <18 con>", "33.333.334", "333.333.340"),
        *("TM. ỦY BAN NHÂN DÂN XÃ", "CHỦ TỊCH", "ĐẠI DIỆN BÊN GIAO", "BẢN LUYỆN TẬP", "45/QĐ-UBND", "10/11/2026"),
    ):
        assert words in text, words


def test_thirteen_points_are_thirteen_points_on_a4(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "ky_nhan.pdf"
    write(path, 3)
    boxes = printed(path, "-bbox")
    page = re.search(r'<page width="([\d.]+)" height="([\d.]+)"', boxes)
    assert page is not None
    assert (round(float(page[1])), round(float(page[2]))) in {(595, 842), (596, 842), (595, 841)}
    heights = [
        float(bottom) - float(top) for top, bottom in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">điểm:<', boxes)
    ]
    assert heights
    assert all(13 <= height <= 17 for height in heights)  # a line of 13 pt Times is 14.4 pt high, ascent to descent
    rights = [float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert max(rights) < float(page[1]) - 30


def test_a_long_list_repeats_its_head_and_numbers_its_pages(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "ky_nhan.pdf"
    pages = write(path, 60)
    assert pages > 2
    for page in range(1, pages):
        text = printed(path, "-f", str(page), "-l", str(page))
        assert f"Trang {page}/{pages}" in text
        assert "Ký nhận hoặc" in " ".join(text.split())


@pytest.mark.parametrize("count", [16, 17, 18, 35, 40, 60])
def test_no_row_is_broken_over_two_pages(qapp: QApplication, tmp_path: Path, count: int) -> None:
    path = tmp_path / "ky_nhan.pdf"
    pages = write(path, count)
    for page in range(1, pages + 1):
        words = printed(path, "-f", str(page), "-l", str(page)).split()
        assert words.count("Hường") == words.count("(từ") == words.count("kg)"), page
    everything = printed(path).split()
    assert everything.count("Hường") == count
    last = printed(path, "-f", str(pages), "-l", str(pages))
    assert "ĐẠI DIỆN BÊN GIAO" in last
    assert "(Ký tên, đóng dấu)" in last


def test_the_font_is_chosen_and_embedded(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "ky_nhan.pdf"
    write(path, 2)
    assert paper_family() in ("Times New Roman", "Liberation Serif")
    fonts = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all(paper_family().replace(" ", "") in line for line in fonts)
    assert all(re.search(r"Identity-H\s+yes\s", line) for line in fonts)  # column "emb"


def test_a_file_that_cannot_be_written_is_a_known_problem(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(KnownProblem, match=r"print\.cannot_write"):
        print_pdf("<p>x</p>", tmp_path / "no folder" / "x.pdf")
