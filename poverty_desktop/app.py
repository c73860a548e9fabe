"""The composition root: the one place that builds adapters, services, presenters and windows, and closes them in reverse order.

The window paints first; everything heavy (records, storage, network) is imported behind it. Several `Application`s live in
one process without knowing of each other.

To add a screen: write `_<place>(app) -> Screen` below (imports inside it) and one line in `SCREENS`. To add a service: one
`cached_property` in `Office`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from poverty_desktop import __version__
from poverty_desktop.gui.presenters.door import NewLaptop, Progress
from poverty_desktop.gui.shell import Shell
from poverty_desktop.gui.task_runner import TaskRunner
from poverty_desktop.gui.theme import apply_theme
from poverty_desktop.system.bug_reports import BugReports
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.resources import load_texts
from poverty_desktop.system.window_memory import WindowMemory

if TYPE_CHECKING:
    from poverty_desktop.domain.reference import Reference
    from poverty_desktop.gui.screen import Screen
    from poverty_desktop.services.overview import Overview
    from poverty_desktop.services.ports import Clock
    from poverty_desktop.services.registering import Registering
    from poverty_desktop.services.reporting import Reporting
    from poverty_desktop.storage.workspace import Workspace


class Office:
    """An open workspace and the services on it. Built on the storage lane; the services are called there only."""

    def __init__(self, workspace: Workspace, clock: Clock, reference: Reference) -> None:
        self.workspace, self.clock, self.reference = workspace, clock, reference
        self.practice = workspace.practice
        self.officer_name = workspace.officer.name
        self.commune_code = str(workspace.settings.get("commune_code", ""))

    @cached_property
    def registering(self) -> Registering:
        from poverty_desktop.services.registering import Registering

        at = self.workspace
        return Registering(at.records, at.drafts, at.lists, at.settings, self.clock)

    @cached_property
    def reporting(self) -> Reporting:
        from poverty_desktop.services.reporting import Reporting

        at = self.workspace
        return Reporting(at.records, at.lists, at.settings, self.clock, self.reference)

    @cached_property
    def overview(self) -> Overview:
        from poverty_desktop.services.overview import Overview

        return Overview(self.workspace.records, self.workspace.lists, self.clock)


class Application(QObject):
    """One window on one workspace folder. `show()` paints; `close()` ends it and everything it built. `ready` when the first
    screen stands there; `closed` when the window was closed."""

    ready = Signal()
    closed = Signal()
    _bug_kept = Signal(str)

    def __init__(
        self, folder: Path, *, language: str | None = None, clock: Clock | None = None, idle_minutes: float = 10
    ) -> None:
        super().__init__()
        self.folder = folder
        self.clock: Clock = clock or SystemClock()
        self.memory = WindowMemory(folder.parent / f"{folder.name}.window.json")
        self.texts = load_texts("en" if (language or self.memory.get("language")) == "en" else "vi")
        self.bugs = BugReports(folder.parent / "bug-reports", self.clock.now, __version__)
        self.bugs.notify = lambda report: self._bug_kept.emit(str(report))
        self.office: Office | None = None
        self._workspace: Workspace | None = None
        self.shell = Shell(self.texts, self._factories(), self.memory, idle_minutes=idle_minutes)
        self.tasks = TaskRunner(self.shell.problem, self._bug, self)
        self._first_run: Any = None
        self._bug_kept.connect(lambda report: self.shell.tell("red", self.texts("app.bug_kept", file=report)))
        self.shell.lock_wanted.connect(self.lock)
        self.shell.closing.connect(self._end)

    def _factories(self) -> dict[str, Callable[[], Screen]]:
        def bound(make: Callable[[Application], Screen]) -> Callable[[], Screen]:
            return lambda: make(self)

        return {place: bound(make) for place, make in SCREENS.items()}

    # --- life ---------------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Paint the window; what is heavy comes after its first frame."""
        self.shell.show()
        QTimer.singleShot(0, self._behind_the_first_frame)

    def _behind_the_first_frame(self) -> None:
        from poverty_desktop.storage.workspace import exists

        self.shell.dress()
        self.shell.go("unlock" if exists(self.folder) else "first_run")
        self.ready.emit()

    def lock(self) -> None:
        """Close the file and ask for the password; the person comes back to where they were."""
        self.tasks.settle_storage()  # what was committed on leaving is on disk before the file closes
        then = self.shell.forget()
        self.tasks.storage(self._close_office)
        self.office = None
        self.shell.show_practice(False)
        self.shell.go("unlock", then=then)

    def close(self) -> None:
        """Take the window away, finish what was asked for, close the file on its own lane. Safe to call twice."""
        if self.shell.isVisible():
            self.shell.closing.disconnect(self._end)
            self.shell.close()  # the screen commits what is typed, which needs the lanes
        self._end()

    def _end(self) -> None:
        self.tasks.close(last=self._close_office)
        self.closed.emit()

    def _bug(self, error: BaseException) -> None:
        self.bugs.bug(error)

    def _close_office(self) -> None:
        """On the storage lane."""
        workspace, self._workspace = self._workspace, None
        if workspace is not None:
            workspace.close()

    # --- presenters.door.Door -----------------------------------------------------------------------------------------

    def create(self, wanted: NewLaptop, progress: Progress) -> None:
        from poverty_desktop.storage.workspace import NewWorkspace, create

        new = NewWorkspace(
            wanted.officer_name, wanted.commune_code, wanted.commune_name, practice=wanted.practice, language=wanted.language
        )
        self._take_over(create(self.folder, wanted.password, new, clock=self.clock))
        if wanted.practice:
            self._populate(progress)

    def open(self, password: str) -> None:
        from poverty_desktop.storage.workspace import open_workspace

        self._take_over(open_workspace(self.folder, password, clock=self.clock))

    def entered(self) -> None:
        office = self.open_office
        self.shell.show_practice(office.practice)
        self.shell.show_officer(office.officer_name)

    @property
    def open_office(self) -> Office:
        """The office while the file is open; asking for it while locked is a bug."""
        if self.office is None:
            raise RuntimeError("the workspace is locked")
        return self.office

    @cached_property
    def reference(self) -> Reference:
        from poverty_desktop.system.reference_files import load_reference

        return load_reference()

    @property
    def documents_folder(self) -> Path:
        """Where prints and exports go until the officer names another folder: beside the workspace, never inside it."""
        return self.folder.parent / f"{self.folder.name}-documents"

    def _take_over(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.office = Office(workspace, self.clock, self.reference)

    def _populate(self, progress: Progress) -> None:
        from poverty_desktop.services.practice_commune import practice_commune
        from poverty_desktop.services.practising import populate

        at = self.open_office.workspace
        unit = self.reference.unit(at.settings.get("commune_code"))
        commune = practice_commune(at.settings.get("commune_code"), is_ward=unit is not None and unit.unit_type == "ward")
        populate(at.records, commune, at.officer.id, progress)

    # --- language -----------------------------------------------------------------------------------------------------

    def choose_language(self, language: str) -> None:
        """Change the words of the window; the first run goes on in them."""
        self.memory.put("language", language)
        self.texts = load_texts("en" if language == "en" else "vi")
        self.shell.retell(self.texts)
        self.shell.go("first_run")

    def first_run_presenter(self) -> Any:
        from poverty_desktop.gui.presenters.first_run_presenter import Commune, FirstRunPresenter

        def communes() -> tuple[Commune, ...]:
            units = self.reference.units
            return tuple(Commune(u.code, u.name, u.unit_type, u.former_district, u.slug_is_ambiguous) for u in units)

        if self._first_run is None:
            unit = next(unit for unit in self.reference.units if unit.unit_type == "commune" and unit.upland)
            self._first_run = FirstRunPresenter(
                self, self.tasks, self.shell, communes, self.choose_language, (unit.code, unit.name), self.texts.language
            )
        return self._first_run


# --- the table of screens -------------------------------------------------------------------------------------------------


def _first_run(app: Application) -> Screen:
    from poverty_desktop.gui.screens.first_run_screen import FirstRunScreen

    presenter = app.first_run_presenter()
    return _bound(FirstRunScreen(presenter, app.texts), presenter)


def _unlock(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.unlock_presenter import UnlockPresenter
    from poverty_desktop.gui.screens.unlock_screen import UnlockScreen

    presenter = UnlockPresenter(app, app.tasks, app.shell)
    return _bound(UnlockScreen(presenter, app.texts), presenter)


def _work(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.work_presenter import WorkPresenter
    from poverty_desktop.gui.screens.work_screen import WorkScreen

    presenter = WorkPresenter(app.open_office.overview, app.tasks, app.shell)
    return _bound(WorkScreen(presenter, app.texts), presenter)


def _households(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.households_presenter import HouseholdsPresenter
    from poverty_desktop.gui.screens.households_screen import HouseholdsScreen

    presenter = HouseholdsPresenter(app.open_office.registering, app.tasks, app.shell)
    return _bound(HouseholdsScreen(presenter, app.texts), presenter)


def _household(app: Application) -> Screen:
    from poverty_desktop.gui.presenters.household_presenter import HouseholdPresenter
    from poverty_desktop.gui.presenters.member_fields import MemberFields
    from poverty_desktop.gui.screens.household_screen import HouseholdScreen

    fields = MemberFields(app.reference, app.texts)
    presenter = HouseholdPresenter(app.open_office.registering, app.tasks, app.shell, app.clock, app.texts, fields)
    return _bound(HouseholdScreen(presenter, app.texts, fields), presenter)


def _reports(app: Application) -> Screen:
    from poverty_desktop.domain.official_paper import paper_of
    from poverty_desktop.domain.poverty_reports import Report
    from poverty_desktop.gui.presenters.reports_presenter import ReportsPresenter
    from poverty_desktop.gui.screens.reports_screen import ReportsScreen

    office = app.open_office
    today = app.clock.today()

    def write(file: Path, report: Report) -> None:
        from poverty_desktop.documents.report_workbook import save_report

        paper = paper_of(app.reference, office.commune_code, day=today.isoformat(), practice=office.practice)
        save_report(file, report, paper, app.texts)

    settings = office.workspace.settings
    presenter = ReportsPresenter(office.reporting, settings, app.tasks, app.shell, write, app.documents_folder, today.year)
    return _bound(ReportsScreen(presenter, app.texts), presenter)


def _bound(screen: Screen, presenter: Any) -> Screen:
    """Tie a screen to its presenter: the one `bind()` of the screen, and the presenter's `view`."""
    presenter.view = screen
    screen.forgotten.connect(lambda: setattr(presenter, "view", None))
    screen.bind()
    return screen


SCREENS: dict[str, Callable[[Application], Screen]] = {
    "first_run": _first_run,
    "unlock": _unlock,
    "work": _work,
    "households": _households,
    "reports": _reports,
    "household": _household,
}


# --- the process ----------------------------------------------------------------------------------------------------------


def qt_application() -> QApplication:
    """The one QApplication of the process, dressed."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    apply_theme(app)
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
    application = Application(folder, language=language)
    hook_bugs(application.bugs)
    application.show()
    code = qt.exec()
    application.close()
    return code
