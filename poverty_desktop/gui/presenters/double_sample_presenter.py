"""The sample of surveys that is keyed a second time: drawn, gone through, and the error rates in words. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.services.double_comparing import Rate
from poverty_desktop.services.double_entry import DoubleEntries
from poverty_desktop.services.double_sampling import SampleLine, Sampling
from poverty_desktop.services.ports import Tasks

PER_CENT = "5"
MOST_QUESTIONS = 8
_OPEN = ("waiting", "begun")

Found = tuple[list[SampleLine], int, int | None, tuple[list[Rate], list[Rate]]]


@dataclass(frozen=True)
class SampleState:
    """`finished` surveys may be drawn of; `percent` and `seed` as they stand in their fields; `rates` are sentences."""

    loaded: bool = False
    lines: tuple[SampleLine, ...] = ()
    finished: int = 0
    percent: str = PER_CENT
    seed: str = ""
    rates: tuple[str, ...] = ()
    percent_problem: str = ""
    selected: str = ""


class DoubleSamplePresenter:
    """`chance` gives a fresh seed when none was typed."""

    def __init__(
        self, sampling: Sampling, entries: DoubleEntries, tasks: Tasks, texts: Texts, frame: Frame, chance: Callable[[], int]
    ) -> None:
        self._sampling, self._entries, self._tasks = sampling, entries, tasks
        self._texts, self._frame, self._chance = texts, frame, chance
        self.show: Callable[[SampleState], None] = lambda state: None
        self.state = SampleState()

    def opened(self) -> None:
        self._tasks.storage(self._read, self._came)

    def _read(self) -> Found:
        return self._sampling.sample(), self._sampling.finished_count(), self._sampling.seed(), self._entries.rates()

    def _came(self, found: Found) -> None:
        lines, finished, seed, (officers, questions) = found
        self._change(
            loaded=True,
            lines=tuple(lines),
            finished=finished,
            seed=self.state.seed or ("" if seed is None else str(seed)),
            rates=tuple(self._rates(officers, questions)),
            selected=self._next(lines),
        )

    def _next(self, lines: list[SampleLine]) -> str:
        """The line that was chosen while there is something to do on it, else the first that waits for this officer."""
        at_hand = {line.survey_id: line for line in lines if line.state in (*_OPEN, "open")}
        if self.state.selected in at_hand:
            return self.state.selected
        return next(iter(at_hand), lines[0].survey_id if lines else "")

    def _rates(self, officers: list[Rate], questions: list[Rate]) -> list[str]:
        somebody = self._texts("double.somebody")
        told = [self._texts("double.rate_officer", **_facts(rate, somebody), surveys=rate.surveys) for rate in officers]
        worst = [rate for rate in questions if rate.differing][:MOST_QUESTIONS]
        return told + [self._texts("double.rate_question", **_facts(rate, somebody)) for rate in worst]

    def select(self, survey_id: str) -> None:
        self.state = replace(self.state, selected=survey_id)

    # --- drawing -------------------------------------------------------------------------------------------------

    def draw(self, percent: str, seed: str) -> None:
        """Draw the sample: a share of the finished surveys in per cent, and the number that lets it be drawn again."""
        self.state = replace(self.state, percent=percent, seed=seed)
        share, number = _whole(percent), _whole(seed) if seed.strip() else self._chance()
        if share is None or not 1 <= share <= 100 or number is None:
            self._change(percent_problem=self._texts("double.percent_problem"))
            return
        self._change(percent_problem="", seed=str(number), selected="")
        self._tasks.storage(
            lambda: (self._sampling.draw(percent=share, seed=number), self._read())[1], self._came, self._frame.problem
        )

    # --- going through it ------------------------------------------------------------------------------------------

    def open_line(self, survey_id: str) -> None:
        """Enter on a survey: key it blind, or see its differences; who keyed it first is told that somebody else must."""
        line = next((one for one in self.state.lines if one.survey_id == survey_id), None)
        if line is None:
            return
        self.select(survey_id)
        if line.entry_id:
            self._frame.go("differences", entry_id=line.entry_id)
        elif line.state == "mine":
            self._frame.tell("amber", self._texts("problem.double_entry.own"))
        else:
            self._frame.go("blind_survey", household_id=line.household_id)

    def scanned(self, household_id: str) -> bool:
        """The paper in hand: its line is opened when it is in the sample. False when it is not."""
        line = next((one for one in self.state.lines if one.household_id == household_id), None)
        if line is not None:
            self.open_line(line.survey_id)
        return line is not None

    def _change(self, **facts: object) -> None:
        self.state = replace(self.state, **facts)  # type: ignore[arg-type]
        self.show(self.state)


def _facts(rate: Rate, somebody: str) -> dict[str, object]:
    per_cent = f"{rate.per_cent:.1f}".replace(".", ",")
    return {"name": rate.name or somebody, "differing": rate.differing, "compared": rate.compared, "per_cent": per_cent}


def _whole(typed: str) -> int | None:
    text = typed.strip().rstrip("%").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
