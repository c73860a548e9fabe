"""The composition root: it alone builds adapters, services, presenters and windows, and closes them in reverse order."""

from poverty_desktop.app.application import Application
from poverty_desktop.app.process import hook_bugs, qt_application, run

__all__ = ["Application", "hook_bugs", "qt_application", "run"]
