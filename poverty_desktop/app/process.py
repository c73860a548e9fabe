"""The process around the window: Qt's application, the hooks for bugs, and `run`."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from poverty_desktop.app.application import Application
from poverty_desktop.gui.link_watch import LinkWatch
from poverty_desktop.gui.theme import STYLE_ARGUMENTS, apply_theme
from poverty_desktop.system.bug_reports import BugReports


def qt_application() -> QApplication:
    """The one QApplication of the process, dressed."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        apply_theme(found)
        return found
    app = QApplication([*sys.argv[:1], *STYLE_ARGUMENTS])
    apply_theme(app, styled=True)
    return app


def hook_bugs(bugs: BugReports) -> None:
    """Every bug of the process that nothing caught, on any thread, and every warning of Qt, goes to `bugs` or to stderr."""

    def on_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            bugs.bug(error)

    def on_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None:
            bugs.bug(failed.exc_value)

    sys.excepthook = on_main
    threading.excepthook = on_thread
    qInstallMessageHandler(lambda kind, context, words: _say(kind, words))


def _say(kind: QtMsgType, words: str) -> None:
    if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and "propagateSizeHints" not in words:
        sys.stderr.write(f"Qt: {words}\n")


def run(folder: Path, language: str | None = None) -> int:
    """The program with a window, until it is closed."""
    qt = qt_application()
    application = Application(folder, language=language, links=LinkWatch())
    hook_bugs(application.bugs)
    application.show()
    code = qt.exec()
    application.close()
    return code
