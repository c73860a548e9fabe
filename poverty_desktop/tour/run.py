"""`poverty-desktop tour`: the main job from an empty laptop to the reports, in the real windows."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from poverty_desktop.app import hook_bugs, qt_application
from poverty_desktop.practice.local_province import LocalProvince
from poverty_desktop.system.bug_reports import BugReports
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.tour import beginning, demonstrating, exchanging, explaining, registering, reporting, reviewing, supporting
from poverty_desktop.tour.laptop import Laptop
from poverty_desktop.tour.report import TourReport, TourScreen, TourStopped

PASSWORDS = {"first": "nuoc song Ve trong", "second": "doi que Tra Bong xanh", "class": "rung keo Ba To gio"}


def tour(out: Path, screen: TourScreen) -> bool:
    """Drive everything, leave pictures, documents and `tour.json` in `out`; True only if all of it held."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    os.environ["QT_SCALE_FACTOR"] = str(screen.scale)  # read once, when Qt begins
    qt_application()
    report = TourReport(out, screen)
    with tempfile.TemporaryDirectory(prefix="poverty-tour-") as folder:
        place = Path(folder)
        hook_bugs(BugReports(out / "bug-reports", SystemClock().now, "tour"))
        laptops = [Laptop(name, place / name, report, word) for name, word in PASSWORDS.items()]
        try:
            _whole_job(report, laptops[0], laptops[1], LocalProvince(place / "province"))
            demonstrating.demonstration(report, laptops[2])
        except TourStopped as stopped:
            print(f"tour: stopped at '{stopped}': {report.steps[-1].figures.get('error', '')}", flush=True)
            _last_picture(report, laptops)
        finally:
            for laptop in laptops:
                laptop.abandon()
    report.write()
    print(f"tour: {'ok' if report.ok else 'NOT ok'}; {len(report.steps)} steps; see {out / 'tour.json'}", flush=True)
    return report.ok


def _whole_job(report: TourReport, first: Laptop, second: Laptop, province: LocalProvince) -> None:
    with province:
        beginning.first_run(report, first)
        exchanging.connect(report, first, province)
        registering.two_households(report, first)
        reviewing.five_surveys(report, first)
        explaining.what_if(report, first, reviewing.papers()[0].household_code)
        explaining.another_standard(report, first)
        reviewing.killed_draft(report, first)
        supporting.cows(report, first)
        exchanging.send(report, first)
        exchanging.second_laptop(report, first, second, province)
    exchanging.clash_offline(report, first, second)
    with province:
        exchanging.settle_clash(report, first, second)
    reporting.reports(report, first)
    for laptop in (first, second):
        laptop.switch_off()


def _last_picture(report: TourReport, laptops: list[Laptop]) -> None:
    """What the window showed where the tour stopped."""
    for laptop in laptops:
        if laptop.is_on:
            laptop.hand.picture(report.out / f"stopped-{laptop.name}.png")
