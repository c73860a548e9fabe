"""`forms try FILE`: a questionnaire in the real form screen, without a workspace; nothing is stored."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from poverty_desktop.commands.form_files import read_form, words_of
from poverty_desktop.system.display import refuse_without_display


def add_arguments(doings: Any, common: argparse.ArgumentParser) -> None:
    trying = doings.add_parser("try", parents=[common], help="open it in the form screen; nothing is stored")
    trying.add_argument("--language", "--lang", choices=("vi", "en"), default=argparse.SUPPRESS)
    trying.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day that today() gives")


def run(args: argparse.Namespace) -> int:
    refuse_without_display()
    form = read_form(args.file)
    from poverty_desktop.app import qt_application
    from poverty_desktop.gui.try_window import TryWindow

    application = qt_application()
    today = args.today or date.today()  # noqa: DTZ011 - the local day is what today() means on a form
    window = TryWindow(form, words_of(args), today=today, file=args.file.name)
    window.resize(1366, 768)
    window.show()
    window.begin()
    return int(application.exec())
