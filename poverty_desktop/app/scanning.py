"""From the code of a scanned paper to the survey of its household, wherever one is in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poverty_desktop.gui.scanner import Scanner

if TYPE_CHECKING:
    from poverty_desktop.app.application import Application


class Scanning:
    """Watches the window of `app` from now on."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self.scanner = Scanner(self._scanned, app)
        handle = app.shell.windowHandle()
        if handle is not None:
            handle.installEventFilter(self.scanner)

    def _scanned(self, text: str) -> None:
        shell, office = self._app.shell, self._app.office
        if office is None:
            shell.tell("amber", self._app.texts("scan.locked"))
            return
        self._app.tasks.storage(lambda: office.scanned_codes.household(text), self._found, shell.problem)

    def _found(self, household_id: str) -> None:
        """What is half typed on the present screen is kept by its leaving."""
        shell = self._app.shell
        if shell.current is not None and not shell.current.scanned(household_id):
            shell.go("survey", household_id=household_id)
