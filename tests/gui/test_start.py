"""The start: what is imported before the first paint, and what several windows in one process do to each other."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sqlalchemy", "sqlmodel", "pydantic", "requests", "openpyxl", "pyxform", "fastapi", "qtawesome", "sqlcipher3")


def test_nothing_heavy_is_imported_before_the_first_paint():
    code = (
        "import sys, poverty_desktop.app, poverty_desktop.gui.shell\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_the_help_of_the_command_line_asks_for_no_window():
    code = (
        "import sys\nfrom poverty_desktop.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "assert 'PySide6' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_idle_lock_of_a_closed_window_locks_nothing(qapp, tmp_path):
    """It rang ten minutes after its window was closed, and waited for ever for a lane that had ended."""
    from poverty_desktop.app import Application

    window = Application(tmp_path / "kho")
    window.show()
    window.close()
    window.lock()
    assert window.tasks.closed


def test_nothing_waits_to_be_asked_when_the_window_is_closed(qapp, tmp_path):
    """A search that was typed in the last moment asked a file that was closed."""
    from PySide6.QtCore import QTimer

    from poverty_desktop.app import Application

    window = Application(tmp_path / "kho")
    window.show()
    search = QTimer(window.shell)
    search.start(150)
    window.close()
    assert not any(timer.isActive() for timer in window.shell.findChildren(QTimer))
