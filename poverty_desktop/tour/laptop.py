"""One officer's laptop in the tour: the real program on a folder of its own, and a hand on its keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTableView

from poverty_desktop.app import Application
from poverty_desktop.practice.day import DayOfTheReview
from poverty_desktop.tour.driver import Driver, wait_until
from poverty_desktop.tour.report import TourReport

Key = Qt.Key
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
AREAS = ("work", "households", "review", "support", "reports", "sync")


class Laptop:
    """A window that is used, closed and opened again. A bug of the program ends the tour."""

    def __init__(self, name: str, folder: Path, report: TourReport, password: str) -> None:
        self.name, self.folder, self.password = name, folder, password
        self._report = report
        self._application: Application | None = None
        self.bugs: list[BaseException] = []

    # --- life

    def switch_on(self) -> None:
        """Start the program and wait for its first screen."""
        self._application = Application(self.folder, clock=DayOfTheReview())
        self._application.tasks.on_bug = self.bugs.append
        self._application.show()
        self.hand = Driver(self._application.shell, self._report.screen.size)
        self.hand.come_forward()
        wait_until(lambda: self.place in ("first_run", "unlock"), f"the first screen of {self.name}")

    def unlock(self) -> None:
        self.hand.type(self.password)
        self.hand.press(Key.Key_Return)
        self.wait_for("work")

    def switch_off(self) -> None:
        if self._application is not None:
            self._application.close()
            self._application = None
        self.hold_no_bug()

    @property
    def is_on(self) -> bool:
        return self._application is not None

    def abandon(self) -> None:
        """Switch off without asking for more: the tour is over."""
        application, self._application = self._application, None
        if application is not None:
            application.close()

    def hold_no_bug(self) -> None:
        if self.bugs:
            raise self.bugs[0]

    @property
    def application(self) -> Application:
        assert self._application is not None
        return self._application

    # --- looking

    @property
    def place(self) -> str:
        current = self.application.shell.current
        return "" if current is None else str(current.place)

    def wait_for(self, place: str) -> None:
        wait_until(lambda: self.place == place, f"the place '{place}' on {self.name} (it shows '{self.place}')")

    def words(self, name: str) -> str:
        """What the visible label of this name says, with the labels inside it; of a painted widget what a screen reader hears."""
        widget = self.hand.find(name)
        labels = [widget] if isinstance(widget, QLabel) else widget.findChildren(QLabel)
        words = " ".join(label.text() for label in labels if isinstance(label, QLabel) and label.isVisible())
        return words or widget.accessibleDescription()

    def see(self, name: str, *parts: str) -> str:
        """Wait until the words of `name` hold all `parts`."""
        wait_until(lambda: all(part in self.words(name) for part in parts), f"'{' … '.join(parts)}' in {name}")
        return self.words(name)

    def cell(self, table: str, row: int, column: int) -> str:
        widget = self.hand.find(table)
        assert isinstance(widget, QTableView)
        return str(widget.model().index(row, column).data() or "")

    def rows(self, table: str) -> int:
        widget = self.hand.find(table)
        assert isinstance(widget, QTableView)
        return int(widget.model().rowCount())

    @property
    def focus(self) -> str:
        widget = QApplication.focusWidget()
        return widget.objectName() if widget else ""

    def picture(self, name: str) -> None:
        self.hold_no_bug()
        self.settle()
        picture = self._report.picture_file(name)
        try:
            self.hand.hold_nothing_cut()
        finally:
            self.hand.picture(picture)

    def settle(self) -> None:
        """Let the lanes finish and their results be shown."""
        done: list[bool] = []
        self.application.tasks.storage(lambda: None, lambda _: done.append(True))
        wait_until(lambda: bool(done), "the storage lane at rest")

    def draft_values(self) -> dict[str, Any]:
        """What stands in the newest draft of the file, key -> value; for comparing, never for working."""
        drafts = self.application.open_office.workspace.drafts
        found: list[dict[str, Any]] = []
        self.application.tasks.storage(lambda: dict(drafts.all()[0].values), found.append)
        wait_until(lambda: bool(found), "the draft read back")
        return found[0]

    # --- doing

    def go(self, area: str) -> None:
        """To an area by its key, Alt+1 to Alt+6."""
        digit = Key(int(Key.Key_1) + AREAS.index(area))
        self.hand.press(digit, ALT)
        self.wait_for(area)
        self.settle()

    def enter(self, *texts: str) -> None:
        """Each text into one field, with Enter behind it; None leaves a field as it is."""
        for text in texts:
            self.hand.type(text)
            self.hand.press(Key.Key_Return)

    def saved_sign(self) -> str:
        label = self.application.shell.status_line.saved
        return str(label.text())

    def search(self, box: str, text: str, table: str, lines: int = 1) -> None:
        """Find by typing, and stand on the first line found."""
        self.hand.go_to(box)
        self.hand.control(Key.Key_A)
        self.hand.type(text)
        self.hand.press(Key.Key_Return)
        wait_until(lambda: self.hand.sees(table) and self.rows(table) == lines, f"{lines} line(s) for '{text}'")
        wait_until(lambda: self.focus == table, f"the cursor in {table}")
