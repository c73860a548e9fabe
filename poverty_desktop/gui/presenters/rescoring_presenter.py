"""Finished surveys under another standard or another table of points: one household, or all of a round. Only looked at. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.domain.records import ReviewRound
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Backstage, Frame
from poverty_desktop.services.rescoring_rounds import HouseholdRescored, Rescoring, Target, transitions
from poverty_desktop.services.rescoring_words import ComparedTable, compared_round, compared_survey, summary

PART = 20
"""Surveys looked at in one go: the file's lane is free again after about a tenth of a second."""

WriteTable = Callable[[Path, ComparedTable], None]


@dataclass(frozen=True)
class RescoringState:
    """`done` of `count` surveys are looked at; `household_id` "" for a whole round. `table` None: there is nothing to show."""

    household_id: str = ""
    year: int = 0
    made_under: str = ""  # the standard of the round: a year may have two
    targets: tuple[tuple[Target, str], ...] = ()
    chosen: int = 0
    table: ComparedTable | None = None
    summary: tuple[str, ...] = ()
    done: int = 0
    count: int = 0
    loaded: bool = False

    @property
    def working(self) -> bool:
        return self.done < self.count

    @property
    def file_name(self) -> str:
        """No blank, no diacritic, no personal data in the name."""
        target = self.targets[self.chosen][0] if self.targets else Target("")
        return f"so-sanh-{self.year}-{target.standard_id}.xlsx"


class RescoringView(Protocol):
    def render(self, state: RescoringState) -> None: ...


class RescoringPresenter:
    """`write` puts a table into a file; `folder` says where files go."""

    def __init__(
        self, rescoring: Rescoring, standards: tuple[PovertyStandard, ...], tasks: Backstage, frame: Frame, texts: Texts,
        write: WriteTable, folder: Callable[[], Path],
    ) -> None:  # fmt: skip
        self._rescoring, self._tasks, self._frame, self._texts = rescoring, tasks, frame, texts
        self._standards = {one.id: one for one in standards}
        self._write, self._folder = write, folder
        self._asked = 0  # answers of an older question are dropped
        self._found: list[HouseholdRescored] = []
        self.view: RescoringView | None = None
        self.state = RescoringState()

    def opened(self, household_id: str = "") -> None:
        """One household's survey, or the newest round that has finished surveys. What was chosen before stays chosen."""
        chosen = self.state.chosen if self.state.targets else -1
        self.state = RescoringState(household_id=household_id)
        self._asked += 1
        self._tasks.storage(self._read, lambda found: self._begin(found[0], found[1], chosen), self._frame.problem)

    def _read(self) -> tuple[list[Target], list[ReviewRound]]:
        return self._rescoring.targets(), self._rescoring.rounds()

    def _begin(self, targets: list[Target], rounds: list[ReviewRound], chosen: int) -> None:
        named = tuple((one, self._target_words(one)) for one in targets)
        newest = rounds[0] if rounds else None
        usual = next((n for n, one in enumerate(targets) if newest and one.standard_id != newest.standard_id), 0)
        wanted = chosen if 0 <= chosen < len(named) else usual
        facts = {"year": newest.year, "made_under": newest.standard_id} if newest else {}
        self._change(targets=named, chosen=wanted, loaded=newest is None, **facts)
        if newest is not None:
            self._look()

    def _target_words(self, target: Target) -> str:
        name = self._standards[target.standard_id].name(self._texts.language)
        return f"{name} · {target.form}" if target.form else name

    def choose(self, place: int) -> None:
        """Under another standard or form."""
        if place != self.state.chosen and 0 <= place < len(self.state.targets):
            self._change(chosen=place)
            self._look()

    def open(self, household_id: str) -> None:
        """Enter on a household of the round: its survey line by line."""
        if not self.state.household_id:
            self._frame.go("rescoring", household_id=household_id)

    def stop(self) -> None:
        """What is looked at so far stays on the screen."""
        self._asked += 1
        self._change(count=self.state.done)

    # --- looking -------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._asked += 1
        asked, target = self._asked, self.state.targets[self.state.chosen][0]
        self._found = []
        if self.state.household_id:
            wanted = self.state.household_id
            work = self._rescoring.of_household
            self._tasks.storage(lambda: work(wanted, target), lambda one: self._one_came(asked, one), self._frame.problem)
        else:
            year, made_under = self.state.year, self.state.made_under
            self._tasks.storage(
                lambda: self._rescoring.surveys(year, made_under),
                lambda ids: self._part(asked, ids, 0, target),
                self._frame.problem,
            )

    def _one_came(self, asked: int, found: HouseholdRescored | None) -> None:
        if asked == self._asked:
            name = (found.line.head_name if found else None) or self._texts("survey.no_name")
            table = compared_survey(found.rescored, name, self._texts) if found else None
            self._change(table=table, summary=(), loaded=True)

    def _part(self, asked: int, ids: list[str], done: int, target: Target) -> None:
        """The next part of the round; counted, and stopped when something else was asked for or the window closes."""
        if asked != self._asked or self._tasks.stopping():
            return
        self._show_round(done, len(ids))
        part = ids[done : done + PART]
        if part:
            self._tasks.storage(
                lambda: self._rescoring.rescored(part, target),
                lambda found: self._part_came(asked, ids, done + len(part), target, found),
                self._frame.problem,
            )

    def _part_came(self, asked: int, ids: list[str], done: int, target: Target, found: list[HouseholdRescored]) -> None:
        if asked == self._asked:
            self._found += found
            self._part(asked, ids, done, target)

    def _show_round(self, done: int, count: int) -> None:
        standard = self._standards[self.state.targets[self.state.chosen][0].standard_id]
        table = compared_round(self._found, standard, self.state.year, self._texts) if self._found else None
        lines = summary(transitions(self._found), self._texts)
        self._change(table=table, summary=lines, done=done, count=count, loaded=done >= count)

    # --- writing -------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """The table as a workbook beside the other reports."""
        table = self.state.table
        if table is None or self.state.working:
            return
        file = self._folder() / self.state.file_name
        told = self._texts("explain.written", file=str(file))
        self._tasks.storage(lambda: self._write(file, table), lambda _: self._frame.tell("grey", told), self._frame.problem)

    def _change(self, **facts: object) -> None:
        self.state = replace(self.state, **facts)  # type: ignore[arg-type]
        if self.view is not None:
            self.view.render(self.state)
