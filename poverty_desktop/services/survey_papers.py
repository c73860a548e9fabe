"""Which papers are printed together, and each of them made: a household, a village, all that are not surveyed yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ReviewRound
from poverty_desktop.domain.survey_code import survey_code
from poverty_desktop.services.ports import Lists
from poverty_desktop.services.survey_paper import SurveyPaper, survey_paper
from poverty_desktop.services.survey_reading import SurveyReading

Scope = Literal["household", "village", "not_surveyed"]
Kind = Literal["blank", "with_last", "filled"]
_PAGE = 200


@dataclass(frozen=True)
class PaperOrder:
    """What to print. `household_id` for one household; `village_id` None means the whole commune."""

    scope: Scope
    kind: Kind
    household_id: str | None = None
    village_id: str | None = None


class SurveyPapers:
    """Synchronous; runs on the storage lane, one paper a call, so that long printing can be stopped between two."""

    def __init__(self, lists: Lists, reading: SurveyReading, current: Callable[[], ReviewRound]) -> None:
        """`current` gives the round that is being typed."""
        self._lists, self._reading, self._current = lists, reading, current

    def households(self, order: PaperOrder) -> list[str]:
        """The households to print, in the order of the list. Raises KnownProblem "paper.nothing" when there is none."""
        found = list(self._listed(order))
        if not found:
            raise KnownProblem("paper.nothing")
        return found

    def _listed(self, order: PaperOrder) -> Iterator[str]:
        if order.scope == "household":
            yield from [order.household_id] if order.household_id else []
            return
        missing = "none" if order.scope == "not_surveyed" else None
        state = "finished" if order.kind == "filled" else missing
        offset = 0
        while True:
            page = self._lists.households(village_id=order.village_id, survey_state=state, limit=_PAGE, offset=offset)
            yield from (line.id for line in page.lines)
            offset += len(page.lines)
            if not page.lines or offset >= page.total:
                return

    def paper(self, household_id: str, kind: Kind) -> SurveyPaper:
        """Raises KnownProblem "paper.not_finished" for the filled paper of a survey that is not finished."""
        sheet = self._reading.finished(household_id) if kind == "filled" else self._reading.blank(household_id)
        if sheet is None:
            raise KnownProblem("paper.not_finished")
        code = survey_code(self._current(), household_id)
        return survey_paper(sheet, code, filled=kind == "filled", with_last=kind == "with_last")
