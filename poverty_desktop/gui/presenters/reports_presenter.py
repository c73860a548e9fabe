"""The reports the law asks for: which one, of which year and stage, what it says, whether its checks hold. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from poverty_desktop.domain.poverty_reports import Report
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.services.ports import Settings, Tasks
from poverty_desktop.services.reporting import OFFICIAL, PRELIMINARY, Reporting

TEMPLATES = ("7.1", "7.2")
FOLDER_SETTING = "reports.folder"

WriteReport = Callable[[Path, Report], None]


@dataclass(frozen=True)
class ReportsState:
    """`report` None with `problem` says why there is none. `written` is the file that the last export left."""

    template: str = "7.1"
    year: int = 0
    stage: str = PRELIMINARY
    stages: tuple[str, ...] = ()
    folder: str = ""
    report: Report | None = None
    written: Path | None = None
    loaded: bool = False

    @property
    def file_name(self) -> str:
        """No blank, no diacritic, no personal data: it travels by stick and chat."""
        stage = "chinh-thuc" if self.stage == OFFICIAL else "so-bo"
        return f"mau-{self.template.replace('.', '-')}-{self.year}-{stage}.xlsx"


class ReportsView(Protocol):
    def render(self, state: ReportsState) -> None: ...


class ReportsPresenter:
    """`write` puts a report into a file (the workbook writer of `documents`); `usual_folder` is where files go at first."""

    def __init__(
        self,
        reporting: Reporting,
        settings: Settings,
        tasks: Tasks,
        frame: Frame,
        write: WriteReport,
        usual_folder: Path,
        year: int,
    ) -> None:
        self._reporting, self._settings, self._tasks, self._frame = reporting, settings, tasks, frame
        self._write = write
        self._usual_folder = usual_folder
        self.view: ReportsView | None = None
        self.state = ReportsState(year=year)

    def opened(self) -> None:
        self._tasks.storage(self._begin, self._began)

    def choose(self, *, template: str | None = None, year: int | None = None, stage: str | None = None) -> None:
        """Show another template, year or stage."""
        state = self.state
        wanted = replace(state, template=template or state.template, year=year or state.year, stage=stage or state.stage)
        if wanted != state:
            self._show(replace(wanted, written=None))
            self._load()

    def choose_folder(self, folder: str) -> None:
        self._show(replace(self.state, folder=folder.strip()))

    def export(self) -> None:
        """Write the report that is shown to its file, and remember the folder."""
        report = self.state.report
        if report is None:
            return
        file = Path(self.state.folder or self._usual_folder) / self.state.file_name

        def work() -> Path:
            self._write(file, report)
            self._settings.put(FOLDER_SETTING, str(file.parent))
            return file

        self._tasks.storage(work, self._written)

    # --- inside --------------------------------------------------------------------------------------------------------

    def _begin(self) -> tuple[str, tuple[str, ...]]:
        folder = str(self._settings.get(FOLDER_SETTING, "") or self._usual_folder)
        return folder, tuple(self._reporting.stages(self.state.year))

    def _began(self, found: tuple[str, tuple[str, ...]]) -> None:
        folder, stages = found
        self._show(replace(self.state, folder=self.state.folder or folder, stages=stages))
        self._load()

    def _load(self) -> None:
        wanted = self.state

        def work() -> tuple[tuple[str, ...], Report]:
            make = self._reporting.poverty_result if wanted.template == "7.1" else self._reporting.poverty_changes
            stages = tuple(self._reporting.stages(wanted.year))
            return stages, make(wanted.year, wanted.stage)

        self._tasks.storage(work, lambda found: self._loaded(wanted, *found), self._failed)

    def _loaded(self, wanted: ReportsState, stages: tuple[str, ...], report: Report) -> None:
        now = self.state
        if (now.template, now.year, now.stage) == (wanted.template, wanted.year, wanted.stage):
            self._show(replace(now, stages=stages, report=report, loaded=True))

    def _failed(self, problem: Exception) -> None:
        self._show(replace(self.state, report=None, loaded=True))
        self._frame.problem(problem)

    def _written(self, file: Path) -> None:
        self._show(replace(self.state, written=file))

    def _show(self, state: ReportsState) -> None:
        self.state = state
        if self.view is not None:
            self.view.render(state)
