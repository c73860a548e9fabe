"""Reports 7.1 and 7.2 read on screen and written to Excel."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import TourReport

Key = Qt.Key


def reports(report: TourReport, laptop: Laptop) -> None:
    laptop.hand.come_forward()
    for template in ("7.1", "7.2"):
        with report.step(f"report {template}: its checks hold, and it is written to Excel") as figures:
            _choose(laptop, template)
            figures["verdict"] = laptop.words("reports.verdict")
            laptop.picture(f"report-{template.replace('.', '-')}")
            file = _export(laptop, f"mau-{template.replace('.', '-')}")
            figures["file"], figures["total"] = _kept(report, file), _total(file)
            if not figures["verdict"].startswith("✓"):
                raise AssertionError(figures["verdict"])


def _choose(laptop: Laptop, template: str) -> None:
    laptop.go("reports")
    laptop.hand.go_to("reports.template")
    laptop.hand.press(Key.Key_Home if template == "7.1" else Key.Key_End)
    laptop.see("reports.heading", template)


def _export(laptop: Laptop, name: str) -> Path:
    """Ctrl+E, until the window says where the file is."""
    laptop.hand.control(Key.Key_E)
    wait_until(lambda: laptop.hand.sees("message.text") and name in laptop.words("message.text"), "where the file is")
    return sorted(laptop.application.documents_folder.glob(f"{name}*.xlsx"))[-1]


def _kept(report: TourReport, file: Path) -> str:
    shutil.copy(file, report.out / file.name)
    return file.name


def _total(file: Path) -> list[Any]:
    """The line of the total, read back from the file."""
    import python_calamine

    rows = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    return next(row for row in rows if "Tổng cộng" in row)
