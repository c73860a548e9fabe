"""Eighteen breeding cows for ten households from two sources, handed over and signed for."""

from __future__ import annotations

from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import TourReport


def cows(report: TourReport, laptop: Laptop) -> None:
    with report.step("support: placeholder"):
        laptop.go("work")
