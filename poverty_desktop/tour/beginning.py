"""An empty laptop becomes a practice laptop with 300 households."""

from __future__ import annotations

from PySide6.QtCore import Qt

from poverty_desktop.gui.components.bar_chart import BarChart
from poverty_desktop.tour.driver import wait_until
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import TourReport

Key = Qt.Key
OFFICERS = {"first": "Hồ Thị Mơ", "second": "Đinh Văn Sơn", "class": "Phạm Thị Lài"}


def first_run(report: TourReport, laptop: Laptop) -> None:
    with report.step("first run: language, practice, officer and password, no server yet") as figures:
        laptop.switch_on()
        laptop.picture("first-run-language")
        to_server_step(laptop)
        laptop.picture("first-run-server")
        laptop.hand.press(Key.Key_Return, times=2)
        laptop.wait_for("work")
        wait_until(lambda: _villages(laptop) == 8, "the progress of eight villages")
        laptop.picture("first-screen")
        figures["villages"] = _villages(laptop)


def to_server_step(laptop: Laptop) -> None:
    """Language, mode and officer by Enter and typing; ends in the step that asks for a server."""
    laptop.hand.press(Key.Key_Return, times=2)
    laptop.enter(OFFICERS[laptop.name], laptop.password)
    laptop.picture(f"first-run-officer-{laptop.name}")
    laptop.enter(laptop.password)


def _villages(laptop: Laptop) -> int:
    """The bars of the chart on the first screen."""
    charts = laptop.application.shell.findChildren(BarChart)
    return len(charts[0].bars()) if charts else 0
