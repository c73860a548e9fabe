"""The reports the law asks for, from the records of the commune: templates 7.1 and 7.2 so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from poverty_desktop.domain.class_history import NEAR_POOR, ON_LIST, POOR, Change, class_on, entry_on, was_ever
from poverty_desktop.domain.names import village_title
from poverty_desktop.domain.poverty_reports import (
    Check,
    HouseholdYear,
    Report,
    ReportRow,
    ReportUnit,
    check_changes,
    check_result,
    poverty_changes,
    poverty_result,
)
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, Household, ReviewRound, Survey, Village
from poverty_desktop.domain.reference import Reference
from poverty_desktop.services.ports import Clock, Lists, Records, Settings

PRELIMINARY = "preliminary"
OFFICIAL = "official"
_PAGE = 2000


@dataclass(frozen=True)
class _Year:
    """What is known of a year before its households are counted."""

    year: int
    stage: str
    round: ReviewRound
    rounds: frozenset[str]  # ids of all records of this review: two laptops may each have begun it
    surveys: dict[str, Survey]  # household id -> finished survey
    people: dict[str, int]

    @property
    def start(self) -> str:
        return f"{self.year}-01-01"

    @property
    def end(self) -> str:
        return f"{self.year}-12-31"


class Reporting:
    """`stage` "preliminary" counts the finished surveys of the year's round, and for households without one the class in force;
    "official" counts the class records of the recognised round. Raises `KnownProblem` "report.no_round" or
    "report.round_not_recognised".
    """

    def __init__(self, records: Records, lists: Lists, settings: Settings, clock: Clock, reference: Reference) -> None:
        self._records = records
        self._lists = lists
        self._settings = settings
        self._clock = clock
        self._reference = reference

    def poverty_result(self, year: int, stage: str = PRELIMINARY) -> Report:
        """Template 7.1: result of the review."""
        known, units, households = self._facts(year, stage)
        rows = poverty_result(units, households)
        return self._report("7.1", known, 14, rows, check_result(rows))

    def poverty_changes(self, year: int, stage: str = PRELIMINARY) -> Report:
        """Template 7.2: changes of poor households in the year, households and people."""
        known, units, households = self._facts(year, stage)
        rows = poverty_changes(units, households)
        checks = check_changes(rows, poverty_result(units, households), self._last_year_end(year))
        return self._report("7.2", known, 9, rows, checks)

    def stages(self, year: int) -> list[str]:
        """Which stages can be made now: none without a round, official once it is recognised."""
        try:
            review_round = self._round(year)
        except KnownProblem:
            return []
        return [PRELIMINARY, OFFICIAL] if review_round.state == "recognised" else [PRELIMINARY]

    def _report(
        self, template: str, known: _Year, columns: int, rows: tuple[ReportRow, ...], checks: tuple[Check, ...]
    ) -> Report:
        return Report(
            template=template,
            year=known.year,
            stage=known.stage,
            columns=columns,
            rows=rows,
            checks=checks,
            not_reviewed=self._not_reviewed(known),
            round_decision_no=known.round.decision_no,
        )

    def _not_reviewed(self, known: _Year) -> int:
        if known.stage == OFFICIAL:
            return 0
        history = self._lists.class_history()
        return sum(
            class_on(history.get(household.id, ()), known.start) in ON_LIST and household.id not in known.surveys
            for household in self._records.select(Household, presence="present")
        )

    def _facts(self, year: int, stage: str) -> tuple[_Year, list[ReportUnit], list[HouseholdYear]]:
        review_round = self._round(year)
        if stage == OFFICIAL and review_round.state != "recognised":
            raise KnownProblem("report.round_not_recognised", year=year)
        same = frozenset(one.id for one in self._records.select(ReviewRound, year=year) if one.is_same_review(review_round))
        finished = [one for key in same for one in self._records.select(Survey, round_id=key, state="finished")]
        surveys = {survey.household_id: survey for survey in sorted(finished, key=lambda one: one.id)}
        known = _Year(year, stage, review_round, same, surveys, dict(self._people()))
        units = self._units()
        return known, units, list(self._households(known, {unit.id for unit in units}))

    def _round(self, year: int) -> ReviewRound:
        rounds = [one for one in self._records.select(ReviewRound, year=year) if one.kind == "periodic"]
        if not rounds:
            raise KnownProblem("report.no_round", year=year)
        return max(rounds, key=lambda one: (self._is_in_force(one), one.state == "recognised", one.starts_on, one.id))

    def _is_in_force(self, review_round: ReviewRound) -> bool:
        """A review under another standard stands beside the one the law asks for, and gives no report."""
        known = (one for one in self._reference.standards if one.id == review_round.standard_id)
        return any(one.covers(review_round.starts_on) for one in known)

    def _people(self) -> Iterator[tuple[str, int]]:
        offset = 0
        while lines := self._lists.households(limit=_PAGE, offset=offset).lines:
            yield from ((line.id, line.member_count) for line in lines)
            offset += len(lines)

    def _units(self) -> list[ReportUnit]:
        """The villages in order, and one line for households without a village, in the area of the commune."""
        unit = self._reference.unit(str(self._settings.get("commune_code", "")))
        usual = (unit.area_class if unit else None) or "rural"
        villages = [
            ReportUnit(village.id, village_title(village.kind, village.name), _area(village, usual))
            for village in self._records.select(Village)
        ]
        known = {village.id for village in villages}
        homeless = any(one.village_id not in known for one in self._records.select(Household))
        return [*villages, ReportUnit(None, "", usual)] if homeless else villages

    def _households(self, known: _Year, villages: set[str | None]) -> Iterator[HouseholdYear]:
        history = self._lists.class_history()
        for household in self._records.select(Household):
            if household.left_on is not None and household.left_on < known.start:
                continue
            entries: Sequence[ClassRecord] = history.get(household.id, [])
            opening = _opening(entries, known)
            change = self._change(household, entries, opening, known)
            now = known.people.get(household.id, 0)
            start = opening.member_count if opening and opening.member_count is not None else now
            village = household.village_id if household.village_id in villages else None
            yield HouseholdYear(village, change, start, 0 if change.left else now)

    def _change(self, household: Household, entries: Sequence[ClassRecord], opening: ClassRecord | None, known: _Year) -> Change:
        arrived = household.joined_reason is not None and known.start < (household.joined_on or "") <= known.end
        left = household.presence != "present" and (household.left_on is None or household.left_on <= known.end)
        return Change(
            opening=None if arrived or opening is None else opening.household_class,
            closing=self._closing(household.id, entries, known),
            was_poor=was_ever(entries, POOR, known.start),
            was_near_poor=was_ever(entries, NEAR_POOR, known.start),
            arrived=arrived,
            left=left,
        )

    def _closing(self, household_id: str, entries: Sequence[ClassRecord], known: _Year) -> str | None:
        if known.stage == OFFICIAL:
            recognised = [entry for entry in entries if entry.round_id in known.rounds]
            if recognised:
                return recognised[-1].household_class
        elif (survey := known.surveys.get(household_id)) is not None and survey.household_class is not None:
            return survey.household_class
        return class_on([entry for entry in entries if entry.round_id not in known.rounds], known.end)

    def _last_year_end(self, year: int) -> tuple[int, int] | None:
        """Poor households and people by last year's recognised round, None when the register does not hold one."""
        rounds = [one for one in self._records.select(ReviewRound, year=year - 1, state="recognised") if one.kind == "periodic"]
        if not rounds:
            return None
        found = (self._records.select(ClassRecord, round_id=one.id, household_class=POOR) for one in rounds)
        results = [entry for entries in found for entry in entries]
        return len(results), sum(entry.member_count or 0 for entry in results)


def _opening(entries: Sequence[ClassRecord], known: _Year) -> ClassRecord | None:
    """The entry in force at the start of the year; a list taken over later in the year stands for it when there is none."""
    own = [entry for entry in entries if entry.round_id not in known.rounds]
    taken_over = (entry for entry in own if entry.origin == "opening" and entry.effective_on <= known.end)
    return entry_on(own, known.start) or next(taken_over, None)


def _area(village: Village, usual: str) -> str:
    return village.area_class if village.area_class in ("urban", "rural") else usual
