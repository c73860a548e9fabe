"""Surveys to be read, not typed: nothing here makes a draft or touches one."""

from __future__ import annotations

from collections.abc import Sequence

from poverty_desktop.domain.records import ReviewRound, Survey
from poverty_desktop.forms import FormDefinition
from poverty_desktop.services.ports import Base, Draft, Records
from poverty_desktop.services.review_rounds import ReviewRounds
from poverty_desktop.services.survey_opening import SheetMaker
from poverty_desktop.services.survey_sheet import SurveySheet


class SurveyReading:
    """Synchronous; runs on the storage lane."""

    def __init__(self, records: Records, sheets: SheetMaker, rounds: ReviewRounds) -> None:
        self._records, self._sheets, self._rounds = records, sheets, rounds

    def definition(self, release: Sequence[str]) -> FormDefinition:
        """The form of exactly this release (form id, version, hash). Raises KnownProblem "review.form_gone"."""
        return self._sheets.definition(release)

    def current(self) -> ReviewRound:
        """The round that is being typed."""
        return self._rounds.current()

    def rounds(self) -> list[ReviewRound]:
        """Every record of the present review."""
        return self._rounds.of_review(self._rounds.current())

    def blank(self, household_id: str) -> SurveySheet:
        """The paper of a household of the present round before anybody wrote on it: what the register says and the form itself
        fills in, nothing else. Raises KnownProblem "review.household_gone"."""
        current = self._rounds.current()
        return self._sheets.sheet(
            self.empty(household_id, current.id, (current.form_id, current.form_version, current.form_hash))
        )

    def empty(self, household_id: str, round_id: str, form: tuple[str, str, str]) -> Draft:
        """An empty draft that is nowhere kept."""
        notes = {"household_id": household_id, "round_id": round_id, "form": list(form), "new": True, "doubts": {}}
        return Draft("", "survey", "", "", "", Base(0, 0, 0), notes=notes)

    def finished(self, household_id: str) -> SurveySheet | None:
        """The finished survey of the household in the present round as it is stored; None while there is none."""
        stored = self.finished_survey(household_id)
        return self._sheets.sheet(self.draft_on(stored)) if stored else None

    def sheet(self, draft: Draft) -> SurveySheet:
        return self._sheets.sheet(draft)

    def draft_on(self, stored: Survey) -> Draft:
        """A draft on a stored survey in which nothing was typed, nowhere kept."""
        return _read(stored)

    def finished_survey(self, household_id: str) -> Survey | None:
        """The newest where two laptops typed the same household."""
        rounds = [one.id for one in self.rounds()]
        found = self._records.select(Survey, household_id=household_id, state="finished")
        return max((one for one in found if one.round_id in rounds), key=lambda one: one.id, default=None)


def _read(stored: Survey) -> Draft:
    """A draft in which nothing was typed."""
    notes = {
        "household_id": stored.household_id,
        "round_id": stored.round_id,
        "form": [stored.form_id, stored.form_version, stored.form_hash],
        "new": False,
        "doubts": dict(stored.accepted_doubts),
        "field_notes": dict(stored.field_notes),
        "started_from": stored.started_from,
    }
    opened = {"answers": dict(stored.answers), "fields": stored.model_dump(exclude={"id", "answers"})}
    return Draft("", "survey", stored.id, "", "", Base(0, 0, 0), opened, notes=notes)
