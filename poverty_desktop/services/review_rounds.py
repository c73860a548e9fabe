"""Review rounds of the commune: begun, and recognised by the chair's decision (Decision 24/2021/QĐ-TTg Art. 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from poverty_desktop.domain.dates import format_vietnamese
from poverty_desktop.domain.poverty_standard import PovertyStandard
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, ReviewRound, Survey
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Clock, Records, Save, Settings

STANDARD_2026 = "mdp_2022_2025"
"""In force until 2026-12-31 by Decree 351/2025/NĐ-CP, so the periodic review of autumn 2026 is made under it. Forms that name no
standard of their own number their indicators in its order."""

FIRST_YEAR = 2026
"""Of the reviews this program begins. The last one is that of the last standard in resources."""

CHOSEN = "review.chosen"
"""Setting: the review that was chosen on this laptop, {"year", "standard", "newest"}. It holds until the review of a newer year
is there (`newest` is the newest year when it was chosen). `storage/finding.py` reads it too."""


class KnownStandards(Protocol):
    """What rounds need of `domain.reference.Reference`."""

    @property
    def standards(self) -> tuple[PovertyStandard, ...]: ...

    def standard(self, standard_id: str) -> PovertyStandard: ...


@dataclass(frozen=True)
class ReviewChoice:
    """A review that can be worked in: begun already, or to be begun when it is chosen. `in_force`: its standard is that of the
    year; another is there to know the figures under it beforehand (standards.md section 1)."""

    year: int
    standard: PovertyStandard
    begun: bool
    chosen: bool

    @property
    def in_force(self) -> bool:
        return self.standard.covers(first_day(self.year))


def first_day(year: int) -> str:
    """The day the periodic review of a year begins (Decision 24/2021/QĐ-TTg Art. 4)."""
    return f"{year}-09-01"


class ReleasedForms(Protocol):
    """The questionnaires that were released. One version, once released, never changes."""

    def newest(self, standard_id: str) -> bytes:
        """The XForm to begin a round of this standard with."""
        ...

    def newest_key(self, standard_id: str) -> tuple[str, str, str]:
        """Form id, version and hash of what `newest` gives, without reading the form."""
        ...

    def xml(self, form_id: str, version: str, form_hash: str) -> bytes:
        """The XForm of exactly this release. Raises KnownProblem "review.form_gone" (form, version)."""
        ...

    def files(self, form_hash: str) -> Mapping[str, bytes]:
        """The lists that it reads, by file name; none where it has none or is not here."""
        ...


class ReviewRounds:
    """Synchronous; runs on the storage lane."""

    def __init__(
        self, records: Records, settings: Settings, clock: Clock, forms: ReleasedForms, reference: KnownStandards
    ) -> None:
        self._records, self._settings, self._clock, self._forms = records, settings, clock, forms
        self._reference = reference

    def begin(self, year: int, standard_id: str | None = None) -> ReviewRound:
        """The periodic round of `year`, 1 September to 14 December, under a standard; None: the one in force then. It is begun
        now when the commune has none yet. One year may have a round under each standard."""
        standard_id = standard_id or self._in_force(year).id
        found = self._round_of(year, standard_id)
        if found:
            return found
        form_id, version, form_hash = self._forms.newest_key(standard_id)
        group = self._records.new_group()
        fields: dict[str, Any] = {
            "commune_code": str(self._settings.get("commune_code", "")),
            "year": year,
            "kind": "periodic",
            "standard_id": standard_id,
            "starts_on": first_day(year),
            "ends_on": f"{year}-12-14",
            "form_id": form_id,
            "form_version": version,
            "form_hash": form_hash,
            "state": "open",
        }
        change = Change("c", "review_round", op_id(group, 1), 1, fields)
        self._records.save(Save(group, self._officer(), self._records.base(), [change]))
        return ReviewRound(id=change.record_id, **fields)

    def current(self) -> ReviewRound:
        """The round that was chosen here, else the newest, under the standard in force; the one of this year is begun when there
        is none at all. Raises `KnownProblem("review.clock_wrong")` where the clock of the laptop says a year that cannot be.

        Of several records of one review the oldest, on every laptop the same; but results that arrived after the decision, in a
        record of their own, come first: they wait for another decision.
        """
        rounds = self.all()
        if not rounds:
            return self.begin(self._year_of_today())
        wanted = self._chosen(rounds) or rounds[0]
        same = [one for one in rounds if one.is_same_review(wanted)]
        late = (one for one in same if one.state == "open" and self._records.select(Survey, round_id=one.id))
        is_mixed = len({one.state for one in same}) > 1
        recognised = (one for one in same if one.state == "recognised")
        return next(late, next(recognised)) if is_mixed else same[0]

    def _year_of_today(self) -> int:
        """A round begun by a laptop whose clock is years wrong would go to every laptop, and stay the newest for ever."""
        today = self._clock.today()
        last = max(int(one.valid_to[:4]) for one in self._reference.standards)
        if not FIRST_YEAR <= today.year <= last:
            raise KnownProblem("review.clock_wrong", day=format_vietnamese(today.isoformat()), first=FIRST_YEAR, last=last)
        return today.year

    def _in_force(self, year: int) -> PovertyStandard:
        """The standard of a year's review; `KnownProblem("standard.none_on_day")` where resources hold none."""
        day = first_day(year)
        found = next((one for one in self._reference.standards if one.covers(day)), None)
        if found is None:
            raise KnownProblem("standard.none_on_day", day=format_vietnamese(day))
        return found

    # --- several reviews in one year -------------------------------------------------------------------------------

    def choices(self) -> list[ReviewChoice]:
        """The reviews that were begun, newest first, and those that can be begun this year: under the standard in force, and
        under the one that follows it in the year for which the lists are made."""
        current, rounds = self.current(), self.all()
        begun = dict.fromkeys((one.year, one.standard_id) for one in rounds if one.kind == "periodic")
        year = self._clock.today().year
        usable = [one.id for one in self._reference.standards if one.covers(first_day(year)) or one.covers(f"{year + 1}-01-01")]
        every = dict.fromkeys((*((year, one) for one in usable), *begun))
        found = [(at, self._reference.standard(one), (at, one)) for at, one in every]
        here = (current.year, current.standard_id)
        ranked = sorted(found, key=lambda one: (-one[0], not one[1].covers(first_day(one[0])), one[1].valid_from))
        return [ReviewChoice(at, standard, key in begun, key == here) for at, standard, key in ranked]

    def choose(self, year: int, standard_id: str) -> ReviewRound:
        """Work in this review from now on, on this laptop; it is begun when the commune has none yet."""
        found = self.begin(year, standard_id)
        newest = max(one.year for one in self.all())
        self._settings.put(CHOSEN, {"year": year, "standard": standard_id, "newest": newest})
        return found

    def _chosen(self, rounds: list[ReviewRound]) -> ReviewRound | None:
        wanted = self._settings.get(CHOSEN) or {}
        if wanted.get("newest") != rounds[0].year:
            return None
        named = (one for one in rounds if (one.year, one.standard_id) == (wanted.get("year"), wanted.get("standard")))
        return next(named, None)

    def of_review(self, review_round: ReviewRound) -> list[ReviewRound]:
        """Every record of the review this one belongs to; surveys of all of them are surveys of the review."""
        return [one for one in self.all() if one.is_same_review(review_round)]

    def all(self) -> list[ReviewRound]:
        """Newest first, within a year that of the standard in force; of two that two laptops began apart, the older one."""

        def rank(one: ReviewRound) -> tuple[int, bool, str, str]:
            return -one.year, not self._is_in_force(one), one.starts_on, one.id

        return sorted(self._records.select(ReviewRound), key=rank)

    def _is_in_force(self, review_round: ReviewRound) -> bool:
        known = (one for one in self._reference.standards if one.id == review_round.standard_id)
        return any(one.covers(review_round.starts_on) for one in known)

    def _round_of(self, year: int, standard_id: str) -> ReviewRound | None:
        of_year = self._records.select(ReviewRound, year=year, standard_id=standard_id)
        same = [one for one in of_year if one.kind == "periodic"]
        return min(same, key=lambda one: one.id, default=None)

    def recognise(self, round_id: str, decision_no: str, decided_on: str) -> int:
        """Make the finished surveys of the round official: one class record each, then the round is closed. Returns how many.

        The chair of the commune decides (Decision 24/2021/QĐ-TTg Art. 4); a recognised result is never changed afterwards.
        """
        review_round = self._records.get(ReviewRound, round_id)
        if review_round is None or review_round.state == "recognised":
            raise KnownProblem("review.already_recognised")
        if not decision_no.strip():
            raise KnownProblem("review.decision_missing")
        surveys = self.to_recognise(review_round)
        if not surveys:
            raise KnownProblem("review.nothing_to_recognise")
        group = self._records.new_group()
        decision = {"decision_no": decision_no.strip(), "decided_on": decided_on}
        begun = [one for one in self.of_review(review_round) if one.state != "recognised"]
        changes = [_closed(one, number, decision) for number, one in enumerate(begun, start=1)]
        for number, survey in enumerate(surveys, start=len(changes) + 1):
            changes.append(Change("c", "class_record", op_id(group, number), number, self._class_entry(survey, decision)))
        self._records.save(Save(group, self._officer(), self._records.base(), changes))
        return len(surveys)

    def to_recognise(self, review_round: ReviewRound) -> list[Survey]:
        """The finished surveys of the review that no decision named yet, one for each household: the newest where two laptops
        typed the same one."""
        ids = [one.id for one in self.of_review(review_round)]
        decided = {entry.household_id for one in ids for entry in self._records.select(ClassRecord, round_id=one)}
        finished = [survey for one in ids for survey in self._records.select(Survey, round_id=one, state="finished")]
        found = [survey for survey in finished if survey.household_class is not None]  # undecided ones cannot be recognised
        newest = {survey.household_id: survey for survey in sorted(found, key=lambda survey: survey.id)}
        return [survey for household, survey in newest.items() if household not in decided]

    def _class_entry(self, survey: Survey, decision: Mapping[str, str]) -> dict[str, object]:
        entry = ClassRecord(
            id="",
            household_id=survey.household_id,
            household_class=str(survey.household_class),
            effective_on=decision["decided_on"],
            decided_on=decision["decided_on"],
            decision_no=decision["decision_no"],
            survey_id=survey.id,
            round_id=survey.round_id,
            member_count=len(survey.rule.get("members", [])) or None,
        )
        return entry.model_dump(exclude={"id"})

    def _officer(self) -> str:
        return str(self._settings.get("officer", ""))


def _closed(review_round: ReviewRound, number: int, decision: Mapping[str, str]) -> Change:
    seen = {"decision_no": review_round.decision_no, "decided_on": review_round.decided_on, "state": review_round.state}
    return Change("u", "review_round", review_round.id, number, {**decision, "state": "recognised"}, seen)
