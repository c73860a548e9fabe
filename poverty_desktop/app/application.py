"""One window on one workspace folder: what is built when, and closed in reverse order.

The window paints first; everything heavy (records, storage, network) is imported behind it. Several `Application`s live in one
process without knowing of each other.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from poverty_desktop import __version__
from poverty_desktop.app.exchange import Exchange
from poverty_desktop.app.office import Office
from poverty_desktop.app.screens import SCREENS
from poverty_desktop.gui.first_frame import FirstFrame
from poverty_desktop.gui.presenters.door import NewLaptop, Progress
from poverty_desktop.gui.shell import Shell
from poverty_desktop.gui.task_runner import TaskRunner
from poverty_desktop.system.bug_reports import BugReports
from poverty_desktop.system.clock import SystemClock
from poverty_desktop.system.resources import load_texts
from poverty_desktop.system.window_memory import WindowMemory

PASSWORD_VARIABLE = "POVERTY_DESKTOP_PASSWORD"
"""Opens an existing workspace without asking; for practice, scripts and support staff (design.md section 8)."""
COPY_LOOK_MILLISECONDS = 60_000

if TYPE_CHECKING:
    from poverty_desktop.domain.reference import Reference
    from poverty_desktop.gui.presenters.sync_runner import Links, SyncRunner
    from poverty_desktop.gui.screen import Screen
    from poverty_desktop.services.guarding import Guarded, Guarding
    from poverty_desktop.services.keeping import CopyHeld
    from poverty_desktop.services.ports import Clock
    from poverty_desktop.services.syncing import Syncing
    from poverty_desktop.storage.workspace import Workspace


class Application(QObject):
    """One window on one workspace folder. `show()` paints; `close()` ends it and everything it built. `ready` when the first
    screen stands there; `closed` when the window was closed."""

    ready = Signal()
    closed = Signal()
    _bug_kept = Signal(str)

    def __init__(
        self,
        folder: Path,
        *,
        language: str | None = None,
        clock: Clock | None = None,
        idle_minutes: float = 10,
        links: Links | None = None,
    ) -> None:
        """`links` tells when the machine gets a link; without it rounds begin by the clock alone."""
        super().__init__()
        self.folder = folder
        self.clock: Clock = clock or SystemClock()
        self.memory = WindowMemory(folder.parent / f"{folder.name}.window.json")
        self.texts = load_texts("en" if (language or self.memory.get("language")) == "en" else "vi")
        self.bugs = BugReports(folder.parent / "bug-reports", self.clock.now, __version__)
        self.bugs.notify = lambda report: self._bug_kept.emit(str(report))
        self.office: Office | None = None
        self._copy_timer = QTimer(self)
        self._copy_timer.setInterval(COPY_LOOK_MILLISECONDS)
        self._copy_timer.timeout.connect(self.keep_copy)
        self._guarded: Guarded[Workspace] | None = None
        self.shell = Shell(self.texts, self._factories(), self.memory, idle_minutes=idle_minutes)
        self.tasks = TaskRunner(self.shell.problem, self._bug, self)
        self._exchange = Exchange(self, self.tasks, self.shell, links)
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
        FirstFrame(self.shell, lambda: QTimer.singleShot(0, self._behind_the_first_frame))
        self.shell.show()

    def _behind_the_first_frame(self) -> None:
        from poverty_desktop.app.scanning import Scanning
        from poverty_desktop.storage.workspace import exists

        self.scanning = Scanning(self)
        self.shell.dress()
        password = os.environ.get(PASSWORD_VARIABLE)
        if exists(self.folder) and password:
            self.tasks.storage(lambda: self.open(password), lambda _: self._entered_at_once(), self._ask)
        else:
            self.shell.go("unlock" if exists(self.folder) else "first_run")
        self.ready.emit()

    def _entered_at_once(self) -> None:
        self.entered()
        self.shell.go("work")

    def _ask(self, problem: Exception) -> None:
        self.shell.go("unlock")
        self.shell.problem(problem)

    def lock(self) -> None:
        """Close the file and ask for the password; the person comes back to where they were."""
        if self.tasks.closed:
            return  # the window was closed; what counted its idle minutes may still be running
        self.tasks.settle_storage()  # what was committed on leaving is on disk before the file closes
        then = self.shell.forget()
        self.tasks.turn_away()
        self.tasks.storage(self._close_office)
        self.office = None
        self._copy_timer.stop()
        self._exchange.end()
        self.shell.show_practice(False)
        self.shell.go("unlock", then=then)

    def close(self) -> None:
        """Take the window away, finish what was asked for, close the file on its own lane. Safe to call twice."""
        if self.shell.isVisible():
            self.shell.closing.disconnect(self._end)
            self.shell.close()  # the screen commits what is typed, which needs the lanes
        self._end()

    def _end(self) -> None:
        self._copy_timer.stop()
        self._exchange.end()
        self.tasks.close(last=self._close_office)
        for waiting in self.shell.findChildren(QTimer):
            waiting.stop()  # a search half a moment away, the minutes of idleness: there is no file to ask any more
        gc.unfreeze()
        self.closed.emit()

    def _bug(self, error: BaseException) -> None:
        self.bugs.bug(error)

    def _close_office(self) -> None:
        """On the storage lane."""
        guarded, self._guarded = self._guarded, None
        if guarded is not None:
            guarded.close()

    # --- presenters.door.Door -----------------------------------------------------------------------------------------

    def create(self, wanted: NewLaptop, progress: Progress) -> None:
        from poverty_desktop.storage.workspace import NewWorkspace, create

        new = NewWorkspace(
            wanted.officer_name, wanted.commune_code, wanted.commune_name, practice=wanted.practice, language=wanted.language
        )
        password = wanted.password
        made = self._guarding.create(self.folder, password, lambda folder: create(folder, password, new, clock=self.clock))
        self._take_over(made)
        if wanted.practice and not wanted.joins:
            self._populate(progress)

    def open(self, password: str) -> None:
        from poverty_desktop.storage.workspace import open_workspace
        from poverty_desktop.system.machine import fingerprint

        def opened(folder: Path) -> Workspace:
            return open_workspace(folder, password, clock=self.clock, machine=fingerprint())

        self._take_over(self._guarding.open(self.folder, opened))

    def copies(self, password: str) -> list[CopyHeld]:
        from poverty_desktop.storage.looking_into import look_into

        return look_into(self.folder, password)

    def restore(self, name: str, password: str) -> str:
        from poverty_desktop.storage.putting_back import put_back_named

        put_back = partial(put_back_named, name=name, password=password, clock=self.clock)
        replaced = self._guarding.restore(self.folder, put_back)
        self.open(password)
        return str(replaced)

    def entered(self) -> None:
        office = self.open_office
        self.shell.show_practice(office.practice)
        self.shell.show_officer(office.officer_name)
        if office.workspace.begun_anew:
            self.shell.tell("grey", self.texts(f"workspace.begun_anew.{office.workspace.begun_anew}"))
        self._exchange.begin()
        self._copy_timer.start()
        self._spare_what_stays()

    def _spare_what_stays(self) -> None:
        """What is there by now (modules, office, window) stays: the collector need not walk through it again. It would do so
        while the first form is read, and take longer than the reading."""
        if not gc.get_freeze_count():
            gc.freeze()

    def keep_copy(self) -> None:
        """A verified copy when one is due (once a working day). One that failed is told and not tried again until the next
        unlocking."""

        def failed(problem: Exception) -> None:
            self._copy_timer.stop()
            self.shell.problem(problem)

        office = self.office
        if office is not None:
            self.tasks.storage(lambda: office.keeping.copy_if_due(), None, failed)

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

    @property
    def _guarding(self) -> Guarding:
        from poverty_desktop.services.guarding import Guarding
        from poverty_desktop.system.cloud_folders import refuse_unfit_folder
        from poverty_desktop.system.single_instance import InstanceLock

        return Guarding(refuse_unfit_folder, InstanceLock.take)

    def _take_over(self, guarded: Guarded[Workspace]) -> None:
        from poverty_desktop.protocol.laptop import while_open

        self._guarded = guarded
        guarded.workspace.keep_room()
        guarded.workspace.settings.put("language", self.texts.language)  # the forms speak as the window does
        office = Office(guarded.workspace, self.clock, self.reference)
        self.office = office
        self._exchange.take_over(lambda here: office.synchronised(lambda: self.texts, while_open(self.tasks.storage_call, here)))

    def _populate(self, progress: Progress) -> None:
        from poverty_desktop.services.practice_commune import PRACTICE_COMMUNE, PRACTICE_YEAR, practice_commune
        from poverty_desktop.services.practising import populate

        at = self.open_office.workspace
        populate(at.records, practice_commune(PRACTICE_COMMUNE), at.officer.id, progress)
        self.open_office.reviewing.begin_round(PRACTICE_YEAR)

    @property
    def syncing(self) -> Syncing:
        """The exchange of the open office."""
        return self._exchange.syncing

    @property
    def sync_runner(self) -> SyncRunner | None:
        return self._exchange.runner

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
            from poverty_desktop.services.practice_commune import PRACTICE_COMMUNE

            practice = next((unit.code, unit.name) for unit in self.reference.units if unit.code == PRACTICE_COMMUNE)
            self._first_run = FirstRunPresenter(
                self, self.tasks, self.shell, communes, self.choose_language, practice, self.texts.language
            )
        return self._first_run
