"""The finished surveys of a round under another standard or another released form: how many would change class. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import FormRelease, ReviewRound, Survey
from poverty_desktop.domain.reference import Reference
from poverty_desktop.forms import FormDefinition
from poverty_desktop.services.ports import Clock, HouseholdLine, Lists, Records
from poverty_desktop.services.rescoring import Rescored, rescore
from poverty_desktop.services.review_rounds import STANDARD_2026, ReleasedForms


@dataclass(frozen=True)
class Target:
    """Under what to look at surveys: a standard, and a released form; `form_hash` None keeps the form of each survey."""

    standard_id: str
    form_hash: str | None = None
    form: str = ""  # "phieu_b 2026112301", for people


@dataclass(frozen=True)
class HouseholdRescored:
    line: HouseholdLine
    rescored: Rescored


class Rescoring:
    """Synchronous; runs on the storage lane. Ask for a round in parts (`surveys`, then `rescored` for some of them at a time): a
    part of 20 takes about a tenth of a second."""

    def __init__(self, records: Records, lists: Lists, clock: Clock, reference: Reference, forms: ReleasedForms) -> None:
        self._records, self._lists, self._clock = records, lists, clock
        self._reference, self._forms = reference, forms
        self._parsed: dict[str, FormDefinition] = {}  # by hash: a release never changes

    def targets(self) -> list[Target]:
        """Every standard with the form of each survey, then every released form under the standard it was made for."""
        released = (one for one in self._records.select(FormRelease) if one.state == "released" and one.standard_id)
        forms = [Target(str(one.standard_id), one.form_hash, f"{one.title} {one.version}") for one in released]
        return [*(Target(one.id) for one in self._reference.standards), *forms]

    def rounds(self) -> list[ReviewRound]:
        """Rounds that have a finished survey, newest first."""
        found = sorted(self._records.select(ReviewRound), key=lambda one: (-one.year, one.standard_id, one.id))
        return [one for one in found if self._records.select(Survey, round_id=one.id, state="finished")]

    def surveys(self, year: int, made_under: str | None = None) -> list[str]:
        """Ids of the finished surveys of the reviews of a year; where two laptops typed one household the newest."""
        rounds = [one for one in self._records.select(ReviewRound, year=year) if made_under in (None, one.standard_id)]
        if not rounds:
            raise KnownProblem("report.no_round", year=year)
        found = [one for each in rounds for one in self._records.select(Survey, round_id=each.id, state="finished")]
        newest = {(one.household_id, one.standard_id): one.id for one in sorted(found, key=lambda one: one.id)}
        return list(newest.values())

    def of_household(self, household_id: str, target: Target) -> HouseholdRescored | None:
        """The newest finished survey of a household; None when there is none."""
        found = self._records.select(Survey, household_id=household_id, state="finished")
        return self._one(max(found, key=lambda one: one.id), target) if found else None

    def rescored(self, survey_ids: Iterable[str], target: Target) -> list[HouseholdRescored]:
        """These surveys under the target; one whose household is gone is left out."""
        found = (self._records.get(Survey, survey_id) for survey_id in survey_ids)
        both = (self._one(survey, target) for survey in found if survey is not None)
        return [one for one in both if one is not None]

    def _one(self, survey: Survey, target: Target) -> HouseholdRescored | None:
        line = self._lists.household_line(survey.household_id)
        if line is None:
            return None
        form = self._form(survey, target)
        found = rescore(
            survey,
            form,
            self._reference.standard(target.standard_id),
            made_under=self._reference.standard(survey.standard_id),
            numbered_by=self._reference.standard(form.standard or STANDARD_2026),
            today=self._clock.today(),
        )
        return HouseholdRescored(line, found)

    def _form(self, survey: Survey, target: Target) -> FormDefinition:
        """The released form asked for, else the one the survey was made with."""
        made_with = (survey.form_id, survey.form_version, survey.form_hash)
        wanted = (target.form, "–", target.form_hash) if target.form_hash else made_with
        if wanted[2] not in self._parsed:
            self._parsed[wanted[2]] = FormDefinition.parse(self._forms.xml(*wanted), self._forms.files(wanted[2]))
        return self._parsed[wanted[2]]


@dataclass(frozen=True)
class Transition:
    """How many households went from one class to another; None: undecided."""

    before: str | None
    after: str | None
    households: int


def transitions(found: Sequence[HouseholdRescored]) -> tuple[Transition, ...]:
    """Every pair of classes that occurs, those that change first, the most households first."""
    counted = Counter((one.rescored.before.household_class, one.rescored.after.household_class) for one in found)
    told = (Transition(before, after, number) for (before, after), number in counted.items())
    return tuple(sorted(told, key=lambda one: (one.before == one.after, -one.households, str(one.before), str(one.after))))
