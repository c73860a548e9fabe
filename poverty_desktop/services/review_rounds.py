"""Review rounds of the commune: begun, and recognised by the chair's decision (Decision 24/2021/QĐ-TTg Art. 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from poverty_desktop.domain.dates import format_vietnamese
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import ClassRecord, ReviewRound, Survey
from poverty_desktop.forms import FormDefinition
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Clock, Records, Save, Settings

STANDARD_2026 = "mdp_2022_2025"
"""In force until 2026-12-31 by Decree 351/2025/NĐ-CP, so the periodic review of autumn 2026 is made under it."""

YEARS = range(2026, 2027)
"""Years whose periodic review this program knows: from its first to the last that the standard covers."""


class ReleasedForms(Protocol):
    """The questionnaires that were released. One version, once released, never changes."""

    def newest(self, standard_id: str) -> bytes:
        """The XForm to begin a round of this standard with."""
        ...

    def xml(self, form_id: str, version: str, form_hash: str) -> bytes:
        """The XForm of exactly this release. Raises KnownProblem "review.form_gone" (form, version)."""
        ...


class ReviewRounds:
    """Synchronous; runs on the storage lane."""

    def __init__(self, records: Records, settings: Settings, clock: Clock, forms: ReleasedForms) -> None:
        self._records, self._settings, self._clock, self._forms = records, settings, clock, forms

    def begin(self, year: int, standard_id: str = STANDARD_2026) -> ReviewRound:
        """The periodic round of `year`, 1 September to 14 December; begun now when the commune has none yet."""
        found = self._round_of(year, standard_id)
        if found:
            return found
        xml = self._forms.newest(standard_id)
        form = FormDefinition.parse(xml)
        group = self._records.new_group()
        fields: dict[str, Any] = {
            "commune_code": str(self._settings.get("commune_code", "")),
            "year": year,
            "kind": "periodic",
            "standard_id": standard_id,
            "starts_on": f"{year}-09-01",
            "ends_on": f"{year}-12-14",
            "form_id": form.form_id,
            "form_version": form.version,
            "form_hash": form.hash,
            "state": "open",
        }
        change = Change("c", "review_round", op_id(group, 1), 1, fields)
        self._records.save(Save(group, self._officer(), self._records.base(), [change]))
        return ReviewRound(id=change.record_id, **fields)

    def current(self) -> ReviewRound:
        """The newest periodic round; the one of this year is begun when there is none at all. Raises
        `KnownProblem("review.clock_wrong")` where the clock of the laptop says a year that cannot be.

        Of several records of one review the oldest, on every laptop the same; but results that arrived after the decision, in a
        record of their own, come first: they wait for another decision.
        """
        rounds = self.all()
        if not rounds:
            return self.begin(self._year_of_today())
        same = [one for one in rounds if one.is_same_review(rounds[0])]
        late = (one for one in same if one.state == "open" and self._records.select(Survey, round_id=one.id))
        is_mixed = len({one.state for one in same}) > 1
        recognised = (one for one in same if one.state == "recognised")
        return next(late, next(recognised)) if is_mixed else same[0]

    def _year_of_today(self) -> int:
        """A round begun by a laptop whose clock is years wrong would go to every laptop, and stay the newest for ever."""
        today = self._clock.today()
        if today.year not in YEARS:
            raise KnownProblem("review.clock_wrong", day=format_vietnamese(today.isoformat()), first=YEARS[0], last=YEARS[-1])
        return today.year

    def of_review(self, review_round: ReviewRound) -> list[ReviewRound]:
        """Every record of the review this one belongs to; surveys of all of them are surveys of the review."""
        return [one for one in self.all() if one.is_same_review(review_round)]

    def all(self) -> list[ReviewRound]:
        """Newest first; of two that two laptops began apart for the same year, the older one."""
        return sorted(self._records.select(ReviewRound), key=lambda one: (-one.year, one.starts_on, one.id))

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
        found = [survey for one in ids for survey in self._records.select(Survey, round_id=one, state="finished")]
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
