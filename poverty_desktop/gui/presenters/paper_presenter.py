"""Printing papers of surveys: which and how, one household after another in the background, with progress and a stop. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.services.survey_paper import SurveyPaper
from poverty_desktop.services.survey_papers import Kind, PaperOrder, Scope, SurveyPapers

SCOPES: tuple[Scope, ...] = ("household", "village", "not_surveyed")
KINDS: tuple[Kind, ...] = ("blank", "with_last", "filled")


class Printer(Protocol):
    """Writes one PDF. On the caller's thread."""

    def begin(self, path: Path, title: str) -> None:
        """Raises `KnownProblem("print.cannot_write")`."""
        ...

    def add(self, paper: SurveyPaper) -> int:
        """One household's paper; gives its pages."""
        ...

    def end(self) -> None: ...

    def open(self, path: Path) -> None:
        """Show the file with the system's own viewer."""
        ...

    def note(self, facts: Mapping[str, str | int]) -> None:
        """Into the access log. On the storage lane."""
        ...


@dataclass(frozen=True)
class PaperFormState:
    """`shown`: the small form stands in the page. `running` counts `done` of `total` households."""

    shown: bool = False
    scope: Scope = "household"
    kind: Kind = "blank"
    household: str = ""
    village: str = ""
    running: bool = False
    done: int = 0
    total: int = 0


@dataclass
class _Run:
    order: PaperOrder
    path: Path
    households: list[str]
    printed: int = 0
    pages: int = 0
    stopped: bool = False


class PaperPresenter:
    """The choices stay until the next time."""

    def __init__(
        self,
        papers: SurveyPapers,
        printer: Printer,
        tasks: Backstage,
        texts: Texts,
        frame: Frame,
        folder: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._papers, self._printer, self._tasks = papers, printer, tasks
        self._texts, self._frame, self._folder, self._now = texts, frame, folder, now
        self.show: Callable[[PaperFormState], None] = lambda state: None
        self.state = PaperFormState()
        self._household_id: str | None = None
        self._village_id: str | None = None
        self._run: _Run | None = None

    def offer(self, household: tuple[str, str] | None, village: tuple[str | None, str]) -> None:
        """Open the small form: for the household (id, name) of the chosen line and the village of the filter (None: all)."""
        if self.state.running:
            return
        self._household_id, self._village_id = household[0] if household else None, village[0]
        scope = self.state.scope if household or self.state.scope != "household" else "village"
        self._change(shown=True, scope=scope, household=household[1] if household else "", village=village[1])

    def close(self) -> None:
        """Esc: stop what is being printed, else take the form away."""
        if self._run is not None:
            self._run.stopped = True
        else:
            self._change(shown=False)

    def leave(self) -> None:
        """The file is locked: what is printed so far is a whole paper, and no more is asked for."""
        if self._run is not None:
            self._run.stopped = True
            self._end(self._run)

    def choose(self, scope: Scope, kind: Kind) -> None:
        if not self.state.running:
            self._change(scope=scope, kind=kind)

    # --- printing --------------------------------------------------------------------------------------------------

    def print(self) -> None:
        """Print what is chosen; the file holds whatever was done when it is stopped."""
        if self.state.running:
            return
        state = self.state
        order = PaperOrder(state.scope, state.kind, self._household_id, self._village_id)
        self._change(running=True, done=0, total=0)
        self._tasks.storage(lambda: self._papers.households(order), lambda found: self._begin(order, found), self._failed)

    def _begin(self, order: PaperOrder, households: list[str]) -> None:
        run = _Run(order, self._folder / self._file_name(), households)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._printer.begin(run.path, self._texts("paper.title"))
        except (OSError, KnownProblem) as problem:
            known = problem if isinstance(problem, KnownProblem) else KnownProblem("print.cannot_write", name=run.path.name)
            self._failed(known)
            return
        self._run = run
        self._change(total=len(households))
        self._next(run)

    def _file_name(self) -> str:
        what = {"household": self.state.household, "village": self.state.village, "not_surveyed": self.state.village}
        words = "".join(letter if letter.isalnum() else "-" for letter in what[self.state.scope]).strip("-") or "-"
        return f"Phieu-B-{words[:40]}-{self._now().astimezone():%Y%m%d-%H%M%S}.pdf"

    def _next(self, run: _Run) -> None:
        if run.stopped or run.printed == len(run.households) or self._tasks.stopping():
            self._end(run)
            return
        household = run.households[run.printed]
        self._tasks.storage(
            lambda: self._papers.paper(household, run.order.kind),
            lambda paper: self._came(run, paper),
            lambda problem: self._broken(run, problem),
        )

    def _came(self, run: _Run, paper: SurveyPaper) -> None:
        if run is not self._run:
            return  # it was ended while this paper was on its way
        run.pages += self._printer.add(paper)
        run.printed += 1
        self._change(done=run.printed)
        self._next(run)

    def _broken(self, run: _Run, problem: Exception) -> None:
        """A household that cannot be printed ends it; what is done is kept."""
        run.stopped = True
        self._end(run)
        self._frame.problem(problem)

    def _end(self, run: _Run) -> None:
        self._run = None
        self._printer.end()
        self._change(running=False, shown=False)
        if not run.printed:
            run.path.unlink(missing_ok=True)
            return
        facts: dict[str, str | int] = {"households": run.printed, "pages": run.pages, "kind": run.order.kind}
        self._tasks.storage(lambda: self._printer.note(facts))
        key = "paper.stopped" if run.printed < len(run.households) else "paper.printed"
        told = self._texts(key, **facts | {"total": len(run.households)}, file=str(run.path))
        self._frame.tell("grey", told, self._texts("paper.show"), lambda: self._printer.open(run.path))

    def _failed(self, problem: Exception) -> None:
        self._change(running=False)
        self._frame.problem(problem)

    def _change(self, **facts: object) -> None:
        self.state = replace(self.state, **facts)  # type: ignore[arg-type]
        self.show(self.state)
