"""`tour --out DIR`: the whole main job on a practice commune, in the real windows, with proof left behind."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from poverty_desktop.system.display import draw_off_screen_without_display
from poverty_desktop.tour.report import SCREENS


def add_arguments(subparsers: Any) -> None:
    verb = subparsers.add_parser(
        "tour",
        help="drive the whole main job in the real windows and leave pictures, documents and tour.json",
        description="Exits 0 only if every step held. Needs no network: the province runs on this machine's loopback address.",
    )
    verb.add_argument("--out", type=Path, required=True, metavar="DIR", help="what the tour leaves; an older one is removed")
    verb.add_argument("--screen", choices=SCREENS, default="1366x768", help="the screen whose pictures are left")


def run(args: argparse.Namespace) -> int:
    draw_off_screen_without_display()
    from poverty_desktop.tour.run import tour

    return 0 if tour(args.out.resolve(), SCREENS[args.screen]) else 1
