"""The sample of the review that is keyed a second time: drawn, remembered, and how far each survey of it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import DoubleEntry, Survey
from poverty_desktop.services.double_entry import differences_of, first_of, name_of
from poverty_desktop.services.double_sample import draw, size_of
from poverty_desktop.services.ports import Drafts, Lists, Records, Settings
from poverty_desktop.services.survey_reading import SurveyReading

SAMPLE = "double_entry.sample"  # setting: the sample drawn on this laptop, by review
KIND: Final = "double_entry"  # of a draft


class Writers(Protocol):
    """Who keyed what."""

    def of_surveys(self, survey_ids: Iterable[str]) -> Mapping[str, str]:
        """survey id -> user id of whoever wrote it last."""
        ...


@dataclass(frozen=True)
class SampleLine:
    """One survey of the sample. `state`: "waiting" | "mine" (the present officer keyed it: somebody else must) | "begun" |
    "open" (differences to settle) | "settled"."""

    survey_id: str
    household_id: str
    head_name: str
    household_code: str
    village_name: str
    first_by: str
    state: str
    entry_id: str = ""
    differences: int = 0
    to_settle: int = 0


class Sampling:
    """Synchronous; runs on the storage lane."""

    def __init__(
        self, records: Records, drafts: Drafts, lists: Lists, settings: Settings, writers: Writers, reading: SurveyReading
    ) -> None:
        self._records, self._drafts, self._lists = records, drafts, lists
        self._settings, self._writers, self._reading = settings, writers, reading

    def finished_count(self) -> int:
        """How many surveys a sample can be drawn of."""
        return len(self._finished())

    def draw(self, *, percent: int | None = None, count: int | None = None, seed: int) -> list[SampleLine]:
        """Draw a sample of the finished surveys of the round, in place of the one before; what was keyed twice stays.
        Raises KnownProblem "double_entry.nothing_finished"."""
        finished = self._finished()
        if not finished:
            raise KnownProblem("double_entry.nothing_finished")
        keyed_by = self._keyed_by(finished)
        drawn = draw(keyed_by, size_of(len(finished), percent, count), seed)
        kept = {"seed": seed, "surveys": drawn, "first_by": {survey: keyed_by[survey] for survey in drawn}}
        self._settings.put(SAMPLE, {**self._settings.get(SAMPLE, {}), self._review(): kept})
        return self.sample()

    def sample(self) -> list[SampleLine]:
        """The sample with what has been done, and what colleagues keyed twice on other laptops."""
        kept = self._settings.get(SAMPLE, {}).get(self._review(), {})
        entries = {entry.survey_id or "": entry for entry in self._entries()}
        drafts = {
            draft.notes["survey_id"] for draft in self._drafts.all() if draft.kind == KIND and draft.owner == self._officer()
        }
        first_by = dict(kept.get("first_by", {})) | {one.survey_id or "": first_of(one) for one in entries.values()}
        ids = dict.fromkeys([*kept.get("surveys", []), *entries])
        found = (self._line(survey, first_by[survey], entries.get(survey), survey in drafts) for survey in ids)
        return [line for line in found if line is not None]

    def first_by(self, survey_id: str) -> str:
        """The user id of who keyed a survey: as it was when the sample was drawn."""
        kept = self._settings.get(SAMPLE, {}).get(self._review(), {}).get("first_by", {})
        return str(kept.get(survey_id) or self._keyed_by([survey_id])[survey_id])

    def seed(self) -> int | None:
        found = self._settings.get(SAMPLE, {}).get(self._review(), {}).get("seed")
        return None if found is None else int(found)

    def _line(self, survey_id: str, first_by: str, entry: DoubleEntry | None, begun: bool) -> SampleLine | None:
        survey = self._records.get(Survey, survey_id)
        line = self._lists.household_line(survey.household_id) if survey else None
        if survey is None or line is None:
            return None
        found = differences_of(entry) if entry else {}
        waiting = "mine" if first_by == self._officer() else "begun" if begun else "waiting"
        return SampleLine(
            survey_id,
            survey.household_id,
            line.head_name or "",
            line.household_code or "",
            line.village_name or "",
            self._name(first_by),
            entry.state if entry else waiting,
            entry.id if entry else "",
            len(found),
            sum("value" not in one for one in found.values()),
        )

    def _finished(self) -> dict[str, Survey]:
        """Of each household the newest finished survey of the review."""
        rounds = self._reading.rounds()
        surveys = (survey for one in rounds for survey in self._records.select(Survey, round_id=one.id, state="finished"))
        newest = {survey.household_id: survey for survey in sorted(surveys, key=lambda survey: survey.id)}
        return {survey.id: survey for survey in newest.values()}

    def _keyed_by(self, survey_ids: Iterable[str]) -> dict[str, str]:
        known = self._writers.of_surveys(survey_ids)
        return {survey: known.get(survey, "") for survey in survey_ids}

    def _entries(self) -> list[DoubleEntry]:
        return [entry for one in self._reading.rounds() for entry in self._records.select(DoubleEntry, round_id=one.id)]

    def _review(self) -> str:
        """The review, whichever of two laptops began its record."""
        current = self._reading.current()
        return f"{current.year}/{current.kind}/{current.standard_id}"

    def _name(self, user: str) -> str:
        return name_of(self._records, self._settings, user)

    def _officer(self) -> str:
        return str(self._settings.get("officer", ""))
