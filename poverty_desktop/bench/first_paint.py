"""A process that opens one window, says when it was painted and how much memory it then held, and ends.

python -m poverty_desktop.bench.first_paint program FOLDER   our program, by its own command line
python -m poverty_desktop.bench.first_paint bare             a Qt window of the same size with nothing in it
python -m poverty_desktop.bench.first_paint list FOLDER      our program with the household list open, for memory
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.bench.children import since_start
from poverty_desktop.gui.first_frame import FirstFrame

SIZE = (1366, 768)


def program(folder: str) -> None:
    """The command line of the program, as the officer's double click runs it; ends at the first paint."""
    from poverty_desktop.app import process
    from poverty_desktop.app.application import Application

    began: list[float] = []

    class Watched(Application):
        def show(self) -> None:
            FirstFrame(self.shell, lambda: _tell(began[0]))
            super().show()

    dress = process.qt_application

    def timed() -> QApplication:
        began.append(time.perf_counter())
        return dress()

    vars(process).update(Application=Watched, qt_application=timed)
    sys.argv = ["poverty-desktop", "--workspace", folder]
    runpy.run_module("poverty_desktop", run_name="__main__")


def bare() -> None:
    began = time.perf_counter()
    qt = QApplication(sys.argv[:1])
    window = QWidget()
    window.resize(*SIZE)
    FirstFrame(window, lambda: _tell(began))
    window.show()
    qt.exec()


def household_list(folder: str) -> None:
    """Every household in reach of the list: opened, its first page shown, scrolled once to its end."""
    from poverty_desktop.app import Application, qt_application
    from poverty_desktop.gui.screens.households_screen import HouseholdsScreen

    qt = qt_application()
    application = Application(Path(folder))
    application.show()
    watch = QTimer()

    def look() -> None:
        screen = application.shell.current
        if application.office is not None and getattr(screen, "place", "") == "work":
            application.shell.go("households")
        elif isinstance(screen, HouseholdsScreen) and not application.tasks.busy:
            watch.stop()
            QTimer.singleShot(200, lambda: _tell(time.perf_counter()))

    watch.timeout.connect(look)
    watch.start(50)
    qt.exec()


def _tell(began: float) -> None:
    """Print and end at once: what comes after the first paint is not this process's business."""
    now = time.perf_counter()
    found = {"from_process_ms": since_start(), "from_qt_ms": (now - began) * 1000, "memory_mib": resident_mib()}
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)


def resident_mib() -> float:
    """Memory of this process in RAM, in MiB; where the system tells only its peak, the peak."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    what, *folder = sys.argv[1:]
    if what == "bare":
        bare()
    else:
        {"program": program, "list": household_list}[what](*folder)


if __name__ == "__main__":
    main()
