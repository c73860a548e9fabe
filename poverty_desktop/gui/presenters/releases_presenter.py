"""The forms of the commune: what was proposed and released, by whom; the second officer looks and releases. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import FormRelease
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.services.point_sheet import PointSheet, point_sheet
from poverty_desktop.services.release_words import people_line, points_line, release_page, state_words
from poverty_desktop.services.releasing import Examined, Releasing

T = TypeVar("T")


@dataclass(frozen=True)
class ReleaseLine:
    """One release of the list, and all there is to check of it. `points_words` stand above the table of points, where there is
    one. `may_release` for an officer who did not make it."""

    id: str
    title: str
    words: str
    points: PointSheet
    points_words: str
    may_release: bool
    may_withdraw: bool


@dataclass(frozen=True)
class ReleasesState:
    """`asking`: the next Ctrl+Enter releases. `told` stands above the list; `faults` are the cells of a refused workbook."""

    loaded: bool = False
    lines: tuple[ReleaseLine, ...] = ()
    selected: int = -1
    asking: bool = False
    busy: bool = False
    told: str = ""
    tone: str = "grey"
    faults: str = ""

    @property
    def line(self) -> ReleaseLine | None:
        return self.lines[self.selected] if 0 <= self.selected < len(self.lines) else None


class ReleasesView(Protocol):
    def render(self, state: ReleasesState) -> None: ...


class ReleasesPresenter:
    """`read` gives the bytes of a file and the files beside it, by name; `standards` are (id, name) of those a form may be
    released for."""

    def __init__(
        self,
        releasing: Releasing,
        tasks: Backstage,
        frame: Frame,
        texts: Texts,
        read: Callable[[str], tuple[bytes, Mapping[str, Path]]],
        standards: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._releasing, self._tasks, self._frame, self._texts, self._read = releasing, tasks, frame, texts, read
        self.standards = standards
        self.view: ReleasesView | None = None
        self.state = ReleasesState()
        self._wanted = ""  # the release to stand on when the list comes

    def load(self) -> None:
        self._tasks.storage(self._lines, self._loaded)

    def select(self, place: int) -> None:
        if 0 <= place < len(self.state.lines) and place != self.state.selected:
            self._show(replace(self.state, selected=place, asking=False, told="", faults=""))

    def release(self) -> None:
        """The first time the question, the second time the release."""
        line = self.state.line
        if line is None or self.state.busy:
            return
        if not line.may_release:
            self._tell("grey", self._texts("release.not_yours"))
        elif not self.state.asking:
            self._show(replace(self.state, asking=True, told=self._texts("release.ask"), tone="amber"))
        else:
            self._do(lambda: self._releasing.confirm(self._releasing.get(line.id)), self._released)

    def cancel(self) -> bool:
        """Esc takes the question back."""
        was = self.state.asking
        if was:
            self._show(replace(self.state, asking=False, told=""))
        return was

    def withdraw(self) -> None:
        line = self.state.line
        if line is not None and line.may_withdraw and not self.state.busy:
            self._do(lambda: self._releasing.withdraw(self._releasing.get(line.id)), self._withdrawn)

    def propose(self, file: str, standard_id: str | None) -> None:
        """Check a workbook and store it as a proposal; its faults are shown with their cells."""
        if file.strip() and not self.state.busy:
            self._do(lambda: self._proposing(file.strip(), standard_id), self._proposed)

    # --- on the storage lane -------------------------------------------------------------------------------------------

    def _lines(self) -> tuple[ReleaseLine, ...]:
        return tuple(self._line(one) for one in self._releasing.all())

    def _line(self, release: FormRelease) -> ReleaseLine:
        texts, names, points = self._texts, self._releasing.name_of, PointSheet()
        try:
            form = self._releasing.form(release)
            points = point_sheet(form, texts)
            words = release_page(release, form, names, self._standard_name, texts)
            words += [] if points.lines else [points_line(points, texts)]
        except KnownProblem as problem:
            words = [texts.problem(problem), people_line(release, names, texts)]
        title = f"{release.form_id} {release.version}\n{state_words(release, texts)}"
        waits = release.state == "proposed" and not self._releasing.is_mine(release)
        above = points_line(points, texts) if points.lines else ""
        return ReleaseLine(release.id, title, "\n".join(words), points, above, waits, release.state != "withdrawn")

    def _standard_name(self, standard_id: str) -> str:
        return dict(self.standards).get(standard_id, standard_id)

    def _proposing(self, file: str, standard_id: str | None) -> tuple[Examined, FormRelease | None]:
        source, beside = self._read(file)
        seen = self._releasing.examine(source, standard_id, beside)
        return seen, (self._releasing.propose(seen) if seen.form else None)

    # --- answers -------------------------------------------------------------------------------------------------------

    def _do(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._show(replace(self.state, busy=True, told="", faults=""))
        self._tasks.storage(work, done, self._refused)

    def _released(self, release: FormRelease) -> None:
        names = self._releasing.name_of
        facts = {"made": names(release.made_by), "checked": names(release.checked_by)}
        self._tell("grey", self._texts("form_release.released_now", form=release.form_id, version=release.version, **facts))
        self.load()

    def _withdrawn(self, release: FormRelease) -> None:
        self._tell("grey", self._texts("form_release.withdrawn_now", form=release.form_id, version=release.version))
        self.load()

    def _proposed(self, answer: tuple[Examined, FormRelease | None]) -> None:
        seen, release = answer
        if release is None:
            lines = [self._texts("forms.check_fault", cell=at.cell, sentence=at.sentence(self._texts)) for at in seen.faults]
            said = self._texts.problem(KnownProblem("form_release.faulty", count=len(lines)))
            self._show(replace(self.state, busy=False, asking=False, told=said, tone="red", faults="\n".join(lines)))
            return
        self._tell("grey", self._texts("release.known" if seen.known and seen.known.id == release.id else "release.proposed"))
        self._wanted = release.id
        self.load()

    def _refused(self, problem: Exception) -> None:
        self._show(replace(self.state, busy=False, asking=False))
        self._frame.problem(problem)

    def _loaded(self, lines: tuple[ReleaseLine, ...]) -> None:
        """Stay on the same release where it still stands."""
        wanted = self._wanted or (self.state.line.id if self.state.line else "")
        place = next((at for at, line in enumerate(lines) if line.id == wanted), 0 if lines else -1)
        self._wanted = ""
        self._show(replace(self.state, loaded=True, lines=lines, selected=place, busy=False, asking=False))

    def _tell(self, tone: str, sentence: str) -> None:
        self._show(replace(self.state, busy=False, asking=False, told=sentence, tone=tone))

    def _show(self, state: ReleasesState) -> None:
        self.state = state
        if self.view is not None:
            self.view.render(state)
